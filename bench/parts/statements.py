"""Commands through `submit`, with every statement that they make noted; and those same statements, bare, on a copy."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from bench.parts import control
from bench.parts.rondo import Deeds
from conventions.cursors import ShortCursor

if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
    import psycopg

Statement = tuple[str, Any]


class Noted:
    """What goes to the database while it is on. Django's own way to look on costs a command a twentieth, and its bare
    statements nothing: so it is noted where a cursor hands it to the driver."""

    def __init__(self) -> None:
        self.all: list[Statement] = []
        self.on = False
        for cursor, method in ((ShortCursor, "_ask"), (CursorWrapper, "_execute")):
            setattr(cursor, method, self._noting(getattr(cursor, method)))

    def _noting(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def noted(cursor: Any, sql: str, params: Any = None, *more: Any) -> Any:
            if self.on:
                self.all.append((sql, params))
            return ask(cursor, sql, params, *more)

        return noted


class Copy:
    """The same database as it stood at the beginning, over its own driver."""

    def __init__(self) -> None:
        self._sqlite = connection.vendor == "sqlite"
        if self._sqlite:
            name = str(settings.DATABASES["default"]["NAME"])
            with sqlite3.connect(name) as whole, sqlite3.connect(name + ".copy") as copy:
                whole.backup(copy)
            options = settings.DATABASES["default"]["OPTIONS"]
            self._line: Any = sqlite3.connect(name + ".copy", isolation_level=None)
            self._line.executescript(options["init_command"])
        else:
            own = connection.settings_dict
            where = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"]}
            connection.close()
            with psycopg.connect(dbname="postgres", autocommit=True, **where) as line:
                line.execute(f'DROP DATABASE IF EXISTS "{own["NAME"]}_copy"')
                line.execute(f'CREATE DATABASE "{own["NAME"]}_copy" TEMPLATE "{own["NAME"]}"')
            self._line = psycopg.connect(dbname=own["NAME"] + "_copy", autocommit=True, **where)

    def run(self, statements: list[Statement]) -> float:
        """Seconds for one transaction of them."""
        prepared = [(sql.replace("%s", "?") if self._sqlite else sql, params) for sql, params in statements]
        cursor = self._line.cursor()
        began = control.now()
        cursor.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
        for sql, params in prepared:
            cursor.execute(sql, params or ())
            if cursor.description:
                cursor.fetchall()
        cursor.execute("COMMIT")
        return control.now() - began


class Work:
    def __init__(self, many: int) -> None:
        self._deeds = Deeds()
        self._proposals = [self._deeds.proposal() for _ in range(many)]
        self._noted = Noted()
        for proposal in self._proposals:
            self._deeds.entry(proposal)
        self._copy = Copy()
        self._turn = 0
        gc.collect()
        gc.freeze()  # as the server does when it has started

    def round(self, each: str) -> tuple[float, float, float]:
        """Seconds for a command, seconds for its statements bare, and how many they are: means of `each` commands."""
        ours = bare = 0.0
        count = 0
        for _ in range(int(each)):
            self._turn += 1
            self._noted.all, self._noted.on = [], True
            proposal = self._proposals[self._turn % len(self._proposals)]
            command = self._deeds.next_of(proposal)
            began = control.now()
            done = command()
            ours += control.now() - began
            self._noted.on = False
            self._deeds.remember(proposal, done)
            said = [
                one for one in self._noted.all if not one[0].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
            ]
            bare += self._copy.run(said)
            count += len(said)
        return ours / int(each), bare / int(each), count / int(each)


def main(many: int) -> None:
    call_command("migrate", verbosity=0)
    control.say({"topics": [], "listens": False})
    working = Work(many)
    for line in sys.stdin:  # in this thread: a connection belongs to one
        control.say({"answer": getattr(working, line.split()[0])(*line.split()[1:])})
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[2]))
