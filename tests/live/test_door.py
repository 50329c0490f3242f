"""The door: a token by itself, or a session from a page of our own."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import override_settings

from decisions.live.door import from_our_pages
from teams import watch
from tests.live.served import live

pytestmark = pytest.mark.asyncio


async def test_without_credentials_the_socket_closes_with_4401() -> None:
    async with live() as it:
        client = await it.open(headers={"Origin": it.origin})
        assert await client.closed() == 4401
        assert not it.switchboard.guests


async def test_an_unknown_token_closes_with_4401() -> None:
    async with live() as it:
        assert await (await it.open("nobody")).closed() == 4401


async def test_a_session_from_our_own_page_is_let_in() -> None:
    async with live() as it:
        client = await it.open(headers={"Origin": it.origin, "Cookie": "a=b; sessionid=max-session"})
        assert (await client.subscribe("me"))["type"] == "subscribed"


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://evil.example", "http://a.127.0.0.1", "http://127.0.0.1:1", "https://127.0.0.1:{port}"],
    ids=["none", "null", "other", "sub-domain", "other port", "other scheme"],
)
async def test_a_session_from_elsewhere_is_refused_with_4403(origin: str | None) -> None:
    async with live() as it:
        given = {"Origin": origin.format(port=it.server.port)} if origin else {}
        client = await it.open(headers={"Cookie": "sessionid=max-session", **given})
        assert await client.closed() == 4403
        assert not it.switchboard.guests


async def test_a_token_needs_no_origin() -> None:
    async with live() as it:
        client = await it.open("max-token", headers={"Origin": "http://evil.example"})
        assert (await client.subscribe("me"))["type"] == "subscribed"


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "ours"),
    [
        ("https://rondo.example", "rondo.example", "https", True),
        ("https://rondo.example:443", "rondo.example", "https", True),
        ("https://RONDO.example", "rondo.example", "https", True),
        ("http://rondo.example", "rondo.example", "https", False),
        ("https://rondo.example", "elsewhere.example", "https", False),
        ("https://elsewhere.example", "elsewhere.example", "https", False),
        ("https://rondo.example.evil.example", "rondo.example", "https", False),
        ("https://rondo.example/", "rondo.example", "https", False),
        ("https://trusted.example", "rondo.example", "https", True),
        ("https://rondo.example:x", "rondo.example", "https", False),
    ],
)
async def test_an_origin_is_ours_when_scheme_host_and_port_are(origin: str, host: str, scheme: str, ours: bool) -> None:
    with override_settings(ALLOWED_HOSTS=["rondo.example"], CSRF_TRUSTED_ORIGINS=["https://trusted.example"]):
        assert from_our_pages(origin, host, scheme) is ours


async def test_what_is_turned_away_is_in_the_log_once_a_minute_with_where_from_and_without_what_was_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "rondo.security")
    monkeypatch.setattr(watch, "_counted", watch.Counted())
    async with live() as it:
        for _ in range(2):
            assert await (await it.open("not-a-token")).closed() == 4401
        assert await (await it.open(headers={"Cookie": "sessionid=max-session"})).closed() == 4403
        client = await it.open("max-token")
        assert (await client.subscribe("proposal:0000"))["code"] == "not_found"
    told = [record.getMessage() for record in caplog.records if record.name == "rondo.security"]
    assert told == [
        "socket_refused account=- ip=127.0.0.1 code=not_signed_in times=1",
        "socket_refused account=- ip=127.0.0.1 code=foreign_origin times=1",
        "socket_refused account=max ip=127.0.0.1 code=not_found times=1",
    ]


@override_settings(REST_FRAMEWORK={**settings.REST_FRAMEWORK, "NUM_PROXIES": 1})
async def test_behind_a_proxy_a_socket_comes_from_where_the_proxy_says(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "rondo.security")
    monkeypatch.setattr(watch, "_counted", watch.Counted())
    async with live() as it:
        forwarded = {"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}
        assert await (await it.open("not-a-token", headers=forwarded)).closed() == 4401
    assert "ip=192.0.2.7" in caplog.text
