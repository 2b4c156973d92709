"""The clipboard, through whichever program of the system's there is."""

from __future__ import annotations

import os
import shutil
import subprocess

from cardwatch.errors import CardwatchError

# In the order in which they are tried. Each reads the text from its standard input.
_PROGRAMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("pbcopy", (), ""),
    ("wl-copy", (), "WAYLAND_DISPLAY"),
    ("xclip", ("-selection", "clipboard"), "DISPLAY"),
    ("xsel", ("--clipboard", "--input"), "DISPLAY"),
    ("clip.exe", (), ""),
)
_SECONDS = 10


def copy(text: str) -> str:
    """Put text on the clipboard; the name of the program that took it.

    Raises:
        CardwatchError: there is no such program, or it failed.
    """
    for name, arguments, display in _PROGRAMS:
        path = shutil.which(name)
        if path is None or (display and not os.environ.get(display)):
            continue
        try:
            # the X programs stay behind to serve the text: an inherited pipe would never end
            subprocess.run(  # noqa: S603  # a fixed program, the text on its standard input
                [path, *arguments],
                input=text.encode("utf-16-le" if name == "clip.exe" else "utf-8", "replace"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as wrong:
            raise CardwatchError(f"{name} did not take the text") from wrong
        return name
    raise CardwatchError(
        "there is no clipboard here",
        hint="it takes a desktop with one of: "
        + ", ".join(name for name, _, _ in _PROGRAMS)
        + "; -o FILE writes to a file",
    )
