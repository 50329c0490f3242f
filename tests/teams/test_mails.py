"""What is told by mail about people and teams: to whom, in which words, and in the transaction of what it tells of."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.management import call_command

from conventions import clock
from conventions.language import day
from conventions.transactions import writing
from notices.delivery import deliver
from notices.message import message
from notices.models import Mail
from teams import flows, letters, tokens
from teams.models import AccessToken, Account, Invitation, Role, Team
from tests.conftest import Client, person
from tests.house.test_words import NEVER

HARBOUR = "/api/v1/teams/harbour/"
INVITATIONS = f"{HARBOUR}invitations/"
LARGEST = 20_000


@pytest.fixture(autouse=True)
def mail_is_set_up(settings: LazySettings) -> None:
    settings.RONDO_MAIL = "sent"
    settings.RONDO_URL = "https://rondo.example.org"


@pytest.fixture
def team(team: Team) -> Team:
    """The Harbour, with nothing in the outbox."""
    Mail.objects.all().delete()
    return team


def only() -> Mail:
    mail = Mail.objects.get()
    assert plain_calm_and_small(mail)
    return mail


def plain_calm_and_small(mail: Mail) -> bool:
    assert not NEVER.search(mail.text), mail.text
    assert not NEVER.search(mail.subject), mail.subject
    assert "<img" not in mail.html
    return len(message(mail).message().as_bytes()) < LARGEST


# Invitations


def invited(client: Any, **asked: Any) -> dict[str, Any]:
    answer = client.post(INVITATIONS, {"role": "member", **asked})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_an_invitation_is_mailed_to_its_address_with_its_link(team: Team, fay: Account, browser: Client) -> None:
    told = invited(browser(fay), email="New@Example.org")
    mail = only()
    assert (mail.address, mail.event) == ("new@example.org", f"invitation:{told['id']}")
    assert mail.subject == "Fay Ferreira invites you to the team Harbour"
    for form in (mail.text, mail.html):
        for words in (told["url"], team.aim, "You would be a member", "You get this because Fay Ferreira"):
            assert words in form
    assert told["mail"] == "waiting"


def test_an_observer_is_told_that_they_would_not_be_asked(team: Team, fay: Account, browser: Client) -> None:
    invited(browser(fay), email="new@example.org", role="observer")
    assert "You would be an observer" in only().text


def test_a_link_for_several_is_mailed_to_nobody(team: Team, fay: Account, browser: Client) -> None:
    assert invited(browser(fay))["mail"] == "none"
    assert not Mail.objects.exists()


@pytest.mark.parametrize(("way", "word", "mails"), [("printed", "printed", 1), ("off", "none", 0)])
def test_where_no_mail_is_set_up_the_answer_says_so(
    team: Team, fay: Account, browser: Client, settings: LazySettings, way: str, word: str, mails: int
) -> None:
    settings.RONDO_MAIL = way
    client = browser(fay)
    assert invited(client, email="new@example.org")["mail"] == word
    assert client.get(INVITATIONS).json()["results"][0]["mail"] == word
    assert Mail.objects.count() == mails


def test_the_list_says_what_became_of_each_mail(
    team: Team, fay: Account, browser: Client, django_assert_max_num_queries: Any
) -> None:
    client = browser(fay)
    addresses = {"waiting@example.org": "waiting", "sent@example.org": "sent", "failed@example.org": "failed"}
    for address in addresses:
        invited(client, email=address)
    gone, link = invited(client, email="gone@example.org"), invited(client)
    Mail.objects.filter(event=f"invitation:{gone['id']}").delete()
    handed = {"state": "sent", "sent_at": clock.now(), "text": "", "html": ""}
    Mail.objects.filter(address="sent@example.org").update(**handed)
    Mail.objects.filter(address="failed@example.org").update(state="dead")
    with django_assert_max_num_queries(6):
        listed = {one["email"] or one["id"]: one["mail"] for one in client.get(INVITATIONS).json()["results"]}
    assert listed.pop("gone@example.org") == listed.pop(link["id"]) == "none"
    assert {address: listed[address] for address in addresses} == addresses


def test_a_refused_invitation_mails_nobody(team: Team, pia: Account, fay: Account, browser: Client) -> None:
    assert browser(pia).post(INVITATIONS, {"email": "new@example.org"}).status_code == 403
    assert browser(fay).post(INVITATIONS, {"email": "nobody"}).status_code == 400
    assert not Mail.objects.exists()


def test_an_invitation_sent_twice_with_one_key_is_mailed_once(team: Team, fay: Account, browser: Client) -> None:
    client = browser(fay)
    asked = {"email": "new@example.org", "role": "member"}
    answers = [client.post(INVITATIONS, asked, headers={"Idempotency-Key": "k"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Mail.objects.count() == 1


def test_after_sending_no_way_into_the_team_is_left_in_the_outbox(
    team: Team, fay: Account, browser: Client, mailoutbox: list[EmailMessage]
) -> None:
    told = invited(browser(fay), email="new@example.org")
    assert deliver("me") == 1
    assert told["url"] in mailoutbox[0].body
    assert told["token"] not in str([*Mail.objects.values(), *Invitation.objects.values()])


def test_names_and_aims_of_any_kind_make_a_plain_small_mail(eve: Account, browser: Client) -> None:
    names = ("日本の港 " * 9, "נמל " * 16, '<b>Boats</b> & "Co"', "x" * 80)
    for number, name in enumerate(names):
        found = flows.found_team(eve, name.strip(), "港は安全に。 " * 140)
        answer = browser(eve).post(f"/api/v1/teams/{found.slug}/invitations/", {"email": f"n{number}@example.org"})
        assert answer.status_code == 201
    for mail in Mail.objects.all():
        assert plain_calm_and_small(mail)
        assert "<b>" not in mail.html
        assert len(mail.subject) <= 200


# How a team decides


def changed(client: Any, **policy: Any) -> Any:
    answer = client.patch(HARBOUR, {"policy": policy})
    assert answer.status_code == 200, answer.content
    return answer


def test_a_change_of_policy_is_told_to_everybody_in_the_team_from_what_to_what(
    team: Team, fay: Account, pia: Account, browser: Client
) -> None:
    changed(browser(fay), sealed="always", due_days=1, quorum_percent=75, facilitator=None)
    mails = list(Mail.objects.all())
    assert {mail.address for mail in mails} == {f"{name}@example.org" for name in ("fay", "pia", "max", "obi")}
    assert len({mail.event for mail in mails}) == 1
    told = Mail.objects.get(address=pia.email)
    assert told.subject == "How Harbour decides has changed"
    for words in (
        "Fay Ferreira has changed how the team Harbour decides.",
        "Answers in a consent round: sealed in the room, open elsewhere → always sealed",
        "Who facilitates: Fay Ferreira → whoever opens the proposal",
        "Time for a round: 3 days → 1 day",
        "sealed: more than half → at least 75 percent",
        "This changes no open proposal",
        "https://rondo.example.org/t/harbour/settings",
        "You get this because you belong to the team Harbour.",
    ):
        assert words in told.text
    assert "absent objector" not in told.text
    assert plain_calm_and_small(told)


def test_what_leaves_the_policy_as_it_was_is_told_to_nobody(team: Team, fay: Account, browser: Client) -> None:
    client = browser(fay)
    same = client.get(HARBOUR).json()["policy"]
    changed(client, **same)
    assert client.patch(HARBOUR, {"name": "Port", "aim": "Boats."}).status_code == 200
    assert not Mail.objects.exists()


def test_founding_a_team_with_a_policy_is_no_change_of_one(fay: Account) -> None:
    flows.found_team(fay, "Harbour", policy={"due_days": 9})
    assert not Mail.objects.exists()


def test_a_suspended_account_is_not_mailed_and_who_left_neither(
    team: Team, fay: Account, pia: Account, max_: Account, browser: Client
) -> None:
    Account.objects.filter(pk=pia.pk).update(is_active=False)
    flows.leave(max_, team)
    changed(browser(fay), due_days=9)
    assert set(Mail.objects.values_list("address", flat=True)) == {fay.email, "obi@example.org"}


def test_two_changes_are_two_mails_of_one_thread(team: Team, fay: Account, browser: Client) -> None:
    for days in (9, 10):
        changed(browser(fay), due_days=days)
    mine = Mail.objects.filter(address=fay.email)
    assert len({mail.message_id for mail in mine}) == 2
    assert len({mail.thread_id for mail in mine}) == 1


def test_a_change_that_is_rolled_back_is_told_to_nobody(
    transactional_db: None, fay: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = flows.found_team(fay, "Harbour")
    try:
        with writing():
            flows.change_team(fay, team, {"policy": {"due_days": 9}})
            assert Mail.objects.count() == 1
            raise LookupError
    except LookupError:
        pass
    assert (Mail.objects.count(), Team.objects.get().due_days) == (0, 3)


def test_a_team_of_two_hundred_is_told_in_few_questions_to_the_database(
    team: Team, fay: Account, django_assert_max_num_queries: Any
) -> None:
    people = Account.objects.bulk_create(
        Account(email=f"m{number}@example.org", name=f"Member {number}", password="!") for number in range(200)
    )
    for one in people:
        flows.join(team, one, Role.OBSERVER, by=one)
    with django_assert_max_num_queries(20):
        flows.change_team(fay, team, {"policy": {"due_days": 9}})
    assert Mail.objects.count() == 204


# Tokens made by the operator


def test_a_token_made_by_the_operator_is_told_to_its_account_at_once(pia: Account) -> None:
    out = StringIO()
    call_command("access_token", pia.email, "--days", "9", stdout=out, stderr=StringIO())
    raw, token, mail = out.getvalue().strip(), AccessToken.objects.get(), only()
    assert (mail.address, mail.event) == (pia.email, f"token:{token.pk}")
    assert mail.subject == "An access token was made for your account"
    for words in (token.token_key, day(token.expiry), "Pia Park", "/me", "the operator made it"):
        assert words in mail.text
    assert raw not in mail.text
    assert raw not in mail.html


def test_a_token_that_somebody_makes_for_themselves_is_not_mailed(pia: Account) -> None:
    tokens.make_token(pia, "mine")
    assert not Mail.objects.exists()


def test_no_token_without_its_mail(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(token: AccessToken) -> None:
        raise RuntimeError("no words")

    pia = person("Pia Park")
    monkeypatch.setattr(letters, "operators_token", broken)
    with pytest.raises(RuntimeError, match="no words"):
        call_command("access_token", pia.email, stdout=StringIO(), stderr=StringIO())
    assert not AccessToken.objects.exists()
