"""The app of what every call has in common."""

from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "conventions"
