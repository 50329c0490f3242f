"""Single sign-on by OpenID Connect, where the operator has set it up: who comes from there, and by which name."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from conventions import language, problems
from conventions.fields import Line
from conventions.transactions import writing
from teams.models import Account
from teams.signup import NAME_LENGTH, is_first

PROVIDER = "openid_connect"


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """What the provider tells of a person counts only where its token is about the same one."""
        told = sociallogin.account.extra_data
        if told.get("userinfo", {}).get("sub") != told.get("id_token", {}).get("sub"):
            raise OAuth2Error  # the token is about somebody else

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Account:
        account: Account = super().populate_user(request, sociallogin, data)
        account.name, account.language = name_among(data), language.current()
        return account

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Account:
        with writing():
            sociallogin.user.is_site_admin = is_first()
            account: Account = super().save_user(request, sociallogin, form)
        return account


def name_among(data: dict[str, Any]) -> str:
    """The first of these that can be a name here."""
    parts = " ".join(str(data.get(part) or "") for part in ("first_name", "last_name"))
    address = str(data.get("email") or "").partition("@")[0]
    for found in (data.get("name"), parts, data.get("username"), address):
        try:
            return str(Line(NAME_LENGTH).run_validation(found))
        except ValidationError:
            continue
    return _("Somebody")


def offered(request: HttpRequest) -> str | None:
    """What the provider is called; None where there is none."""
    apps = get_adapter().list_apps(request, provider=PROVIDER)
    return str(apps[0].name) if apps else None


def way_there(request: HttpRequest, back: str) -> str:
    """The provider's address at which somebody signs in; from there they come back to a page of ours."""
    try:
        provider = get_adapter().get_provider(request, PROVIDER)
    except SocialApp.DoesNotExist:
        raise problems.not_found() from None
    return str(provider.redirect(request, "login", next_url=back, headless=True).url)
