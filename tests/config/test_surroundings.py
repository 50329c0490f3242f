"""What the surroundings say, and what is refused of it in production."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError

from config import environment

KEY = "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    mail = ("EMAIL_URL", "RONDO_MAIL_FROM", "RONDO_URL", "RONDO_EMAIL_VERIFICATION", "HOST", "PORT")
    for name in ("RONDO_ENV", "SECRET_KEY", "RONDO_OLD_KEYS", "RONDO_HOSTS", "DEBUG", "RONDO_DATA", *mail):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_first_start_makes_a_key_that_only_its_owner_reads(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = environment.secret_key(tmp_path, local=True)
    assert len(first) >= 50
    assert environment.secret_key(tmp_path, local=True) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_starts_at_the_same_moment_share_one_key(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: environment.secret_key(tmp_path, local=True), range(8)))
    assert len(keys) == 1
    assert keys != {""}


@pytest.mark.parametrize("weak", ["", "short", "a" * 60, "django-insecure-" + KEY])
def test_production_refuses_a_missing_or_weak_key(bare: pytest.MonkeyPatch, tmp_path: Path, weak: str) -> None:
    bare.setenv("SECRET_KEY", weak)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.secret_key(tmp_path, local=False)


@pytest.mark.parametrize("hosts", ["", "*", "rondo.example,*"])
def test_production_names_its_hosts(bare: pytest.MonkeyPatch, hosts: str) -> None:
    bare.setenv("RONDO_HOSTS", hosts)
    with pytest.raises(ImproperlyConfigured, match="RONDO_HOSTS"):
        environment.hosts(local=False)


def test_production_shows_no_secrets_to_visitors(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("DEBUG", "1")
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        environment.debug(local=False)


SMTP, CONSOLE = (f"django.core.mail.backends.{name}.EmailBackend" for name in ("smtp", "console"))


@pytest.mark.parametrize(
    ("url", "backend", "local", "way"),
    [
        ("smtp://mail.example.org", SMTP, True, "sent"),
        ("smtp://mail.example.org", SMTP, False, "sent"),
        ("", CONSOLE, True, "printed"),
        ("consolemail://", CONSOLE, False, "printed"),
        ("", CONSOLE, False, "off"),
    ],
)
def test_what_is_meant_for_one_person_is_printed_nowhere_unasked(
    bare: pytest.MonkeyPatch, url: str, backend: str, local: bool, way: str
) -> None:
    bare.setenv("EMAIL_URL", url)
    assert environment.mail_way(backend, local=local) == way


def test_nobody_is_asked_to_confirm_an_address_by_mail_that_never_comes(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("RONDO_EMAIL_VERIFICATION", "mandatory")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        environment.verification("off")
    assert environment.verification("sent") == "mandatory"


def test_production_names_the_sender_of_its_mail(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="RONDO_MAIL_FROM"):
        environment.sender("sent", local=False)
    assert environment.sender("off", local=False) == environment.sender("sent", local=True)
    bare.setenv("RONDO_MAIL_FROM", "Rondo <rondo@example.org>")
    assert environment.sender("sent", local=False) == "Rondo <rondo@example.org>"


@pytest.mark.parametrize(
    ("told", "hosts", "local", "url"),
    [
        ({}, ["rondo.example.org", "10.0.0.1"], False, "https://rondo.example.org"),
        ({"RONDO_URL": "https://decide.example.org/"}, ["rondo.example.org"], False, "https://decide.example.org"),
        ({}, ["localhost", "127.0.0.1"], True, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0", "PORT": "9000"}, ["192.168.1.20"], True, "http://192.168.1.20:9000"),
    ],
)
def test_links_in_mails_lead_to_where_rondo_is(
    bare: pytest.MonkeyPatch, told: dict[str, str], hosts: list[str], local: bool, url: str
) -> None:
    for name, value in told.items():
        bare.setenv(name, value)
    assert environment.public_url(hosts, local=local) == url


def test_surroundings_are_local_or_production(bare: pytest.MonkeyPatch) -> None:
    assert environment.which() == "local"
    bare.setenv("RONDO_ENV", "staging")
    with pytest.raises(ImproperlyConfigured, match="RONDO_ENV"):
        environment.which()


def test_a_data_folder_that_cannot_be_made_is_said_to_be_so(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bare.setenv("RONDO_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(ImproperlyConfigured, match="RONDO_DATA"):
        environment.data_folder()


def in_production(tmp_path: Path, *command: str, **told: str) -> subprocess.CompletedProcess[str]:
    """A program of the service with settings as an operator gives them, but for what is told otherwise."""
    usual = {"RONDO_ENV": "production", "SECRET_KEY": KEY, "RONDO_HOSTS": "rondo.example", "RONDO_DATA": str(tmp_path)}
    bare = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DEBUG", "DATABASE_URL", "RONDO_OWNER_URL", "REDIS_URL")
    }
    return subprocess.run(
        [sys.executable, *command],
        env=bare | usual | told, cwd=environment.BASE, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_production_passes_the_check_for_deployment(tmp_path: Path) -> None:
    checked = in_production(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


LOOKS = """
import django; django.setup()
from django.test import Client
for secure in (True, False):
    answer = Client(headers={"host": "rondo.example"}).get("/api/schema/", secure=secure)
    print(answer.status_code, answer.headers.get("Strict-Transport-Security"), answer.headers.get("Location"))
"""


@pytest.mark.parametrize(
    ("told", "said"),
    [({}, "max-age=31536000"), ({"RONDO_HSTS_SUBDOMAINS": "1"}, "max-age=31536000; includeSubDomains")],
)
def test_production_answers_by_https_alone_and_has_browsers_keep_to_it_for_a_year(
    tmp_path: Path, told: dict[str, str], said: str
) -> None:
    seen = in_production(tmp_path, "-c", LOOKS, DJANGO_SETTINGS_MODULE="config.settings", **told)
    assert seen.stdout.splitlines() == [f"200 {said} None", "301 None https://rondo.example/api/schema/"], seen.stderr


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is needed in production"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "SECRET_KEY is too weak for production"),
        ({"DEBUG": "1"}, "DEBUG shows secrets to visitors"),
        ({"RONDO_HOSTS": "*"}, "RONDO_HOSTS names the hosts"),
    ],
)
def test_the_server_does_not_start_unsafely(tmp_path: Path, unsafe: dict[str, str], named: str) -> None:
    started = in_production(tmp_path, "-m", "config.server", "--port", "0", **unsafe)
    assert started.returncode != 0
    assert named in started.stderr
    assert "listens" not in started.stdout


def test_production_asks_for_https_and_guards_its_cookies(tmp_path: Path) -> None:
    names = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"]
    names += ["SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE"]
    code = f"from config import settings as s; print(*(getattr(s, n) for n in {names}))"
    assert in_production(tmp_path, "-c", code).stdout == "True True True True Lax Lax\n"


def test_in_production_no_other_name_below_the_same_domain_can_set_a_cookie_of_ours(tmp_path: Path) -> None:
    code = "from config import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    assert in_production(tmp_path, "-c", code).stdout == "__Host-session __Host-csrftoken\n"


def test_a_password_on_the_operators_list_is_refused(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert environment.breached_passwords() == []
    (tmp_path / "list").write_text("leave at six\nharbour wall 7\n")
    bare.setenv("RONDO_BREACHED_PASSWORDS", str(tmp_path / "list"))
    validators = get_password_validators(environment.breached_passwords())
    validate_password("something of my own", password_validators=validators)
    with pytest.raises(ValidationError):
        validate_password("Harbour Wall 7", password_validators=validators)
    bare.setenv("RONDO_BREACHED_PASSWORDS", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="RONDO_BREACHED_PASSWORDS"):
        environment.breached_passwords()


def test_old_keys_are_as_strong_as_the_new_one(bare: pytest.MonkeyPatch) -> None:
    assert environment.old_keys(local=False) == []
    bare.setenv("RONDO_OLD_KEYS", f"{KEY},{KEY[::-1]}")
    assert environment.old_keys(local=False) == [KEY, KEY[::-1]]
    bare.setenv("RONDO_OLD_KEYS", f"{KEY},short")
    with pytest.raises(ImproperlyConfigured, match="RONDO_OLD_KEYS"):
        environment.old_keys(local=False)
