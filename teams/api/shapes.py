"""The shape of what goes out, for the interface's description."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from notices.outbox import Fate
from teams.api.inputs import INVITED_AS
from teams.models import AccessToken, Role, Sealed


class Shape(serializers.Serializer[Any]):
    """Described, never run: the answers themselves are made in `rows`."""


class Me(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    email = serializers.EmailField()
    guest = serializers.BooleanField(help_text="Only tries Rondo out, in a decision with played members.")
    site_admin = serializers.BooleanField()
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, allow_null=True, help_text="null: as the browser asks for."
    )
    time_zone = serializers.CharField(
        allow_null=True, help_text="An IANA name such as Europe/Berlin. null: the browser’s, and UTC in mails."
    )
    epoch = serializers.CharField(help_text="Another one since the database was restored: what you know is not sure.")


class Entrance(Shape):
    first = serializers.BooleanField(help_text="Is there no account yet? The first one looks after the site.")
    mail = serializers.BooleanField(help_text="Is mail sent? Without, it is printed where the server runs.")
    confirms_email = serializers.BooleanField(help_text="Is an address confirmed by a code that is sent to it?")
    single_sign_on = serializers.CharField(allow_null=True, help_text="What its provider is called, if there is one.")


class WayThere(Shape):
    url = serializers.URLField()


class Picture(Shape):
    picture = serializers.CharField(help_text="A data: URL of an SVG.")


class Obstacles(Shape):
    teams = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()),
        help_text="`{slug, name}` of the teams whose last steward one is.",
    )


class SiteAccount(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    email = serializers.EmailField()
    created_at = serializers.DateTimeField()
    last_sign_in_at = serializers.DateTimeField(allow_null=True)
    suspended = serializers.BooleanField()
    site_admin = serializers.BooleanField()


class Token(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="The first characters, to tell one from another.")
    made_by = serializers.ChoiceField(choices=AccessToken.MadeBy.choices)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)


class NewToken(Token):
    token = serializers.CharField(help_text="Told this once.")


class Policy(Shape):
    sealed = serializers.ChoiceField(choices=Sealed.choices)
    quorum_percent = serializers.IntegerField()
    due_days = serializers.IntegerField()
    objector_grace_days = serializers.IntegerField()
    second_look_days = serializers.IntegerField()
    facilitator = serializers.CharField(allow_null=True)


class Member(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    suspended = serializers.BooleanField()
    way_in_given_back_at = serializers.DateTimeField(
        allow_null=True, help_text="When an administrator of the site sent them a way in, for three days; then null."
    )
    joined_at = serializers.DateTimeField()


class Team(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    aim = serializers.CharField()
    policy = Policy()
    members = Member(many=True)
    my_role = serializers.ChoiceField(choices=Role.choices)
    created_at = serializers.DateTimeField()


class Invitation(Shape):
    id = serializers.CharField()
    email = serializers.EmailField(allow_blank=True)
    role = serializers.ChoiceField(choices=INVITED_AS)
    invited_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    uses = serializers.IntegerField()
    max_uses = serializers.IntegerField()
    mail = serializers.ChoiceField(
        choices=[(fate.value, fate.value) for fate in Fate],
        help_text="none: nobody was mailed, pass the link on. waiting: on its way. sent: a mail server has it. "
        "printed: no mail is set up, it is on the server's console alone. failed: it could not be delivered.",
    )


class NewInvitation(Invitation):
    token = serializers.CharField(help_text="Told this once.")
    url = serializers.URLField()


class OfferTeam(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    aim = serializers.CharField()


class Offer(Shape):
    team = OfferTeam()
    role = serializers.ChoiceField(choices=INVITED_AS)
    invited_by = serializers.CharField()
    expires_at = serializers.DateTimeField()


def paged(name: str, row: type[Shape]) -> Any:
    """`{next, previous, results}` of such rows."""
    return inline_serializer(
        f"{name}Page",
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )
