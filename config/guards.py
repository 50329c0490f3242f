"""What browsers are told to keep the pages from, in the head of every answer."""

from functools import cached_property
from typing import Any
from wsgiref.headers import Headers

from csp.constants import HEADER, NONE, SELF
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        # Only what comes through one of these two becomes HTML: frontend/src/markup.ts, and Svelte's templates.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["rondo-markup", "svelte-trusted-html"],
    }
}

# What the pages use: copying a link, passkeys, and a room's screen that fills the wall and stays on.
USED = (
    "clipboard-write",
    "fullscreen",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
)
# What browsers know and the pages have no use for. Of one that a browser does not know it complains in its console.
UNUSED = (
    "accelerometer",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY: dict[str, list[str]] = {**{name: [] for name in UNUSED}, **{name: ["self"] for name in USED}}

# How django-csp marks an answer with a policy of its own.
OWN_POLICY = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class Guarded(CSPMiddleware):
    """Puts the policy together once: hardly an answer has one of its own."""

    @cached_property
    def _usual(self) -> str:
        return build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """No page of ours has a nonce, and one that is ready to be asked for holds its request in a circle."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        own = any(hasattr(response, name) for name in OWN_POLICY) or hasattr(request, "_csp_nonce")
        if own or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        return response


def of_file(headers: Headers, path: str, url: str) -> None:
    """The same for the files of the pages, which no middleware sees. A file may have styles of its own: a picture."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    if settings.SECURE_HSTS_SECONDS:
        subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}"
