"""In which language a handler is reminded by mail, and their calendar speaks."""

from sqlalchemy import update

from whistle.crypto.keyring import HandlerKey
from whistle.errors import FilingError
from whistle.services.parts import Parts
from whistle.storage.tables import Person


def language_of(parts: Parts, handler: HandlerKey) -> str:
    """The language of the handler's reminders."""
    with parts.database.reading() as session:
        return session.get_one(Person, handler.id).language


def choose_language(parts: Parts, handler: HandlerKey, language: object) -> None:
    """Let the handler be reminded in another of the organisation's languages.

    Raises:
        FilingError: `language`, it is none of them.
    """
    if language not in parts.settings.languages:
        raise FilingError("language")
    with parts.database.writing() as session:
        session.execute(
            update(Person).where(Person.id == handler.id).values(language=str(language))
        )
