"""How far the watch has come with each sentence that somebody quoted."""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class Standing:
    """What was last found out of a quote: in which text, and the matter that is open of it.

    ``status`` is in words. ``matter`` is empty while the words stand as they were quoted.
    """

    text: str = ""
    status: str = ""
    matter: str = ""


def standing_of(database: Database, quote: str) -> Standing | None:
    """How it stood with a quote; ``None`` if it was never looked at."""
    row = database.one("SELECT text, status, matter FROM quoted WHERE quote = ?", (quote,))
    return Standing(*row) if row else None


def put_standing(database: Database, quote: str, standing: Standing) -> None:
    """Keep how it stands with a quote now."""
    database.rows(
        "INSERT INTO quoted VALUES (?, ?, ?, ?) ON CONFLICT (quote) DO UPDATE SET"
        " text = excluded.text, status = excluded.status, matter = excluded.matter",
        (quote, standing.text, standing.status, standing.matter),
    )


def drop_standing(database: Database, quote: str) -> None:
    """Forget a quote that is watched no longer."""
    database.rows("DELETE FROM quoted WHERE quote = ?", (quote,))
