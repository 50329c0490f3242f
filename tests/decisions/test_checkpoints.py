"""Stewards are mailed where the journals stand; a mail finds what was rewritten since, and what fits in itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction

from conventions import clock, epoch
from decisions import models, store
from decisions.checkpoints import PAUSE, mail_due
from notices.message import message
from notices.models import Mail
from notices.outbox import Way
from teams import flows
from teams.models import Account, Membership, Role, Team
from tests.api.together import at_once
from tests.faults.test_tampering import Scene, gone, rewrite_the_whole_chain

from .rows import owning, without_rules
from .story import Story

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def mail_is_set_up(settings: LazySettings) -> None:
    settings.RONDO_MAIL = Way.SENT
    settings.RONDO_URL = "https://rondo.example.org"


@pytest.fixture
def forward(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], int]:
    """So much time goes by, and whoever is due is mailed: how many teams that were."""

    def go(by: timedelta) -> int:
        now = clock.now() + by
        monkeypatch.setattr(clock, "now", lambda: now)
        return mail_due()

    return go


def mails() -> list[Mail]:
    return list(Mail.objects.filter(event__startswith="checkpoint:").order_by("made_at"))


def lines(mail: Mail) -> list[str]:
    return [line for line in mail.text.splitlines() if line.startswith("rondo:")]


def heads() -> list[str]:
    rows = models.Proposal.objects.exclude(seq=0).order_by("number")
    return [f"rondo:{row.pk}:{row.seq}:{row.head[:32]}" for row in rows]


# When, and to whom


def test_a_day_after_it_was_first_seen_the_stewards_of_a_team_are_mailed_the_head_of_each_journal(
    story: Story, forward: Callable[[timedelta], int], fay: Account
) -> None:
    story.play(until="open")
    Story(story.ask, story.team, story.people).play(until="clear")
    Story(story.ask, story.team, story.people).propose()  # a draft has no journal
    assert mail_due() == forward(PAUSE - SECOND) == 0
    assert forward(SECOND) == 1
    (mail,) = mails()
    assert mail.address == fay.email
    assert lines(mail) == heads()
    assert len(heads()) == 2
    assert mail.subject.startswith("Checkpoint of Harbour, ")
    assert all(line in mail.html for line in heads())
    assert "https://rondo.example.org/verify" in mail.text


def test_each_steward_is_mailed_in_their_own_language_and_who_is_suspended_is_not(
    story: Story, forward: Callable[[timedelta], int], team: Team, fay: Account, pia: Account, max_: Account
) -> None:
    story.play(until="open")
    for other in (pia, max_):
        flows.change_role(fay, team, other.pk, Role.STEWARD)
    Account.objects.filter(pk=pia.pk).update(language="de")
    Account.objects.filter(pk=max_.pk).update(is_active=False)
    assert forward(timedelta()) == 0
    assert forward(PAUSE) == 1
    assert {mail.address: lines(mail) for mail in mails()} == {fay.email: heads(), pia.email: heads()}
    german = Mail.objects.get(event__startswith="checkpoint:", address=pia.email)
    assert german.subject.startswith("Prüfpunkt von Harbour, ")


def test_there_is_one_a_day_at_most_and_none_where_nothing_was_recorded_since(
    story: Story, forward: Callable[[timedelta], int]
) -> None:
    story.play(until="open")
    assert [forward(timedelta()), forward(PAUSE)] == [0, 1]
    assert [forward(PAUSE), forward(PAUSE)] == [0, 0]
    story.ask_a_question()
    assert forward(PAUSE / 2) == 0
    assert forward(PAUSE / 2) == 1
    story.answer_it()
    assert forward(PAUSE - SECOND) == 0
    assert forward(SECOND) == 1
    assert len(mails()) == 3
    assert lines(mails()[-1]) == heads()


def test_a_team_without_a_steward_to_mail_is_told_as_soon_as_it_has_one(
    story: Story, forward: Callable[[timedelta], int], fay: Account
) -> None:
    story.play(until="open")
    Membership.objects.filter(account=fay).update(role=Role.MEMBER)
    assert [forward(timedelta()), forward(PAUSE)] == [0, 0]
    Membership.objects.filter(account=fay).update(role=Role.STEWARD)
    assert forward(PAUSE) == 1


def test_what_is_only_played_has_no_checkpoint(story: Story, forward: Callable[[timedelta], int], team: Team) -> None:
    story.play(until="open")
    Team.objects.filter(pk=team.pk).update(played=True)
    assert [forward(timedelta()), forward(PAUSE)] == [0, 0]
    assert not models.Checkpoint.objects.exists()


def test_where_there_is_no_mail_nobody_is_looked_for_and_the_log_stays_silent(
    story: Story, forward: Callable[[timedelta], int], settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    story.play(until="open")
    settings.RONDO_MAIL = Way.OFF
    with caplog.at_level(logging.WARNING, "rondo.mail"):
        assert [forward(timedelta()), forward(PAUSE)] == [0, 0]
    assert not caplog.records


@pytest.mark.django_db(transaction=True)
def test_of_several_processes_that_look_at_once_one_mails(story: Story, forward: Callable[[timedelta], int]) -> None:
    story.play(until="open")
    assert at_once([mail_due] * 4) == [0] * 4  # all see the team for the first time
    now = clock.now() + PAUSE
    with clock.frozen(now):
        assert sorted(at_once([mail_due] * 4)) == [0, 0, 0, 1]
    assert len(mails()) == 1


# What a mail finds


def verified(file: Path) -> str:
    """What the command says; where it finds something, with its last words."""
    out = StringIO()
    try:
        call_command("verify_journal", "--mail", str(file), stdout=out)
    except CommandError as end:
        return f"{out.getvalue()}{end} [{end.returncode}]"
    return out.getvalue()


@pytest.fixture
def yesterdays(story: Story, forward: Callable[[timedelta], int], tmp_path: Path) -> Path:
    """The mail of yesterday as Fay's mailbox saved it: of a decision that went on since, and of another one."""
    Story(story.ask, story.team, story.people).play(until="open")
    story.play(until="second_rounds")
    assert [forward(timedelta()), forward(PAUSE)] == [0, 1]
    file = tmp_path / "checkpoint.eml"
    file.write_bytes(message(mails()[0]).message().as_bytes())
    story.adopt()
    return file


def test_journals_that_went_on_from_where_they_stood_are_said_to(story: Story, yesterdays: Path) -> None:
    assert lines(mails()[0]) != heads()
    assert verified(yesterdays) == (
        "2 journals checked: all sound.\n2 journals of the mail: all go on from where they stood then.\n"
    )


def test_a_journal_rewritten_with_fitting_hashes_and_rows_is_found_by_yesterdays_mail_alone(
    story: Story, yesterdays: Path
) -> None:
    named = next(line for line in lines(mails()[0]) if story.id in line)
    entry = named.split(":")[2]
    with transaction.atomic():
        without_rules()
        with owning():
            rewrite_the_whole_chain(Scene(story.id, "", 0, dict(story.people)))
        store._known.clear()
        assert store.verified(story.id) == []
        assert verified(yesterdays) == (
            "2 journals checked: all sound.\n"
            f"{story.id}: entry {entry} has another hash than in the mail: it, or an entry before it, was rewritten\n"
            "1 of 2 journals of the mail rewritten, cut off or deleted since. [1]"
        )
        transaction.set_rollback(True)
    store._known.clear()


def test_a_journal_that_was_cut_off_or_deleted_is_found_by_yesterdays_mail(story: Story, yesterdays: Path) -> None:
    row = models.Proposal.objects.get(pk=story.id)
    scene = Scene(story.id, "", row.seq, dict(story.people))
    named = int(next(line for line in lines(mails()[0]) if story.id in line).split(":")[2])
    with transaction.atomic():
        without_rules()
        with owning():
            for seq in range(named, row.seq + 1):
                gone(scene, seq)
            cut_off = verified(yesterdays)
            for seq in range(1, named):
                gone(scene, seq)
            deleted = verified(yesterdays)
        transaction.set_rollback(True)
    assert f"names entry {named}, and the journal ends with {named - 1}: its end was cut off" in cut_off
    assert f"names entry {named}, and there is no such journal: it was deleted" in deleted
    assert deleted.endswith("1 of 2 journals of the mail rewritten, cut off or deleted since. [1]")


def test_where_the_database_was_put_back_this_is_said_beside_what_is_gone(story: Story, yesterdays: Path) -> None:
    epoch.begin(clock.now())
    assert "put back" not in verified(yesterdays)
    text = yesterdays.parent / "copied.txt"
    text.write_text(f"> rondo:{story.id}:999:{'0' * 32}\n")
    assert "This database was put back on " in verified(text)


def test_a_text_without_a_checkpoint_and_a_file_that_is_none_are_said_to_be_none(story: Story, tmp_path: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("Dear Fay,\n\nall is well.\n")
    assert verified(text).endswith("There is no checkpoint in this text: its lines begin with rondo: [2]")
    assert verified(tmp_path / "none.txt").endswith("none.txt cannot be read: No such file or directory. [2]")
