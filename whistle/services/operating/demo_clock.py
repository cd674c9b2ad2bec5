"""The demo's clock: the machine's own, moved by as many days as a file says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True)
class DemoClock:
    """Tells the moved time; every process that reads the same file agrees."""

    file: Path

    def __call__(self) -> datetime:
        """The present instant of the demo."""
        return datetime.now(UTC) + timedelta(days=self.days)

    @property
    def days(self) -> int:
        """How many days the demo is ahead."""
        return int(self.file.read_text()) if self.file.exists() else 0

    def move(self, days: int) -> None:
        """Go that many days on; going back would undo what has been told, so it does not.

        Raises:
            ValueError: `days` is negative.
        """
        if days < 0:
            raise ValueError("days")
        draft = self.file.with_suffix(".new")
        draft.write_text(str(self.days + days))
        draft.rename(self.file)  # whoever reads it meanwhile finds the old or the new one whole
