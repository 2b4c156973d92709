"""A fetch as a WARC file: what was asked, what was answered, when, and over which addresses."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from urllib.parse import urlsplit

from cardwatch.model import Snapshot

_PIECE = 1 << 20
# Bodies are kept unpacked, so these headers would no longer describe them.
_UNPACKED = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def warc(snapshot: Snapshot, *, body: bool = True) -> bytes:
    """The fetch as a compressed WARC file (ISO 28500) of two or three records.

    Without ``body`` the answer is a ``revisit``: its bytes are kept already under their
    digest. The same snapshot always makes the same bytes.
    """
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    date = snapshot.retrieved.replace("+00:00", "Z")
    answer = StatusAndHeaders(str(snapshot.status), _answer_headers(snapshot), protocol="HTTP/1.1")
    common = {"WARC-Date": date, "WARC-Record-ID": _record_id(snapshot, "response")}
    declared = snapshot.header("content-length")
    if snapshot.status >= 300 and declared.isdecimal() and int(declared) > len(snapshot.data):
        # of what is no document only the beginning is kept
        common["WARC-Truncated"] = "length"
    if body:
        record = writer.create_warc_record(
            snapshot.final_url,
            "response",
            payload=io.BytesIO(snapshot.data),
            length=len(snapshot.data),
            http_headers=answer,
            warc_headers_dict=common,
        )
    else:
        record = writer.create_revisit_record(
            snapshot.final_url,
            f"sha256:{snapshot.sha256}",
            snapshot.final_url,
            date,
            http_headers=answer,
            warc_headers_dict=common,
        )
    writer.write_record(record)
    writer.write_record(_request(writer, snapshot, date))
    writer.write_record(_metadata(writer, snapshot, date))
    return buffer.getvalue()


def damage(path: Path) -> str:
    """What is wrong with a WARC file, in a few words; empty if its records are what was written.

    Every record is read, and held against the digests that it was written with.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    if not path.exists():
        return "is missing"
    kinds = set()
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                while record.raw_stream.read(_PIECE):
                    pass
                if record.digest_checker.passed is False:
                    return "is altered"
                kinds.add(record.rec_type)
    except (OSError, EOFError, ValueError, zlib.error, ArchiveLoadFailed):
        return "is damaged"
    return "" if kinds & {"response", "revisit"} else "is damaged"


def _answer_headers(snapshot: Snapshot) -> list[tuple[str, str]]:
    kept = [
        (f"X-Archive-Orig-{name}" if name in _UNPACKED else name, _one_line(value))
        for name, value in snapshot.headers
    ]
    return [*kept, ("content-length", str(len(snapshot.data)))]


def _request(writer: object, snapshot: Snapshot, date: str) -> object:
    from warcio.statusandheaders import StatusAndHeaders

    parts = urlsplit(snapshot.final_url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc)]
    headers += [(name, _one_line(value)) for name, value in snapshot.sent]
    return writer.create_warc_record(  # type: ignore[attr-defined]  # an untyped library
        snapshot.final_url,
        "request",
        payload=io.BytesIO(b""),
        length=0,
        http_headers=StatusAndHeaders(f"GET {path} HTTP/1.1", headers, is_http_request=True),
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Record-ID": _record_id(snapshot, "request"),
            "WARC-Concurrent-To": _record_id(snapshot, "response"),
        },
    )


def _metadata(writer: object, snapshot: Snapshot, date: str) -> object:
    lines = [f"asked: {snapshot.url}", f"sha256: {snapshot.sha256}"]
    lines += [f"via: {hop}" for hop in snapshot.redirects]
    lines += [f"note: {note}" for note in snapshot.notes]
    text = "".join(f"{_one_line(line)}\r\n" for line in lines).encode()
    return writer.create_warc_record(  # type: ignore[attr-defined]  # an untyped library
        snapshot.final_url,
        "metadata",
        payload=io.BytesIO(text),
        length=len(text),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Record-ID": _record_id(snapshot, "metadata"),
            "WARC-Concurrent-To": _record_id(snapshot, "response"),
        },
    )


def _record_id(snapshot: Snapshot, kind: str) -> str:
    from uuid import NAMESPACE_URL, uuid5

    name = f"{kind} {snapshot.final_url} {snapshot.retrieved} {snapshot.sha256}"
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>"


def _one_line(value: str) -> str:
    """A header's value that cannot begin another header, and that every encoding has."""
    return "".join(char if char.isprintable() else "\ufffd" for char in " ".join(value.split()))
