"""A long statement makes several claims; each may be stated or left out on its own."""

from __future__ import annotations

import re

# Fewer words than this claim nothing on their own.
_SHORTEST = 5
_ASIDE = re.compile(r"\s*\([^()]{8,}\)|\s*\[[^\[\]]{8,}\]")
_SEAM = re.compile(
    r";\s+|,\s+(?:and|but|or|so|yet|while|whereas|although|though|which|who)\s+|"
    r"\s+(?:but|whereas|although)\s+|:\s+"
)


def claims(text: str) -> list[str]:
    """The main claims in a sentence, asides in brackets left out; at least the whole.

    Parts too short to claim anything stay with the part before them.
    """
    bare = _ASIDE.sub("", text)
    parts: list[str] = []
    at = 0
    for seam in [*_SEAM.finditer(bare), None]:
        end = seam.start() if seam else len(bare)
        part = bare[at:end].strip()
        if parts and len(part.split()) < _SHORTEST:
            parts[-1] = f"{parts[-1]}, {part}".rstrip(", ")
        elif part:
            parts.append(part)
        at = seam.end() if seam else end
    if len(parts) > 1 and len(parts[0].split()) < _SHORTEST:
        parts[:2] = [f"{parts[0]}, {parts[1]}"]
    return parts if len(parts) > 1 else [bare.strip() or text]
