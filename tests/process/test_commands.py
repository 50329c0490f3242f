"""Section 8: each command is one act by one person, made for one round, accepted whole or refused by a named rule."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from decisions.process import commands as c
from decisions.process import refusals
from decisions.process.commands import Command
from decisions.process.engine import decide, names
from decisions.process.events import EVENTS
from decisions.process.evolution import EVOLVES
from decisions.process.refusals import Refused
from decisions.process.state import Answer, Phase
from decisions.process.table import LEADS_TO, TABLE

from .story import CIRCLE, FAY, MAX, PIA, START, Story

CONSENT = {"kind": Answer.CONSENT}


def test_a_consent_given_to_revision_1_never_counts_for_revision_2() -> None:
    story = Story().to_consent()
    first = story.here()
    story.objects(FAY)
    story.says(c.ReturnNow, PIA)
    story.refuses("round_closed", c.Respond, MAX, on=first, **CONSENT)
    story.revises()
    story.to_consent()
    story.refuses("round_closed", c.Respond, MAX, on=first, **CONSENT)
    story.says(c.Respond, MAX, on=story.here(), **CONSENT)


def test_a_press_that_comes_after_the_round_has_closed_is_told_so() -> None:
    story = Story()
    clarifying = story.here()
    story.to_reaction()
    story.refuses("round_closed", c.AskQuestion, MAX, on=clarifying, text="?")
    story.refuses("round_closed", c.Clear, MAX, on=clarifying)


def test_in_tuning_and_revising_a_command_names_the_revision() -> None:
    story = Story().to_tuning()
    story.refuses("revision_replaced", c.AskForConsent, PIA, on="2")
    story.says(c.Revise, PIA, on="1", body="Better.")
    late = story.refuses("revision_replaced", c.Revise, PIA, on="1", body="Twice.")
    assert late.more == {"proposal": story.state.id, "revision": 2}
    story.to_tuning().refuses("revision_replaced", c.AskForConsent, PIA, on="1")
    story.says(c.AskForConsent, PIA, on="2")
    story.refuses("round_closed", c.AskForConsent, PIA, on="2")


@pytest.mark.parametrize("on", ["", "x", "0", "-1", "1.0", "9" * 40, "²"])
def test_whatever_is_not_the_open_round_is_another(on: str) -> None:
    story = Story().to_consent()
    with pytest.raises(Refused) as no:
        decide(story.state, c.Respond(by=MAX, at=START, seed="", on=on, **CONSENT))
    assert no.value.refusal.code in ("round_closed", "revision_replaced")


def test_who_leaves_on_out_takes_what_is_current() -> None:
    story = Story().to_consent()
    story.says(c.Respond, MAX, on=None, **CONSENT)


def test_several_rules_broken_at_once_right_before_moment_before_phase_before_content() -> None:
    story = Story()
    blank = {"kind": Answer.OBJECTION, "text": ""}
    story.refuses("not_a_participant", c.Respond, "eve", on="gone", **blank)
    story.refuses("round_closed", c.Respond, MAX, on="gone", **blank)
    story.refuses("wrong_phase", c.Respond, MAX, **blank)
    story.to_consent().refuses("reason", c.Respond, MAX, **blank)
    objection = story.objects(MAX).id
    story.refuses("only_its_objector", c.WithdrawObjection, FAY, on="gone", objection=objection)
    story.refuses("only_the_author", c.Restate, FAY, on="gone", objection=objection, text="I heard")


def test_a_refused_command_changes_nothing() -> None:
    story = Story().to_consent()
    before, copied = story.state, replace(story.state)
    story.refuses("no_objection", c.ReturnNow, PIA)
    assert story.state is before
    assert story.state == copied


def test_the_same_command_on_the_same_state_brings_about_the_same() -> None:
    story = Story().to_consent()
    given = c.Respond(by=MAX, at=START, seed="abc", kind=Answer.OBJECTION, text="harm")
    assert decide(story.state, given) == decide(story.state, given)


def test_ids_are_sixteen_characters_and_differ_within_a_command_and_between_seeds() -> None:
    one, other = names("one"), names("other")
    ids = [one() for _ in range(50)] + [other() for _ in range(50)]
    assert len(set(ids)) == 100
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{16}", id) for id in ids)


def test_every_entry_of_a_command_is_by_its_giver_and_of_its_moment() -> None:
    story = Story().to_consent()
    story.consents(FAY, PIA)
    events = story.consents(MAX)
    assert len(events) == 3
    assert {(e.by, e.at) for e in events} == {(MAX, story.now)}


# ── the table and the vocabulary ─────────────────────────────────────────────────────────────────────────────


def every_command() -> set[type[Command]]:
    return {a for a in vars(c).values() if isinstance(a, type) and issubclass(a, Command)} - {Command}


def test_every_command_has_its_row_and_every_event_its_effect() -> None:
    assert every_command() == set(TABLE)
    assert set(EVENTS.values()) == set(EVOLVES)
    assert set(LEADS_TO) == set(Phase)


def test_no_two_rows_have_one_name() -> None:
    assert len({rule.name for rule in TABLE.values()}) == len(TABLE)


def test_nothing_leads_to_adopted_but_the_end_of_a_consent_round() -> None:
    ways = [(phase, event) for phase, arrows in LEADS_TO.items() for event, to in arrows.items() if to is Phase.ADOPTED]
    assert ways == [(Phase.CONSENT, "adopted")]


def test_nobody_has_a_right_that_switches_off_a_rule() -> None:
    everybody = {code for rule in TABLE.values() for right in rule.who for code in [right.__name__]}
    assert everybody == {
        *("the_author", "a_participant", "not_the_author", "author_or_facilitator", "the_facilitator"),
        *("author_or_in_their_place", "participant_or_facilitator"),
        *("facilitator_or_anybody", "absent_at_adoption"),
    }


def test_every_refusal_has_words_that_a_member_understands() -> None:
    for words in (*refusals.RIGHTS.values(), *refusals.CONFLICTS.values(), *refusals.FAULTS.values()):
        assert re.match(r"[A-Z].*\.$", words)
        assert not re.search(r"\b(vote|veto|block|override|approve|reject|invalid|sorry|please|oops)", words.lower())
        assert "!" not in words


def test_a_code_says_one_thing() -> None:
    codes = [*refusals.RIGHTS, *refusals.CONFLICTS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("who", CIRCLE)
def test_an_observer_of_the_process_reads_the_same_state_that_commands_left(who: str) -> None:
    """Every invariant of section 9 is asserted at each step of a long story with two objections and three revisions."""
    story = Story().to_revising(who)
    story.revises()
    story.to_consent()
    story.objects(who, "Still harm")
    story.consents(*(other for other in CIRCLE if other != who))
    story.revises(body="Third.")
    story.to_consent().consents(*CIRCLE)
    assert story.phase is Phase.ADOPTED
    assert story.state.revision == 3
