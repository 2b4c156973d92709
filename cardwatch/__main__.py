"""``python -m cardwatch`` is the command line."""

from __future__ import annotations

from cardwatch.cli import main

if __name__ == "__main__":
    main()
