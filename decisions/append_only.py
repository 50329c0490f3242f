"""The database's own rules for the journal: entries are never changed or deleted, texts at most erased.

One narrow way leads out: entries that were marked as played when they were written, because their team was made for
somebody who tries Rondo out, may be deleted. The mark is part of the entry, which nobody can change: no real entry
ever gets it. On PostgreSQL the processes' account may not even try (`rights`): what was played goes by a function of
the owner's.

Used by the migrations that set the rules up, and by tests that must empty the tables between them.
"""

from __future__ import annotations

ENTRY, TEXT = "decisions_journalentry", "decisions_journaltext"
IS_PLAYED = f"EXISTS (SELECT 1 FROM {ENTRY} AS entry WHERE entry.id = OLD.entry_id AND entry.played)"  # noqa: S608 - names of our own tables


def _sqlite(entry: str, text: str) -> list[str]:
    """`entry` and `text`: when the deletion of one is refused."""
    return [
        f"CREATE TRIGGER journal_entry_is_not_changed BEFORE UPDATE ON {ENTRY} "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        f"CREATE TRIGGER journal_entry_is_not_deleted BEFORE DELETE ON {ENTRY} {entry}"
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        f"CREATE TRIGGER journal_text_is_only_erased BEFORE UPDATE ON {TEXT} "
        "WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR NEW.path <> OLD.path "
        "BEGIN SELECT RAISE(ABORT, 'a text in the journal can only be erased'); END",
        f"CREATE TRIGGER journal_text_is_not_deleted BEFORE DELETE ON {TEXT} {text}"
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    ]


SQLITE_AT_FIRST = _sqlite("", "")
SQLITE = _sqlite("WHEN NOT OLD.played ", f"WHEN NOT {IS_PLAYED} ")
SQLITE_OFF = [
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "journal_entry_is_not_changed",
        "journal_entry_is_not_deleted",
        "journal_text_is_only_erased",
        "journal_text_is_not_deleted",
    )
]

TRIGGERS = (
    (ENTRY, "append_only"),
    (ENTRY, "not_emptied"),
    (TEXT, "only_erased"),
    (TEXT, "append_only"),
    (TEXT, "not_emptied"),
)


def _function(name: str, unless: str = "") -> str:
    let_go = f"IF {unless} THEN RETURN OLD; END IF; " if unless else ""
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {let_go}RAISE EXCEPTION 'the journal is append-only'; END $$"
    )


def _trigger(name: str, when: str, table: str, function: str) -> str:
    each = "" if when == "TRUNCATE" else "FOR EACH ROW "
    return f"CREATE TRIGGER {name} BEFORE {when} ON {table} {each}EXECUTE FUNCTION {function}()"


ERASING = (
    "CREATE FUNCTION journal_text_is_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR NEW.path <> OLD.path "
    "THEN RAISE EXCEPTION 'a text in the journal can only be erased'; END IF; RETURN NEW; END $$"
)


def _pinned(function: str) -> str:
    """Else a temporary table of the same name, which everybody may make, would stand in for the journal in it."""
    path = f"ALTER FUNCTION {function} SET search_path = %I, pg_temp"
    return f"DO $$ BEGIN EXECUTE format('{path}', current_schema()); END $$"


# Only whoever owns the tables may delete what was played; the processes ask for it, and the rules hold here too.
PLAYED_GO = "journal_forget_played(text)"
_PLAYED = (
    f"SELECT entry.id FROM {ENTRY} AS entry JOIN decisions_proposal AS p ON p.id = proposal_id WHERE p.team_id = $1"  # noqa: S608
)
PLAYED_MAY_GO = [
    _pinned("journal_text_stays_unless_played()"),
    f"CREATE FUNCTION {PLAYED_GO} RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ "  # noqa: S608
    f"DELETE FROM decisions_toldentry WHERE entry_id IN ({_PLAYED}); "
    f"DELETE FROM {TEXT} WHERE entry_id IN ({_PLAYED}); DELETE FROM {ENTRY} WHERE id IN ({_PLAYED}) $$",
    _pinned(PLAYED_GO),
    f"REVOKE ALL ON FUNCTION {PLAYED_GO} FROM PUBLIC",
]
PLAYED_STAYS = [f"DROP FUNCTION IF EXISTS {PLAYED_GO}"]

ALWAYS = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}" for table, trigger in TRIGGERS]
EMPTIED_NEVER = [_trigger("not_emptied", "TRUNCATE", table, "journal_is_append_only") for table in (ENTRY, TEXT)]

POSTGRESQL_AT_FIRST = [
    _function("journal_is_append_only"),
    ERASING,
    _trigger("append_only", "UPDATE OR DELETE", ENTRY, "journal_is_append_only"),
    _trigger("only_erased", "UPDATE", TEXT, "journal_text_is_only_erased"),
    _trigger("append_only", "DELETE", TEXT, "journal_is_append_only"),
    *EMPTIED_NEVER,
    *ALWAYS,
]
POSTGRESQL = [
    _function("journal_is_append_only"),
    _function("journal_entry_stays_unless_played", "TG_OP = 'DELETE' AND OLD.played"),
    _function("journal_text_stays_unless_played", IS_PLAYED),
    _pinned("journal_text_stays_unless_played()"),
    ERASING,
    _trigger("append_only", "UPDATE OR DELETE", ENTRY, "journal_entry_stays_unless_played"),
    _trigger("only_erased", "UPDATE", TEXT, "journal_text_is_only_erased"),
    _trigger("append_only", "DELETE", TEXT, "journal_text_stays_unless_played"),
    *EMPTIED_NEVER,
    *ALWAYS,
]
POSTGRESQL_OFF = [
    f"DROP FUNCTION IF EXISTS {name}() CASCADE"
    for name in (
        "journal_is_append_only",
        "journal_entry_stays_unless_played",
        "journal_text_stays_unless_played",
        "journal_text_is_only_erased",
    )
]


def statements(vendor: str, *, on: bool, at_first: bool = False) -> list[str]:
    """The SQL that puts the rules up, or takes them down, on this kind of database. `at_first`: as they were before
    there were played entries."""
    if vendor == "postgresql":
        up = POSTGRESQL_AT_FIRST if at_first else POSTGRESQL
        return up if on else POSTGRESQL_OFF
    up = SQLITE_AT_FIRST if at_first else SQLITE
    return up if on else SQLITE_OFF
