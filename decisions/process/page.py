"""docs/process.md, made from the table: what a facilitator can look up and what no code can contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from . import commands as c
from . import events as e
from .refusals import CONFLICTS, FAULTS, RIGHTS
from .table import ENDS, LEADS_TO, TABLE, Rule

Doing = Mapping[type[c.Command], tuple[str, tuple[type[e.Event], ...]]]

DOES: Doing = {
    c.Open: ("Open the proposal to the circle", (e.Opened, e.RoundOpened)),
    c.AskQuestion: ("Ask a clarifying question", (e.QuestionAsked,)),
    c.TakeBackQuestion: ("Take a question back", (e.QuestionTakenBack,)),
    c.AnswerQuestion: ("Answer a question, or answer it anew", (e.QuestionAnswered,)),
    c.Clear: ("Say *clear*, or *clear, and nothing to add*", (e.Cleared,)),
    c.TakeBackClear: ("Take *clear* back", (e.ClearTakenBack,)),
    c.React: ("React, or change the reaction", (e.Reacted,)),
    c.Pass: ("Pass: nothing to add", (e.Passed,)),
    c.TakeBackReaction: ("Take a reaction or a pass back", (e.ReactionTakenBack,)),
    c.AskForConsent: ("Ask for consent to this text", (e.RoundOpened,)),
    c.Respond: (
        "Consent, consent with a concern, or object; or change what one has said",
        (e.Consented, e.ConcernRaised, e.ObjectionRaised, e.ObjectionWithdrawn, e.Responded),
    ),
    c.TakeBackResponse: ("Take a response back", (e.ResponseTakenBack,)),
    c.ReturnNow: ("Take the proposal back to its author without waiting for the others", (e.Returned,)),
    c.Revise: ("Offer the next revision, with answers to the objections", (e.Revised, e.RoundOpened)),
    c.WithdrawObjection: ("Withdraw an objection", (e.ObjectionWithdrawn,)),
    c.Restate: ("Restate an objection: *what I heard is …*", (e.ObjectionRestated,)),
    c.Confirm: (
        "Confirm a restatement, or say what is missing",
        (e.RestatementConfirmed, e.RestatementCorrected),
    ),
    c.MoveDue: ("Move the due time of the open round", (e.DueChanged,)),
    c.Withdraw: ("Withdraw the proposal", (e.Withdrawn,)),
    c.OpenRoom: ("Open a room: part of the circle meets on the proposal", (e.RoomOpened,)),
    c.CloseRoom: ("Close the room: the round goes on, each in their own time", (e.RoomClosed,)),
    c.Join: ("Come into the room", (e.Joined,)),
    c.Leave: ("Leave the room", (e.Left,)),
    c.Later: ("Say *later*: speak at the end of the round's order", (e.SaidLater,)),
    c.GiveTurn: ("Give the turn to somebody in the room", (e.TurnGiven,)),
    c.Next: ("Go on to the next round", ()),
    c.AskTimeOut: ("Ask for a time-out", (e.TimeOutAsked,)),
    c.Pause: ("Begin a time-out", (e.Paused,)),
    c.Resume: ("End the time-out", (e.Resumed,)),
    c.SetTimebox: ("Set or take away the courtesy clock of each turn", (e.TimeboxSet,)),
    c.LeadOut: ("Lead somebody who is gone out of the room", (e.LedOut,)),
    c.HandOver: ("Hand the chair over, or offer it", (e.FacilitatorChanged, e.FacilitatorOffered)),
    c.AcceptChair: ("Accept the chair", (e.FacilitatorChanged,)),
    c.TakeChair: ("Take the chair from a facilitator who is gone", (e.FacilitatorChanged,)),
    c.OpenScreen: ("Make a link that shows the decision on a screen, for a day", (e.ScreenOpened,)),
    c.CloseScreen: ("Close such a link", (e.ScreenClosed,)),
    c.MarkAbsent: ("Mark somebody absent who has not answered", (e.MarkedAbsent,)),
    c.IAmAbsent: ("Say *I am absent for now*", (e.MarkedAbsent,)),
    c.IAmHere: ("Say *I am here*", (e.ReturnedFromAbsence,)),
    c.OfferAuthorship: ("Offer the authorship of an author who is away", (e.AuthorshipOffered,)),
    c.AcceptAuthorship: ("Accept the authorship", (e.AuthorChanged,)),
    c.LookAgain: ("Object to an agreement that was made in one's absence", (e.ObjectionRaised, e.Returned)),
    c.JoinCircle: ("Become a participant, as a new member or by coming back", (e.ParticipantJoined,)),
    c.LeaveCircle: ("Leave the team by one's own choice", (e.ParticipantLeft,)),
    c.Suspend: (
        "The account of a participant is suspended, or open to them again",
        (e.ParticipantSuspended, e.ParticipantRestored),
    ),
}
"""Each command in a facilitator's words, and the entries that it may make of itself."""

TELLS: Mapping[type[e.Event], str] = {
    e.Opened: "The proposal is open to the circle: participants, policy and the first text",
    e.RoundOpened: "A round begins; who said *nothing to add* ahead has their pass in it",
    e.QuestionAsked: "A clarifying question",
    e.QuestionTakenBack: "Its asker took an unanswered question back",
    e.QuestionAnswered: "The author's answer",
    e.Cleared: "Somebody understands the proposal",
    e.ClearTakenBack: "Somebody is not clear any more",
    e.Reacted: "A quick reaction",
    e.Passed: "Somebody has nothing to add",
    e.ReactionTakenBack: "A reaction or a pass was taken back",
    e.Consented: "A consent",
    e.ConcernRaised: "A consent with a concern",
    e.ObjectionRaised: "An objection, or other words of the same one",
    e.Responded: "Somebody answered a sealed round; nobody is told what",
    e.ResponseTakenBack: "A response was taken back; an objection in it is withdrawn",
    e.ObjectionWithdrawn: "Its objector withdrew an objection",
    e.ObjectionRestated: "The author says what they heard",
    e.RestatementConfirmed: "The objector says: that is it",
    e.RestatementCorrected: "The objector says: not quite, and what is missing",
    e.RoundClosed: "A round is over; a sealed one tells everybody's last answer",
    e.Returned: "The proposal is with its author again because of an objection",
    e.Revised: "The next revision, with the author's answers to objections",
    e.Adopted: "The proposal is an agreement",
    e.Withdrawn: "The author withdrew the proposal",
    e.DueChanged: "The open round is due later",
    e.RoomOpened: "A room is open on the proposal",
    e.RoomClosed: "The room is closed; the round goes on, each in their own time",
    e.Joined: "Somebody came into the room",
    e.Left: "Somebody left the room",
    e.LedOut: "The facilitator led somebody who was gone out of the room",
    e.SaidLater: "The speaker asks to be heard at the end of the round's order",
    e.TurnGiven: "The facilitator gave somebody the turn",
    e.TimeOutAsked: "Somebody asks for a time-out",
    e.Paused: "A time-out begins; it ends by itself at this time",
    e.Resumed: "The facilitator ended the time-out",
    e.PauseEnded: "The time of the time-out is over",
    e.TimeboxSet: "Each turn has this courtesy clock; 0 seconds take it away",
    e.FacilitatorOffered: "The chair is offered to somebody, who has yet to accept",
    e.FacilitatorChanged: "Somebody else facilitates: `handed` over, `accepted`, or `taken` from one who was gone",
    e.ScreenOpened: "Somebody made a link that shows the decision on a screen to whoever holds it",
    e.ScreenClosed: "Such a link shows nothing from now on",
    e.ParticipantJoined: "Somebody is a participant from now on",
    e.ParticipantLeft: "Somebody has left and is no longer awaited",
    e.TimePassed: "A moment came on which something hangs: soon due, due, overdue, or long enough to act for others",
    e.MarkedAbsent: "The round goes on without somebody for now, by their own word or another's",
    e.ReturnedFromAbsence: "Somebody who was absent is here again, and awaited",
    e.AuthorshipOffered: "Somebody is asked to take the proposal on as its author, and has yet to accept",
    e.AuthorChanged: "Somebody else is the author from now on; the former one stays a participant",
    e.ParticipantSuspended: "A participant's account is suspended; no consent round is adopted without their answer",
    e.ParticipantRestored: "A participant's account is open to them again",
}

ARROWS: Mapping[str, str] = {
    "opened": "the author opens it",
    "round_closed": "everyone is heard",
    "round_opened": "the author asks for consent",
    "revised": "the author revises",
    "adopted": "everyone consents",
    "returned": "an objection stands",
    "withdrawn": "the author withdraws it",
}
"""What leads from phase to phase, in words."""

HEAD = """\
# The process, step by step

This page is made from the code that runs every decision (`python3 manage.py process_page`), and a test checks that
it still says what the code does. Nobody can do anything to a proposal that does not stand here.

A **participant** is a member of the team whose voice the decision needs; the **author** is one of them.
The **facilitator** is a participant too if they are a member, and decides for nobody. Silence is never consent.
"""

ROUNDS = """\
## When a round is over

| round | heard is who | it closes when |
|---|---|---|
| clarifying | has said *clear*, and asked nothing since | everybody but the author is heard or absent |
| reaction | has reacted or passed | everybody is heard or absent |
| consent | has consented, raised a concern or objected | everybody has responded or is absent, and enough have |

A round closes by itself at that very moment, before or after its due time; no time closes it. While a room is open in
which somebody besides the facilitator is present, a complete clarifying or reaction round waits for *next*; during a
time-out no round closes.
**Any objection sends the proposal back to its author; where there is none, it is adopted.** Nothing is adopted with
fewer than two voices. Until a round closes, everybody may change or take back what they gave. In a *sealed* round the
others learn only that somebody has answered, and when it closes, what each has answered last.
"""

ABSENCE = """\
## Who is away

Nothing closes by silence. When the due time has passed, somebody who was awaited for 24 hours can be marked absent, and
the round goes on without them. Anybody can say so of themselves, at any time. Whatever the absent do undoes it.
Absence overrides nothing: in a consent round whoever has an unresolved objection is awaited again, for the team's time
for objectors at least. With somebody absent, and in a sealed round, a proposal is adopted only if two voices, and more
than half of those who were there when the round opened, have answered. Who was absent at an adoption can object within
the team's time for a *second look*, and that sends the agreement back.

Nobody is indispensable. A round is *overdue* three days after its due time, *next* after a day, tuning and revising
after 14 days. While something is overdue, or the facilitator has left or is absent, any participant can mark absent,
say *next*, close the room or take the chair, and neither room nor time-out holds a round open. The text of an author
who has left, is absent or is overdue can be offered to another participant.
"""

THE_ROOM = """\
## In the room

Whoever has joined the room and not left it is *present*, and gives a first contribution in a round only on their turn.
Those who are not present answer the same round in their own time; who leaves may answer at once.

Those present speak in the order in which they joined. From round to round the direction alternates and the next seat
is first, the author aside; the author speaks last in reaction and consent. Who joins during a round speaks at its end,
and so does who is awaited again while somebody else has the turn. The turn moves on when the speaker is heard, says
*later*, leaves, or when the facilitator gives it to somebody else. In a sealed round all answer together.

During a time-out those present give no first contribution. A timebox cuts nothing off. The room lasts over rounds and
revisions and closes with the decision.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = (HEAD, _phases(), ROUNDS, ABSENCE, THE_ROOM, _commands(), _refusals(), _entries())
    return "\n".join(parts) + "\n"


# ── phases ───────────────────────────────────────────────────────────────────────────────────────────────────


def _arrows() -> Iterable[tuple[str, str, str]]:
    for phase, ways in LEADS_TO.items():
        yield from ((phase, ARROWS[event], to) for event, to in ways.items())


def _phases() -> str:
    chart = [f"    {start} --> {end}: {word}" for start, word, end in _arrows()]
    lines = [f"{start:<10} ── {word + ' ':─<30}▶ {end}" for start, word, end in _arrows()]
    first = next(iter(LEADS_TO))
    return "\n".join(
        (
            "## The phases",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {first}",
            *chart,
            *(f"    {end} --> [*]" for end in ENDS),
            "```",
            "",
            "The same in plain text:",
            "",
            "```",
            *lines,
            "```",
            "",
        )
    )


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────


def _commands() -> str:
    head = (
        "## Who may do what, and when",
        "",
        "Each row is one thing that one person may do. *Name* is what the interface calls it in `may`; the right comes"
        " first, then where the proposal stands, then what was written. After each the open round is judged, and the"
        " entries that follow by themselves (`round_closed`, `round_opened`, `returned`, `adopted`) come with it. The"
        " same again is accepted and makes no entry, except in a sealed round, where its absence would tell.",
        "",
    )
    rows = [_command(command, rule) for command, rule in TABLE.items()]
    return "\n".join((*head, *_table(("what", "name", "who", "where", "when", "with", "entries"), rows), ""))


def _command(command: type[c.Command], rule: Rule) -> tuple[str, ...]:
    words, events = DOES[command]
    return (
        words,
        f"`{rule.name}`" if rule.offered else "",
        _all(rule.who, rule.whose) or "the person themselves",
        ", ".join(rule.where),
        _all(*rule.where.values(), but=rule.whose),
        _all(rule.whom, rule.what, but=(*rule.who, *(check for when in rule.where.values() for check in when))),
        ", ".join(f"`{event.name}`" for event in events),
    )


def _all(*checks: Iterable[Callable[..., Any]], but: Iterable[Callable[..., Any]] = ()) -> str:
    """The rules in words, each once: a guard's docstring says what it asks for."""
    told = {check.__doc__ or "" for check in but}
    words = dict.fromkeys(check.__doc__ or "" for group in checks for check in group)
    return "; ".join(word for word in words if word not in told)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────


def _refusals() -> str:
    groups = (
        ("A right is missing (HTTP 403)", RIGHTS),
        ("The process refuses it now (HTTP 409)", CONFLICTS),
        ("Something is missing in what was written (HTTP 400, by field)", FAULTS),
    )
    parts = [
        "## Why something is refused",
        "",
        "A refused command changes nothing and says which rule refused it. Where several would, the first is told:"
        " the right, then the moment, then the circumstances, then the content.",
        "",
    ]
    for title, codes in groups:
        rows = [(f"`{code}`", words) for code, words in codes.items()]
        parts += [f"### {title}", "", *_table(("code", "words"), rows), ""]
    return "\n".join(parts)


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────


def _entries() -> str:
    head = (
        "## What the journal tells",
        "",
        "Every entry also has its number, its time and who gave the command. *Personal* fields are what people wrote:"
        " the chain holds a salted commitment of each, and the words stand beside it, so that they can be erased while"
        " the chain still verifies. What is marked *told to nobody* shows in no form to anybody but its giver.",
        "",
    )
    rows = [(f"`{cls.name}`", TELLS[cls], _fields(cls), _personal(cls)) for cls in e.EVENTS.values()]
    return "\n".join((*head, *_table(("entry", "says", "fields", "personal"), rows)))


def _fields(cls: type[e.Event]) -> str:
    return ", ".join(f"`{f.name}`" for f in fields(cls) if f.name not in ("at", "by"))


def _personal(cls: type[e.Event]) -> str:
    return ", ".join(f"`{path}`" + (" (told to nobody)" if path in cls.untold else "") for path in cls.personal)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
