"""The manual is true: its commands exist, print what it shows, and its links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.manual import PAGES, ROOT, commands, current

NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
TEXTS = {page: page.read_text("utf-8") for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_output_in_the_manual_is_current(page: Path) -> None:
    """A block of output is what its command prints; ``python -m tests.manual`` writes it anew."""
    assert TEXTS[page] == current(page)


@pytest.mark.parametrize("name", list(commands()))
def test_every_command_is_documented(name: str) -> None:
    """Each command has its help page in the manual."""
    assert f"<!-- output: cardwatch {name} --help -->" in TEXTS[ROOT / "docs" / "commands.md"]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_in_the_manual_exist(page: Path) -> None:
    """A line that starts with the program's name, or a prompt, names a command that exists."""
    known = {*(name.split()[0] for name in commands()), "COMMAND"}
    for found in re.findall(r"^(?:\$ )?cardwatch ([a-z-]+)", TEXTS[page], re.MULTILINE):
        assert found in known


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_in_the_manual_lead_somewhere(page: Path) -> None:
    """Every link to a file of the project leads to one."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXTS[page]):
        assert (page.parent / target).exists(), target


def test_readme_has_its_two_commands() -> None:
    """One command installs and shows the main job, one installs and runs the tests."""
    readme = TEXTS[ROOT / "README.md"]
    for name in ("try", "test"):
        block = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)```", readme, re.DOTALL)
        assert block, name
        assert len(block[1].strip().splitlines()) == 1


def test_the_changelog_has_a_place_for_what_comes() -> None:
    """What users will notice goes under Unreleased, above the versions."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads[0] == "Unreleased"


def test_the_version_is_one() -> None:
    """The package and its metadata name the same version."""
    import cardwatch

    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert metadata["project"]["version"] == cardwatch.__version__


def test_decisions_are_numbered_in_a_row() -> None:
    """No record is missing or has another's number."""
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
