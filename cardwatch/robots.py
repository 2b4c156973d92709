"""What a host's robots.txt allows. The text is fetched by whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from cardwatch.errors import SourceError, TooLarge, Unreachable
from cardwatch.model import Snapshot

AGENT = "cardwatch"
# RFC 9309, section 2.5: a crawler must read at least this much.
LIMIT = 500 * 1024
# A site cannot hold up the watch of others for longer than this.
_LONGEST_DELAY = 60.0


class Robots:
    """The robots.txt of each host, read once for as long as this lives."""

    def __init__(self, fetch: Callable[[str], Snapshot]) -> None:
        self._fetch = fetch
        self._hosts: dict[str, _Rules] = {}

    def allows(self, url: str) -> bool:
        """Whether cardwatch may fetch an address (RFC 9309).

        A host without a robots.txt allows everything; one that fails to answer, nothing, with
        ``Unreachable`` raised.
        """
        return self._of(url).allows(url)

    def delay(self, url: str) -> float:
        """The seconds between two requests that the host asks for; 0 if it asks for none."""
        return self._of(url).delay

    def _of(self, url: str) -> _Rules:
        parts = urlsplit(url)
        place = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        if place not in self._hosts:
            self._hosts[place] = self._read(place)
        return self._hosts[place]

    def _read(self, place: str) -> _Rules:
        try:
            return _Rules(self._fetch(place).data[:LIMIT].decode("utf-8", "replace"))
        except Unreachable as wrong:
            # section 2.3.1: 4xx says that there are no rules, anything else that nobody knows
            if 400 <= wrong.status < 500 and wrong.status != 429:
                return _Rules("")
            raise
        except TooLarge:
            return _Rules("")
        except SourceError as wrong:
            raise Unreachable(
                f"its robots.txt cannot be had: {wrong.message}", hint=wrong.hint, where=place
            ) from wrong


class _Rules:
    def __init__(self, text: str) -> None:
        from protego import Protego

        self._rules = Protego.parse(text)
        delay = self._rules.crawl_delay(AGENT)
        self.delay = min(float(delay), _LONGEST_DELAY) if delay and delay > 0 else 0.0

    def allows(self, url: str) -> bool:
        return bool(self._rules.can_fetch(url, AGENT))
