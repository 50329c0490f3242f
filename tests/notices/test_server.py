"""The server as it is started delivers what it and the operator's commands leave in the outbox."""

import httpx

from tests.notices import sink as sinks
from tests.story.rondo import serving


def test_a_running_server_mails_what_its_commands_and_its_people_cause() -> None:
    with sinks.running() as sink, serving(1, {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}) as rondo:
        token = rondo.manage("access_token", "fay@example.org", "--create", "Fay Ferreira")
        sink.wait_for(1)
        told = sink.received[0].mail
        assert (told["To"], told["Subject"]) == ("fay@example.org", "An access token was made for your account")

        steward = httpx.Client(base_url=f"{rondo.url(0)}/api/v1/", headers={"Authorization": f"Bearer {token}"})
        with steward:
            steward.post("teams/", json={"name": "Harbour"}).raise_for_status()
            answer = steward.post("teams/harbour/invitations/", json={"email": "max@example.org"})
        assert (answer.status_code, answer.json()["mail"]) == (201, "waiting")
        sink.wait_for(2)
        body = sink.received[1].mail.get_body(("plain",))
        assert body is not None
        assert answer.json()["url"] in body.get_content()
        assert answer.json()["url"].startswith(rondo.url(0))
        assert "0 waiting, 2 sent, 0 printed, 0 dead" in rondo.manage("mails")
        assert rondo.complaints() == ""
