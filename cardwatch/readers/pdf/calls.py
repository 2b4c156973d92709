"""pdfium's functions, called with plain addresses."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any


def bound(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A pdfium function that takes and gives plain addresses: half the cost of a typed call."""
    return ctypes.CFUNCTYPE(result, *arguments)(address(function))


def address(handle: Any) -> int:
    """The address behind a handle or function of pdfium; 0 for none."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0
