"""Where the data that ships with cardwatch lies: rules and corpora."""

from __future__ import annotations

from pathlib import Path

from cardwatch.errors import CardwatchError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``rules`` or ``corpora``: inside the wheel, or beside the package in a checkout.

    Raises:
        CardwatchError: the installation lacks its data.
    """
    for parent in (_PACKAGE / "_bundled", _PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise CardwatchError(
        f"the folder {name!r} that ships with cardwatch is missing",
        hint="install cardwatch again",
        where=str(_PACKAGE),
    )
