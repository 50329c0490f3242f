"""The database's own rules for the journal: entries are never changed or deleted, texts at most erased.

Used by the migration that sets them up, and by tests that must empty the tables between them.
"""

from __future__ import annotations

ENTRY, TEXT = "decisions_journalentry", "decisions_journaltext"


SQLITE = [
    f"CREATE TRIGGER journal_entry_is_not_changed BEFORE UPDATE ON {ENTRY} "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    f"CREATE TRIGGER journal_entry_is_not_deleted BEFORE DELETE ON {ENTRY} "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    f"CREATE TRIGGER journal_text_is_only_erased BEFORE UPDATE ON {TEXT} "
    "WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR NEW.path <> OLD.path "
    "BEGIN SELECT RAISE(ABORT, 'a text in the journal can only be erased'); END",
    f"CREATE TRIGGER journal_text_is_not_deleted BEFORE DELETE ON {TEXT} "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
]
SQLITE_OFF = [
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "journal_entry_is_not_changed",
        "journal_entry_is_not_deleted",
        "journal_text_is_only_erased",
        "journal_text_is_not_deleted",
    )
]

POSTGRESQL = [
    "CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
    "CREATE FUNCTION journal_text_is_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR NEW.path <> OLD.path "
    "THEN RAISE EXCEPTION 'a text in the journal can only be erased'; END IF; RETURN NEW; END $$",
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {ENTRY} "
    "FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()",
    f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {ENTRY} EXECUTE FUNCTION journal_is_append_only()",
    f"CREATE TRIGGER only_erased BEFORE UPDATE ON {TEXT} FOR EACH ROW EXECUTE FUNCTION journal_text_is_only_erased()",
    f"CREATE TRIGGER append_only BEFORE DELETE ON {TEXT} FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()",
    f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {TEXT} EXECUTE FUNCTION journal_is_append_only()",
    *(
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"
        for table, trigger in (
            (ENTRY, "append_only"),
            (ENTRY, "not_emptied"),
            (TEXT, "only_erased"),
            (TEXT, "append_only"),
            (TEXT, "not_emptied"),
        )
    ),
]
POSTGRESQL_OFF = [
    "DROP FUNCTION IF EXISTS journal_is_append_only() CASCADE",
    "DROP FUNCTION IF EXISTS journal_text_is_only_erased() CASCADE",
]


def statements(vendor: str, *, on: bool) -> list[str]:
    """The SQL that puts the rules up, or takes them down, on this kind of database."""
    if vendor == "postgresql":
        return POSTGRESQL if on else POSTGRESQL_OFF
    return SQLITE if on else SQLITE_OFF
