"""A page as a browser shows it, for pages that are written by scripts (the extra ``browser``).

The browser itself reaches no network: every request that a page makes is answered by the
function that is given, which keeps the rules for addresses, sizes and times. Pictures, films,
fonts, sockets and whatever sends something are not answered at all.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from cardwatch.errors import CardwatchError, SourceError, TooLarge, Unreachable
from cardwatch.model import Snapshot

if TYPE_CHECKING:
    from playwright.async_api import (
        Browser,
        BrowserContext,
        Page,
        Playwright,
        Route,
        WebSocketRoute,
    )

Get = Callable[[str], Snapshot]

# What the text of a page may depend on.
_ANSWERED = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
_MOST_REQUESTS = 200
# How long a page that was loaded may go on asking for more, in seconds.
_SETTLING = 5.0
_AT_ONCE = 2
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    # whatever is not answered here finds no host, and no way around names either
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)
# A browser takes hundreds of megabytes: there is one at a time.
_ONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page after its scripts ran: ``html``, the address that it ended at, and what to note."""

    html: bytes
    final_url: str
    notes: tuple[str, ...]


def render(url: str, get: Get, *, seconds: float, max_bytes: int) -> Rendered:
    """The page at ``url`` after its scripts ran, within ``seconds`` and ``max_bytes``.

    ``get`` answers each request of the page, and raises ``CardwatchError`` for one that is
    refused; the page goes on without it, unless it is the page itself.

    Raises:
        SourceError: there is no browser, or what ``get`` raises for the page itself.
        Unreachable: the page could not be shown in time.
        TooLarge: it is over the limit.
    """
    try:
        from playwright.async_api import Error
    except ImportError as wrong:
        raise SourceError(
            "a page is rendered with the library playwright",
            hint="pip install 'cardwatch[browser]'",
            where=url[:300],
        ) from wrong
    # what the page itself gives is asked for without a browser: most failures end here
    first = get(url)
    visit = _Visit(first, get, max_bytes)
    with _ONE:
        try:
            return asyncio.run(asyncio.wait_for(visit.show(), seconds))
        except TimeoutError as wrong:
            raise Unreachable(
                f"not shown within {seconds:g} seconds", where=url[:300], transient=True
            ) from wrong
        except Error as wrong:
            told = " ".join(str(wrong).split())[:200]
            raise Unreachable(
                f"the browser could not show it: {told}", where=url[:300], transient=True
            ) from wrong


@dataclass
class _Visit:
    """One visit of a page, with what it may still ask for."""

    first: Snapshot
    get: Get
    max_bytes: int
    asked: int = 0
    refused: int = 0
    size: int = 0
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def show(self) -> Rendered:
        from playwright.async_api import async_playwright

        async with async_playwright() as playwright:
            browser = await _launched(playwright)
            try:
                context = await self._context(browser)
                page = await context.new_page()
                await page.goto(self.first.final_url, wait_until="load", timeout=0)
                html = await self._settled(page)
                version = f"{browser.browser_type.name} {browser.version}"
                return Rendered(html, page.url, (self._note(version),))
            finally:
                # a page that never rests would keep its browser from being asked to leave
                await asyncio.wait_for(browser.close(), 10)

    async def _context(self, browser: Browser) -> BrowserContext:
        context = await browser.new_context(
            accept_downloads=False, service_workers="block", locale="en-US", timezone_id="UTC"
        )
        context.set_default_timeout(0)
        await context.route("**/*", self._answer)
        await context.route_web_socket("**/*", _no_socket)
        return context

    async def _settled(self, page: Page) -> bytes:
        import contextlib

        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(page.wait_for_load_state("networkidle"), _SETTLING)
        # counted first: a text that is too large is not brought over
        length = await page.evaluate("document.documentElement.outerHTML.length")
        if length > self.max_bytes:
            raise TooLarge(f"the page grew over the limit of {self.max_bytes} bytes")
        return (await page.content()).encode("utf-8", "replace")

    async def _answer(self, route: Route) -> None:
        request = route.request
        wanted = request.method == "GET" and request.resource_type in _ANSWERED
        if not wanted or self.asked >= _MOST_REQUESTS or self.size > self.max_bytes:
            self.refused += 1
            await route.abort("blockedbyclient")
            return
        self.asked += 1
        address = urldefrag(request.url)[0]
        try:
            if address == urldefrag(self.first.final_url)[0]:
                answer = self.first
            else:
                async with self._turn:
                    answer = await asyncio.to_thread(self.get, address)
        except CardwatchError:
            self.refused += 1
            await route.abort("blockedbyclient")
            return
        self.size += len(answer.data)
        kept = ("content-type", "access-control-allow-origin", "access-control-allow-credentials")
        headers = {name: value for name, value in answer.headers if name in kept}
        await route.fulfill(status=answer.status, headers=headers, body=answer.data)

    def _note(self, version: str) -> str:
        return f"rendered by {version}: {self.asked} requests answered, {self.refused} refused"


async def _no_socket(socket: WebSocketRoute) -> None:
    await socket.close()


async def _launched(playwright: Playwright) -> Browser:
    program = _program(playwright.chromium.executable_path)
    return await playwright.chromium.launch(
        executable_path=program,
        args=list(_ARGUMENTS),
        headless=True,
        # Chromium has no sandbox for the first user of a system
        chromium_sandbox=hasattr(os, "geteuid") and os.geteuid() != 0,
        timeout=30_000,
    )


def _program(own: str) -> str:
    """The browser: ``CARDWATCH_BROWSER``, playwright's own, or one of the system."""
    named = os.environ.get("CARDWATCH_BROWSER", "")
    known = (named,) if named else (own, *filter(None, map(shutil.which, _PROGRAMS)))
    found = next((each for each in known if Path(each).is_file()), "")
    if not found:
        raise SourceError(
            "no browser was found",
            hint="playwright install chromium, or name one in CARDWATCH_BROWSER",
            where=named,
        )
    return found
