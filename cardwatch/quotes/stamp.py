"""A time-stamp for a pack, from an authority that its maker names (RFC 3161)."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha512
from urllib.parse import urlsplit

from cardwatch.errors import QuoteError

Post = Callable[[str, bytes], bytes]

# A token with all its certificates is a few kB.
_LONGEST = 200_000
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """What was asked and what was answered, both in DER, and the time that the answer states."""

    request: bytes
    response: bytes
    time: str


def time_stamp(data: bytes, authority: str, post: Post | None = None) -> Stamp:
    """A stamp of ``data`` by the authority at an address: it sees the hash alone.

    The answer is checked to be of this request (hash and nonce) and granted. Whether the
    authority is to be trusted, and its signature, are for whoever verifies the pack.

    Raises:
        QuoteError: the library is not installed, or the authority gave no stamp of this.
    """
    try:
        import rfc3161_client
    except ImportError as wrong:
        raise QuoteError(
            "a time-stamp needs a library that is not installed",
            hint="pip install 'cardwatch[timestamp]'",
        ) from wrong
    request = rfc3161_client.TimestampRequestBuilder().data(data).build()
    answer = (post or _post)(authority, request.as_bytes())
    try:
        response = rfc3161_client.decode_timestamp_response(answer)
    except ValueError as wrong:
        raise QuoteError("its answer is no time-stamp", where=authority) from wrong
    granted = (rfc3161_client.PKIStatus.GRANTED, rfc3161_client.PKIStatus.GRANTED_WITH_MODS)
    if rfc3161_client.PKIStatus(response.status) not in granted:
        raise QuoteError("it granted no time-stamp", where=authority)
    info = response.tst_info
    if info.message_imprint.message != sha512(data).digest() or info.nonce != request.nonce:
        raise QuoteError("its time-stamp is of something else", where=authority)
    return Stamp(request.as_bytes(), answer, info.gen_time.isoformat())


def _post(address: str, body: bytes) -> bytes:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise QuoteError("not an address of a time-stamp authority", where=address)
    request = urllib.request.Request(  # noqa: S310  # the scheme was looked at
        address, body, {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  # likewise
            found: bytes = answer.read(_LONGEST + 1)
    except (urllib.error.URLError, OSError, ValueError) as wrong:
        raise QuoteError(f"gave no time-stamp: {wrong}", where=address) from wrong
    if len(found) > _LONGEST:
        raise QuoteError("its answer is too long for a time-stamp", where=address)
    return found
