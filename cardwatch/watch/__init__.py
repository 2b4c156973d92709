"""What is due, what deserves an alert, and what happens next."""

from __future__ import annotations
