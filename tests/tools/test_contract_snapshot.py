from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from tools import contract_snapshot as tool


class Colour(tool.StrEnum):
    RED = "red"
    BLUE = "blue"


class Door(msgspec.Struct):
    """A door.

    width is in metres.
    """

    width: float
    colour: Colour | None
    marks: list[Colour]
    names: dict[str, str | int] = {}


def _module(name: str, *types: type) -> ModuleType:
    module = ModuleType(f"amphitheatre.contract.{name}")
    for thing in types:
        thing.__module__ = module.__name__
        setattr(module, thing.__name__, thing)
    return module


@pytest.fixture
def wanted() -> dict[str, str]:
    return tool.snapshot([_module("colour", Colour), _module("door", Door)])


def test_what_is_committed_is_what_the_contract_says() -> None:
    assert tool.differences(tool.ROOT, tool.snapshot(tool.modules())) == []


def test_a_struct_becomes_an_interface_that_imports_its_neighbours(wanted: dict[str, str]) -> None:
    assert wanted["front/src/contract/door.ts"] == (
        "// Generated from amphitheatre.contract.door by tools/contract_snapshot.py; do not edit.\n"
        'import type { Colour } from "./colour";\n'
        "\n"
        "/**\n * A door.\n *\n * width is in metres.\n */\n"
        "export interface Door {\n"
        "  readonly width: number;\n"
        "  readonly colour: Colour | null;\n"
        "  readonly marks: readonly Colour[];\n"
        "  readonly names: Readonly<Record<string, string | number>>;\n"
        "}\n"
    )


def test_an_enumeration_becomes_a_union_of_its_words(wanted: dict[str, str]) -> None:
    assert 'export type Colour = "blue" | "red";' in wanted["front/src/contract/colour.ts"]


def test_missing_stale_and_left_over_files_are_all_named(wanted: dict[str, str], tmp_path: Path) -> None:
    assert tool.differences(tmp_path, wanted) == sorted(wanted)
    tool.write(tmp_path, wanted)
    assert tool.differences(tmp_path, wanted) == []
    stale, left_over = tmp_path / "front/src/contract/door.ts", tmp_path / "front/src/contract/gone.ts"
    stale.write_text("old")
    left_over.write_text("old")
    assert tool.differences(tmp_path, wanted) == ["front/src/contract/door.ts", "front/src/contract/gone.ts"]
    tool.write(tmp_path, wanted)
    assert not left_over.exists()


def test_a_schema_that_the_tool_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        tool.expression({"type": "decimal"})
