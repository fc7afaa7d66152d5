"""Stream keys: who holds one may push to its source."""

from amphitheatre.web.studio.models import Language, Room, View, new_stream_key


class UnknownSource(Exception):
    """The room has no such source."""


def source_of(room: Room, source: str) -> View | Language:
    """The view or language that ``views/{id}`` or ``languages/{tag}`` names. Raises UnknownSource."""
    for candidate in [*room.views.all(), *room.languages.all()]:
        if candidate.source == source:
            return candidate
    raise UnknownSource(source)


def rotate(source: View | Language) -> str:
    """Give a source a new key. Media refuses the old one as soon as it has the new plan."""
    source.key = new_stream_key()
    source.save(update_fields=["key"])
    return source.key
