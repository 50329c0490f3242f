"""A hook of schemathesis: whatever was answered late goes into the file that `RONDO_SLOW_CALLS` names, line by line."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import Any

import schemathesis

LATE = 1.0  # seconds
FILE = "RONDO_SLOW_CALLS"


@schemathesis.hook
def after_call(_context: Any, _case: Any, response: Any) -> None:
    if response.elapsed > LATE:
        asked = response.request
        body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
        told = {
            "method": asked.method,
            "url": asked.url,
            "headers": {str(name): str(value) for name, value in asked.headers.items()},
            "body": b64encode(body if isinstance(body, bytes) else b"").decode(),
            "seconds": response.elapsed,
        }
        with Path(os.environ[FILE]).open("a") as file:
            file.write(json.dumps(told) + "\n")
