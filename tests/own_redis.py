"""A pytest plugin: each worker gets a Redis database of its own, so that clearing a cache clears nobody else's.

It is named with `-p`, and so loaded before the settings read the surroundings.
"""

import os

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")

if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{WORKER}"
