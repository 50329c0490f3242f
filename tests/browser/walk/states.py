"""The states of a decision as data: which steps lead there, in which team it is told, and in what words."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.walk.texts import LONG, RIGHT_TO_LEFT, USUAL, Texts

PARTS = {
    "facilitator": "Fay Ferreira",
    "author": "Pia Park",
    "inside": "Max Møller",
    "elsewhere": "Ada Moreau",
    "observer": "Obi Okafor",
}
LATE = "Nia Novak"  # invited five minutes ago, when everything else was under way
FAR_AWAY = {
    "facilitator": "يوسف عبد الله",
    "author": "נועה לוי",
    "inside": "桜井 さくら",
    "elsewhere": "محمد الأمين",
    "observer": "דוד כהן",
}
OF_LONG_NAME = {part: f"{name} von Wolfeschlegelsteinhausenbergerdorff zu Hohenlohe" for part, name in PARTS.items()}
CROWD = 40


@dataclass(frozen=True)
class State:
    """`team` says who tells it; `phase` what it must have come to."""

    steps: tuple[str, ...]
    phase: str
    team: str = "harbour"
    texts: Texts = USUAL
    late: bool = False  # told when the newcomer is there already
    days_ago: int = 0  # since it was told, and nothing has happened but that time passed


DRAFT = ("propose",)
OPEN = (*DRAFT, "open")
ASKED = (*OPEN, "ask")
ANSWERED = (*ASKED, "answer", "one_is_clear")
REACTION = (*OPEN, "ask", "answer", "all_are_clear")
TUNING = (*REACTION, "all_react")
CONSENT = (*TUNING, "ask_for_consent")
OBJECTED = (*CONSENT, "one_consents", "object")
REVISING = (*OBJECTED, "one_has_a_concern", "return_now")
RESTATED = (*REVISING, "restate")
AGAIN = (*RESTATED, "confirm", "revise")
SECOND_TUNING = (*AGAIN, "all_are_clear", "all_react")
SECOND_CONSENT = (*SECOND_TUNING, "ask_for_consent")
WITHOUT_ONE = (*CONSENT, "one_is_absent", "all_others_consent")

STATES: dict[str, State] = {
    "draft": State(DRAFT, "draft"),
    "questions-none": State(OPEN, "clarifying"),
    "questions-asked": State(ASKED, "clarifying"),
    "questions-answered": State(ANSWERED, "clarifying"),
    "reaction": State((*REACTION, "one_reacts"), "reaction"),
    "tuning": State(TUNING, "tuning"),
    "consent-open": State(CONSENT, "consent"),
    "consent-answered": State((*CONSENT, "one_consents", "one_has_a_concern"), "consent"),
    "consent-sealed": State((*TUNING, "ask_for_sealed_consent"), "consent"),
    "consent-sealed-answered": State((*TUNING, "ask_for_sealed_consent", "one_consents", "object"), "consent"),
    "objection": State(OBJECTED, "consent"),
    "revising": State(REVISING, "revising"),
    "revising-restated": State(RESTATED, "revising"),
    "revising-corrected": State((*RESTATED, "correct"), "revising"),
    "revising-confirmed": State((*RESTATED, "confirm"), "revising"),
    "second-questions": State(AGAIN, "clarifying"),
    "second-consent": State(SECOND_CONSENT, "consent"),
    "adopted": State((*SECOND_CONSENT, "all_consent"), "adopted"),
    "withdrawn": State((*REVISING, "withdraw"), "withdrawn"),
    "room-questions": State((*ASKED, "meet"), "clarifying"),
    "room-complete": State((*OPEN, "meet", "all_are_clear"), "clarifying", late=True),
    "room-reaction": State((*REACTION, "meet", "set_a_timebox"), "reaction"),
    "room-tuning": State((*TUNING, "meet"), "tuning"),
    "room-consent": State((*CONSENT, "meet"), "consent"),
    "room-consent-sealed": State((*TUNING, "meet", "ask_for_sealed_consent", "one_consents"), "consent"),
    "room-revising": State((*RESTATED, "meet"), "revising"),
    "room-paused": State((*REACTION, "meet", "pause"), "reaction"),
    "absent": State((*CONSENT, "one_is_absent", "one_has_a_concern"), "consent"),
    "author-absent": State((*REVISING, "author_is_absent"), "revising"),
    "asked-author-offered": State((*ASKED, "author_is_absent", "offer_authorship"), "clarifying"),
    "author-offered": State((*TUNING, "author_is_absent", "offer_authorship"), "tuning"),
    "overdue": State((*CONSENT, "one_has_a_concern"), "consent", days_ago=8),
    "overdue-author": State(REVISING, "revising", days_ago=16),
    "second-look": State(WITHOUT_ONE, "adopted"),
    "second-look-taken": State((*WITHOUT_ONE, "look_again"), "revising"),
    "long": State(RESTATED, "revising", "long-names", LONG),
    "long-second": State(SECOND_CONSENT, "consent", "long-names", LONG),
    "long-room": State((*REACTION, "meet"), "reaction", "long-names", LONG),
    "far-away": State(RESTATED, "revising", "far-away", RIGHT_TO_LEFT),
    "far-away-second": State(SECOND_CONSENT, "consent", "far-away", RIGHT_TO_LEFT),
    "far-away-room": State((*REACTION, "meet", "one_reacts"), "reaction", "far-away", RIGHT_TO_LEFT),
    "crowd": State((*OPEN, "ask"), "clarifying", "crowd"),
    "crowd-room": State((*OPEN, "meet", "crowd_comes"), "clarifying", "crowd"),
}
