"""Alerts as an Atom feed: a file for any feed reader, or to be put on the web."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from cardwatch.alerts.digest import body_in
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

KEYS = frozenset(["title", "entries"])
_NAME = "{http://www.w3.org/2005/Atom}"
_ENTRIES = 100
_LARGEST = 50_000_000
# What no XML may hold, escaped or not.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def send(message: Message, address: str, settings: Mapping[str, str]) -> None:
    """Put the message first in the feed, once; the oldest beyond ``entries`` leave it.

    The file is replaced whole, so that no reader sees half of it. A file that is no Atom feed
    is left as it is.
    """
    path = Path(address).expanduser()
    feed = _feed(path, settings.get("title", "") or "cardwatch")
    name = f"urn:cardwatch:alert:{message.id}"
    entries = feed.findall(f"{_NAME}entry")
    if any(entry.findtext(f"{_NAME}id") == name for entry in entries):
        return
    keep = settings.get("entries", str(_ENTRIES))
    if not keep.isdecimal() or not int(keep):
        raise DeliveryError("entries must be a number above 0", where=address)
    for entry in entries:
        feed.remove(entry)
    updated = feed.find(f"{_NAME}updated")
    if updated is not None:
        updated.text = message.finding.at
    feed.extend([_entry(message, name), *entries][: int(keep)])
    _write(path, feed)


def _feed(path: Path, title: str) -> Element:
    if not path.exists():
        feed = Element(f"{_NAME}feed")
        SubElement(feed, f"{_NAME}title").text = _clean(title)
        digest = sha256(str(path.absolute()).encode("utf-8", "surrogatepass")).hexdigest()
        SubElement(feed, f"{_NAME}id").text = f"urn:cardwatch:feed:{digest[:32]}"
        SubElement(feed, f"{_NAME}updated").text = ""
        author = SubElement(feed, f"{_NAME}author")
        SubElement(author, f"{_NAME}name").text = "cardwatch"
        return feed
    try:
        data = path.read_bytes()
        if len(data) > _LARGEST or b"<!DOCTYPE" in data[:2_000] or b"<!ENTITY" in data:
            raise DeliveryError("is no feed of ours", where=str(path))
        feed = ElementTree.fromstring(data)  # noqa: S314 - our own file, and no entities
    except OSError as wrong:
        raise DeliveryError(f"cannot be read: {wrong.strerror}", where=str(path)) from wrong
    except ElementTree.ParseError as wrong:
        raise DeliveryError("is no feed of ours", where=str(path)) from wrong
    if feed.tag != f"{_NAME}feed":
        raise DeliveryError("is no feed of ours", where=str(path))
    return feed


def _entry(message: Message, name: str) -> Element:
    entry = Element(f"{_NAME}entry")
    finding = message.finding
    SubElement(entry, f"{_NAME}title").text = _clean(message.subject)
    SubElement(entry, f"{_NAME}id").text = name
    SubElement(entry, f"{_NAME}updated").text = _clean(finding.at)
    for term in (finding.kind.value, finding.severity.value, finding.event.value):
        SubElement(entry, f"{_NAME}category", term=term)
    if finding.url.startswith(("http://", "https://")):
        SubElement(entry, f"{_NAME}link", rel="alternate", href=_clean(finding.url))
    form = "html" if message.html else "text"
    content = SubElement(entry, f"{_NAME}content", type=form)
    content.text = _clean(body_in(message.html) if message.html else message.text)
    return entry


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _write(path: Path, feed: Element) -> None:
    ElementTree.register_namespace("", _NAME[1:-1])
    data = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".cardwatch-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # as any file that is written anew: a web server may have to read it
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        raise DeliveryError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
