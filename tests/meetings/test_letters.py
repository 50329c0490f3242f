"""What is told of meetings by mail: to whom, when, and once."""

from __future__ import annotations

from base64 import b64decode

import pytest
from django.conf import LazySettings
from django.utils import translation
from django.utils.translation import gettext

from notices.models import Mail
from teams.models import Account
from tests.meetings.conftest import Board

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings: LazySettings) -> type[Mail]:
    settings.RONDO_MAIL = "sent"
    settings.RONDO_URL = "https://rondo.example.org"
    return Mail


def test_the_plan_is_mailed_to_everybody_of_the_team_with_its_calendar_entry(planned: Board, mail: type[Mail]) -> None:
    mail.objects.all().delete()
    planned.acts("fay", "mail")
    sent = list(mail.objects.all())
    assert {one.address for one in sent} == {f"{name}@example.org" for name in ("fay", "pia", "max", "obi")}
    for one in sent:
        assert f"https://rondo.example.org/m/{planned.meeting}?join" in one.text
        assert "Trunk (20 minutes)" in one.text
        assert one.attachments[0]["type"].startswith("text/calendar")
    assert planned.refused("pia", "mail") == (403, "only_the_facilitator")


def test_who_was_told_of_a_plan_is_told_of_changes_and_that_it_is_off(planned: Board, mail: type[Mail]) -> None:
    mail.objects.all().delete()
    planned.does("fay", "PATCH", f"meetings/{planned.meeting}/", {"title": "Tuesday"})
    assert not mail.objects.exists()
    planned.acts("fay", "mail")
    mail.objects.all().delete()
    planned.does("fay", "PATCH", f"meetings/{planned.meeting}/", {"title": "Wednesday"})
    changed = mail.objects.get(address="max@example.org")
    assert "has changed: Wednesday" in changed.subject
    mail.objects.all().delete()
    planned.acts("fay", "call-off")
    ended = mail.objects.get(address="max@example.org")
    assert "called off" in ended.subject
    assert b"CANCELLED" in b64decode(ended.attachments[0]["content"])


def test_whoever_was_there_mails_the_minutes_once_it_has_ended(planned: Board, mail: type[Mail]) -> None:
    planned.to_items("pia")
    path = f"meetings/{planned.meeting}/minutes/mail/"
    assert planned.ask("pia", "POST", path)[1]["code"] == "wrong_phase"
    planned.acts("fay", "end")
    assert planned.ask("max", "POST", path)[1]["code"] == "not_present"
    mail.objects.all().delete()
    for _ in range(2):
        assert planned.does("pia", "POST", path) == {"people": 4, "mail": "waiting"}
    assert mail.objects.count() == 4
    text = mail.objects.get(address="obi@example.org").text
    assert "Not reached." in text


def test_everybody_is_mailed_in_their_own_language_and_zone(planned: Board, mail: type[Mail]) -> None:
    Account.objects.filter(email="max@example.org").update(language="de", time_zone="Europe/Berlin")
    Account.objects.filter(email="pia@example.org").update(language="fr", time_zone="Pacific/Auckland")
    mail.objects.all().delete()
    planned.acts("fay", "mail")
    texts = {one.address.partition("@")[0]: one for one in mail.objects.all()}
    with translation.override("de"):
        why = gettext("You get this because you belong to the team {team}.").format(team="Harbour")
    assert "You get this" not in why
    assert why in texts["max"].text
    assert '<html lang="de">' in texts["max"].html
    assert "(Europe/Berlin)" in texts["max"].subject
    assert "(Pacific/Auckland)" in texts["pia"].text
    assert '<html lang="fr">' in texts["pia"].html
    assert "You get this because" in texts["fay"].text
    assert "UTC" in texts["obi"].subject
