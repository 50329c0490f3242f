"""The app of the decisions."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from . import rights


class DecisionsConfig(AppConfig):
    name = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(rights.check, Tags.database)
