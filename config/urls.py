"""Which address leads where."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.urls.resolvers import RoutePattern

from config import health, live, pages, site

handler400 = "conventions.last_resort.bad_request"
handler403 = "conventions.last_resort.permission_denied"
handler404 = "conventions.last_resort.not_found"
handler500 = "conventions.last_resort.server_error"


def read_when_asked(route: str, addresses: str) -> URLResolver:
    """The addresses of a module that is read when somebody first asks for one of them."""
    return URLResolver(RoutePattern(route), addresses)


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
    read_when_asked("api/", "config.docs"),
    re_path(r"^api(?:/|$)", pages.no_such_address),
    # Nobody here has a telephone number, and what the library has for them would stumble over that.
    re_path(r"^_allauth/.*/phone(?:/|$)", pages.no_such_address),
    # Whoever holds what the provider has signed for somebody would be them: here counts what this browser asked for.
    re_path(r"^_allauth/.*/provider/token(?:/|$)", pages.no_such_address),
    read_when_asked("_allauth/", "config.accounts"),
    re_path(r"^(?:_allauth|static|ws)(?:/|$)", pages.no_such_address),
    re_path(r"^", pages.index),
]
