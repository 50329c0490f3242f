"""A visit from its beginning to its end: a guest and a team of their own, one decision, gone after a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from conventions import clock, language, problems
from conventions.ids import new_id
from conventions.transactions import writing
from decisions import drafts, played
from teams import flows
from teams.models import Account, Role, Team

from .models import Visit
from .story import AIM, NAMES, TEAM, VISITOR

KEPT_FOR = timedelta(days=1)
AWAY = timedelta(minutes=30)
"""Who has done nothing for so long leaves their place to another."""
KEPT_FOR_EACH_PLACE = 20
LOCK = 0x7279696E67


def begin(*, title: str, driver: str, body: str, review_on: date | None = None) -> Visit:
    """A guest, three played members, and the guest's proposal open before them."""
    with writing():
        _one_at_a_time()
        if not room_for_one_more():
            raise problems.conflict("all_places_taken", _("Everybody who fits in is trying Rondo right now."))
        visitor, cast = _guest("guest", VISITOR), {part: _guest(part, name) for part, name in NAMES.items()}
        team = _team(visitor, list(cast.values()))
        row = drafts.start(visitor, team, title=title, driver=driver, body=body, review_on=review_on)
        drafts.open_(visitor, row.pk, via=None)
        people = {part: account.pk for part, account in cast.items()}
        return Visit.objects.create(team=team, visitor=visitor, cast=people, proposal=row.pk)


def _one_at_a_time() -> None:
    # On SQLite nobody else writes meanwhile anyway.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def room_for_one_more() -> bool:
    """Whether fewer are at it than there are places, and not too many visits wait for their end."""
    places: int = settings.RONDO_TRY_PLACES
    at_it = Visit.objects.filter(stirred_at__gt=clock.now() - AWAY).count()
    return at_it < places and Visit.objects.count() < places * KEPT_FOR_EACH_PLACE


def _guest(part: str, name: str) -> Account:
    """An account that no password and no mail lets anybody into."""
    id = new_id()
    account = Account(
        id=id, email=f"{part}-{id}@{Account.NOWHERE}", name=gettext(name), guest=True, language=language.current()
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


def _team(visitor: Account, members: list[Account]) -> Team:
    host = members[0]
    slug = f"try-{new_id()}"
    team = Team.objects.create(slug=slug, name=gettext(TEAM), aim=gettext(AIM), played=True, facilitator=host)
    flows.join(team, host, Role.STEWARD, by=host)
    for member in (*members[1:], visitor):
        flows.join(team, member, Role.MEMBER, by=host)
    return team


def visit_of(account: Account) -> Visit | None:
    """The visit of a guest, while it lasts."""
    return Visit.objects.filter(visitor=account, begun_at__gt=clock.now() - KEPT_FOR).first()


def end_old(most: int = 5) -> int:
    """Takes away what is a day old, a few at a time. Returns how many visits went."""
    old = list(Visit.objects.filter(begun_at__lte=clock.now() - KEPT_FOR).order_by("begun_at")[:most])
    for visit in old:
        end(visit.pk)
    return len(old)


def end(visit: str) -> None:
    """The decision, the team and its people go together, or nothing does; another process may have been first."""
    with writing():
        found = Visit.objects.select_for_update(of=("self",)).select_related("team").filter(pk=visit).first()
        if found is None:
            return
        played.remove(found.team)
        found.team.delete()
        Account.objects.filter(pk__in=[found.visitor_id, *found.cast.values()], guest=True).delete()
