"""Every plug is in its table: a file that the table does not name would be silently inert."""

from __future__ import annotations

import ast
import json
from importlib import import_module
from pathlib import Path

import pytest

from cardwatch.model import MediaType
from cardwatch.readers import READERS
from cardwatch.reports import REPORTERS
from tests.schemas import FOLDER, path_of, schemas, text_of

PACKAGE = Path(__file__).resolve().parents[1] / "cardwatch"


def plugs(folder: Path, verb: str) -> set[str]:
    """The modules of a folder that have the plug's verb at their top."""
    found = set()
    for path in folder.iterdir():
        file = path / "__init__.py" if path.is_dir() else path
        if file.suffix != ".py" or path.name == "__init__.py" or not file.exists():
            continue
        names = {
            name
            for node in ast.parse(file.read_text("utf-8")).body
            for name in (
                [node.name]
                if isinstance(node, ast.FunctionDef)
                else [alias.asname or alias.name for alias in node.names]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        if verb in names:
            found.add(f"cardwatch.{folder.name}.{path.stem}")
    return found


def test_every_reader_is_in_the_table() -> None:
    """A module with a ``read`` that the table lacks would never be asked."""
    assert plugs(PACKAGE / "readers", "read") == set(READERS.values())


def test_every_media_type_has_a_reader_of_its_name() -> None:
    """What ``--as`` takes can be read, and the module is named for it."""
    assert set(READERS) == set(MediaType)
    for kind, module in READERS.items():
        reader = import_module(module)
        assert module.endswith(kind.value)
        assert kind.value == reader.NAME
        assert reader.VERSION


def test_every_reporter_is_in_the_table() -> None:
    """A module with a ``render`` that the table lacks would never be asked."""
    assert plugs(PACKAGE / "reports", "render") == set(REPORTERS.values())
    for name, module in REPORTERS.items():
        assert module.endswith(name)
        assert callable(import_module(module).render)


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schemas_are_current(name: str) -> None:
    """Each shipped schema is the one that the types make; ``python -m tests.schemas`` writes it."""
    assert path_of(name).read_text("utf-8") == text_of(schemas()[name])


def test_no_schema_is_left_over() -> None:
    """A schema that nothing writes would promise what is not kept."""
    assert {path.name for path in FOLDER.iterdir()} == {path_of(name).name for name in schemas()}


def test_schemas_are_schemas() -> None:
    """Each file is valid by the draft that it names."""
    from jsonschema import Draft202012Validator

    for path in FOLDER.iterdir():
        Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))
