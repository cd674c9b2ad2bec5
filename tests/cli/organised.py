"""An organisation in a folder, as an operator has it: with its TOML file."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tests.organisation import Organisation, make_organisation, make_settings
from whistle.cli import main

TOML = """\
organisation = "Example Works"
site_name = "Forms"
data_dir = "data"
keys_dir = "keys"
{more}
[[channels]]
id = "main"
name = "Example Works"
acknowledge = "by_handler"
"""


def organised(folder: Path, more: str = "") -> tuple[Organisation, Path]:
    """Make an organisation; return it and the file that describes it."""
    made = make_organisation(folder, make_settings(folder))
    file = folder / "whistle.toml"
    file.write_text(TOML.format(more=more))
    return made, file


def run(*arguments: object) -> Result:
    """Run `whistle` with these arguments."""
    return CliRunner().invoke(main, [str(one) for one in arguments])


def as_json(*arguments: object) -> Any:
    """What a command that succeeds prints as JSON."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
