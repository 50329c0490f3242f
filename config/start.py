"""How `run.py` starts the server: the tables, then the demo team, then the server itself, all in one process."""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from config import server


def main() -> int:
    try:
        prepare()
    except KeyboardInterrupt:
        return 130
    return server.main()


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print("  Bringing the database up to date …\n", file=sys.stderr, flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    if settings.LOCAL:
        call_command("demo")
        call_command("demo_meeting")
    connections.close_all()
    print("\nCtrl-C stops it; started again it finds everything as it was.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
