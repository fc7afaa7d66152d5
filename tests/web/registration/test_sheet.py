"""Whatever somebody sends as a spreadsheet is read within bounds, or refused with the reason."""

import csv
import io
import zipfile

import pytest
from openpyxl import Workbook

from amphitheatre.web.registration.domain.sheet import (
    LARGEST,
    MOST_COLUMNS,
    MOST_ROWS,
    Fault,
    SheetError,
    rows,
)

TABLE = [["Name", "E-mail"], ["Aminata Traoré", "a@example.org"], ["王思远", "w@example.org"]]


def as_csv(table: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    return text.getvalue()


def as_xlsx(table: list[list[object]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in table:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_as_spreadsheets_of_all_countries_write_it(delimiter: str, encoding: str) -> None:
    assert rows(as_csv(TABLE, delimiter).encode(encoding)) == TABLE


def test_a_workbook() -> None:
    assert rows(as_xlsx(TABLE)) == TABLE


def test_numbers_stand_as_they_are_seen() -> None:
    assert rows(as_xlsx([["Licence"], [4711.0], [1.5], [None], ["x"]])) == [
        ["Licence"],
        ["4711"],
        ["1.5"],
        [""],
        ["x"],
    ]


def test_rows_keep_their_numbers_and_the_empty_end_is_left_out() -> None:
    assert rows(b"a\n\nb\n\n\n") == [["a"], [], ["b"]]


@pytest.mark.parametrize("encoding", ["gb18030", "cp1252", "latin-1"])
def test_letters_are_never_guessed(encoding: str) -> None:
    with pytest.raises(SheetError) as refused:
        rows("Nom\nFran\u00e7ois\n".encode(encoding))
    assert refused.value.fault is Fault.ENCODING


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 2**20))
    return file.getvalue()


def broken_workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"\n\n ,\n", Fault.EMPTY),
        (b"a" * (LARGEST + 1), Fault.TOO_LARGE),
        (b"a\n" * (MOST_ROWS + 1), Fault.TOO_MANY_ROWS),
        (b"," * MOST_COLUMNS + b"a", Fault.TOO_MANY_COLUMNS),
        (b"," * 10_000 + b"a", Fault.TOO_MANY_COLUMNS),
        (b"a" * 501, Fault.LONG_CELL),
        (b'"' + b"a" * 200_000, Fault.UNREADABLE),
        (b"a\0b", Fault.UNREADABLE),
        (b"PK\x03\x04 and nothing more", Fault.UNREADABLE),
        (b"\xff\xfea", Fault.ENCODING),
        (bomb(), Fault.TOO_LARGE),
        (broken_workbook(), Fault.UNREADABLE),
        (as_xlsx([["a"] * (MOST_COLUMNS + 1)]), Fault.TOO_MANY_COLUMNS),
        (as_xlsx([["a_x0000_b"]]), Fault.UNREADABLE),
    ],
    ids=[
        "nothing", "nothing but commas", "large", "rows", "columns", "ten thousand columns", "a page in a cell",
        "a quote without end", "nul", "no zip", "half a letter", "bomb", "broken", "wide workbook", "nul in a workbook",
    ],
)  # fmt: skip
def test_what_can_not_be_read_says_why(data: bytes, fault: Fault) -> None:
    with pytest.raises(SheetError) as refused:
        rows(data)
    assert refused.value.fault is fault
