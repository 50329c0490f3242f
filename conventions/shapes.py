"""The types that what is kept is read back into, prepared before there are threads.

msgspec prepares a dataclass when it is first converted to, and puts it down for everybody before it has got to know its
fields: two threads that come to one at the same first moment end the process. (Seen with 0.22.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec


def prepare(kinds: Iterable[Any]) -> None:
    """To be called where a module is imported: that only one thread does."""
    for kind in kinds:
        msgspec.json.Decoder(kind)
