"""The site as its administrator sees it: how much there is and how it fares. No team's name, no title, no text."""

import tomllib
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.environment import BASE
from conventions.endpoint import Endpoint
from decisions import checks, read
from teams import site

PROBE = "site:probe"


class JournalCheck(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    journals = serializers.IntegerField()
    faulty = serializers.IntegerField()


class Site(serializers.Serializer[Any]):
    """Described, never run."""

    version = serializers.CharField()
    accounts = serializers.IntegerField()
    suspended = serializers.IntegerField()
    deleted = serializers.IntegerField()
    teams = serializers.IntegerField()
    open_decisions = serializers.IntegerField()
    agreements = serializers.IntegerField()
    database = serializers.ChoiceField(choices=["postgresql", "sqlite"])
    database_answers = serializers.BooleanField()
    cache = serializers.ChoiceField(choices=["redis", "memory"])
    cache_answers = serializers.BooleanField()
    mail = serializers.BooleanField(help_text="Is mail sent? Without, it is printed where the server runs.")
    journals = JournalCheck(allow_null=True, help_text="The last check of all journals, if any.")


class Overview(Endpoint):
    @extend_schema(operation_id="site", responses=Site)
    def get(self, request: Request) -> Response:
        site.only_administrator(self.account)
        self.needs_session()
        return Response(
            {
                "version": version(),
                **site.counts(),
                **read.counts(),
                "database": connection.vendor,
                "database_answers": database_answers(),
                "cache": "redis" if settings.REDIS_URL else "memory",
                "cache_answers": cache_answers(),
                "mail": settings.RONDO_MAIL == "sent",
                "journals": checks.last(),
            }
        )


@lru_cache(maxsize=1)
def version() -> str:
    return str(tomllib.loads((BASE / "pyproject.toml").read_text())["project"]["version"])


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def cache_answers() -> bool:
    """A cache that is away is silent: what was just put there is not found."""
    cache.set(PROBE, "here", 60)
    return bool(cache.get(PROBE) == "here")
