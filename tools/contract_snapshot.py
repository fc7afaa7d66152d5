"""Write the contract's snapshots: JSON Schema for reviewers, TypeScript types for the pages.

    python tools/contract_snapshot.py           writes what has changed
    python tools/contract_snapshot.py --check   changes nothing; exits 1 and names what is stale

One module of amphitheatre.contract becomes src/amphitheatre/contract/schema/MODULE.json and
front/src/contract/MODULE.ts. A message always carries all its fields, so no TypeScript field is optional.
"""

import argparse
import importlib
import inspect
import json
import pkgutil
import sys
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

import amphitheatre.contract

ROOT = Path(__file__).resolve().parent.parent
SCHEMA_FOLDER = "src/amphitheatre/contract/schema"
TYPES_FOLDER = "front/src/contract"
HEADER = "// Generated from amphitheatre.contract.{module} by tools/contract_snapshot.py; do not edit.\n"

Schema = dict[str, Any]


def modules() -> list[ModuleType]:
    names = sorted(found.name for found in pkgutil.iter_modules(amphitheatre.contract.__path__))
    return [importlib.import_module(f"amphitheatre.contract.{name}") for name in names]


def types_of(module: ModuleType) -> list[type]:
    """The structs and enumerations that the module itself defines, in its order."""
    return [
        thing
        for thing in vars(module).values()
        if inspect.isclass(thing)
        and thing.__module__ == module.__name__
        and issubclass(thing, msgspec.Struct | StrEnum)
    ]


def snapshot(found: list[ModuleType]) -> dict[str, str]:
    """What every generated file should hold, by its path from the project's root."""
    home = {thing.__name__: short_name(module) for module in found for thing in types_of(module)}
    files = {}
    for module in found:
        types = types_of(module)
        if not types:
            continue
        _, schemas = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
        for schema in schemas.values():
            if "description" in schema:  # Python before 3.13 keeps a docstring's indentation
                schema["description"] = inspect.cleandoc(schema["description"])
        name = short_name(module)
        files[f"{SCHEMA_FOLDER}/{name}.json"] = (
            json.dumps({"$defs": schemas}, indent=2, ensure_ascii=False) + "\n"
        )
        files[f"{TYPES_FOLDER}/{name}.ts"] = type_script(
            name, [(t.__name__, schemas[t.__name__]) for t in types], home
        )
    return files


def short_name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def type_script(module: str, schemas: list[tuple[str, Schema]], home: dict[str, str]) -> str:
    """One TypeScript module. home says in which module each type lives."""
    own = {name for name, _ in schemas}
    foreign = sorted({ref for _, schema in schemas for ref in references(schema)} - own)
    imports = "".join(f'import type {{ {name} }} from "./{home[name]}";\n' for name in foreign)
    return HEADER.format(module=module) + imports + "\n" + "\n".join(declaration(*named) for named in schemas)


def references(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(references, schema))
    if not isinstance(schema, dict):
        return set()
    found = set().union(*map(references, schema.values()))
    return found | {target_of(schema["$ref"])} if "$ref" in schema else found


def target_of(reference: str) -> str:
    return reference.rpartition("/")[2]


def declaration(name: str, schema: Schema) -> str:
    lead = comment(schema.get("description", ""))
    if "enum" in schema:
        return f"{lead}export type {name} = {expression(schema)};\n"
    fields = "".join(f"  readonly {field}: {expression(s)};\n" for field, s in schema["properties"].items())
    return f"{lead}export interface {name} {{\n{fields}}}\n"


def comment(text: str) -> str:
    lines = text.splitlines()
    if not lines:
        return ""
    if len(lines) == 1:
        return f"/** {lines[0]} */\n"
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"


def expression(schema: Schema) -> str:
    """The TypeScript type of a JSON Schema, as far as msgspec writes them. KeyError at anything new."""
    if "$ref" in schema:
        return target_of(schema["$ref"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(expression(part) for part in schema["anyOf"]))
    match schema["type"]:
        case "array":
            item = expression(schema["items"])
            return f"readonly ({item})[]" if "|" in item else f"readonly {item}[]"
        case "object":
            return f"Readonly<Record<string, {expression(schema['additionalProperties'])}>>"
        case plain:
            return {
                "string": "string",
                "integer": "number",
                "number": "number",
                "boolean": "boolean",
                "null": "null",
            }[plain]


def differences(root: Path, wanted: dict[str, str]) -> list[str]:
    """Paths that are missing, stale, or left over from a module that is gone."""
    stale = [
        path
        for path, text in wanted.items()
        if not (root / path).is_file() or (root / path).read_text() != text
    ]
    present = [
        str(file.relative_to(root))
        for folder, kind in ((SCHEMA_FOLDER, "*.json"), (TYPES_FOLDER, "*.ts"))
        for file in (root / folder).glob(kind)
    ]
    return sorted(stale + [path for path in present if path not in wanted])


def write(root: Path, wanted: dict[str, str]) -> list[str]:
    changed = differences(root, wanted)
    for path in changed:
        if path not in wanted:
            (root / path).unlink()
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(wanted[path])
    return changed


def main() -> int:
    parser = argparse.ArgumentParser(description="Write or check the contract's snapshots.")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 when something is stale")
    wanted = snapshot(modules())
    if parser.parse_args().check:
        stale = differences(ROOT, wanted)
        for path in stale:
            print(
                f"{path} is stale: run python tools/contract_snapshot.py and review the change",
                file=sys.stderr,
            )
        return 1 if stale else 0
    for path in write(ROOT, wanted):
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
