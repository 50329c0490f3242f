"""The app's name."""

from django.apps import AppConfig


class Trying(AppConfig):
    name = "trying"
