"""Hostile servers: each trick is refused or survived, and the watch of others goes on."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cardwatch.fetch import Limits, Network
from cardwatch.model.watch import Problem, Verdict
from cardwatch.store import Store
from cardwatch.watch.run import run
from cardwatch.watch.settings import World
from tests.test_watch import TERMS
from tests.watching import Clock, Site, page, settings, source, told

Talk = Callable[[socket.socket], None]


pytestmark = pytest.mark.usefixtures("quick_disk")


@contextmanager
def talking(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that says what it likes to whoever connects; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(line,), daemon=True).start()

    def answer(line: socket.socket) -> None:
        try:
            with context.wrap_socket(line, server_side=True) if context else line as spoken:
                spoken.recv(65536)
                talk(spoken)
        except OSError:
            return

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def look(home: Path, port: int, scheme: str = "http", **more: object) -> tuple[Verdict, str]:
    """What a watch makes of the server at a port, and why."""
    keys = "".join(f"{name} = {value}\n" for name, value in more.items())
    address = f'url = "{scheme}://127.0.0.1:{port}/doc"\nrobots = false\n'
    source(home, "hostile", address + keys)
    limits = Limits(max_bytes=1_000_000, seconds=1.0, silence=0.5)
    # the limits of a fetch are measured by the real clock
    report = run(settings(home, limits=limits))
    (check,) = report.checks
    assert report.news == ()
    return check.verdict, check.note


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def drip(line: socket.socket) -> None:
    line.sendall(HEAD + b"\r\n")
    for _ in range(100):
        line.sendall(b"x")
        time.sleep(0.05)


def endless(line: socket.socket) -> None:
    line.sendall(HEAD + b"\r\n")
    while True:
        line.sendall(b"<p>more</p>" * 5000)


def endless_headers(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X-More: and more\r\n" * 1000)


def dripping_headers(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(100):
        line.sendall(b"x")
        time.sleep(0.05)


def bomb(line: socket.socket) -> None:
    packed = gzip.compress(bytes(30_000_000))
    size = str(len(packed)).encode()
    line.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: " + size + b"\r\n\r\n" + packed)


def too_short(line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: 5000\r\n\r\n<p>only this")


def two_lengths(line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n<p>ab")


def no_length(line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: -5\r\n\r\n<p>ab")


def silent(line: socket.socket) -> None:
    time.sleep(3)


def nonsense(line: socket.socket) -> None:
    line.sendall(b"\x00\xff" * 5000)


def bad_chunks(line: socket.socket) -> None:
    line.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nxx")


@pytest.mark.parametrize(
    "talk",
    [
        drip,
        endless,
        endless_headers,
        dripping_headers,
        bomb,
        too_short,
        two_lengths,
        no_length,
        silent,
        nonsense,
        bad_chunks,
    ],
)
def test_tricks_are_outages(tmp_path: Path, talk: Talk) -> None:
    """Nothing that such a server sends is kept, and it costs no more than the limits."""
    start = time.monotonic()
    with talking(talk) as port:
        verdict, _ = look(tmp_path, port)
    assert verdict is Verdict.UNREACHABLE
    # twice: a transient failure is tried again at the end of the run
    assert time.monotonic() - start < 8
    with Store(tmp_path) as store:
        assert store.snapshots() == ()


def test_an_error_page_without_end_is_that_error(tmp_path: Path) -> None:
    """Its status is the answer; of its words the beginning is kept, and no more is waited for."""

    def gone(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n")
        endless(line)

    def slow(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n")
        silent(line)

    for number, talk in enumerate((gone, slow)):
        home = tmp_path / str(number)
        with talking(talk) as port:
            assert look(home, port)[0] is Verdict.GONE
        with Store(home) as store:
            (answer,) = store.answers()
            assert (answer.status, list(store.verify())) == (404, [])
            assert (home / answer.warc).stat().st_size < 100_000


def test_a_redirect_to_a_private_address_is_refused(tmp_path: Path) -> None:
    """Only what was allowed by name: a public page may not lead inside."""

    def inward(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/keys\r\n\r\n")

    with talking(inward) as port:
        import httpcore2

        def connect(_address: str, _port: int, seconds: float) -> object:
            return httpcore2.SyncBackend().connect_tcp("127.0.0.1", port, timeout=seconds)

        hosts = {"public.test": ["93.184.216.34"]}
        network = Network(
            resolve=lambda host, _port: hosts.get(host, [host]),
            connect=connect,  # type: ignore[arg-type]
        )
        source(tmp_path, "hostile", 'url = "http://public.test/doc"\nrobots = false\n')
        report = run(settings(tmp_path, private=False), World(network=network))
    (check,) = report.checks
    assert check.verdict is Verdict.REFUSED
    assert "169.254.169.254" in check.note


def test_a_private_address_needs_permission(tmp_path: Path, site: Site) -> None:
    """The loopback is refused unless the source or the watch allows it."""
    site.put("/doc", page(*TERMS))
    text = f'url = "{site.url("/doc")}"\nrobots = false\n'
    source(tmp_path, "own", text)
    (check,) = run(settings(tmp_path, private=False)).checks
    assert check.verdict is Verdict.REFUSED
    source(tmp_path, "own", text + "private = true\n")
    (check,) = run(settings(tmp_path, private=False), every=True).checks
    assert check.verdict is Verdict.FIRST


def test_a_bad_certificate_is_refused(tmp_path: Path) -> None:
    """A certificate that nobody vouches for is an outage, not a document."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    try:
        named = ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *named],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def serve(line: socket.socket) -> None:
        body = page(*TERMS).encode()
        line.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    with talking(serve, context) as port:
        verdict, note = look(tmp_path, port, "https")
    assert verdict is Verdict.UNREACHABLE
    assert "certificate" in note.lower()


def test_headers_stay_headers(tmp_path: Path) -> None:
    """What a server's header holds cannot end it, in the store or in a later request."""

    def serve(line: socket.socket) -> None:
        body = page(*TERMS).encode()
        line.sendall(
            HEAD
            + b'ETag: "a\x0b\x0c\x85b\xff"\r\nX: \x1b[31m\r\nContent-Length: %d\r\n\r\n' % len(body)
            + body
        )

    with talking(serve) as port:
        verdict, _ = look(tmp_path, port)
        assert verdict in (Verdict.FIRST, Verdict.UNREACHABLE)
        (check,) = run(settings(tmp_path), every=True).checks
    assert check.verdict in (Verdict.SAME_BYTES, Verdict.UNREACHABLE)


def test_a_pdf_that_is_html_is_no_document(tmp_path: Path, site: Site) -> None:
    """What answers in a PDF's place is a bad capture, even at the first look."""
    site.put("/doc", page("Please wait while we get your file for you.", title="One moment"))
    verdict, _ = look(tmp_path, site.port, kind='"pdf"')
    assert verdict is Verdict.BAD_CAPTURE
    with Store(tmp_path) as store:
        assert store.states("hostile")[0].problem is Problem.UNREADABLE


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 1000, b"%PDF-1.7 and no more", b"PK\x03\x04junk", b"<" * 100_000]
)
def test_bytes_that_are_no_document(tmp_path: Path, site: Site, body: bytes) -> None:
    """They are kept as what came, and judged to be no document."""
    site.put("/doc", body)
    verdict, _ = look(tmp_path, site.port)
    assert verdict in (Verdict.BAD_CAPTURE, Verdict.FIRST)


def test_a_listing_cannot_flood_the_watch(tmp_path: Path, site: Site) -> None:
    """Thousands of new names at once are one message, and nothing is fetched of them."""
    home = tmp_path
    source(home, "list", f'url = "{site.url("/list")}"\nkind = "listing"\nrobots = false\n')
    site.put("/list", '<a href="/0">0</a>')
    clock = Clock()
    world = World(now=clock.now, sleep=clock.sleep)
    run(settings(home), world)
    links = "".join(f'<a href="/{number}">{number}</a>' for number in range(3000))
    site.put("/list", links)
    clock.turn(days=1)
    report = run(settings(home), world)
    assert len(report.checks) == 1
    assert told(home) == ["list names 2999 new documents at once; none is followed"]
    clock.turn(days=1)
    site.put("/list", links + " ")
    assert run(settings(home), world).news == ()


def test_a_listing_of_a_million_links_is_refused(tmp_path: Path, site: Site) -> None:
    """It is larger than any listing, and no tree is made of it."""
    site.put("/doc", b'<a href="/x">x</a>' * 600_000)
    source(tmp_path, "list", f'url = "{site.url("/doc")}"\nkind = "listing"\nrobots = false\n')
    (check,) = run(settings(tmp_path)).checks
    assert check.verdict is Verdict.BAD_CAPTURE


@pytest.mark.parametrize(
    "rules",
    [
        "Disallow: /" + "*a" * 40 + "*b$\n",
        "Disallow: /x\n" * 40_000,
        "\x00\xff\ud800 : : :\nDisallow\n: /\nCrawl-delay: 1e999\nCrawl-delay: -5\n",
        "Crawl-delay: nan\n",
    ],
    ids=["backtracking", "long", "nonsense", "no number"],
)
def test_a_hostile_robots_txt_costs_little(tmp_path: Path, site: Site, rules: str) -> None:
    """It is read in no time, and what it does not forbid is fetched."""
    path = "/" + "a" * 200 + "bc"
    site.put("/robots.txt", f"User-agent: *\n{rules}".encode("utf-8", "surrogatepass"))
    site.put(path, page(*TERMS))
    source(tmp_path, "terms", f'url = "{site.url(path)}"\n')
    begun = time.monotonic()
    clock = Clock()
    world = World(now=clock.now, sleep=clock.sleep)
    (check,) = run(settings(tmp_path), world).checks
    assert check.verdict in (Verdict.FIRST, Verdict.UNREACHABLE)
    assert clock.slept <= 120
    assert time.monotonic() - begun < 8


def test_one_bad_source_does_not_stop_the_others(tmp_path: Path, site: Site) -> None:
    """Each is judged for itself."""
    site.put("/good", page(*TERMS))
    with talking(nonsense) as port:
        source(tmp_path, "a-bad", f'url = "http://127.0.0.1:{port}/"\n')
        source(tmp_path, "b-good", f'url = "{site.url("/good")}"\n')
        limits = Limits(seconds=1, silence=0.5)
        report = run(settings(tmp_path, limits=limits, hosts=4))
    found = {check.source: check.verdict for check in report.checks}
    assert found == {"a-bad": Verdict.UNREACHABLE, "b-good": Verdict.FIRST}
