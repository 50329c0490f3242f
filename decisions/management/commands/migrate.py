"""Django's own command, done by the owner of the tables, who then says what the processes may do with them."""

from typing import Any

from django.core.management.commands import migrate

from conventions.owner import as_owner
from decisions import rights


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"]):
                rights.give()
