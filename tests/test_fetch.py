"""Fetching: limits hold, and only public addresses are connected to."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore2
import pytest

from cardwatch.errors import SourceError, TooLarge, Unreachable
from cardwatch.fetch import Limits, Network, checked_url, fetch, is_public
from cardwatch.model import Snapshot

PUBLIC = "93.184.216.34"
HOSTS = {
    "public.test": [PUBLIC],
    "inner.test": ["10.0.0.7"],
    "mixed.test": [PUBLIC, "127.0.0.1"],
    "mapped.test": ["::ffff:169.254.169.254"],
}
_BOMB = gzip.compress(bytes(50_000_000))


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        getattr(
            self, f"page_{self.path.strip('/').split('?')[0].replace('-', '_')}", self.missing
        )()

    def log_message(self, *args: object) -> None:
        pass

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def missing(self) -> None:
        self.answer(b"gone", 404)

    def page_plain(self) -> None:
        self.answer(b"hello", Content_Type="text/plain")

    def page_busy(self) -> None:
        self.answer(b"", 503)

    def page_same(self) -> None:
        self.answer(b"", 304)

    def page_packed(self) -> None:
        self.answer(gzip.compress(b"hello " * 100), Content_Encoding="gzip")

    def page_raw_deflate(self) -> None:
        packer = zlib.compressobj(wbits=-15)
        self.answer(packer.compress(b"hello") + packer.flush(), Content_Encoding="deflate")

    def page_bomb(self) -> None:
        self.answer(_BOMB, Content_Encoding="gzip")

    def page_long_error(self) -> None:
        self.answer(bytes(1_000_000), 500)

    def page_bomb_error(self) -> None:
        self.answer(_BOMB, 500, Content_Encoding="gzip")

    def page_slow_error(self) -> None:
        self.send_response(500)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"so")
        self.close_connection = True

    def page_step(self) -> None:
        self.answer(b"", 302, Location="/plain")

    def page_circle(self) -> None:
        self.answer(b"", 302, Location="/circle")

    def page_inward(self) -> None:
        self.answer(b"", 302, Location="http://inner.test/plain")

    def page_strange(self) -> None:
        self.answer(b"", 302, Location="file:///etc/passwd")

    def page_large(self) -> None:
        self.answer(bytes(10_000))

    def page_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass
        self.close_connection = True


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    port = server.server_address[1]
    connected: list[str] = []

    def connect(address: str, _port: int, seconds: float) -> httpcore2.NetworkStream:
        connected.append(address)
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", port, timeout=seconds)

    yield Network(
        resolve=lambda host, _port: HOSTS.get(host, [host]),
        connect=connect,
        now=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    server.shutdown()
    server.server_close()


def test_snapshot_holds_the_bytes_and_their_story(network: Network) -> None:
    """A snapshot names what was asked for, what answered, when, and the hash of its bytes."""
    found = fetch("http://public.test/step", network=network)
    assert found.data == b"hello"
    assert found.final_url == "http://public.test/plain"
    assert found.redirects == ("http://public.test/step",)
    assert found.retrieved == "2026-01-02T03:04:05+00:00"
    assert found.header("Content-Type") == "text/plain"
    assert len(found.sha256) == 64
    assert any("http" in note for note in found.notes)


@pytest.mark.parametrize("host", ["inner.test", "mixed.test", "mapped.test", "127.0.0.1", "[::1]"])
def test_private_hosts_are_refused(network: Network, host: str) -> None:
    """A host with any address that is not public is refused, before anything is sent."""
    with pytest.raises(SourceError, match="not a public address"):
        fetch(f"http://{host}/plain", network=network)


def test_private_hosts_are_allowed_on_request(network: Network) -> None:
    """With ``allow_private`` a private host is fetched like any other."""
    assert fetch("http://inner.test/plain", network=network, allow_private=True).data == b"hello"


def test_every_hop_is_checked(network: Network) -> None:
    """A public host that leads to a private one, or to another scheme, is not followed there."""
    with pytest.raises(SourceError, match="not a public address"):
        fetch("http://public.test/inward", network=network)
    with pytest.raises(SourceError, match="only https and http"):
        fetch("http://public.test/strange", network=network)


def test_the_connection_goes_to_the_address_that_was_checked(network: Network) -> None:
    """A name that answers differently the second time is not asked a second time."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    reached: list[str] = []

    def connect(address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
        reached.append(address)
        return network.connect(address, port, seconds)

    fickle = Network(resolve=lambda _host, _port: next(answers), connect=connect)
    fetch("http://public.test/plain", network=fickle)
    assert reached == [PUBLIC]


def test_failures_say_whether_to_try_again(network: Network) -> None:
    """A busy server may answer later, a missing page will not."""
    with pytest.raises(Unreachable) as busy:
        fetch("http://public.test/busy", network=network)
    with pytest.raises(Unreachable) as missing:
        fetch("http://public.test/nothing", network=network)
    assert (busy.value.status, busy.value.transient) == (503, True)
    assert (missing.value.status, missing.value.transient) == (404, False)
    assert fetch("http://public.test/same", network=network).status == 304
    with pytest.raises(Unreachable, match="circles"):
        fetch("http://public.test/circle", network=network)


def test_a_witness_sees_every_other_answer(network: Network) -> None:
    """Redirects and errors with status, headers, and the beginning of their bytes."""
    seen: list[Snapshot] = []
    fetch("http://public.test/step", network=network, witness=seen.append)
    with pytest.raises(Unreachable):
        fetch("http://public.test/nothing", network=network, witness=seen.append)
    for page in ("long-error", "bomb-error", "slow-error"):
        with pytest.raises(Unreachable) as told:
            fetch(f"http://public.test/{page}", network=network, witness=seen.append)
        assert told.value.status == 500
    assert [each.status for each in seen] == [302, 404, 500, 500, 500]
    assert seen[0].header("location") == "/plain"
    assert (seen[1].data, seen[1].final_url) == (b"gone", "http://public.test/nothing")
    assert [len(each.data) for each in seen[2:4]] == [65_536, 65_536]
    assert all(each.sha256 == sha256(each.data).hexdigest() for each in seen)


def test_packed_bodies_are_unpacked(network: Network) -> None:
    """gzip, and deflate without its header, give the bytes that were packed."""
    assert fetch("http://public.test/packed", network=network).data == b"hello " * 100
    assert fetch("http://public.test/raw-deflate", network=network).data == b"hello"


def test_limits_hold(network: Network) -> None:
    """Bytes are bounded before and after unpacking, and time as a whole."""
    small, short = Limits(max_bytes=5_000), Limits(seconds=0.3)
    for page in ("large", "bomb"):
        with pytest.raises(TooLarge):
            fetch(f"http://public.test/{page}", network=network, limits=small)
    with pytest.raises(Unreachable) as slow:
        fetch("http://public.test/drip", network=network, limits=short)
    assert slow.value.transient


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.test/",
        "http://",
        "http://u:p@a.test/",
        "nonsense",
        "http://a b/",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """Only http and https, with a host and without credentials, which are not repeated either."""
    with pytest.raises(SourceError) as refused:
        checked_url(url)
    assert "u:p" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("no address", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    """Loopback, private, link-local, shared, reserved and wrapped forms of them are not public."""
    assert is_public(address) is public


def test_addresses_are_put_in_one_form() -> None:
    """Host names become ASCII in lower case; spaces are escaped; fragments are not sent."""
    assert checked_url("HTTPS://Bücher.Example/a b?q=ä#top") == (
        "https://xn--bcher-kva.example/a%20b?q=%C3%A4"
    )
