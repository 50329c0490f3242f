"""Which address leads where."""

from allauth.socialaccount.providers.openid_connect.views import callback as single_sign_on
from django.urls import URLPattern, URLResolver, include, path, re_path

from config import docs, health, live, pages, site

handler400 = "conventions.last_resort.bad_request"
handler403 = "conventions.last_resort.permission_denied"
handler404 = "conventions.last_resort.not_found"
handler500 = "conventions.last_resort.server_error"

# What is asked most stands first: each address is tried in turn.
api: list[URLPattern | URLResolver] = [
    *(path("", include(f"{app}.api.urls")) for app in ("decisions", "meetings", "teams", "trying")),
    path("live/me/", live.LiveMe.as_view()),
    path("live/proposal:<str:id>/", live.LiveProposal.as_view()),
    path("live/meeting:<str:id>/", live.LiveMeeting.as_view()),
    path("site/", site.Overview.as_view()),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/v1/", include(api)),
    path("api/schema/", docs.Schema.as_view(), name="schema"),
    path("api/docs/", docs.Pages.as_view(url_name="schema"), name="docs"),
    re_path(r"^api(?:/|$)", pages.no_such_address),
    # Nobody here has a telephone number, and what the library has for them would stumble over that.
    re_path(r"^_allauth/.*/phone(?:/|$)", pages.no_such_address),
    # Whoever holds what the provider has signed for somebody would be them: here counts what this browser asked for.
    re_path(r"^_allauth/.*/provider/token(?:/|$)", pages.no_such_address),
    path("_allauth/", include("allauth.headless.urls")),
    # Where a provider of single sign-on sends people back to.
    path("_allauth/oidc/<str:provider_id>/login/callback/", single_sign_on, name="openid_connect_callback"),
    re_path(r"^(?:_allauth|static|ws)(?:/|$)", pages.no_such_address),
    re_path(r"^", pages.index),
]
