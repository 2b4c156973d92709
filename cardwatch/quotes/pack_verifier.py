"""Check this evidence pack: nothing but Python's standard library is needed, and no network.

    python verify.py              the folder that this file stands in
    python verify.py pack.zip     a pack as it was sent
    python verify.py FOLDER SEAL  and against the seal that was noted when it was made

Ends with 0 if everything holds, 1 if something does not, 2 if there is no pack to check.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict, List  # noqa: UP035  # it must run on old Pythons too

# A pack holds one document; more than this is an attack on whoever checks it.
LIMIT = 1_000_000_000
STAMP = "timestamp/response.tsr"
OUTSIDE = ("manifest.json", "seal.json", STAMP, "timestamp/request.tsq")

Members = Dict[str, bytes]  # noqa: UP006  # likewise


class Broken(Exception):
    """What does not hold, in words."""


def need(holds: bool, problem: str) -> None:
    """Stop with a problem unless something holds."""
    if not holds:
        raise Broken(problem)


def digest(data: bytes) -> str:
    """The SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def safe(name: str) -> bool:
    """Whether a member's name stays inside the pack."""
    parts = name.split("/")
    return not (name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "" in parts)


def from_zip(path: Path) -> Members:
    """The members of a pack in a zip file."""
    found: Members = {}
    total = 0
    with zipfile.ZipFile(path) as pack:
        for info in pack.infolist():
            total += info.file_size
            need(total <= LIMIT, "the pack is too large")
            need(info.filename not in found, f"two members are called {info.filename!r}")
            need(safe(info.filename), f"a member leads out of the pack: {info.filename!r}")
            with pack.open(info) as member:
                found[info.filename] = member.read(LIMIT)
    return found


def from_folder(path: Path) -> Members:
    """The members of a pack that was unpacked."""
    found: Members = {}
    for each in sorted(path.rglob("*")):
        inside = each.relative_to(path).as_posix()
        need(not each.is_symlink(), f"{inside} is a link")
        if each.is_file():
            with each.open("rb") as file:
                found[inside] = file.read(LIMIT)
    return found


def check_seal(members: Members, wanted: str) -> str:
    """The seal is that of the manifest and the time-stamp, to the byte."""
    for name in ("manifest.json", "seal.json", "quote.json", "text/text.txt"):
        need(name in members, f"{name} is missing")
    seal = {
        name: digest(members[name]) for name in OUTSIDE if name in members and name != "seal.json"
    }
    text = json.dumps(seal, indent=2, sort_keys=True) + "\n"
    need(members["seal.json"] == text.encode(), "the seal does not fit the manifest")
    sealed = seal["manifest.json"]
    need(not wanted or wanted.lower() == sealed, "this is another pack: its seal differs")
    return sealed


def check_manifest(members: Members) -> int:
    """Every file is in the manifest with its size and hash, and no other is there."""
    listed = json.loads(members["manifest.json"].decode("utf-8"))["files"]
    names = set(members) - set(OUTSIDE)
    for name in sorted(names ^ set(listed)):
        raise Broken(f"{name} is missing" if name in listed else f"{name} is not in the manifest")
    for name in sorted(names):
        need(len(members[name]) == listed[name]["size"], f"{name} has another size")
        need(digest(members[name]) == listed[name]["sha256"], f"{name} was changed")
    return len(names)


def check_quote(members: Members) -> Any:
    """The quoted words stand in the text, at their place and on their page."""
    quote = json.loads(members["quote.json"].decode("utf-8"))
    text = members["text/text.txt"].decode("utf-8")
    start, end = quote["span"]["start"], quote["span"]["end"]
    need(text[start:end] == quote["exact"], f"the words do not stand in the text at {start}")
    need(digest(members["text/text.txt"]) == quote["text_sha256"], "the quote is of another text")
    need(text[:start].endswith(quote["prefix"]), "what stands before the words differs")
    need(text[end:].startswith(quote["suffix"]), "what stands after the words differs")
    if quote["page"] is not None:
        pages = json.loads(members["text/map.json"].decode("utf-8"))["pages"]
        there = [page["number"] for page in pages if page["start"] <= start < page["end"]]
        need(there == [quote["page"]], "the words stand on another page")
    return quote


def check_source(members: Members, quote: Any) -> str:
    """The file is the one that was quoted, and the one that the record of the fetch holds."""
    names = [name for name in members if name.startswith("source/document.")]
    need(len(names) == 1, "there must be one file that was quoted")
    data = members[names[0]]
    need(digest(data) == quote["source"]["sha256"], "the quote is of another file")
    if "source/fetch.warc.gz" in members:
        body = warc_body(members["source/fetch.warc.gz"])
        need(body == data, "the record of the fetch holds another file")
    return names[0]


def warc_body(data: bytes) -> bytes:
    """The body of the first answer in a WARC file."""
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
        stream = io.BytesIO(packed.read(LIMIT))
    for line in iter(stream.readline, b""):
        if not line.startswith(b"WARC/"):
            continue
        fields = {}
        for field in iter(stream.readline, b"\r\n"):
            need(bool(field), "the record of the fetch is cut short")
            name, _, value = field.decode("utf-8", "replace").partition(":")
            fields[name.strip().lower()] = value.strip()
        block = stream.read(int(fields["content-length"]))
        if fields.get("warc-type") == "response":
            return block.partition(b"\r\n\r\n")[2]
    raise Broken("the record of the fetch holds no answer")


def check_stamp(members: Members) -> str:
    """The time-stamp names the manifest's hash; its signature is for openssl to check."""
    if STAMP not in members:
        return "none"
    hashes = [hashlib.new(name, members["manifest.json"]).digest() for name in ("sha256", "sha512")]
    need(any(each in members[STAMP] for each in hashes), "the time-stamp is of another manifest")
    return "present; openssl checks its signature and tells its time (see README.txt)"


def check(path: Path, seal: str) -> List[str]:  # noqa: UP006  # likewise
    """All checks in order; the lines to show."""
    members = from_folder(path) if path.is_dir() else from_zip(path)
    sealed = check_seal(members, seal)
    count = check_manifest(members)
    quote = check_quote(members)
    name = check_source(members, quote)
    stamp = check_stamp(members)
    span, page = quote["span"], quote["page"]
    return [
        "The pack holds together.",
        f"  files     {count}, each as the manifest says",
        f"  words     stand in text/text.txt at {span['start']}-{span['end']}"
        + ("" if page is None else f", page {page}"),
        f"  file      {name}, SHA-256 {quote['source']['sha256']}",
        f"  stamp     {stamp}",
        f"  seal      {sealed}" + (" (the one that was given)" if seal else ""),
    ]


def main(arguments: List[str]) -> int:  # noqa: UP006  # likewise
    """Check what the arguments name and tell how it went."""
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        lines = check(path, arguments[1] if len(arguments) > 1 else "")
    except Broken as wrong:
        lines, code = [f"BROKEN: {ascii(str(wrong))[1:-1]}"], 1
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError) as wrong:
        lines, code = [f"BROKEN: a file is not what it must be: {ascii(str(wrong))[1:-1]}"], 1
    except OSError as wrong:
        lines, code = [f"no pack to check: {ascii(str(wrong))[1:-1]}"], 2
    else:
        code = 0
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
