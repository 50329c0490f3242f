"""The operator's command: it tells how things stand, and does with dead letters what it is told."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from notices.delivery import deliver
from notices.models import Mail, State
from tests.notices.conftest import fresh, written
from tests.notices.sink import Sink

pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = StringIO()
    try:
        call_command("mails", *words, stdout=out)
    except CommandError as end:
        return f"{out.getvalue()}{end} [{end.returncode}]"
    return out.getvalue()


@pytest.fixture
def dead(sink: Sink) -> list[Mail]:
    sink.unknown = {"max@example.org", "pia@example.org"}
    found = written("event:1", "max@example.org", "pia@example.org")
    written("event:2", "fay@example.org")
    deliver("me")
    return found


@pytest.mark.parametrize(
    ("way", "words"), [("sent", "goes out by the server"), ("printed", "nobody gets it"), ("off", "nobody is mailed")]
)
def test_it_says_whether_mail_is_set_up(settings: LazySettings, way: str, words: str) -> None:
    settings.RONDO_MAIL = way
    assert words in told()
    assert "0 waiting, 0 sent, 0 printed, 0 dead" in told()


def test_it_lists_the_dead_with_their_reasons_and_ends_with_one(dead: list[Mail]) -> None:
    said = told()
    assert "0 waiting, 1 sent, 0 printed, 2 dead" in said
    for mail in dead:
        assert f"{mail.pk}  " in said
        assert mail.address in said
    assert said.count("after 1 attempts: SMTPRecipientsRefused") == 2
    assert said.endswith("[1]")


def test_a_dead_letter_is_sent_again_when_the_operator_says_so(dead: list[Mail], sink: Sink) -> None:
    first, second = dead
    assert told("--again", first.pk) == "1 to be sent again.\n"
    sink.unknown = set()
    deliver("me")
    assert (fresh(first).state, fresh(second).state) == (State.SENT, State.DEAD)
    assert [one.message_id for one in sink.of("max@example.org")] == [first.message_id]
    assert told("--again", "all") == "1 to be sent again.\n"
    deliver("me")
    assert told().endswith("0 dead\n")


def test_a_dead_letter_is_dropped_when_the_operator_says_so(dead: list[Mail]) -> None:
    assert told("--drop", dead[0].pk) == "1 deleted.\n"
    assert told("--drop", "all") == "1 deleted.\n"
    assert [mail.event for mail in Mail.objects.all()] == ["event:2"]


@pytest.mark.parametrize("what", ["--again", "--drop"])
def test_what_is_not_dead_is_left_alone(dead: list[Mail], what: str) -> None:
    sent = Mail.objects.get(event="event:2")
    assert told(what, dead[0].pk, sent.pk) == f"No dead letter has the id {sent.pk}. [2]"
    assert fresh(dead[0]).state == State.DEAD
    assert fresh(sent).state == State.SENT
