"""Whatever is sent, the answer is clear, never a fault of ours, and a refusal changes nothing."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.models import Account, Invitation, Membership, Team
from tests.conftest import Client

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=90)
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
FIELDS = ["name", "aim", "policy", "role", "email", "max_uses", "days", "sealed", "quorum_percent", "facilitator"]
BODIES = st.dictionaries(st.sampled_from(FIELDS), ANYTHING | st.just("member") | st.just("Harbour"), max_size=5)
CALLS = [
    ("post", "teams/"),
    ("patch", "teams/harbour/"),
    ("post", "teams/harbour/invitations/"),
    ("patch", "teams/harbour/members/{pia}/"),
    ("post", "me/tokens/"),
    ("patch", "me/"),
]


def everything() -> list[Any]:
    teams = list(Team.objects.order_by("pk").values())
    return [*teams, *Membership.objects.order_by("pk").values(), Invitation.objects.count()]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=st.sampled_from(CALLS), body=BODIES)
def test_any_json_gets_a_clear_answer(
    team: Team, fay: Account, pia: Account, browser: Client, call: tuple[str, str], body: dict[str, Any]
) -> None:
    method, path = call
    before = everything()
    answer = getattr(browser(fay), method)(f"/api/v1/{path.format(pia=pia.pk)}", body)
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert everything() == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=60))
def test_any_bytes_get_a_clear_answer(fay: Account, browser: Client, raw: bytes) -> None:
    answer = browser(fay).post("/api/v1/teams/", data=raw, content_type="application/json")
    assert answer.status_code == 400
    assert not Team.objects.exists()
