"""Materials: which files are taken, and that a file goes with its record."""

import struct
import zipfile
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.models import Audience, Material, Session

LARGEST: Final = 50 * 2**20  # bytes
_OFFICE: Final = frozenset({".pptx", ".docx", ".odp", ".odt"})
KINDS: Final = frozenset({".pdf", *_OFFICE})
_MACROS: Final = ("vbaproject.bin", "basic/")
_END: Final = struct.Struct("<4s4H2IH")  # of a ZIP's directory (APPNOTE, 4.3.16)
_MOST_PARTS: Final = 10_000
_LARGEST_DIRECTORY: Final = 4 * 2**20  # bytes: each entry becomes an object in memory
_PIECE: Final = 2**16  # bytes
_PDF: Final = b"%PDF-"
_HEAD: Final = 1024  # bytes in which a PDF says what it is (ISO 32000, annex H)


def check(file: File) -> None:
    """Raises ValidationError for what is no paper, whatever its name says."""
    kind = Path(file.name or "").suffix.lower()
    if (file.size or 0) > LARGEST:
        raise ValidationError(_("The file is too large: at most %(most)d MB.") % {"most": LARGEST // 2**20})
    if kind not in KINDS or not (_is_pdf(file) if kind == ".pdf" else _is_document(file)):
        raise ValidationError(_("Slides and articles are taken as PDF, PPTX, DOCX, ODP or ODT."))


def bring(session: Session, title: str, audience: Audience, file: File, by: User) -> Material:
    """file: one that passed `check`. Brought twice, as by whoever did not hear the answer, it is there once."""
    size = file.size or 0
    for there in session.materials.filter(title=title, audience=audience, size=size, by=by):
        if _same(there.file, file):
            return there
    return Material.objects.create(
        session=session, title=title, audience=audience, file=file, size=size, by=by
    )


def file_name(material: Material) -> str:
    """What the file is called where it is saved."""
    return material.title.replace("/", "-") + Path(material.file.name).suffix


def forget_file(instance: Material, **_signal: Any) -> None:
    """After the record is gone for good, however it went."""
    file = instance.file
    transaction.on_commit(lambda: file.storage.delete(file.name))


def _same(there: FieldFile, file: File) -> bool:
    """By content; of two that are equally large."""
    try:
        with there.storage.open(there.name) as kept:
            file.seek(0)
            return all(piece == file.read(len(piece)) for piece in iter(partial(kept.read, _PIECE), b""))
    except FileNotFoundError:
        return False


def _is_pdf(file: File) -> bool:
    file.seek(0)
    return _PDF in file.read(_HEAD)


def _is_document(file: File) -> bool:
    """A document of an office suite, without programs in it."""
    if not _has_small_directory(file):
        return False
    try:
        with zipfile.ZipFile(file) as parts:
            names = [name.lower() for name in parts.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False
    known = "[content_types].xml" in names or "mimetype" in names
    return known and not any(macro in name for name in names for macro in _MACROS)


def _has_small_directory(file: File) -> bool:
    """As its end tells, before anything of it is read."""
    file.seek(max(0, (file.size or 0) - _END.size - 2**16))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        return False
    _mark, _disk, _start, _here, parts, size, _offset, _comment = _END.unpack_from(tail, at)
    return bool(parts <= _MOST_PARTS and size <= _LARGEST_DIRECTORY)
