"""The app of the outbox."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
