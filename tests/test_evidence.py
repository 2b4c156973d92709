"""Evidence packs: complete, always the same, verified without cardwatch, broken by any change."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import cardwatch
from cardwatch import app, proof
from cardwatch.errors import QuoteError
from cardwatch.model import Snapshot, Span
from cardwatch.quotes.evidence import Bracket, Evidence, Pack, build
from cardwatch.quotes.stamp import Stamp, time_stamp
from tests.conftest import ROOT
from tests.test_cli import Run

CARD = ROOT / "corpora" / "demo" / "card-v1.pdf"
POST = (
    b"<html><title>Launch</title><body><h1>Launch</h1><p>We never keep a record.</p></body></html>"
)


def _fetched() -> app.Opened:
    from hashlib import sha256

    url = "https://lab.example/launch"
    document = cardwatch.read(POST, media_type="html")
    snapshot = Snapshot(
        url=url,
        final_url=url,
        data=POST,
        sha256=sha256(POST).hexdigest(),
        retrieved="2026-03-17T10:00:00+00:00",
        headers=(("content-type", "text/html"), ("date", "Tue, 17 Mar 2026 10:00:00 GMT")),
    )
    return app.Opened(document, POST, snapshot)


def _pack(opened: app.Opened, words: str) -> Pack:
    at = opened.document.text.index(words)
    return proof.pack(opened, cardwatch.quote(opened.document, Span(at, at + len(words))))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return _pack(_fetched(), "We never keep a record.")


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def _unpack(members: dict[str, bytes], folder: Path) -> Path:
    for name, data in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The pack's own verifier, in an interpreter that sees nothing but the standard library."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def test_a_pack_verifies_without_cardwatch(pack: Pack, tmp_path: Path) -> None:
    """Unpacked or zipped, with its seal or without, it holds together."""
    folder = _unpack(_members(pack.data), tmp_path / "pack")
    assert _verify(folder).returncode == 0
    zipped = tmp_path / "pack.zip"
    zipped.write_bytes(pack.data)
    ran = _verify(folder, str(zipped), pack.seal)
    assert ran.returncode == 0
    assert pack.seal in ran.stdout
    assert _verify(folder, str(zipped), "0" * 64).returncode == 1
    assert _verify(folder, str(tmp_path / "none.zip")).returncode == 2


def test_any_change_breaks_a_pack(pack: Pack, tmp_path: Path) -> None:
    """A byte more, a byte less or another byte in any file is found, and so is a file too many."""
    members = _members(pack.data)
    folder = _unpack(members, tmp_path / "pack")
    sound = tmp_path / "verify.py"
    sound.write_bytes(members["verify.py"])
    for name, data in members.items():
        middle = len(data) // 2
        for changed in (
            data + b"\n",
            data[:-1],
            data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        ):
            (folder / name).write_bytes(changed)
            ran = _verify(tmp_path, str(folder))
            assert ran.returncode == 1, name
            assert ran.stdout.startswith("BROKEN")
        (folder / name).unlink()
        assert _verify(tmp_path, str(folder)).returncode == 1, name
        (folder / name).write_bytes(data)
    (folder / "more.txt").write_text("x")
    assert "more.txt" in _verify(tmp_path, str(folder)).stdout


def test_another_quote_does_not_pass(pack: Pack, tmp_path: Path) -> None:
    """A pack made anew around other words is refused: they do not stand in its text."""
    opened = _fetched()
    words = "We never keep a record."
    at = opened.document.text.index(words)
    quote = cardwatch.quote(opened.document, Span(at, at + len(words)))
    false = json.dumps(
        {**json.loads(_members(pack.data)["quote.json"]), "exact": "We always keep a record"}
    )
    made = build(Evidence(quote, opened.document, POST, {"quote.json": false}))
    folder = _unpack(_members(made.data), tmp_path)
    ran = _verify(folder)
    assert ran.returncode == 1
    assert "do not stand" in ran.stdout


def test_the_same_evidence_is_the_same_pack(pack: Pack) -> None:
    """No clock and no order of files makes a difference; names stay inside the pack."""
    again = _pack(_fetched(), "We never keep a record.")
    assert again == pack
    with zipfile.ZipFile(io.BytesIO(pack.data)) as opened:
        for info in opened.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert not info.filename.startswith("/")
            assert ".." not in info.filename
        assert opened.namelist() == sorted(opened.namelist())


def test_what_a_pack_holds(pack: Pack) -> None:
    """The bytes as they came, the headers, the archive record, the text with its map, a picture."""
    members = _members(pack.data)
    assert members["source/document.html"] == POST
    assert json.loads(members["source/fetch.json"])["headers"][0] == ["content-type", "text/html"]
    assert members["picture/passage.png"].startswith(b"\x89PNG")
    text = members["text/text.txt"].decode()
    quote = json.loads(members["quote.json"])
    assert text[quote["span"]["start"] : quote["span"]["end"]] == "We never keep a record."
    assert json.loads(members["text/map.json"])["sections"][-1]["label"] == "Launch"
    for promise in ("WHAT IT PROVES", "WHAT IT DOES NOT PROVE", "We never keep a record."):
        assert promise in members["README.txt"].decode()
    assert pack.members == tuple((name, len(data)) for name, data in sorted(members.items()))


def test_the_archive_record_is_one(pack: Pack) -> None:
    """Archive tools read the record and find the bytes in it."""
    archive = pytest.importorskip("warcio.archiveiterator")
    data = _members(pack.data)["source/fetch.warc.gz"]
    bodies = [
        record.content_stream().read()
        for record in archive.ArchiveIterator(io.BytesIO(data))
        if record.rec_type == "response"
    ]
    assert bodies == [POST]


def test_a_pack_of_a_pdf(cardwatch: Run, tmp_path: Path) -> None:
    """From the command line: the page is checked, and the summary names the seal."""
    made = tmp_path / "pack.zip"
    ran = cardwatch("evidence", CARD, "--grep", "no sign of it", "-o", made, "--json")
    assert ran.code == 0
    told = json.loads(ran.out)
    folder = _unpack(_members(made.read_bytes()), tmp_path / "pack")
    verified = _verify(folder, str(made), told["sha256"])
    assert verified.returncode == 0
    assert "page 14" in verified.stdout


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_leads_out_is_refused(pack: Pack, tmp_path: Path) -> None:
    """A member called ../x, or two of one name, is no pack, and nothing is written for it."""
    (tmp_path / "verify.py").write_bytes(_members(pack.data)["verify.py"])
    for names in (["../x"], ["/etc/x"], ["a\\b"], ["c:x"], ["a//b"], ["same", "same"]):
        bad = tmp_path / "bad.zip"
        with zipfile.ZipFile(bad, "w") as made:
            for name in names:
                info = zipfile.ZipInfo("x")
                info.filename = name
                made.writestr(info, b"x")
        assert _verify(tmp_path, str(bad)).returncode == 1
    bad.write_bytes(b"no zip at all")
    assert _verify(tmp_path, str(bad)).returncode == 1


def test_the_bracket_is_told() -> None:
    """When the passage came, if it is known, stands in the README."""
    opened = _fetched()
    quote = cardwatch.quote(opened.document, Span(0, 6))
    bracket = Bracket("2026-03-15T10:00:00+00:00 (sha256 aa…)", "2026-03-17T10:00:00+00:00")
    made = build(Evidence(quote, opened.document, POST, {"quote.json": "{}"}, bracket=bracket))
    readme = _members(made.data)["README.txt"].decode()
    assert "last seen without 2026-03-15" in " ".join(readme.split())


def test_hostile_titles_stay_text() -> None:
    """A title with escapes and line breaks cannot forge lines of the README."""
    page = b"<html><title>A\x1b[31m\nPROVED: yes</title><body><p>Words to quote here.</p></body>"
    document = cardwatch.read(page, media_type="html")
    at = document.text.index("Words")
    made = build(Evidence(cardwatch.quote(document, Span(at, at + 5)), document, page))
    readme = _members(made.data)["README.txt"].decode()
    assert "\x1b" not in readme
    assert not any(line.startswith("PROVED") for line in readme.splitlines())


# -- time-stamps ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], bytes]:
    """A time-stamp authority of our own, kept by openssl."""
    pytest.importorskip("rfc3161_client")
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed, which plays the authority")
    home = tmp_path_factory.mktemp("tsa")
    (home / "tsa.cnf").write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=Test authority\n"
        "[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\nsigner_digest=sha256\n"
        "default_policy=1.2.3.4.1\ndigests=sha256,sha512\naccuracy=secs:1\n"
    )
    (home / "serial").write_text("01\n")

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=home, check=True, capture_output=True)

    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
        "-days", "30", "-config", "tsa.cnf")  # fmt: skip

    def answer(_: str, request: bytes) -> bytes:
        (home / "request.tsq").write_bytes(request)
        run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-signer",
            "cert.pem", "-inkey", "key.pem", "-out", "answer.tsr")  # fmt: skip
        return (home / "answer.tsr").read_bytes()

    answer.home = home  # type: ignore[attr-defined]  # where the certificate lies
    return answer


def test_a_stamp_holds(authority: Callable[[str, bytes], bytes], tmp_path: Path) -> None:
    """The stamp is of the manifest, say the verifier and openssl; a change breaks it."""
    opened = _fetched()
    quote = cardwatch.quote(opened.document, Span(0, 6))
    cited = {"quote.json": _members(proof.pack(opened, quote).data)["quote.json"].decode()}
    made = build(
        Evidence(quote, opened.document, POST, cited),
        lambda data: time_stamp(data, "https://tsa.example", authority),
    )
    folder = _unpack(_members(made.data), tmp_path)
    assert "present" in _verify(folder).stdout
    home = authority.home  # type: ignore[attr-defined]  # set above
    checked = subprocess.run(
        ["openssl", "ts", "-verify", "-in", folder / "timestamp" / "response.tsr", "-data",
         folder / "manifest.json", "-CAfile", home / "cert.pem"],
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    (folder / "timestamp" / "response.tsr").write_bytes(b"x")
    assert _verify(folder).returncode == 1


def test_a_stamp_of_something_else_is_refused(authority: Callable[[str, bytes], bytes]) -> None:
    """An answer to another request, or none at all, is an error and not a stamp."""
    import rfc3161_client

    other = rfc3161_client.TimestampRequestBuilder().data(b"other").build().as_bytes()
    with pytest.raises(QuoteError, match="something else"):
        time_stamp(b"mine", "https://tsa.example", lambda a, _: authority(a, other))
    with pytest.raises(QuoteError, match="no time-stamp"):
        time_stamp(b"mine", "https://tsa.example", lambda *_: b"hello")


def test_an_authority_is_asked_over_http(
    authority: Callable[[str, bytes], bytes], cardwatch: Run, tmp_path: Path
) -> None:
    """--timestamp sends the request to the address; one that fails ends with 2 and no pack."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            self.send_response(200 if self.path == "/tsr" else 500)
            self.end_headers()
            self.wfile.write(authority("", request))

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    made = tmp_path / "pack.zip"
    card = ROOT / "corpora" / "demo" / "terms-v1.md"
    try:
        for path, code in (("/none", 2), ("/tsr", 0)):
            ran = cardwatch(
                "evidence", card, "--section", "1", "-o", made, "--timestamp", base + path
            )
            assert ran.code == code, ran.err
            assert made.exists() == (code == 0)
    finally:
        server.shutdown()
    assert "timestamp/response.tsr" in _members(made.read_bytes())
    assert cardwatch("evidence", card, "--section", "1", "-o", made, "--timestamp", "x:y").code == 2


def test_a_stamp_is_sealed() -> None:
    """The seal covers the stamp that the authority gave."""
    opened = _fetched()
    quote = cardwatch.quote(opened.document, Span(0, 6))
    made = build(Evidence(quote, opened.document, POST), lambda _: Stamp(b"q", b"r", "now"))
    assert "timestamp/response.tsr" in json.loads(_members(made.data)["seal.json"])


# -- documents that the watch has kept --------------------------------------------------------


def _watched(home: Path, *bodies: bytes) -> list[str]:
    """A store with captures of one page on the hour; their hashes."""
    from hashlib import sha256

    from cardwatch.store import Store

    url = "https://lab.example/policy"
    made = []
    with Store(home) as store:
        for hour, body in enumerate(bodies):
            digest = sha256(body).hexdigest()
            taken = f"2026-03-17T{hour:02}:00:00+00:00"
            store.add_snapshot("lab/policy", Snapshot(url, url, body, digest, taken))
            made.append(digest)
    return made


def _page(words: str) -> bytes:
    text = f"<p>Every reply is kept.</p><p>{words}</p><p>Ask us for the rest of it.</p>"
    return f"<html><title>Policy</title><body><h1>Policy</h1>{text}</body></html>".encode()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARDWATCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


OLD, NOW, LATER = (_page(f"We may keep it for {n} days.") for n in ("ten", "ninety", "nine"))


def test_the_bracket_of_a_watched_document(cardwatch: Run, home: Path, tmp_path: Path) -> None:
    """The last capture without the words and the first with them, from what the watch kept."""
    kept = _watched(home, OLD, OLD, NOW, NOW, LATER)
    out = tmp_path / "pack.zip"
    reference = "lab/policy@2026-03-17T03:00"
    ran = cardwatch("evidence", reference, "--grep", "ninety days", "-o", out)
    assert ran.code == 0, ran.err
    assert "last seen without" in ran.out
    members = _members(out.read_bytes())
    told = json.loads(members["source/captures.json"])
    assert told == {
        "last_without": f"2026-03-17T01:00:00+00:00 sha256:{kept[0]}",
        "first_with": f"2026-03-17T02:00:00+00:00 sha256:{kept[2]}",
        "last_with": f"2026-03-17T03:00:00+00:00 sha256:{kept[2]}",
        "first_gone": f"2026-03-17T04:00:00+00:00 sha256:{kept[4]}",
        "source": "lab/policy",
    }
    assert "first seen with" in members["README.txt"].decode()
    assert "source/fetch.warc.gz" in members
    assert _verify(_unpack(members, tmp_path / "pack")).returncode == 0


def test_a_file_that_the_watch_kept_has_its_fetch(
    cardwatch: Run, home: Path, tmp_path: Path
) -> None:
    """However a file is named, the record of its fetch goes along; without a watch, none."""
    path = tmp_path / "page.html"
    path.write_bytes(NOW)
    out = tmp_path / "pack.zip"
    assert cardwatch("evidence", path, "--grep", "ninety days", "-o", out).code == 0
    assert "source/fetch.json" not in _members(out.read_bytes())
    assert not home.exists(), "looking for evidence makes no store"
    _watched(home, NOW)
    assert cardwatch("evidence", path, "--grep", "ninety days", "-o", out).code == 0
    members = _members(out.read_bytes())
    assert json.loads(members["source/fetch.json"])["retrieved"] == "2026-03-17T00:00:00+00:00"
    assert "never: the first capture" in members["README.txt"].decode()


def test_no_document_is_written_over(cardwatch: Run, tmp_path: Path) -> None:
    """Neither a pack nor a picture takes the place of what it is made from."""
    path = tmp_path / "page.html"
    path.write_bytes(NOW)
    assert cardwatch("evidence", path, "--grep", "ninety days", "-o", path).code == 2
    assert cardwatch("quote", path, "--grep", "ninety days", "--image", path).code == 2
    assert path.read_bytes() == NOW


def test_a_quote_is_verified_by_its_bytes(cardwatch: Run, home: Path, tmp_path: Path) -> None:
    """A saved quote finds its bytes in the store, whatever became of the file; in a pack, there."""
    _watched(home, OLD, NOW, LATER)
    saved = tmp_path / "quote.json"
    reference = "lab/policy@2026-03-17T01:00"
    ran = cardwatch("quote", reference, "--grep", "ninety days", "--json", "-o", saved)
    assert ran.code == 0, ran.err
    ran = cardwatch("verify", saved)
    assert (ran.code, "exact" in ran.out.lower()) == (0, True)
    ran = cardwatch("verify", saved, "lab/policy@latest")
    assert (ran.code, "edited" in ran.out.lower()) == (1, True)
    path = tmp_path / "page.html"
    path.write_bytes(NOW)
    assert cardwatch("quote", path, "--grep", "ninety days", "--json", "-o", saved).code == 0
    path.write_bytes(LATER)
    assert cardwatch("verify", saved).code == 0
    path.unlink()
    assert cardwatch("verify", saved).code == 0
    out = tmp_path / "pack.zip"
    assert cardwatch("evidence", reference, "--grep", "ninety days", "-o", out).code == 0
    shutil.rmtree(home)
    folder = _unpack(_members(out.read_bytes()), tmp_path / "pack")
    assert str(tmp_path) not in (folder / "quote.json").read_text()
    assert cardwatch("verify", folder / "quote.json").code == 0
    assert cardwatch("verify", saved).code == 2
