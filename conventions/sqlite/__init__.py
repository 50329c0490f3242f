"""Django's SQLite, which remembers how each statement is called there."""
