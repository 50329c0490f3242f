"""What the surroundings say: variables read once, and the two secrets of where and who."""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

BASE = Path(__file__).resolve().parent.parent
KEY_LENGTH = 50

env = Env()

LOCAL = "local"
PRODUCTION = "production"


def which() -> str:
    found = str(env.str("RONDO_ENV", default=LOCAL))
    if found not in (LOCAL, PRODUCTION):
        raise ImproperlyConfigured(f"RONDO_ENV is {LOCAL} or {PRODUCTION}, not {found!r}.")
    return found


def data_folder() -> Path:
    folder = Path(env.str("RONDO_DATA", default=str(BASE / "data"))).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ImproperlyConfigured(f"RONDO_DATA names {folder}, which cannot be made: {fault}") from None
    return folder


def secret_key(folder: Path, *, local: bool) -> str:
    given = env.str("SECRET_KEY", default="")
    if given:
        return strong(given, local=local)
    if not local:
        raise ImproperlyConfigured("SECRET_KEY is needed in production: 50 random characters or more.")
    return kept_key(folder / "secret_key")


def old_keys(*, local: bool) -> list[str]:
    """What signed before SECRET_KEY was changed, and is believed until it is left out here."""
    return [strong(key, local=local, named="RONDO_OLD_KEYS") for key in env.list("RONDO_OLD_KEYS", default=[])]


def strong(key: str, *, local: bool, named: str = "SECRET_KEY") -> str:
    if not local and (len(key) < KEY_LENGTH or len(set(key)) < 5 or key.startswith("django-insecure-")):
        raise ImproperlyConfigured(f"{named} is too weak for production: 50 random characters or more.")
    return key


def kept_key(path: Path) -> str:
    """Made on the first start; of several at the same moment the first one's stands, and is whole at once."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent) as file:  # for its owner alone to read
            file.write(secrets.token_urlsafe(KEY_LENGTH))
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text().strip()


def owner_of_the_tables(database: dict[str, Any]) -> dict[str, Any]:
    """As whom migrations and restoring come to the database, where its processes have an account that owns nothing."""
    if not env.str("RONDO_OWNER_URL", default=""):
        return {}
    found = dict(env.db_url("RONDO_OWNER_URL"))
    if "postgresql" not in str(found["ENGINE"]) or found["NAME"] != database["NAME"]:
        raise ImproperlyConfigured("RONDO_OWNER_URL names the PostgreSQL database of DATABASE_URL, as its owner.")
    return {part: found[part] for part in ("USER", "PASSWORD", "HOST", "PORT")}


def one_account() -> bool:
    """Whether the operator accepts that the processes come to PostgreSQL as the owner of the journal."""
    return bool(env.bool("RONDO_ONE_ACCOUNT", default=False))


def hosts(*, local: bool) -> list[str]:
    given = env.list("RONDO_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if local else [])
    if not local and (not given or "*" in given):
        raise ImproperlyConfigured("RONDO_HOSTS names the hosts that are served in production; * is not one.")
    return [str(host) for host in given]


def public_url(hosts: Sequence[str], *, local: bool) -> str:
    """Where links in mails lead that nobody's request has caused."""
    given = env.str("RONDO_URL", default="")
    if given:
        return str(given).rstrip("/")
    if not local:
        return f"https://{hosts[0]}"
    host, port = env.str("HOST", default="127.0.0.1"), env.str("PORT", default="8000")
    return f"http://{host if host in hosts else hosts[0]}:{port}"


def mail_way(backend: str, *, local: bool) -> str:
    """Sent by a server, printed on the console, or off: in production nothing meant for one person is printed."""
    if "smtp" in backend:
        return "sent"
    return "printed" if local or env.str("EMAIL_URL", default="") else "off"


def sender(way: str, *, local: bool) -> str:
    given = env.str("RONDO_MAIL_FROM", default="")
    if way == "sent" and not given and not local:
        raise ImproperlyConfigured("RONDO_MAIL_FROM names who mails come from: needed with EMAIL_URL in production.")
    return str(given or "Rondo <rondo@localhost>")


def verification(way: str) -> str:
    wanted = str(env.str("RONDO_EMAIL_VERIFICATION", default="mandatory" if way == "sent" else "none"))
    if wanted == "mandatory" and way == "off":
        raise ImproperlyConfigured("RONDO_EMAIL_VERIFICATION needs EMAIL_URL: nobody could confirm an address.")
    return wanted


def debug(*, local: bool) -> bool:
    wanted = env.bool("DEBUG", default=False)
    if wanted and not local:
        raise ImproperlyConfigured("DEBUG shows secrets to visitors: not in production.")
    return bool(wanted)


def breached_passwords() -> list[dict[str, Any]]:
    """A validator for the operator's own list, one password a line in small letters; none without it."""
    given = env.str("RONDO_BREACHED_PASSWORDS", default="")
    if given and not os.access(given, os.R_OK):
        raise ImproperlyConfigured(f"RONDO_BREACHED_PASSWORDS names {given}, which cannot be read.")
    name = "django.contrib.auth.password_validation.CommonPasswordValidator"
    return [{"NAME": name, "OPTIONS": {"password_list_path": given}}] if given else []


SSO = "sso"


def single_sign_on() -> dict[str, Any]:
    """One provider of OpenID Connect, where its address is named; else none."""
    url, client = env.str("RONDO_OIDC_URL", default=""), env.str("RONDO_OIDC_CLIENT", default="")
    if not url:
        return {}
    if not client:
        raise ImproperlyConfigured("RONDO_OIDC_URL needs RONDO_OIDC_CLIENT: as whom Rondo is known there.")
    app = {
        "provider_id": SSO,
        "name": env.str("RONDO_OIDC_NAME", default="single sign-on"),
        "client_id": client,
        "secret": env.str("RONDO_OIDC_SECRET", default=""),
        "settings": {"server_url": url},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
