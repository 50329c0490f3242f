"""What has entries that are told live: each kind of thing with its book."""

from __future__ import annotations

from decisions.live.database import PROPOSALS, Books
from meetings.book import Meetings

BOOKS: Books = {**PROPOSALS, "meeting": Meetings()}
