"""Short names for addresses, made from what people call their team."""

from django.utils.text import slugify

from conventions.ids import new_id
from teams.models import Team

LONGEST = 40
# These stand at the same place in addresses of pages.
TAKEN = frozenset({"new"})


def free_slug(name: str) -> str:
    """A name in a script that addresses cannot carry gets a short random one instead."""
    stem = slugify(name)[:LONGEST].strip("-") or f"team-{new_id()[:6]}"
    if stem not in TAKEN and not Team.objects.filter(slug=stem).exists():
        return stem
    return _numbered(stem)


def _numbered(stem: str) -> str:
    used = set(Team.objects.filter(slug__startswith=f"{stem}-").values_list("slug", flat=True))
    number = 2
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"
