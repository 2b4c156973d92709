"""Refuses PDFs whose streams unpack to more than a page could ever need."""

from __future__ import annotations

import re
import zlib

from cardwatch.errors import TooLarge

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_TWICE = re.compile(rb"/Filter\s*\[(?:\s*/\w+){2,}")
# A scanned page at 600 dpi in colour is about 100 MB unpacked; all pages that are pictures are
# unpacked one at a time, so the sum may be larger.
_ONE_STREAM = 256_000_000
_ALL_STREAMS = 2_000_000_000
# Deflate packs at most about 1032 to 1: shorter streams cannot reach the limit, unless packed
# twice.
_BEST_RATIO = 1032
_STEP = 1 << 20


def refuse_bombs(data: bytes, where: str) -> None:
    """Raise ``TooLarge`` if a stream unpacks to more than 256 MB, or all large ones to 2 GB."""
    total, at = 0, 0
    while match := _STREAM.search(data, at):
        start = match.end()
        end = data.find(b"endstream", start)
        at = end if end >= 0 else len(data)
        twice = _TWICE.search(data, max(0, match.start() - 400), match.start())
        if (at - start) * _BEST_RATIO < _ONE_STREAM and not twice:
            continue
        unpacked = _unpacked(memoryview(data)[start:at], 2 if twice else 1)
        total += unpacked
        if unpacked > _ONE_STREAM or total > _ALL_STREAMS:
            raise TooLarge(
                "the PDF unpacks to more than its pages could need",
                hint="it may be made to exhaust memory; do not open it unless you trust it",
                where=where,
            )


def _unpacked(packed: memoryview, layers: int) -> int:
    """How many bytes come out, counted up to just over the limit; 0 for other packings."""
    stages = [zlib.decompressobj() for _ in range(layers)]
    count = 0
    for at in range(0, len(packed), _STEP):
        pieces = [bytes(packed[at : at + _STEP])]
        for depth, stage in enumerate(stages):
            out: list[bytes] = []
            for piece in pieces:
                while piece:
                    try:
                        done = stage.decompress(piece, _STEP)
                    except zlib.error:
                        return count
                    piece = stage.unconsumed_tail
                    if depth == layers - 1:
                        count += len(done)
                    else:
                        out.append(done)
                    if count > _ONE_STREAM or len(out) * _STEP > _ONE_STREAM:
                        return max(count, _ONE_STREAM + 1)
            pieces = out
    return count
