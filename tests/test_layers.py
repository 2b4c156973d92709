"""The house: who may import whom, and which module owns which library."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "cardwatch"

# Low to high. A module imports only from rows below its own; those of one row are siblings and
# never import each other. A name stands for a module or for a whole package.
ROWS: tuple[frozenset[str], ...] = (
    frozenset(["errors", "model"]),
    frozenset(["resources"]),
    frozenset(
        [
            "alerts",
            "align",
            "baseline",
            "brief",
            "cache",
            "commitments",
            "capture",
            "diff",
            "discover",
            "disclosure",
            "fetch",
            "gaps",
            "history",
            "outcome",
            "pairing",
            "quotes",
            "readers",
            "references",
            "render",
            "reports",
            "revision",
            "robots",
            "rules",
            "segment",
            "sources",
            "store",
        ]
    ),
    frozenset(["app"]),
    frozenset(["corpus", "filing", "proof", "releases"]),
    frozenset(["watch"]),
    frozenset(["cli"]),
    frozenset(["__main__"]),
)

# The one home of each library; whoever else needs what it does asks that stage.
OWNERS: dict[str, frozenset[str]] = {
    "PIL": frozenset(["quotes"]),
    "apprise": frozenset(["alerts"]),
    "charset_normalizer": frozenset(["readers"]),
    "cssselect": frozenset(["readers"]),
    "distributed": frozenset(["corpus"]),
    "docx": frozenset(["readers"]),
    "feedparser": frozenset(["discover"]),
    "httpcore2": frozenset(["fetch"]),
    "jinja2": frozenset(["reports"]),
    "lxml": frozenset(["readers"]),
    "markdown_it": frozenset(["readers"]),
    "mdit_py_plugins": frozenset(["readers"]),
    "pdfplumber": frozenset(["readers"]),
    "platformdirs": frozenset(["cache", "store"]),
    "playwright": frozenset(["render"]),
    "protego": frozenset(["robots"]),
    "psycopg": frozenset(["store"]),
    "pypdfium2": frozenset(["readers"]),
    "pypdfium2_raw": frozenset(["readers"]),
    "rapidfuzz": frozenset(["align"]),
    "rfc3161_client": frozenset(["quotes"]),
    # the reports draw with it, the command line shows progress with it
    "rich": frozenset(["cli", "reports"]),
    "snowballstemmer": frozenset(["segment"]),
    "spacy": frozenset(["segment"]),
    "sqlite3": frozenset(["store"]),
    "textual": frozenset(["cli"]),
    "typer": frozenset(["cli"]),
    "warcio": frozenset(["store"]),
}

# Libraries that take long to load: a help page, and most commands, must not pay for them.
HEAVY = frozenset(
    [
        "PIL",
        "apprise",
        "charset_normalizer",
        "cssselect",
        "distributed",
        "docx",
        "feedparser",
        "httpcore2",
        "lxml",
        "pdfplumber",
        "playwright",
        "protego",
        "psycopg",
        "pypdfium2",
        "pypdfium2_raw",
        "rapidfuzz",
        "snowballstemmer",
        "spacy",
        "warcio",
    ]
)

MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in MODULES]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def part_of(path: Path) -> str:
    """The row's name for a module: its package or itself; the root package is ``""``."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def row_of(part: str) -> int:
    return next(number for number, row in enumerate(ROWS) if part in row)


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that is imported, by its dotted name, with the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            assert node.module
            if node.module == "cardwatch":
                for alias in node.names:
                    yield f"cardwatch.{alias.name}", node
            else:
                yield node.module, node


def type_only(tree: ast.AST) -> set[ast.stmt]:
    """The statements that only a type checker sees."""
    return {
        statement
        for node in ast.walk(tree)
        if isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
        for statement in node.body
    }


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_every_module_has_a_row(path: Path) -> None:
    """A module that stands nowhere in the house could import anything."""
    part = part_of(path)
    assert part == "" or any(part in row for row in ROWS)


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_imports_point_down(path: Path) -> None:
    """No module imports from its own row or a higher one, other than from its own package."""
    part = part_of(path)
    tree = tree_of(path)
    for name, statement in imports(tree):
        owner, _, rest = name.partition(".")
        if owner != "cardwatch":
            continue
        target = rest.split(".")[0]
        if target in ("", "__version__"):
            continue
        if part == "":
            assert statement in type_only(tree), f"line {statement.lineno}: the root loads lazily"
        elif target != part:
            assert row_of(target) < row_of(part), f"line {statement.lineno}: {part} ← {target}"


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_libraries_have_one_home(path: Path) -> None:
    """A third-party library is imported only by the stages that own it."""
    part = part_of(path)
    for name, statement in imports(tree_of(path)):
        library = name.split(".")[0]
        if library in OWNERS:
            assert part in OWNERS[library], f"line {statement.lineno}: {library} in {part}"


# What a library is called where it is declared, if not by the name that is imported.
DECLARED_AS = {
    "PIL": "pillow",
    "docx": "python-docx",
    "markdown_it": "markdown-it-py",
    "pypdfium2_raw": "pypdfium2",
}


def test_every_library_in_use_is_declared() -> None:
    """What is imported stands in the project's own list, though another library may bring it."""
    declared = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    optional = [
        each
        for name, group in declared["optional-dependencies"].items()
        if name != "dev"
        for each in group
    ]
    names = {re.split(r"[<>=~! \[]", each)[0] for each in [*declared["dependencies"], *optional]}
    used = {name.split(".")[0] for path in MODULES for name, _ in imports(tree_of(path))}
    wanted = {DECLARED_AS.get(each, each.replace("_", "-")) for each in used & set(OWNERS)}
    assert wanted - {"sqlite3"} <= names


def test_every_dependency_has_an_owner() -> None:
    """A library in use that no row names would be nobody's and everybody's."""
    for path in MODULES:
        for name, statement in imports(tree_of(path)):
            library = name.split(".")[0]
            known = library in OWNERS or library in sys.stdlib_module_names
            assert known or library == "cardwatch", f"{path}:{statement.lineno}: {library}"


# Each reader is itself a module that is loaded only when it is needed.
EARLY = [path for path in MODULES if part_of(path) != "readers"]


@pytest.mark.parametrize("path", EARLY, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    """The stages that the command line may load early load no heavy library themselves."""
    tree = tree_of(path)
    light = type_only(tree)
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in light:
            for name, _ in imports(node):
                assert name.split(".")[0] not in HEAVY, f"line {node.lineno}: {name}"
