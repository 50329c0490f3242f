"""Canaries: words that only one person wrote, looked for in every byte that anybody else is given.

In the answers of every call of the matrix, in what sockets carry, in mail and in the log.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import zip_longest
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from conventions import clock
from decisions import checkpoints, timer
from notices.message import message
from notices.models import Mail
from tests.decisions.test_sealed import HISTORIES, LONGER, TAKEN_BACK, without_chance
from tests.live.served import Live

from .addresses import ASKED_WITH, OPERATORS, exempt, shown_at
from .matrix import EVERYTHING, Row
from .meeting import STEPS as GATHERING
from .meeting import plan
from .sockets import frames_until, in_a_thread, listening, played
from .test_matrix import filled
from .world import CIRCLE, ROLES, STEPS, World, brought_to, found

pytestmark = pytest.mark.timeout(400)
Json = Any
SEALED = ("canary-first", "canary-suggestion", "canary-second", "canary-last")
LETTERS = 10
"""Fewer mails than the calls of the matrix bring about would show nothing."""
DRAFTED = ("canary-title", "canary-driver", "canary-body")
SEARCHES = (
    "proposals/?q=canary",
    "proposals/?phase=consent&waiting_for=me&page_size=1",
    "teams/{slug}/proposals/?q=canary",
    "proposals/{id}/journal/?after=3&page_size=200",
    "live/proposal:{id}/?after=0",
)
# What stands in no row of the matrix; the screen that shows this decision is among it.
ELSEWHERE = dict.fromkeys(address for _, address in exempt() if not address.startswith("^"))
OTHERWISE = [f"/{ASKED_WITH.get(one) or re.sub('<[^>]+>', 'any', one)}" for one in ELSEWHERE]
# The library's are full of chance; and the description of the interface is made from code alone, in half a second.
OURS = [address for address in OTHERWISE if "_allauth" not in address and "api/schema" not in address]


def answers(
    world: World,
    role: str,
    letters: set[bytes] | None = None,
    otherwise: Iterable[str] = OTHERWISE,
    rows: Iterable[Row] = EVERYTHING,
) -> Iterable[bytes]:
    """Everything that the interface can be made to say to somebody now, head and body; and then undone. `letters` is
    filled with the mails that were written until then, and by each of these calls."""
    earlier = list(Mail.objects.all())
    known = {mail.pk for mail in earlier}
    if letters is not None:
        letters |= set(map(_letter, earlier))
    calls = [(row.method, row.address, row.body) for row in rows]
    for method, address, body in (*calls, *(("GET", search, {}) for search in SEARCHES)):
        with transaction.atomic():
            given = None if method in ("GET", "DELETE") else filled(body, world.names)
            yield _bytes(world.ask(role, method, filled(address, world.names), given))
            if letters is not None:
                letters |= set(map(_letter, Mail.objects.exclude(pk__in=known)))
            transaction.set_rollback(True)
    for address in otherwise:
        with transaction.atomic():
            yield _bytes(world.clients[role].get(filled(address, world.names)))
            transaction.set_rollback(True)


def _letter(mail: Mail) -> bytes:
    """All of a mail that leaves the house."""
    made = message(mail)
    parts = [made.subject, made.body, *made.extra_headers.values(), *(str(one) for one in made.alternatives)]
    return "\n".join([*parts, *(str(one) for one in made.attachments)]).encode()


def _bytes(answer: Any) -> bytes:
    head = f"{answer.status_code} {sorted(answer.headers.items())} {answer.cookies}".encode()
    content: bytes = answer.content
    return head + content.replace(b"q=canary", b"")


def secrets_of_others(world: World, role: str) -> list[str]:
    """Addresses and what passwords are kept as. An administrator of the site sees the addresses: they look after
    accounts, and nothing else."""
    own = world.people.get(role)
    others = [who for who in world.people.values() if who != own]
    addresses = [] if role == "administrator" else [who.email for who in others]
    return [*addresses, *(who.password for who in others)]


def holds_a_canary(heard: Iterable[bytes], canaries: Iterable[str]) -> list[str]:
    whole = b"\n".join(heard)
    return [canary for canary in canaries if canary.encode() in whole]


@pytest.fixture
def sealed(db: None) -> World:
    """A sealed consent round in which nobody has answered, on the agenda of a meeting."""
    world = brought_to("tuning")
    world.on_it("author", "ask-for-consent/", {"sealed": True})
    world.look()
    plan(world)
    return world


def answer(world: World, said: Json) -> Json:
    return world.in_round("objector", "DELETE" if said is None else "PUT", "response/", said)


def test_no_answer_of_any_call_holds_what_somebody_else_sealed_or_drafted(
    sealed: World, caplog: pytest.LogCaptureFixture, settings: LazySettings
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.RONDO_METRICS_TOKEN = OPERATORS
    title, driver, body = DRAFTED
    slug, first, suggestion, second, last = sealed.team.slug, *SEALED
    sealed.does("author", "POST", f"teams/{slug}/proposals/", {"title": title, "driver": driver, "body": body})
    answer(sealed, {"kind": "objection", "text": first, "suggestion": suggestion})
    answer(sealed, {"kind": "concern", "text": second})
    answer(sealed, None)
    answer(sealed, {"kind": "objection", "text": last})
    letters: set[bytes] = set()
    for role in ROLES:
        heard = list(answers(sealed, role, letters))
        assert any(b'"way_in"' in each for each in heard), "a screen was looked at"
        assert any(b"<svg" in each for each in heard), "a way in was drawn"
        assert holds_a_canary(heard, SEALED[:3]) == []
        assert holds_a_canary(heard, SEALED[3:]) == (["canary-last"] if role == "objector" else []), role
        assert holds_a_canary(heard, DRAFTED) == (list(DRAFTED) if role == "author" else []), role
        assert holds_a_canary(heard, secrets_of_others(sealed, role)) == [], role
    counted = sealed.clients["anonymous"].get("/metrics", headers=shown_at("metrics"))
    assert counted.status_code == 200
    assert holds_a_canary([_bytes(counted)], (*SEALED, *DRAFTED, *secrets_of_others(sealed, "anonymous"))) == []
    assert "canary" not in caplog.text
    assert len(letters) > LETTERS
    assert holds_a_canary(letters, (*SEALED, *DRAFTED)) == []


OTHERS = [role for role in ROLES if role != "objector"]
LOOKING = [row for row in EVERYTHING if row.method == "GET"]
DAYS = range(1, 9)
"""In which a round comes due and is reminded of, and checkpoints go out."""


def told_after(world: World, said: list[Json], rows: Iterable[Row]) -> list[str]:
    """Every byte that everybody else can get after this history, chance taken out; and the history undone."""
    letters: set[bytes] = set()
    with transaction.atomic():
        for one in said:
            answer(world, one)
        heard = [f"{role}: {each!r}" for role in OTHERS for each in answers(world, role, letters, OURS, rows)]
        let_days_pass()
        letters |= set(map(_letter, Mail.objects.all()))
        transaction.set_rollback(True)
    return [*_plain("\n".join(heard)).split("\n"), *sorted(_plain(each.decode()) for each in letters)]


def let_days_pass() -> None:
    for days in DAYS:
        with clock.moved(timedelta(days=days)):
            timer.once()
            checkpoints.mail_due()


def _plain(text: str) -> str:
    """Without chance: ids, hashes, times, new tokens, and the number of a proposal in its team."""
    text = re.sub(r"\w{3}, \d\d[ -]\w{3}[ -]\d{4} [\d:]{8} GMT", "MOMENT", text)
    text = re.sub(r'rondo_\w+|/password/[\w-]+|"token":"[^"]*"|"url":"[^"]*"|"number":\d+', "CHANCE", text)
    return without_chance(text)


@pytest.mark.parametrize(
    ("histories", "rows"),
    [(HISTORIES, EVERYTHING), (LONGER, LOOKING), (TAKEN_BACK, LOOKING)],  # every command by everybody once is enough
    ids=["one", "two", "taken back"],
)
def test_9_no_call_of_the_interface_and_no_letter_tells_sealed_histories_apart(
    sealed: World, histories: dict[str, list[Json]], rows: Iterable[Row]
) -> None:
    """Status, head, length, order and body: the same bytes whatever was sealed."""
    with clock.frozen(clock.now()):
        first, *others = (told_after(sealed, said, rows) for said in histories.values())
    whole = "\n".join(first)
    assert all(word in whole for word in ("responded", "The time is over", "Checkpoint of"))
    for other in others:
        apart = [pair for pair in zip_longest(first, other) if len(set(pair)) > 1]
        assert apart[:1] == []


# Over sockets


def sealed_anew(world: World) -> None:
    """One more proposal of the circle, in a sealed round in which nobody has answered."""
    draft = {"title": "Leave at six", "driver": "The tide.", "body": "At six."}
    world.names["id"] = world.does("author", "POST", f"teams/{world.team.slug}/proposals/", draft)["id"]
    for step in STEPS[:3]:
        step(world)
        world.look()
    world.on_it("author", "ask-for-consent/", {"sealed": True})
    world.look()


async def overheard(live: Live, world: World, said: list[Json]) -> dict[str, str]:
    """What the others' sockets carry while this history happens, from the first entry on."""
    await in_a_thread(lambda: sealed_anew(world))
    topic = f"proposal:{world.names['id']}"
    sockets = {role: await listening(live, world.clients[role], "me", topic, after=0) for role in LISTENERS}
    for one in said:
        done = await in_a_thread(lambda one=one: answer(world, one))  # type: ignore[misc]
    told = {}
    for role, socket in sockets.items():
        frames = await frames_until(socket, done["seq"])
        kept = [text for text in frames if json.loads(text)["type"] in ("event", "waiting")]
        told[role] = "\n".join(kept)
        await socket.close()
    return {role: f"{told[role]}\n{sent}" for role, sent in (await sent_by_a_meeting(live, world)).items()}


async def sent_by_a_meeting(live: Live, world: World) -> dict[str, str]:
    """What the sockets of a meeting carry that comes to this decision now, leaves it, and ends."""
    await in_a_thread(lambda: plan(world))
    topic = f"meeting:{world.names['meeting']}"
    sockets = {role: await listening(live, world.clients[role], topic, after=0) for role in LISTENERS}
    for step in GATHERING:
        await in_a_thread(lambda step=step: step(world))  # type: ignore[misc]
    seq = await in_a_thread(lambda: world.does("steward", "GET", f"meetings/{world.names['meeting']}/")["seq"])
    told = {}
    for role, socket in sockets.items():
        frames = await frames_until(socket, seq)
        told[role] = "\n".join(text for text in frames if json.loads(text)["type"] == "event")
        await socket.close()
    return told


LISTENERS = ("steward", "facilitator", "author", "participant", "observer", "token")


@pytest.mark.django_db(transaction=True)
def test_9_no_socket_tells_sealed_histories_apart_before_the_round_closes() -> None:
    world = found()

    async def play(live: Live) -> list[list[dict[str, str]]]:
        alike = [HISTORIES, LONGER, TAKEN_BACK]
        return [[await overheard(live, world, said) for said in each.values()] for each in alike]

    for first, *others in played(play):
        plain = {role: _plain(text) for role, text in first.items()}
        for other in others:
            assert {role: _plain(text) for role, text in other.items()} == plain
        assert all(word in plain["observer"] for word in ('"responded"', '"item_begun"', '"item_ended"'))


@pytest.mark.django_db(transaction=True)
def test_sockets_carry_a_sealed_answer_when_the_round_closes_and_not_before() -> None:
    world = found()

    async def play(live: Live) -> tuple[list[str], list[str]]:
        await in_a_thread(lambda: sealed_anew(world))
        topic = f"proposal:{world.names['id']}"
        sockets = [await listening(live, world.clients[role], "me", topic) for role in LISTENERS]
        first = {"kind": "objection", "text": SEALED[0], "suggestion": SEALED[1]}
        done = await in_a_thread(lambda: answer(world, first))
        done = await in_a_thread(lambda: answer(world, {"kind": "concern", "text": SEALED[3]}))
        before = [text for socket in sockets for text in await frames_until(socket, done["seq"])]
        before += (await sent_by_a_meeting(live, world)).values()
        everybody_else = [role for role in world.clients if role in CIRCLE and role != "objector"]
        for role in everybody_else:
            done = await in_a_thread(lambda role=role: world.in_round(role, "PUT", "response/", {"kind": "consent"}))  # type: ignore[misc]
        return before, ["".join(await frames_until(socket, done["seq"])) for socket in sockets]

    before, after = played(play)
    assert "canary" not in "".join(before)
    assert all(SEALED[3] in each for each in after)
    assert not any(earlier in "".join(after) for earlier in SEALED[:2])
