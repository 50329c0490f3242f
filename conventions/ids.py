"""Opaque ids: 80 random bits in sixteen characters that nobody mistakes when reading them aloud."""

import secrets
from typing import Any

from django.db import models

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16


def new_id() -> str:
    bits = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[(bits >> shift) & 31] for shift in range(0, 5 * LENGTH, 5))


class IdField(models.CharField):  # type: ignore[type-arg]
    """The primary key of everything that the interface names."""

    def __init__(self, *args: Any, **options: Any) -> None:
        defaults = {"max_length": LENGTH, "primary_key": True, "default": new_id, "editable": False}
        super().__init__(*args, **{**defaults, **options})
