"""How a watch runs, who hears of it, and the outside world that it sees."""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from cardwatch import alerts
from cardwatch.alerts import rules
from cardwatch.errors import CardwatchError, WatchError
from cardwatch.fetch import Limits, Network
from cardwatch.watch.tracking import Policy

FILE_NAME = "watch.toml"
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Channel:
    """Where messages go (``stdout:``, ``file:PATH``, ``command:…``), and what it needs to know.

    ``settings`` are the other keys of its table, as texts.
    """

    to: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """One watch: ``home`` holds its sources, its settings and what it keeps.

    ``database`` is the address of a PostgreSQL server (empty: a file in ``home``). ``delay``
    is the least time between two requests to a host, in seconds; ``hosts`` are asked at once.
    ``retries`` are tries after the first, and ``seconds`` the time that a run may take.
    """

    home: Path
    database: str = ""
    channels: tuple[Channel, ...] = (Channel("stdout:"),)
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)
    delay: float = 2.0
    hosts: int = 4
    retries: int = 2
    seconds: float = 3600.0
    private: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Time, chance and network, so that a test may play nine days in a second.

    ``step`` is called before each step of a run that changes anything, with its name. Once
    ``stopping`` is true, nothing more is fetched, and the run comes to its end.
    """

    network: Network = field(default_factory=Network)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    step: Callable[[str], None] = field(default=lambda _name: None)
    stopping: Callable[[], bool] = field(default=lambda: False)

    def stamp(self) -> str:
        """The time as the store writes it."""
        return self.now().astimezone(UTC).isoformat(timespec="seconds")


def load(home: Path, database: str = "") -> Settings:
    """The settings in ``home/watch.toml``; without the file, the usual ones.

    Raises:
        WatchError: the file is wrong; it says where.
    """
    path = home / FILE_NAME
    if not path.exists():
        return Settings(home, database)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise WatchError(f"cannot be read: {wrong}", where=str(path)) from wrong
    known = {"alert", "delay", "hosts", "retries", "seconds", "private", "database", "after"}
    _refuse_unknown(given, known, path)
    policy = _policy(given.pop("after", {}), path)
    given_alerts = given.pop("alert", [])
    if not isinstance(given_alerts, list):
        raise WatchError("alerts are tables: [[alert]]", where=str(path))
    channels = tuple(_channel(each, path) for each in given_alerts) or (Channel("stdout:"),)
    if len({each.to for each in channels}) < len(channels):
        raise WatchError("two [[alert]] tables have the same to", where=str(path))
    for name, value in given.items():
        wanted = {"private": bool, "database": str, "hosts": int, "retries": int}
        kinds = (wanted[name],) if name in wanted else (int, float)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise WatchError(f"{name} is of the wrong type", where=str(path))
    given["database"] = database or given.get("database", "")
    return Settings(home, channels=channels, policy=policy, **given)


def _refuse_unknown(given: Iterable[str], known: Set[str], path: Path) -> None:
    if unknown := sorted(set(given) - known):
        hint = f"known: {', '.join(sorted(known))}"
        raise WatchError(f"unknown key {unknown[0]!r}", hint=hint, where=str(path))


def _policy(given: object, path: Path) -> Policy:
    """The table ``[after]``: after how many checks in a row what goes wrong is told."""
    if not isinstance(given, dict):
        raise WatchError("after is a table: [after]", where=str(path))
    _refuse_unknown(given, {each.name for each in fields(Policy)}, path)
    for name, value in given.items():
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST:
            raise WatchError(f"after.{name} is a number from 1 to {_MOST}", where=str(path))
    return Policy(**given)


def _channel(given: object, path: Path) -> Channel:
    if not isinstance(given, dict) or not isinstance(given.get("to"), str):
        raise WatchError('each [[alert]] needs to = "NAME:ADDRESS"', where=str(path))
    rest = {str(key): _text(value) for key, value in given.items() if key != "to"}
    try:
        rules.rule_of(rest, alerts.keys(given["to"]))
        alerts.refuse_written_secrets(given["to"], rest)
    except CardwatchError as wrong:
        raise WatchError(wrong.message, hint=wrong.hint, where=str(path)) from wrong
    return Channel(given["to"], tuple(sorted(rest.items())))


def _text(value: object) -> str:
    """A value as a text: lists with commas, and flags as yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    return str(value)
