"""gettext catalogues in pure Python: what the sources say, what is translated, and .po to .mo."""

import io
import os
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

WEB: Final = Path(__file__).resolve().parent.parent
TEMPLATES: Final = (".html", ".txt")  # pages and letters
LOCALES: Final = ("zh_Hans", "fr")  # the sources are English
KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TYPEWRITER: Final = re.compile(r"\w'\w")
HEADER: Final = """\
# Texts of PROJECT's pages. Copyright (C) YEAR ORGANIZATION.
# Distributed under the same licence as PROJECT: Apache-2.0."""
LEADING_SPACE: Final = re.compile(r"(?m)^[ \t]+")


def path_of(locale: str) -> Path:
    return WEB / "locale" / locale / "LC_MESSAGES" / "django.po"


def in_sources() -> Catalog:
    """All texts of Python files and templates, with the files (not lines) where they stand."""
    catalogue = Catalog(charset="utf-8")
    templates = [file for kind in TEMPLATES for file in WEB.rglob(f"templates/**/*{kind}")]
    for file in sorted([*WEB.rglob("*.py"), *templates]):
        for text, context in _texts(file):
            catalogue.add(text, locations=[(file.relative_to(WEB).as_posix(), 0)], context=context)
    return catalogue


def read(locale: str) -> Catalog:
    with path_of(locale).open("rb") as file:
        return read_po(file, locale=locale)


def faults(locale: str) -> list[str]:
    """What keeps a language from being complete: missing, fuzzy, stale, or other placeholders."""
    try:
        translated = read(locale)
    except FileNotFoundError:
        return [f"{locale}: {path_of(locale)} is missing"]
    wanted = in_sources()
    found = [
        f"{locale}: {fault}: {_first(message.id)!r}"
        for message in wanted
        if message.id and (fault := _fault(message, translated.get(message.id, message.context)))
    ]
    stale = [m for m in translated if m.id and wanted.get(m.id, m.context) is None]
    return found + [f"{locale}: no longer used: {_first(message.id)!r}" for message in stale]


def update(locale: str) -> None:
    """Bring a .po file up to date with the sources: new texts come in empty, stale ones go."""
    path = path_of(locale)
    translated = read(locale) if path.exists() else Catalog(locale=locale, charset="utf-8", fuzzy=False)
    translated.update(in_sources(), no_fuzzy_matching=True)
    translated.obsolete.clear()
    _sign(translated)
    for message in translated:
        message.locations = sorted(set(message.locations))
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, translated, width=100, omit_header=False, sort_by_file=True, include_lineno=False)
    path.write_bytes(buffer.getvalue())


def _sign(translated: Catalog) -> None:
    """What a .po file's header says of its origin."""
    translated.project, translated.version = "Amphitheatre", version("amphitheatre")
    translated.copyright_holder = "the Amphitheatre maintainers"
    translated.last_translator = "the Amphitheatre maintainers"
    translated.language_team = translated.locale.english_name if translated.locale else ""
    translated.msgid_bugs_address = ""
    translated.revision_date = translated.creation_date
    translated.header_comment = HEADER


def compile_changed() -> list[Path]:
    """Write each .mo that is missing or older than its .po; answers with those written."""
    written = []
    for locale in LOCALES:
        source = path_of(locale)
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            draft = target.with_suffix(f".{os.getpid()}.draft")  # another process may be at it, too
            with draft.open("wb") as file:
                write_mo(file, read(locale))
            draft.replace(target)
            written.append(target)
    return written


def _texts(file: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    source = file.read_text("utf-8")
    if file.suffix in TEMPLATES:
        # Templates become Python-like text; its indentation means nothing and would confuse the lexer.
        source = LEADING_SPACE.sub("", templatize(source))
    for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield text, context


def _fault(wanted: Message, translated: Message | None) -> str | None:
    if translated is None:
        return "missing"
    texts = [translated.string] if isinstance(translated.string, str) else list(translated.string)
    if not texts or not all(texts):
        return "not translated"
    if translated.fuzzy:
        return "fuzzy"
    needed = set(PLACEHOLDER.findall(_first(wanted.id)))
    if any(set(PLACEHOLDER.findall(text)) != needed for text in texts):
        return "other placeholders"
    if any(TYPEWRITER.search(text) for text in texts):
        return "a typewriter's apostrophe instead of ’"
    return None


def _first(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]
