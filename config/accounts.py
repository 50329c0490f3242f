"""What the account library answers below `_allauth/`, read when it is first asked for: passkeys alone take a tenth of
the time in which a server starts."""

from allauth.socialaccount.providers.openid_connect.views import callback as single_sign_on
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("allauth.headless.urls")),
    # Where a provider of single sign-on sends people back to.
    path("oidc/<str:provider_id>/login/callback/", single_sign_on, name="openid_connect_callback"),
]
