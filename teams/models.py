"""People and their teams as rows: constraints, no behaviour."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from knox.models import AbstractAuthToken

from conventions import clock
from conventions.ids import IdField


class Accounts(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.full_clean(exclude=["password"])
        account.save(using=self._db, force_insert=True)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing] # knox speaks no types
    """One person. Suspended while `is_active` is false: then nothing lets them in.

    Who deletes their account leaves the row behind, without anything of theirs in it: what they said in decisions
    stays, said by “Former member N”, and `former` is that N.
    """

    id = IdField()
    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=8, blank=True, default="")
    """In which language the pages and mails speak to them; empty: as their browser asks."""
    time_zone = models.CharField(max_length=64, blank=True, default="")
    """An IANA name; empty: as their browser has it, and UTC in mails."""
    is_active = models.BooleanField(default=True)
    guest = models.BooleanField(default=False, editable=False)
    """Only tries Rondo out, or is played for somebody who does: no password, no mail, gone after a day."""
    is_site_admin = models.BooleanField(default=False)
    former = models.PositiveIntegerField(null=True, unique=True, editable=False)
    recovered_at = models.DateTimeField(null=True, editable=False)
    """When an administrator of the site sent them a way in."""
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[Accounts] = Accounts()

    NOWHERE: ClassVar[str] = "played.invalid"
    """Where the addresses of guests are: no mail ever goes there."""

    MARKED_FOR: ClassVar[timedelta] = timedelta(hours=72)
    """So long their teams see that their way in was given back, and the record says so of what they do."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_for_an_address"),
            models.CheckConstraint(condition=Q(former=None) | Q(is_active=False), name="who_has_gone_stays_gone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def way_in_given_back(self) -> datetime | None:
        """When that was, for as long as it is to be seen."""
        at = self.recovered_at
        return at if at and clock.now() < at + self.MARKED_FOR else None

    @property
    def via(self) -> str | None:
        """What the record says of what they do at a browser, where there is anything to say: `recovered:2026-11-21`."""
        at = self.way_in_given_back
        return f"recovered:{at:%Y-%m-%d}" if at else None

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Sealed(models.TextChoices):
    """When a consent round hides the answers until it closes."""

    IN_ROOM = "in_room"
    ALWAYS = "always"
    NEVER = "never"


class Role(models.TextChoices):
    MEMBER = "member"
    OBSERVER = "observer"
    STEWARD = "steward"


VOICED = (Role.MEMBER, Role.STEWARD)


class Team(models.Model):
    """A circle: people who decide together, with an aim and a policy."""

    id = IdField()
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=80)
    aim = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    played = models.BooleanField(default=False, editable=False)
    """Made for somebody who tries Rondo out: what it decides is marked from its first entry on, and goes."""

    sealed = models.CharField(max_length=8, choices=Sealed.choices, default=Sealed.IN_ROOM)
    quorum_percent = models.PositiveSmallIntegerField(default=50)
    due_days = models.PositiveSmallIntegerField(default=3)
    objector_grace_days = models.PositiveSmallIntegerField(default=7)
    second_look_days = models.PositiveSmallIntegerField(default=7)
    facilitator = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="facilitated_teams"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sealed__in=Sealed.values), name="team_sealed_is_known"),
            models.CheckConstraint(condition=Q(quorum_percent__range=(50, 100)), name="team_quorum_in_range"),
            models.CheckConstraint(condition=Q(due_days__range=(1, 30)), name="team_due_in_range"),
            models.CheckConstraint(condition=Q(objector_grace_days__range=(3, 30)), name="team_grace_in_range"),
            models.CheckConstraint(condition=Q(second_look_days__range=(1, 30)), name="team_second_look_in_range"),
            models.CheckConstraint(condition=~Q(name=""), name="team_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Somebody belongs to a team. Who goes, the row goes: what they said stands in the decisions."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "account"], name="one_membership_each"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} is {self.role} of {self.team_id}"


def in_two_weeks() -> Any:
    return clock.now() + timedelta(days=14)


class Invitation(models.Model):
    """A link into one team, in one role; only the hash of its token is kept."""

    id = IdField()
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True, max_length=254)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(default=in_two_weeks)
    max_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["member", "observer"]), name="invitation_names_no_steward"),
            models.CheckConstraint(condition=Q(uses__lte=F("max_uses")), name="invitation_used_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.team_id} as {self.role}"


class AccessToken(AbstractAuthToken):  # type: ignore[misc]
    """A script's way in: acts as its holder, and every entry made with it says so."""

    class MadeBy(models.TextChoices):
        HOLDER = "holder"
        OPERATOR = "operator"

    id = IdField()
    user = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="access_tokens")
    digest = models.CharField(max_length=128, unique=True)
    name = models.CharField(max_length=80, blank=True)
    made_by = models.CharField(max_length=8, choices=MadeBy.choices, default=MadeBy.HOLDER)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(made_by__in=["holder", "operator"]), name="token_maker_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.token_key}… of {self.user_id}"

    @property
    def via(self) -> str:
        given_back = self.made_by == self.MadeBy.HOLDER and self.user.way_in_given_back
        return "token:recovered" if given_back else f"token:{self.made_by}"
