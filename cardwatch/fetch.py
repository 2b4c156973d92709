"""An address to a snapshot: fetched within limits, and from public hosts only unless allowed.

The name of a host is resolved once, every address that it has is checked, and the connection is
made to a checked address: a name that changes its answer afterwards leads nowhere else. The
certificate is verified against the name. Proxies of the environment are not used, since behind
one no address could be checked.
"""

from __future__ import annotations

import re
import socket
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from cardwatch.errors import SourceError, TooLarge, Unreachable
from cardwatch.model import Snapshot

if TYPE_CHECKING:
    import httpcore2

Address = IPv4Address | IPv6Address
Headers = tuple[tuple[str, str], ...]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# The server may answer otherwise later; any other failure is an answer.
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
# So much of an error page, or of what stands beside a redirect, is kept as evidence.
_EVIDENCE = 65_536
_EVIDENCE_SECONDS = 5.0
_SAFE_PATH = "/:@!$&'()*+,;=-._~%"
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[?[0-9A-Fa-f:.]{2,45}\]?")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_NAT64 = IPv6Address("64:ff9b::")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take: bytes after unpacking, seconds, and redirects.

    ``seconds`` bounds the whole fetch, ``silence`` the wait for each piece of it.
    """

    max_bytes: int = 200_000_000
    seconds: float = 60.0
    silence: float = 15.0
    redirects: int = 8


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _connect(address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
    import httpcore2

    return httpcore2.SyncBackend().connect_tcp(address, port, timeout=seconds)


@dataclass(frozen=True, slots=True)
class Network:
    """The outside world as ``fetch`` sees it; a test puts its own in its place."""

    resolve: Callable[[str, int], list[str]] = _resolve
    connect: Callable[[str, int, float], httpcore2.NetworkStream] = _connect
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


def fetch(
    url: str,
    *,
    limits: Limits | None = None,
    allow_private: bool = False,
    headers: Mapping[str, str] | None = None,
    network: Network | None = None,
    witness: Callable[[Snapshot], None] | None = None,
) -> Snapshot:
    """The bytes that stand at ``url``, after redirects, as a snapshot.

    ``headers`` are added to the request (a watcher's conditions); an answer 304 has no bytes.
    ``witness`` is given every answer that is not the result, redirects and errors, with the
    beginning of its bytes.
    Raises ``SourceError`` for an address that is refused, ``Unreachable`` (with its status, and
    whether a later try may do better) for one that cannot be had, ``TooLarge`` over a limit.
    """
    network = network or Network()
    fetcher = _Fetcher(limits or Limits(), network, allow_private=allow_private)
    fetcher.witness = witness
    return fetcher.fetch(url, dict(headers or {}))


def checked_url(url: str) -> str:
    """``url`` in the form that is requested; raises ``SourceError`` for one that is not http(s)."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = parts.hostname or ""
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise SourceError(f"not an address: {error}", where=_shown(url)) from error
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise SourceError("only https and http addresses can be fetched", where=_shown(url))
    if parts.username or parts.password:
        raise SourceError("an address must not hold a user name or password", where=_shown(url))
    if not _HOST.fullmatch(host):
        raise SourceError("not the name of a host", where=_shown(url))
    place = f"[{host}]" if ":" in host else host.lower()
    if port is not None:
        place = f"{place}:{port}"
    path = quote(parts.path or "/", safe=_SAFE_PATH)
    query = quote(parts.query, safe=_SAFE_PATH + "?/")
    return urlunsplit((parts.scheme.lower(), place, path, query, ""))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, whatever it is wrapped in."""
    try:
        parsed: Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo and parsed.teredo[1])
        if not inner and int(parsed) >> 32 == int(_NAT64) >> 32:
            inner = IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner:
            parsed = inner
    return parsed.is_global and not (
        parsed.is_multicast or parsed.is_reserved or parsed.is_loopback or parsed.is_unspecified
    )


class _Fetcher:
    """One fetch: its deadline, its limits, and the network it goes through."""

    def __init__(self, limits: Limits, network: Network, *, allow_private: bool) -> None:
        self.limits = limits
        self.network = network
        self.allow_private = allow_private
        self.deadline = network.monotonic() + limits.seconds
        self.notes: list[str] = []
        self.witness: Callable[[Snapshot], None] | None = None

    def fetch(self, url: str, extra: dict[str, str]) -> Snapshot:
        current = checked_url(url)
        hops: list[str] = []
        while True:
            status, headers, data = self._request(current, extra)
            if self.witness and (status in _REDIRECTS or status >= 400):
                self.witness(self._snapshot(url, current, (status, headers, data), extra))
            target = dict(headers).get("location", "")
            if status not in _REDIRECTS or not target:
                break
            hops.append(current)
            if len(hops) > self.limits.redirects:
                raise Unreachable("the address leads in circles", where=_shown(url), status=status)
            following = checked_url(urljoin(current, target))
            if current.startswith("https:") and following.startswith("http:"):
                raise SourceError(
                    f"the address leads from https to the open {_shown(following)}",
                    hint="give that address itself if you trust it",
                    where=_shown(url),
                )
            current = following
        if status >= 400 or (status >= 300 and status != 304):
            raise Unreachable(
                f"the server answered {status}",
                where=_shown(current),
                status=status,
                transient=status in _TRANSIENT,
                retry_after=_seconds(dict(headers).get("retry-after", "")),
            )
        if current.startswith("http:"):
            self.notes.append("fetched over http: anyone on the way could have changed it")
        made = self._snapshot(url, current, (status, headers, data), extra)
        return replace(made, redirects=tuple(hops), notes=tuple(dict.fromkeys(self.notes)))

    def _snapshot(
        self, url: str, current: str, answer: tuple[int, Headers, bytes], extra: dict[str, str]
    ) -> Snapshot:
        status, headers, data = answer
        return Snapshot(
            url=url,
            final_url=current,
            data=data,
            sha256=sha256(data).hexdigest(),
            retrieved=self.network.now().astimezone(UTC).isoformat(timespec="seconds"),
            status=status,
            headers=headers,
            sent=tuple(sorted(_request_headers(extra).items())),
        )

    def _request(self, url: str, extra: dict[str, str]) -> tuple[int, Headers, bytes]:
        import ssl

        import httpcore2

        sent = _request_headers(extra)
        wait = {"connect": self.limits.silence, "read": self.limits.silence}
        try:
            with (
                httpcore2.ConnectionPool(network_backend=_backend(self)) as pool,
                pool.stream(
                    "GET",
                    url,
                    headers=list(sent.items()),
                    extensions={"timeout": {**wait, "write": self.limits.silence}},
                ) as answer,
            ):
                headers = tuple(
                    (name.decode("latin-1").lower(), value.decode("latin-1"))
                    for name, value in answer.headers
                )
                if answer.status in _REDIRECTS or answer.status >= 400:
                    return answer.status, headers, self._beginning(headers, answer.iter_stream())
                return answer.status, headers, self._body(url, headers, answer.iter_stream())
        except httpcore2.TimeoutException as error:
            raise Unreachable("no answer in time", where=_shown(url), transient=True) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, ssl.SSLError, OSError) as error:
            raise Unreachable(
                f"the connection failed: {_reason(error)}", where=_shown(url), transient=True
            ) from error

    def _beginning(self, headers: Headers, stream: Iterator[bytes]) -> bytes:
        """What an answer that is not the document begins with, where somebody wants to see it."""
        import httpcore2

        if self.witness is None:
            return b""
        data = b""
        room = min(_EVIDENCE, self.limits.max_bytes)
        until = self.network.monotonic() + _EVIDENCE_SECONDS
        try:
            unpack = _unpacker(dict(headers).get("content-encoding", ""), "")
            for piece in stream:
                data += b"".join(unpack(piece, room - len(data)))
                if len(data) >= room or self.network.monotonic() > until:
                    break
        except (Unreachable, httpcore2.TimeoutException, httpcore2.NetworkError,
                httpcore2.ProtocolError, OSError):  # fmt: skip
            pass  # the status is the answer, whatever became of its words
        return data[:room]

    def _body(self, url: str, headers: Headers, stream: Iterator[bytes]) -> bytes:
        limit = self.limits.max_bytes
        declared = dict(headers).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise TooLarge(f"{declared} bytes are over the limit of {limit}", where=_shown(url))
        unpack = _unpacker(dict(headers).get("content-encoding", ""), url)
        parts, size = [], 0
        for piece in stream:
            self.remaining(url)
            for part in unpack(piece, limit - size + 1):
                parts.append(part)
                size += len(part)
                if size > limit:
                    raise TooLarge(f"more than {limit} bytes came", where=_shown(url))
        return b"".join(parts)

    def remaining(self, where: str) -> float:
        """Seconds left; raises ``Unreachable`` when there are none."""
        left = self.deadline - self.network.monotonic()
        if left <= 0:
            raise Unreachable(
                f"not done within {self.limits.seconds:g} seconds",
                where=_shown(where),
                transient=True,
            )
        return left

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of ``host``; all of them must be public unless private ones are allowed."""
        try:
            found = self.network.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(
                "the name of the host is not known", where=host, transient=True
            ) from error
        if not found:
            raise Unreachable("the host has no address", where=host, transient=True)
        private = [address for address in found if not is_public(address)]
        if private and not self.allow_private:
            raise SourceError(
                f"the host stands at {private[0]}, which is not a public address",
                hint="give --allow-private if you mean a host of your own",
                where=host,
            )
        return found


def _backend(fetcher: _Fetcher) -> httpcore2.NetworkBackend:
    """A network backend that connects to checked addresses only, and keeps the deadline."""
    import httpcore2

    class Stream(httpcore2.NetworkStream):
        def __init__(self, inner: httpcore2.NetworkStream) -> None:
            self._inner = inner

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            return self._inner.read(max_bytes, timeout=_shorter(fetcher, timeout))

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self._inner.write(buffer, timeout=_shorter(fetcher, timeout))

        def close(self) -> None:
            self._inner.close()

        def start_tls(
            self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore2.NetworkStream:
            left = _shorter(fetcher, timeout)
            return Stream(self._inner.start_tls(ssl_context, server_hostname, left))

        def get_extra_info(self, info: str) -> Any:
            return self._inner.get_extra_info(info)

    class Backend(httpcore2.NetworkBackend):
        def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,  # noqa: ARG002 - the library's signature
            socket_options: Any = None,  # noqa: ARG002 - likewise
        ) -> httpcore2.NetworkStream:
            failure: Exception = httpcore2.ConnectError("no address could be reached")
            for address in fetcher.addresses(host, port)[:4]:
                try:
                    left = _shorter(fetcher, timeout)
                    return Stream(fetcher.network.connect(address, port, left))
                except (httpcore2.NetworkError, httpcore2.TimeoutException, OSError) as error:
                    failure = error
            raise failure

    return Backend()


def _request_headers(extra: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request; raises ``SourceError`` for one that could hold another."""
    from cardwatch import __version__

    for name, value in extra.items():
        if not _HEADER.fullmatch(name) or not value.isprintable() or not value.isascii():
            raise SourceError("not a header that can be sent", where=_shown(name))
    return {
        "User-Agent": f"cardwatch/{__version__}",
        "Accept": "text/html, application/pdf, text/markdown, text/plain, */*;q=0.5",
        "Accept-Encoding": "gzip, deflate",
        **extra,
    }


def _seconds(value: str) -> float:
    """What a server asks to wait, if it says so in seconds; a date is not heeded."""
    return float(value) if value.isdecimal() and len(value) < 7 else 0.0


def _shorter(fetcher: _Fetcher, timeout: float | None) -> float:
    return min(fetcher.remaining("the server"), timeout or fetcher.limits.silence)


def _unpacker(encoding: str, url: str) -> Callable[[bytes, int], Iterator[bytes]]:
    """A function that unpacks pieces of a body, never more than it is allowed at a time."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return lambda piece, _room: iter((piece,))
    if name not in ("gzip", "x-gzip", "deflate"):
        raise Unreachable(
            f"the server packs in a way not asked for: {name[:40]}", where=_shown(url)
        )
    unpacker = zlib.decompressobj(wbits=47 if "gzip" in name else 15)
    first = True

    def unpack(piece: bytes, room: int) -> Iterator[bytes]:
        nonlocal unpacker, first
        while piece and room > 0:
            try:
                part = unpacker.decompress(piece, min(room, 1_000_000))
            except zlib.error as error:
                if first and name == "deflate":
                    # some servers send deflate without the header that the standard asks for
                    unpacker, first = zlib.decompressobj(wbits=-15), False
                    continue
                raise Unreachable(f"the body is damaged: {error}", where=_shown(url)) from error
            first = False
            room -= len(part)
            if part:
                yield part
            piece = unpacker.unconsumed_tail
            if unpacker.eof:
                piece, unpacker = unpacker.unused_data, zlib.decompressobj(wbits=47)
                if not piece.startswith(b"\x1f\x8b"):
                    return

    return unpack


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _shown(url: str) -> str:
    """An address fit to be shown: without user and password, control characters, or length."""
    clean = "".join(char for char in url if char.isprintable())[:300]
    return re.sub(r"//[^/@\s]*@", "//", clean)
