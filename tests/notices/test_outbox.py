"""Queuing: with what it tells of or not at all, once for each event and address, whatever anybody wrote."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventions import clock
from conventions.transactions import writing
from notices.delivery import deliver
from notices.message import message
from notices.models import Mail
from notices.outbox import LONGEST_SUBJECT, Attachment, Fate, Letter, bell, fate, one_line, queue
from tests.notices.conftest import written
from tests.notices.sink import Sink


def delivered_elsewhere() -> int:
    """By another connection to the database, as another process has one."""

    def look() -> int:
        try:
            return deliver("another")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


def test_nothing_goes_out_before_the_commit_and_nothing_of_what_is_rolled_back(
    transactional_db: None, sink: Sink
) -> None:
    bell.clear()
    with transaction.atomic():
        queue("event:1", [Letter("max@example.org", "Asked", "Words.")])
        assert delivered_elsewhere() == 0
        transaction.set_rollback(True)
    assert (delivered_elsewhere(), Mail.objects.count(), bell.is_set()) == (0, 0, False)
    written("event:2", "max@example.org")
    assert bell.is_set()
    assert delivered_elsewhere() == 1
    assert [one.address for one in sink.received] == ["max@example.org"]


def test_outside_a_transaction_nothing_is_queued(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        queue("event:1", [Letter("max@example.org", "Asked", "Words.")])
    assert not Mail.objects.exists()


def test_an_event_reaches_an_address_once_however_often_it_is_queued(db: None) -> None:
    for _ in range(3):
        written("event:1", "max@example.org", "pia@example.org", "max@example.org")
    written("event:2", "max@example.org")
    assert sorted(Mail.objects.values_list("event", "address")) == [
        ("event:1", "max@example.org"),
        ("event:1", "pia@example.org"),
        ("event:2", "max@example.org"),
    ]


def test_a_message_id_is_the_same_for_the_same_and_another_for_all_else(db: None, settings: LazySettings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Rondo <rondo@bücher.example>"
    first = [one.message_id for one in written("event:1", "max@example.org", "pia@example.org")]
    Mail.objects.all().delete()
    again = [one.message_id for one in written("event:1", "max@example.org", "pia@example.org")]
    other = [one.message_id for one in written("event:2", "max@example.org")]
    assert again == first
    assert len({*first, *other}) == 3
    assert all(name.endswith("@xn--bcher-kva.example>") for name in first)


def test_mails_of_one_thread_refer_to_the_same(db: None) -> None:
    for number, thread in enumerate(("proposal:1", "proposal:1", "proposal:2", "")):
        with writing():
            queue(f"event:{number}", [Letter("max@example.org", "Asked", "Words.")], thread=thread)
    made = [message(one).message() for one in Mail.objects.order_by("event")]
    named = [one["References"] for one in made]
    assert named[0] == named[1] != named[2]
    assert [one["In-Reply-To"] for one in made] == named
    assert named[3] is None


def test_where_no_mail_is_set_up_nothing_is_kept_and_the_log_says_so(
    db: None, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.RONDO_MAIL = "off"
    assert written("event:1") == []
    assert "nobody was told of event:1" in caplog.text
    assert "max@example.org" not in caplog.text


@pytest.mark.parametrize(
    ("way", "state", "known"),
    [
        ("sent", "waiting", Fate.WAITING),
        ("printed", "waiting", Fate.PRINTED),
        ("off", "waiting", Fate.NONE),
        ("printed", "sent", Fate.SENT),
        ("sent", "printed", Fate.PRINTED),
        ("sent", "dead", Fate.FAILED),
        ("sent", None, Fate.NONE),
    ],
)
def test_nobody_is_told_that_something_was_mailed_that_was_not(
    settings: LazySettings, way: str, state: str | None, known: Fate
) -> None:
    settings.RONDO_MAIL = way
    assert fate(state) is known


def test_the_database_keeps_no_contents_of_what_was_handed_over(db: None) -> None:
    written()
    with pytest.raises(DatabaseError), transaction.atomic():
        Mail.objects.update(state="sent", sent_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Mail.objects.update(state="lost")


HOSTILE = (
    "Harbour\r\nBcc: all@example.org",
    "Harbour\nContent-Type: text/html\n\n<b>",
    "a\x00b\x0bc\u2028d",
    "\u202edluof",
)


@pytest.mark.parametrize("subject", HOSTILE)
def test_a_name_with_line_ends_makes_no_header_of_its_own(db: None, sink: Sink, subject: str) -> None:
    written("event:1", subject=subject)
    assert deliver("me") == 1
    mail = sink.received[0].mail
    assert (mail["Bcc"], mail["To"]) == (None, "max@example.org")
    assert mail.get_content_type() == "multipart/alternative"
    assert len(str(mail["Subject"]).splitlines()) == 1
    assert "\u202e" not in str(mail["Subject"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.text(max_size=400))
def test_whatever_a_subject_is_it_becomes_a_header_and_comes_back(subject: str) -> None:
    line = one_line(subject)
    assert len(line) <= LONGEST_SUBJECT
    mail = Mail(subject=line, text="Words.", address="max@example.org", message_id="<1@localhost>")
    made = message(mail).message().as_bytes()
    assert b"\nSubject: " in b"\n" + made
    assert max(map(len, made.splitlines())) <= 998


def test_a_long_subject_ends_with_a_whole_word_and_dots(db: None) -> None:
    line = one_line("words and " * 50)
    assert line.endswith((" words and…", " words…"))
    assert LONGEST_SUBJECT - 12 < len(line) <= LONGEST_SUBJECT
    assert len(one_line("x" * 500)) == LONGEST_SUBJECT


def test_names_in_any_script_arrive_as_they_are(db: None, sink: Sink) -> None:
    told = "Ọlá Ṣadé, 日本 太郎, שרה כהן, نور, O'Brien-Łę 😀"
    with writing():
        queue("event:1", [Letter("max@example.org", told, told, f"<p>{told}</p>")])
    deliver("me")
    mail = sink.received[0].mail
    assert mail["Subject"].strip() == told
    for form in ("plain", "html"):
        body = mail.get_body((form,))
        assert body is not None
        assert told in body.get_content()


def test_a_file_beside_the_text_arrives_whole_with_its_kind(db: None, sink: Sink) -> None:
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Größe\r\nEND:VCALENDAR\r\n".encode()
    files = (
        Attachment("meeting.ics", "text/calendar; method=REQUEST", calendar),
        Attachment("a\r\nb.bin", "application/octet-stream", bytes(range(256))),
    )
    with writing():
        queue("event:1", [Letter("max@example.org", "Asked", "Words.", attachments=files)])
    deliver("me")
    first, second = sink.received[0].mail.iter_attachments()
    assert (first.get_content_type(), first["Content-Type"].params["method"]) == ("text/calendar", "REQUEST")
    assert first.get_filename() == "meeting.ics"
    assert first.get_content().split() == calendar.decode().split()
    assert (second.get_filename(), second.get_content()) == ("a b.bin", bytes(range(256)))


def test_every_mail_says_that_no_person_wrote_it_and_only_what_can_be_ended_says_how(db: None, sink: Sink) -> None:
    with writing():
        ended = Letter("pia@example.org", "News", "Words.", unsubscribe="https://rondo.example.org/u/1")
        queue("event:1", [Letter("max@example.org", "Asked", "Words."), ended])
    deliver("me")
    asked, news = (sink.of(address)[0].mail for address in ("max@example.org", "pia@example.org"))
    assert asked["Auto-Submitted"] == news["Auto-Submitted"] == "auto-generated"
    assert asked["List-Unsubscribe"] is None
    assert news["List-Unsubscribe"] == "<https://rondo.example.org/u/1>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_many_queue_at_the_same_moment_and_each_is_kept(transactional_db: None) -> None:
    together = threading.Barrier(4)

    def write(number: int) -> None:
        together.wait(10)
        try:
            written("event:1", "max@example.org")
            written(f"event:1{number}", "max@example.org")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert Mail.objects.count() == 5
