"""What the account of the processes may do in PostgreSQL: nothing is its own, and the journal can only be added to.

The tables belong to another account, which only migrations and restoring use (`conventions.owner`). SQLite has no
accounts: there the rules of `append_only` stand alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Told
from django.db import DatabaseError, connection, transaction

from .append_only import ENTRY, PLAYED_GO, TEXT

ADDED_TO = (ENTRY, TEXT, "conventions_restoration")
ONLY_READ = ("django_migrations",)
MEND = "Give the processes an account of their own: docs/operating.md, “Two accounts”."
ACCEPT = "Or accept that whoever takes a process over can rewrite the record: RONDO_ONE_ACCOUNT=true."

_log = logging.getLogger(__name__)


def give() -> None:
    """By the owner, after the tables were changed: to the processes' account what it needs and no more.

    May be repeated; nobody who works meanwhile notices.
    """
    account = str(settings.DATABASES["default"].get("USER", ""))
    if connection.vendor != "postgresql" or account == connection.settings_dict["USER"]:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), to_regprocedure(%s) IS NOT NULL", [PLAYED_GO])
        schema, complete = cursor.fetchone()
        if not complete:  # the tables were taken back to what they were before this
            return
        for statement in _statements(connection.ops.quote_name(account), connection.ops.quote_name(schema)):
            cursor.execute(statement)


def _statements(account: str, schema: str) -> list[str]:
    rows, numbers = "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"
    by_default = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT"
    added_to, only_read = ", ".join(ADDED_TO), ", ".join(ONLY_READ)
    return [
        f"GRANT USAGE ON SCHEMA {schema} TO {account}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {account}",
        f"GRANT {rows} ON ALL TABLES IN SCHEMA {schema} TO {account}",
        f"GRANT {numbers} ON ALL SEQUENCES IN SCHEMA {schema} TO {account}",
        f"REVOKE UPDATE, DELETE ON {added_to} FROM {account}",
        f"REVOKE INSERT, UPDATE, DELETE ON {only_read} FROM {account}",
        f"REVOKE ALL ON FUNCTION {PLAYED_GO} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {PLAYED_GO} TO {account}",
        # Tables that are made anew, by a backup that is put back under running processes, are theirs to use at once.
        f"{by_default} {rows} ON TABLES TO {account}",
        f"{by_default} {numbers} ON SEQUENCES TO {account}",
    ]


TOO_MUCH = """
SELECT name, pg_has_role(current_user, relowner, 'MEMBER'),
  has_any_column_privilege(current_user, oid, 'UPDATE')
  OR has_table_privilege(current_user, oid, 'DELETE, TRUNCATE, TRIGGER')
FROM (SELECT to_regclass(name) AS found, name FROM unnest(%s::text[]) AS name) AS named JOIN pg_class ON oid = found
"""


def faults() -> list[str]:
    """What the account that asks could do to the journal, in words for the operator; nothing where all is well, where
    there is no journal yet, and on SQLite."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_schema_privilege(current_user, current_schema(), 'CREATE')")
        account, makes_tables = cursor.fetchone()
        cursor.execute(TOO_MUCH, [[ENTRY, TEXT]])
        tables = cursor.fetchall()
    owned = [
        f"The database account {account} owns {table}, and could drop what guards it."
        for table, own, _ in tables
        if own
    ]
    open_ = [f"The database account {account} may change {table}." for table, own, more in tables if more and not own]
    made = [f"The database account {account} may make tables."] if makes_tables and tables and not owned else []
    return owned + open_ + made


def check(app_configs: Any, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """`manage.py check --database default`."""
    return [Told(fault, hint=MEND, id="rondo.W001") for fault in faults()] if databases else []


def refusal() -> str:
    """Why a process may not begin to serve in production, in words for the operator; asked in a thread of its own.
    Empty where all is well, where there is no database to ask, and where the operator has accepted it: then the log
    says it."""
    try:
        found = faults()
    except DatabaseError:
        return ""
    finally:
        connection.close()
    if settings.RONDO_ONE_ACCOUNT:
        for fault in found:
            _log.warning("%s %s", fault, MEND)
        return ""
    return " ".join([*found, MEND, ACCEPT]) if found else ""
