"""Ways in which somebody might try to let themselves in, speak for others or alter what was said: none of them works.

What the matrix says of single calls is not repeated here; these are attempts over several steps, or beside the calls.
"""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.db import transaction
from rest_framework.test import APIClient

from conventions import clock
from decisions import models, timer
from teams import flows
from teams.models import Account

from .addresses import all_of
from .matrix import EVERYTHING, Row
from .meeting import plan
from .test_matrix import filled, rows_now, told
from .world import CIRCLE, STEPS, World, brought_to, browser, found

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("config", "conventions", "notices", "teams", "decisions", "meetings", "trying")
AUTH = "_allauth/browser/v1/"
CONSENT = {"kind": "consent"}


@pytest.fixture
def consent(db: None) -> World:
    """A consent round with one objection, restated, and a meeting on it planned; one member removed, one gone, one
    suspended."""
    return planned("consent")


def planned(phase: str) -> World:
    world = brought_to(phase)
    plan(world)
    return world


@pytest.fixture
def whole(db: None) -> World:
    """The circle, all of it there, in a consent round in which nobody has answered."""
    world = found()
    draft = {"title": "Leave at six", "driver": "The tide.", "body": "At six."}
    world.names["id"] = world.does("author", "POST", f"teams/{world.team.slug}/proposals/", draft)["id"]
    for step in STEPS[:4]:
        step(world)
        world.look()
    return world


def asked(world: World, role: str, row: Row) -> Any:
    """A call of the matrix, by this person."""
    return world.ask(role, row.method, filled(row.address, world.names), filled(row.body, world.names))


def phase(world: World) -> str:
    return str(world.snapshot["phase"])


# Nobody answers for another, and nobody's words are altered


def words_of_others(world: World, actor: str) -> dict[str, Any]:
    """What everybody but this person has said, as the rows hold it; an author's answers apart."""
    proposal, mine = world.names["id"], world.people[actor].pk
    questions = models.Question.objects.filter(round__proposal=proposal).exclude(by=mine)
    reactions = models.Reaction.objects.filter(round__proposal=proposal).exclude(by=mine)
    responses = models.Response.objects.filter(round__proposal=proposal).exclude(by=mine)
    objections = models.Objection.objects.filter(proposal=proposal).exclude(by=mine)
    return {
        "questions": list(questions.order_by("pk").values_list("pk", "by", "text")),
        "reactions": list(reactions.order_by("pk").values_list("pk", "by", "text")),
        "responses": list(responses.order_by("pk").values_list("pk", "by", "kind", "text", "suggestion", "round")),
        "objections": list(objections.order_by("pk").values_list("pk", "by", "reason", "suggestion", "revision")),
        "settled": [one.pk for one in objections if one.status in ("withdrawn", "resolved")],
    }


@pytest.mark.parametrize("at", ["consent", "revising"])
def test_whatever_somebody_does_the_words_and_objections_of_others_stay(db: None, at: str) -> None:
    world = planned(at)
    done = 0
    for row in EVERYTHING:
        for actor in ("steward", "facilitator", "author", "participant", "removed"):
            if row.method == "GET" or row.expected_beside(actor, at) != "ok":
                continue
            before = words_of_others(world, actor)
            with transaction.atomic():
                asked(world, actor, row)
                assert words_of_others(world, actor) == before, (row.call, actor)
                transaction.set_rollback(True)
            done += 1
    assert done > 30


def test_a_restatement_stands_beside_the_objection_and_not_in_its_place(consent: World) -> None:
    (objection,) = consent.snapshot["objections"].values()
    assert (objection["reason"], objection["restatement"]) == ("It is dark at six.", "You fear the dark.")


def test_one_person_has_one_answer_however_many_browsers_and_scripts_they_have(consent: World) -> None:
    consent.clients["again"] = browser(consent.people["participant"])
    for door in ("participant", "again", "token"):
        consent.in_round(door, "PUT", "response/", CONSENT)
    given = [one["by"] for one in consent.snapshot["responses"].values()]
    assert given.count(consent.people["participant"].pk) == 1


def test_an_entry_is_dated_and_numbered_by_the_server_whatever_is_sent(consent: World) -> None:
    seq, began = consent.snapshot["seq"], clock.rfc3339(clock.now())
    long_ago = "2020-01-01T00:00:00Z"
    lies = {"at": long_ago, "recorded_at": long_ago, "seq": 1, "hash": "0" * 64, "via": None}
    entry = consent.in_round("token", "PUT", "response/", CONSENT | lies)["entries"][0]
    assert entry["seq"] == seq + 1
    assert began <= entry["at"] <= clock.rfc3339(clock.now())
    assert entry["via"] == "token:holder"


# Nobody gets somebody out of the way


def test_removing_who_is_silent_finishes_nothing(whole: World) -> None:
    for role in CIRCLE:
        if role != "participant":
            whole.in_round(role, "PUT", "response/", CONSENT)
    flows.remove(whole.people["steward"], whole.team, whole.people["participant"].pk)
    assert phase(whole) == "consent"
    whole.in_round("participant", "PUT", "response/", {"kind": "objection", "text": "Nobody asked me."})
    assert phase(whole) == "revising"


def test_removing_who_objects_or_making_them_an_observer_removes_no_objection(consent: World) -> None:
    people = consent.people
    flows.remove(people["steward"], consent.team, people["objector"].pk)
    (objection,) = consent.snapshot["objections"].values()
    assert objection["status"] == "standing"
    consent.does("objector", "POST", f"objections/{consent.names['objection']}/confirm/")


def test_nothing_is_adopted_while_somebody_suspended_is_unheard(consent: World) -> None:
    consent.does("objector", "POST", f"objections/{consent.names['objection']}/withdraw/")
    for role in CIRCLE:
        if role not in ("suspended", "left"):
            consent.in_round(role, "PUT", "response/", CONSENT)
    assert phase(consent) == "consent"


def test_no_due_time_comes_nearer_by_any_way(consent: World) -> None:
    due = consent.snapshot["round"]["due_at"]
    for role in ("facilitator", "author"):
        sooner = {"due_at": clock.rfc3339(clock.now() + timedelta(hours=25))}
        assert told(consent.ask(role, "POST", f"proposals/{consent.names['id']}/due/", sooner)) == "due_only_later"
    consent.does("steward", "PATCH", f"teams/{consent.team.slug}/", {"policy": {"due_days": 1}})
    assert consent.snapshot["round"]["due_at"] == due


def test_time_alone_makes_nobody_heard_and_adopts_nothing(whole: World) -> None:
    for role in CIRCLE:
        if role != "participant":
            whole.in_round(role, "PUT", "response/", CONSENT)
    with clock.frozen(clock.now() + timedelta(days=400)):
        timer.once()
        now = models.Proposal.objects.get(pk=whole.names["id"])
    assert now.phase == "consent"
    assert whole.snapshot["participants"][whole.people["participant"].pk]["awaited"]


def test_a_turn_given_to_another_makes_nobody_heard(db: None) -> None:
    world = brought_to("meeting")
    world.on_it("facilitator", "room/turn/", {"to": world.people["objector"].pk})
    answer = world.ask("facilitator", "POST", f"proposals/{world.names['id']}/room/next/")
    assert told(answer) == "round_incomplete"
    assert world.people["participant"].pk in answer.json()["waiting_for"]


# Nobody changes what was consented to


def test_a_text_that_is_being_decided_on_changes_by_a_new_revision_alone(consent: World) -> None:
    before = consent.snapshot["revisions"]
    for change in ({"title": "Leave at 6"}, {"body": "All boats leave at six"}, {"driver": ""}, {"review_on": None}):
        assert told(consent.ask("author", "PATCH", f"proposals/{consent.names['id']}/", change)) == "wrong_phase"
    assert consent.snapshot["revisions"] == before


def test_a_consent_counts_for_the_text_that_it_was_given_to_and_for_no_other(consent: World) -> None:
    consent.in_round("participant", "PUT", "response/", CONSENT)
    old = consent.names["round"]
    consent.on_it("facilitator", "return/")
    answers = {consent.names["objection"]: "We take lamps."}
    consent.on_it("author", "revisions/", {"body": "All boats leave at six, with lamps.", "answers": answers})
    now = consent.snapshot
    assert now["phase"] == "clarifying"
    assert {one["round"] for one in now["responses"].values()} == {old}
    assert not any(one["heard"] for who, one in now["participants"].items() if who != now["author"])
    assert told(consent.ask("participant", "PUT", f"rounds/{old}/response/", CONSENT)) == "round_closed"


def test_an_answer_to_an_objection_does_not_settle_it_for_its_objector(whole: World) -> None:
    whole.in_round("objector", "PUT", "response/", {"kind": "objection", "text": "It is dark."})
    whole.look()
    whole.on_it("facilitator", "return/")
    first = whole.names["objection"]
    whole.on_it("author", "revisions/", {"body": "At six, with lamps.", "answers": {first: "We take lamps."}})
    whole.look()
    for role in CIRCLE:
        if role != "author":
            whole.in_round(role, "POST", "clear/", {"nothing_to_add": True})
    whole.look()
    whole.in_round("author", "POST", "pass/")
    whole.on_it("author", "ask-for-consent/")
    whole.look()
    for role in CIRCLE:
        if role != "objector":
            whole.in_round(role, "PUT", "response/", CONSENT)
    assert (phase(whole), whole.snapshot["objections"][first]["status"]) == ("consent", "answered")
    whole.in_round("objector", "PUT", "response/", {"kind": "objection", "text": "Lamps go out."})
    assert phase(whole) == "revising"


# No right switches off a rule, and no door stands beside the door


def test_a_member_who_is_an_administrator_may_do_what_a_member_may(consent: World) -> None:
    Account.objects.filter(pk=consent.people["participant"].pk).update(is_superuser=True)
    before = rows_now()
    for row in EVERYTHING:
        expected = row.expected_beside("participant", "consent")
        if row.method != "GET" and expected not in ("ok", "late"):
            answer = asked(consent, "participant", row)
            assert told(answer) == expected, row.call
    assert rows_now() == before


def test_a_request_gives_itself_no_rights(consent: World) -> None:
    rights = {"is_superuser": True, "is_active": True, "is_site_admin": True, "guest": True, "role": "steward"}
    more = {"id": "0" * 16, **rights}
    observer = Account.objects.filter(pk=consent.people["observer"].pk)
    before = observer.values("pk", "is_superuser", "is_active", "is_site_admin", "guest").get()
    consent.does("observer", "PATCH", "me/", {"name": "Obi Okafor", **more})
    assert observer.values("pk", "is_superuser", "is_active", "is_site_admin", "guest").get() == before
    consent.does("outsider", "POST", f"invitations/{consent.names['invited']}/accept/", more)
    members = consent.does("steward", "GET", f"teams/{consent.team.slug}/")["members"]
    assert {one["role"] for one in members if one["id"] == consent.people["outsider"].pk} == {"member"}
    wanted = {"email": "y@example.org", "role": "steward"}
    assert consent.ask("steward", "POST", f"teams/{consent.team.slug}/invitations/", wanted).status_code == 400


ANOTHER_CHALLENGE_EACH_TIME = {"_allauth/browser/v1/auth/webauthn/login"}


def test_a_token_is_nobody_where_people_sign_in_and_change_their_password(consent: World) -> None:
    before = rows_but_mail()
    for address, view in all_of():
        if not address.startswith(AUTH) or "phone" in address:
            continue
        known = getattr(view, "view_class", None)
        for method in ("get", "post", "put", "patch", "delete"):
            if hasattr(known, method):
                bodies = {"current_password": "", "new_password": "over-the-harbour-wall", "email": "x@example.org"}
                by_token, by_nobody = (
                    client.generic(method.upper(), f"/{address}", data=_json(bodies), content_type="application/json")
                    for client in (consent.clients["token"], consent.clients["anonymous"])
                )
                assert by_token.status_code == by_nobody.status_code, (method, address)
                if address not in ANOTHER_CHALLENGE_EACH_TIME:
                    assert by_token.content == by_nobody.content, (method, address)
    assert rows_but_mail() == before


def rows_but_mail() -> dict[str, Any]:
    """Whoever asks for a way in is written to, account or not."""
    return {table: rows for table, rows in rows_now().items() if table != "notices_mail"}


def _json(value: dict[str, str]) -> str:
    return str(value).replace("'", '"')


def test_no_page_of_somebody_elses_makes_a_browser_speak(consent: World) -> None:
    """A browser sends its cookie from any page: without the page's own token nothing is done."""
    client = APIClient(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(consent.people["participant"])
    consent.clients["lured"] = client
    before = rows_now()
    for row in EVERYTHING:
        if row.method != "GET":
            answer = asked(consent, "lured", row)
            assert told(answer) == "csrf_failed", row.call
    client.get("/home")
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value, "Origin": "https://evil.example"}
    answer = client.post("/api/v1/teams/", {"name": "Lured"}, headers=headers)
    assert told(answer) == "csrf_failed"
    assert rows_now() == before


def test_no_request_says_where_links_lead(consent: World) -> None:
    address = f"/api/v1/teams/{consent.team.slug}/invitations/"
    client = consent.clients["steward"]
    assert client.post(address, {"role": "member"}, headers={"Host": "evil.example"}).status_code == 400
    told_otherwise = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = client.post(address, {"role": "member"}, headers=told_otherwise)
    assert answer.json()["url"].startswith("http://testserver/join/")


def test_what_somebody_signed_in_is_told_is_kept_by_nobody_on_the_way(consent: World) -> None:
    paths = ["/api/v1/" + filled(row.address, consent.names) for row in EVERYTHING if row.method == "GET"]
    assert {f"/api/v1/meetings/{consent.names['meeting']}/{tail}" for tail in ("minutes/", "calendar.ics")} <= {*paths}
    for path in (*paths, f"/{AUTH}auth/session", f"/{AUTH}account/email"):
        kept = consent.clients["steward"].get(path).headers.get("Cache-Control", "")
        assert "no-store" in kept or "private" in kept, (path, kept)


# What the house does not have


def calls(path: Path) -> set[str]:
    """The names of everything that a module calls."""
    found = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {getattr(one, "attr", getattr(one, "id", "")) for one in found}


def modules() -> list[Path]:
    found = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def test_nothing_signs_anybody_in_or_sets_a_password_but_the_library_and_the_making_of_an_account() -> None:
    doors = {"login", "force_login", "perform_login", "alogin", "set_password", "make_password"}
    using = {str(path.relative_to(ROOT)) for path in modules() if calls(path) & doors}
    # The demo is refused in production; a guest who tries Rondo out has an account for that alone.
    # Where an address has an account already, signing up makes a password ready that is kept nowhere.
    assert using <= {"teams/models.py", "decisions/demo/people.py", "trying/api/views.py", "teams/signup.py"}


def test_nothing_marks_text_as_safe_or_writes_its_own_sql_but_where_it_was_looked_at() -> None:
    telling = {"mark_safe", "format_html", "raw", "extra", "RawSQL", "csrf_exempt", "eval", "exec", "loads_pickle"}
    using = {str(path.relative_to(ROOT)) for path in modules() if calls(path) & telling}
    assert using <= {"decisions/lists.py"}  # the index over texts: a constant, and the word as its parameter
    cursors = {str(path.relative_to(ROOT)) for path in modules() if "cursor" in calls(path)}
    looked_at = {"config/health.py", "config/site.py", "conventions/idempotency.py", "decisions/store.py"}
    looked_at |= {"teams/signup.py", "trying/visits.py"}  # a lock of PostgreSQL, with a number of our own
    # Statements by the fields of our models, with values as parameters; and constants.
    looked_at |= {"conventions/prepared.py", "decisions/textindex.py"}
    looked_at |= {"conventions/sqlite/base.py", "conventions/postgresql/base.py"}  # hand cursors out, and ask nothing
    looked_at |= {"conventions/backups.py"}  # ends who holds up a restoration: a constant, and our own name
    # Rights by names of our own tables and the account of the surroundings, quoted; a function of ours with an id.
    looked_at |= {"decisions/rights.py", "decisions/played.py"}
    assert cursors <= looked_at


def test_no_command_of_the_operators_acts_in_a_decision() -> None:
    ours = {name for name, app in get_commands().items() if str(app) in PRODUCT}
    looked_at = {"access_token", "administrator", "clear_kept_answers", "export_journal", "mails", "verify_journal"}
    looked_at |= {"demo", "demo_meeting", "process_page"}  # for looking around and for working on it
    looked_at |= {"migrate", "backup", "restore", "restored"}  # the database as a whole; everybody is told what is gone
    assert ours <= looked_at, "What does it do to a decision, and in whose name? Then add it here."


def test_there_is_no_administrators_site() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    assert "django.contrib.admin" not in settings
    assert not [address for address, _ in all_of() if re.search(r"\badmin\b", address)]
