"""Delivery: each mail at least once, by one worker at a time, later if not now, and given up when that cannot help."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage

from conventions import clock
from notices import delivery
from notices.delivery import (
    FIRST_PAUSE,
    KEPT_FOR,
    LEASE,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    claim,
    deliver,
    hand_over,
    pause,
)
from notices.models import Mail, State
from tests.notices.conftest import fresh, written
from tests.notices.sink import Sink

pytestmark = pytest.mark.django_db


def one() -> Mail:
    return written("event:1", "max@example.org")[0]


def try_until_dead(mail: Mail) -> list[timedelta]:
    """The pauses between the attempts."""
    pauses: list[timedelta] = []
    at = clock.now()
    while fresh(mail).state == State.WAITING:
        with clock.frozen(at):
            assert deliver("me") == 0
        mail = fresh(mail)
        pauses.append(mail.next_try - clock.in_milliseconds(at))
        at = mail.next_try + timedelta(milliseconds=1)
        assert len(pauses) <= MOST_ATTEMPTS
    return pauses


def test_what_is_handed_over_is_sent_once_and_not_kept(sink: Sink) -> None:
    mail = one()
    assert (deliver("me"), deliver("me")) == (1, 0)
    (received,) = sink.received
    assert received.message_id == mail.message_id
    mail = fresh(mail)
    assert (mail.state, mail.attempts, mail.leased_by, mail.last_error) == (State.SENT, 1, "", "")
    assert (mail.subject, mail.text, mail.html, mail.attachments) == ("", "", "", [])
    assert mail.sent_at is not None


def test_many_mails_take_one_connection(sink: Sink) -> None:
    written("event:1", *(f"m{number}@example.org" for number in range(20)))
    assert deliver("me") == 20
    assert sink.connections == 1
    assert set(sink.counts().values()) == {1}


def test_each_recipient_sees_themselves_alone(sink: Sink) -> None:
    written("event:1", "max@example.org", "pia@example.org")
    deliver("me")
    assert {(one.address, one.mail["To"]) for one in sink.received} == {
        ("max@example.org", "max@example.org"),
        ("pia@example.org", "pia@example.org"),
    }


@pytest.mark.parametrize("answer", ["451 come later", "421 closing"])
def test_a_server_that_says_later_is_asked_later_and_the_next_mail_at_once(sink: Sink, answer: str) -> None:
    first, second = written("event:1", "max@example.org", "pia@example.org")
    sink.answers = [answer]
    assert deliver("me") == 1
    waiting = Mail.objects.get(state=State.WAITING)
    assert (waiting.attempts, waiting.leased_by, waiting.text) == (1, "", "Words.\n")
    assert answer[:3] in waiting.last_error
    assert deliver("me") == 0
    with clock.moved(FIRST_PAUSE * 1.3):
        assert deliver("me") == 1
    assert {fresh(first).state, fresh(second).state} == {State.SENT}
    assert set(sink.counts().values()) == {1}


def test_a_server_that_takes_a_mail_and_dies_gets_it_again_under_the_same_name(sink: Sink) -> None:
    mail = one()
    sink.answers = ["dies"]
    assert deliver("me") == 0
    with clock.moved(FIRST_PAUSE * 1.3):
        assert deliver("me") == 1
    assert [received.message_id for received in sink.received] == [mail.message_id] * 2
    assert fresh(mail).attempts == 2


def test_a_server_that_stalls_is_left_and_asked_again(sink: Sink, settings: LazySettings) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    mail = one()
    sink.answers = ["stalls"]
    assert deliver("me") == 0
    assert "timed out" in fresh(mail).last_error
    settings.EMAIL_TIMEOUT = 10
    with clock.moved(FIRST_PAUSE * 1.3):
        assert deliver("me") == 1
    assert len(sink.received) == 1


def test_where_no_server_is_one_mail_finds_out_for_all(sink: Sink, settings: LazySettings) -> None:
    settings.EMAIL_PORT = 1  # nobody listens there
    written("event:1", "max@example.org", "pia@example.org", "fay@example.org")
    assert deliver("me") == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert "Unreachable" in Mail.objects.get(attempts=1).last_error


def test_new_mail_does_not_wait_behind_what_failed_before(sink: Sink) -> None:
    (old,) = written("event:1", "max@example.org")
    sink.answers = ["451 come later"]
    deliver("me")
    with clock.moved(FIRST_PAUSE * 1.3):
        written("event:2", "pia@example.org")
        deliver("me")
    assert [received.address for received in sink.received] == ["pia@example.org", "max@example.org"]
    assert fresh(old).state == State.SENT


def test_the_pauses_double_up_to_six_hours_and_then_the_mail_is_dead(sink: Sink) -> None:
    mail = one()
    sink.answers = ["451 come later"] * MOST_ATTEMPTS
    pauses = try_until_dead(mail)
    mail = fresh(mail)
    assert (mail.state, mail.attempts, len(pauses)) == (State.DEAD, MOST_ATTEMPTS, MOST_ATTEMPTS)
    assert mail.text == "Words.\n"
    for number, found in enumerate(pauses[:-1]):
        usual = min(FIRST_PAUSE * 2**number, LONGEST_PAUSE)
        assert usual * 0.79 < found < usual * 1.21
    assert timedelta(days=2) < sum(pauses[:-1], timedelta()) < timedelta(days=4)
    assert not sink.received


def test_what_failed_together_is_not_tried_together() -> None:
    assert len({pause(5) for _ in range(50)}) > 40


def test_what_the_server_never_takes_is_dead_at_once(sink: Sink) -> None:
    sink.unknown = {"nobody@example.org"}
    nobody, heard = written("event:1", "nobody@example.org", "pia@example.org")
    assert deliver("me") == 1
    assert (fresh(nobody).state, fresh(nobody).attempts) == (State.DEAD, 1)
    assert "550" in fresh(nobody).last_error
    assert fresh(heard).state == State.SENT
    sink.answers = ["554 not this"]
    (refused,) = written("event:2", "max@example.org")
    deliver("me")
    assert fresh(refused).state == State.DEAD


@pytest.mark.parametrize("address", ["max@example.org\nBcc: all@example.org", "max", "", "@"])
def test_an_address_that_is_none_is_a_dead_letter_and_harms_no_other(sink: Sink, address: str) -> None:
    sink.unknown = {"max", "", "@"}
    (broken,) = written("event:1", address)
    written("event:2", "pia@example.org")
    deliver("me")
    assert fresh(broken).state != State.SENT
    assert [received.address for received in sink.received] == ["pia@example.org"]


def test_while_one_worker_has_the_lease_no_other_gets_the_mail(sink: Sink) -> None:
    mail = one()
    assert claim("first") == mail
    assert claim("second") is None
    assert deliver("second") == 0
    assert not sink.received


def test_a_lease_runs_out_and_who_had_it_can_settle_nothing_more(sink: Sink) -> None:
    mail = one()
    slow = claim("first")
    assert slow is not None
    with clock.moved(LEASE + timedelta(seconds=1)):
        quick = claim("second")
        assert quick == mail
        delivery.put_off(slow, TimeoutError("too late"))
        assert not hand_over(slow)
        assert (fresh(mail).state, fresh(mail).leased_by, fresh(mail).last_error) == (State.WAITING, "second", "")
        assert hand_over(quick)
    assert not hand_over(slow)
    assert fresh(mail).state == State.SENT


def test_the_same_worker_that_comes_back_to_a_mail_has_another_lease(sink: Sink) -> None:
    one()
    before = claim("me")
    with clock.moved(LEASE + timedelta(seconds=1)):
        assert claim("me") is not None
        assert before is not None
        assert not hand_over(before)


def test_a_mail_over_which_every_worker_dies_is_given_up(sink: Sink) -> None:
    mail = one()
    at = clock.now()
    for number in range(MOST_ATTEMPTS):
        with clock.frozen(at + number * (LEASE + timedelta(seconds=1))):
            assert claim(f"worker {number}") is not None
    with clock.frozen(at + MOST_ATTEMPTS * (LEASE + timedelta(seconds=1))):
        assert deliver("the last") == 0
    assert (fresh(mail).state, sink.received) == (State.DEAD, [])


def test_a_worker_that_is_told_to_stop_takes_no_further_mail(sink: Sink) -> None:
    written("event:1", "max@example.org", "pia@example.org")
    turns = iter([True, False])
    assert deliver("me", going_on=lambda: next(turns)) == 1
    assert Mail.objects.filter(state=State.WAITING, leased_by="").count() == 1


def test_where_mail_is_printed_its_words_are_printed_and_its_state_says_so(mailoutbox: list[EmailMessage]) -> None:
    mail = one()
    assert deliver("me") == 1
    (printed,) = mailoutbox
    assert printed.body == "Words.\n"
    assert not getattr(printed, "alternatives", None)
    assert fresh(mail).state == State.PRINTED


def test_where_mail_is_off_nothing_goes_out(settings: LazySettings, mailoutbox: list[Any]) -> None:
    mail = one()
    settings.RONDO_MAIL = "off"
    assert deliver("me") == 0
    assert (mailoutbox, fresh(mail).attempts) == ([], 0)


def test_the_log_holds_outcomes_and_neither_words_nor_addresses(sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    written("event:1", "max@example.org", subject="A secret title")
    sink.answers = ["451 Words. for max@example.org later"]
    deliver("me")
    assert "could not be sent (attempt 1): SMTPDataError 451" in caplog.text
    for word in ("max@example.org", "secret", "Words"):
        assert word not in caplog.text


def test_settled_mails_go_after_a_month_and_waiting_ones_stay(sink: Sink) -> None:
    sink.unknown = {"nobody@example.org"}
    written("event:1", "max@example.org", "nobody@example.org")
    deliver("me")
    written("event:2", "max@example.org")
    assert delivery.clear_old() == 0
    with clock.moved(KEPT_FOR + timedelta(seconds=1)):
        assert delivery.clear_old() == 2
    assert [mail.event for mail in Mail.objects.all()] == ["event:2"]
