"""The rows of a spreadsheet that somebody has sent, CSV or XLSX, as plain text and within bounds."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

LARGEST: Final = 3 * 2**20  # bytes
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 60
_UNPACKED: Final = 64 * 2**20  # bytes; a small file may unfold to a very large one
_LONGEST_CELL: Final = 500  # characters
_DELIMITERS: Final = ",;\t"


FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


class Fault(StrEnum):
    """Why a file can't be read."""

    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    ENCODING = "encoding"  # text that is not Unicode: guessing would spoil names
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    LONG_CELL = "long-cell"
    EMPTY = "empty"


class SheetError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def harmless(cell: str) -> str:
    """As a cell that a spreadsheet takes for text (OWASP, CSV injection). XLSX says so by itself."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def written(lines: Iterable[Iterable[str]]) -> bytes:
    """CSV that spreadsheets read as text, with the mark by which they know UTF-8."""
    text = io.StringIO()
    writer = csv.writer(
        text, quoting=csv.QUOTE_ALL
    )  # where lists are separated by ";", that would begin a cell
    for line in lines:
        writer.writerow(map(harmless, line))
    return codecs.BOM_UTF8 + text.getvalue().encode()


def rows(data: bytes) -> list[list[str]]:
    """Of the first sheet, the headings first; empty rows stay, so that rows keep their numbers. Raises SheetError."""
    if len(data) > LARGEST:
        raise SheetError(Fault.TOO_LARGE)
    found = _of_workbook(data) if data.startswith(b"PK") else _of_text(data)
    while found and not any(found[-1]):
        found.pop()
    if not found:
        raise SheetError(Fault.EMPTY)
    if len(found) > MOST_ROWS:
        raise SheetError(Fault.TOO_MANY_ROWS)
    if max(map(len, found)) > MOST_COLUMNS:
        raise SheetError(Fault.TOO_MANY_COLUMNS)
    cells = [cell for row in found for cell in row]
    if any(len(cell) > _LONGEST_CELL for cell in cells):
        raise SheetError(Fault.LONG_CELL)
    if any("\0" in cell for cell in cells):  # no database keeps it
        raise SheetError(Fault.UNREADABLE)
    return found


def _of_workbook(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _UNPACKED:
                raise SheetError(Fault.TOO_LARGE)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        if sheet.total_width > MOST_COLUMNS:
            raise SheetError(Fault.TOO_MANY_COLUMNS)
        found = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise SheetError(Fault.UNREADABLE) from error
    return [[_written(cell) for cell in row] for row in found]


def _of_text(data: bytes) -> list[list[str]]:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(Fault.ENCODING) from error
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise SheetError(Fault.UNREADABLE) from error


def _written(cell: Any) -> str:
    """As it stands on the screen; numbers without the ".0" that a workbook gives them."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell).strip()
