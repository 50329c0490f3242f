"""The token of a link to a screen: made from the server's secret and the link's name, kept nowhere.

So it can be told again to who repeats the request that made it, and neither journal, rows nor kept answers hold it:
only its hash.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac

LONGEST = 64
"""Characters; what is longer is no token of ours, and is not even hashed."""


def token_of(screen: str) -> str:
    """32 bytes that nobody can make without the server's secret, as they stand in the link."""
    mac = salted_hmac("decisions.screens", screen, algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def digest_of(token: str) -> str:
    """What is kept of a token, and what it is found by."""
    return hashlib.sha256(token[: LONGEST + 1].encode()).hexdigest()
