"""The store: nothing is lost, nothing is altered, and both databases behave alike."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from cardwatch.errors import StoreError, WatchError
from cardwatch.model import Severity, Snapshot
from cardwatch.model.watch import (
    Check,
    Entry,
    Event,
    Finding,
    Judgement,
    MatterKind,
    Message,
    Problem,
    SourceKind,
    State,
    Track,
    Trouble,
    Verdict,
    WatchSource,
)
from cardwatch.store import Store

NOON = "2026-06-09T12:00:00+00:00"
LATER = "2026-06-10T12:00:00+00:00"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    address = ""
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
        server.empty()
        address = server.address
    with Store(tmp_path, address) as opened:
        yield opened


def snapshot(data: bytes = b"words", at: str = NOON, **more: object) -> Snapshot:
    given = {"headers": (("etag", '"1"'), ("content-encoding", "gzip")), "redirects": ("x",)}
    return Snapshot(
        "http://a.test/",
        "http://a.test/end?q=1",
        data,
        sha256(data).hexdigest(),
        at,
        **{**given, **more},  # type: ignore[arg-type]
    )


def finding(event: Event = Event.OPENED, at: str = NOON, matter: str = "m1") -> Finding:
    return Finding(matter, event, MatterKind.OUTAGE, "lab", at, Severity.HIGH, "It changed")


def message(**more: object) -> Message:
    return Message("one", "stdout:", "It changed", "words\n", finding(), **more)  # type: ignore[arg-type]


def test_a_snapshot_comes_back_as_it_was(store: Store) -> None:
    """Address, headers, redirects, times and bytes are kept with the snapshot."""
    kept = store.add_snapshot("lab", snapshot(notes=("beware",)))
    assert store.snapshots("lab") == (kept,)
    assert store.snapshots("other") == ()
    assert (kept.status, kept.retrieved, kept.size) == (200, NOON, 5)
    assert kept.headers[0] == ("etag", '"1"')
    assert (kept.redirects, kept.notes) == (("x",), ("beware",))
    assert store.blobs.get(kept.sha256) == b"words"
    assert not list(store.verify())


def test_a_snapshot_waits_until_it_is_judged(store: Store) -> None:
    """What a stopped run kept but had not judged is found by the next, once."""
    kept = store.add_snapshot("lab", snapshot())
    assert store.waiting() == (kept,)
    assert store.last_judged("lab") is None
    store.put_judged(kept, "t", Judgement(Verdict.FIRST), NOON)
    assert store.waiting() == ()
    assert store.last_judged("lab") == kept


def test_the_warc_holds_request_and_answer(store: Store) -> None:
    """A WARC reader finds the exchange; bytes that are kept already are not kept twice."""
    from warcio.archiveiterator import ArchiveIterator

    first = store.add_snapshot("lab", snapshot(b"w" * 1000, sent=(("User-Agent", "me"),)))
    again = store.add_snapshot("lab", snapshot(b"w" * 1000, LATER))
    with (store.home / first.warc).open("rb") as file:
        found = {each.rec_type: each for each in _read(ArchiveIterator(file))}
    assert set(found) == {"response", "request", "metadata"}
    assert found["response"].body == b"w" * 1000
    assert found["response"].headers.get_header("etag") == '"1"'
    assert found["response"].headers.get_header("content-encoding") is None
    assert found["request"].headers.get_header("user-agent") == "me"
    assert b"sha256: " in found["metadata"].body
    with gzip.open(store.home / again.warc) as file:
        text = file.read()
    assert b"WARC-Type: revisit" in text
    assert b"wwww" not in text


def _read(records: Iterator[object]) -> Iterator[object]:
    from types import SimpleNamespace

    for each in records:
        yield SimpleNamespace(
            rec_type=each.rec_type,  # type: ignore[attr-defined]
            headers=each.http_headers,  # type: ignore[attr-defined]
            body=each.content_stream().read(),  # type: ignore[attr-defined]
        )


def test_other_programs_find_the_warc_sound(store: Store) -> None:
    """The check of warcio passes on documents, on repeated bytes, on errors and on redirects."""
    store.add_snapshot("lab", snapshot(b"w" * 1000, sent=(("User-Agent", "me"),)))
    store.add_snapshot("lab", snapshot(b"w" * 1000, LATER))
    store.add_answer("lab", snapshot(b"gone", status=404))
    store.add_answer("lab", snapshot(b"", status=301, headers=(("location", "/x"),)))
    files = sorted(map(str, (store.home / "warc").rglob("*.warc.gz")))
    assert len(files) == 4
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", *files]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "fail" not in done.stdout
    assert done.stdout.count("digest pass") == 11


def test_answers_that_are_no_documents(store: Store) -> None:
    """An error is kept once a day, a redirect once; neither is a snapshot, and damage is found."""
    gone, moved = (
        snapshot(b"gone", status=404),
        snapshot(b"", status=302, headers=(("location", "/x"),)),
    )
    assert store.add_answer("lab", gone)
    assert store.add_answer("lab", moved)
    assert not store.add_answer(
        "lab", snapshot(b"gone, really", NOON.replace("12:", "13:"), status=404)
    )
    assert store.add_answer("lab", snapshot(b"gone", LATER, status=404))
    assert not store.add_answer("lab", replace(moved, retrieved=LATER))
    assert store.add_answer("lab", replace(moved, headers=(("location", "/y"),)))
    assert store.add_answer("other", gone)
    assert [(each.status, each.target) for each in store.answers("lab")] == [
        (404, ""),
        (302, "/x"),
        (404, ""),
        (302, "/y"),
    ]
    assert store.snapshots() == store.waiting() == ()
    assert not list(store.verify())
    for each in store.answers("lab")[:2]:
        path = store.home / each.warc
        path.write_bytes(path.read_bytes()[:-30] if each.status == 404 else b"")
    assert len(list(store.verify())) == 2


def test_an_altered_warc_is_found(store: Store) -> None:
    """Though it is packed well, its bytes are not those of its digest."""
    kept = store.add_snapshot("lab", snapshot(b"words that count"))
    path = store.home / kept.warc
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"count", b"mount")))
    (problem,) = store.verify()
    assert problem.endswith("is altered")


def test_many_are_kept_as_one_by_one(store: Store) -> None:
    """Together or alone: the same rows in the same order, and equal bytes once."""
    bodies = [b"one", b"two", b"one", b"three"]
    kept = store.keep([(f"s{n}", snapshot(body)) for n, body in enumerate(bodies)])
    assert [each.source for each in kept] == ["s0", "s1", "s2", "s3"]
    assert store.snapshots() == kept
    assert [store.blobs.get(each.sha256) for each in kept] == bodies
    assert len(list(store.blobs.names())) == 3
    with gzip.open(store.home / kept[2].warc) as file:
        assert b"WARC-Type: revisit" in file.read()
    assert store.keep([]) == ()
    assert not list(store.verify())


def test_a_header_cannot_begin_another_in_the_warc(tmp_path: Path) -> None:
    """Line ends in what a server sent stay inside their header."""
    with Store(tmp_path) as store:
        kept = store.add_snapshot("lab", snapshot(headers=(("x", "a\r\nEvil: 1"),)))
        with gzip.open(tmp_path / kept.warc) as file:
            assert b"\r\nEvil" not in file.read()


def test_damage_is_found(store: Store) -> None:
    """Bytes that were altered or lost are told, each once, and never handed out."""
    kept = store.add_snapshot("lab", snapshot())
    path = store.blobs.path(kept.sha256)
    path.write_bytes(b"other")
    (store.home / kept.warc).unlink()
    assert len(list(store.verify())) == 1
    with pytest.raises(StoreError, match="damaged"):
        store.blobs.get(kept.sha256)
    path.unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        store.blobs.get(kept.sha256)


def test_values_survive_the_store(store: Store) -> None:
    """What is put in comes out equal: sources, tracks, states, entries, checks."""
    source = WatchSource(
        "lab/card",
        "http://a.test/",
        kind=SourceKind.LISTING,
        select=("main",),
        headers=(("a", "b"),),
        parent="lab",
    )
    store.put_source(source, NOON)
    store.put_source(source, LATER)
    assert store.found_sources() == (source,)
    track = Track("t", "g", NOON, trouble=Trouble(MatterKind.OUTAGE, NOON, 2), flips=(NOON,))
    store.put_track("lab/card", Track())
    store.put_track("lab/card", track)
    assert store.track("lab/card") == track
    assert store.tracks() == {"lab/card": track}
    assert store.track("unknown") == Track()
    state = State("t", "g", "s", 9, "text 1", NOON, LATER, 3, Problem.LOGIN)
    store.put_state("lab", state)
    assert store.states("lab") == (state,)
    store.replace_states("lab", [])
    assert store.states("lab") == ()
    entry = Entry("http://a.test/x", "X ? % é", NOON)
    store.put_entries("lab", [entry, entry], NOON)
    assert store.entries("lab") == (entry,)
    check = Check("lab", NOON, Verdict.NOISE, "link targets 3", None, 1)
    store.add_check(check)
    assert store.checks("lab") == store.checks() == (check,)


def test_a_matter_is_news_once(store: Store) -> None:
    """It opens once, is counted while open, and ends once."""
    assert store.open_matter(finding())
    assert not store.open_matter(finding(at=LATER))
    matter = store.matter("m1")
    assert matter
    assert (matter.count, matter.updated, matter.opened) == (2, LATER, NOON)
    assert store.matters(unresolved=True) == (matter,)
    assert store.open_matter(finding(Event.RESOLVED, LATER))
    assert not store.open_matter(finding(Event.RESOLVED, LATER))
    assert store.matters("lab", unresolved=True) == ()


def test_a_message_goes_out_once(store: Store) -> None:
    """It stays until it is noted as sent; one whose fate is unknown is marked as a repeat."""
    store.post(message(), NOON)
    store.post(message(), LATER)
    assert store.unsent(NOON) == (message(),)
    store.begin_sending(message(), NOON)
    assert store.unsent(NOON) == (message(repeated=True),)
    store.not_sent(message(), "refused")
    assert store.unsent(NOON) == (message(),)
    store.sent(message(), NOON)
    store.post(message(), LATER)
    assert store.unsent(LATER) == ()


def test_a_message_may_have_to_wait(store: Store) -> None:
    """Quiet hours: nothing goes out before its time."""
    store.post(message(), NOON, not_before=LATER)
    assert store.unsent(NOON) == ()
    assert store.unsent(LATER) == (message(),)


def test_no_character_breaks_the_store(store: Store) -> None:
    """What a server sends may hold zeros and half characters; neither ends a run."""
    hostile = "a\x00b\ud800c"
    store.put_entries("lab", [Entry("https://a.test/", hostile)], NOON)
    assert store.entries("lab")[0].title == "a\ufffdb\ufffdc"
    assert store.open_matter(replace(finding(), title=hostile))
    store.post(replace(message(), text=hostile), NOON)
    assert store.unsent(NOON)[0].text.startswith("a")
    assert store.add_snapshot("lab", snapshot(notes=(hostile,))).notes


def test_a_transaction_lands_whole_or_not_at_all(store: Store) -> None:
    """What is written before a failure inside a transaction is gone with it."""

    def write() -> None:
        with store.transaction():
            store.put_track("a", Track("x"))
            with store.transaction():
                store.put_track("b", Track("x"))
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert store.tracks() == {}


def test_references_to_snapshots(store: Store) -> None:
    """Latest and previous mean different bytes; a date means the last up to its end."""
    for number, day in enumerate(("08", "09", "10", "11")):
        body = b"two" if number in (1, 2) else str(number).encode()
        store.add_snapshot("lab@x", snapshot(body, f"2026-06-{day}T12:00:00+00:00"))
    assert store.find("lab@x@latest").retrieved[8:10] == "11"
    assert store.blobs.get(store.find("lab@x@previous").sha256) == b"two"
    assert store.find("lab@x@2026-06-08").retrieved[8:10] == "08"
    assert store.blobs.get(store.find("lab@x@2026-06-10").sha256) == b"two"
    assert store.find(f"sha256:{sha256(b'two').hexdigest()[:12]}").size == 3
    for wrong in ("lab@x@2026-06-07", "lab@latest", "sha256:ab", "lab@x@noon", "nothing"):
        with pytest.raises(WatchError):
            store.find(wrong)


def test_pruning_would_gain_what_is_repeated(store: Store) -> None:
    """Only a snapshot whose bytes an older one of its source has can be spared."""
    for at, body in ((NOON, b"a"), (LATER, b"a"), (LATER, b"b")):
        store.add_snapshot("lab", snapshot(body, at))
    store.add_snapshot("other", snapshot(b"a"))
    spare, size = store.unneeded()
    assert [each.id for each in spare] == [store.snapshots()[1].id]
    assert size > 0


def test_runs_are_numbered(store: Store) -> None:
    """A run without an end was stopped."""
    first, second = store.begin_run(NOON), store.begin_run(LATER)
    store.end_run(second, LATER, "3 sources")
    assert store.runs() == ((second, LATER, LATER, "3 sources"), (first, NOON, "", ""))


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    """An old program does not write into tables that it does not know."""
    with Store(tmp_path) as store:
        store.database.rows("UPDATE meta SET value = '999'")
    with pytest.raises(StoreError, match="newer"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A damaged file is an expected failure."""
    (tmp_path / "watch.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError):
        Store(tmp_path)
    with pytest.raises(StoreError, match="postgresql"):
        Store(tmp_path, "mysql://x")


_WRITER = """
import sys
from pathlib import Path
from cardwatch.model.watch import Check, Verdict
from cardwatch.store import Store
with Store(Path(sys.argv[1])) as store:
    for number in range(100):
        with store.transaction():
            store.add_check(Check(sys.argv[2], "2026", Verdict.NOISE, str(number)))
"""


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Both start with no store, both write, and nothing of either is lost."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    both = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), name], env=environment)
        for name in ("a", "b")
    ]
    assert [each.wait(60) for each in both] == [0, 0]
    with Store(tmp_path) as store:
        assert len(store.checks("a", 1000)) == len(store.checks("b", 1000)) == 100
