"""The base of every address of the interface: who asks, how much, and what the answer looks like."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conventions import idempotency, problems
from conventions.answer import JsonAlways, JsonAnswer
from conventions.body import JsonBody
from conventions.language import as_asked
from conventions.throttles import Allowance


class Endpoint(APIView):
    """One address. A subclass says `get`, `post` … and nothing of all this."""

    permission_classes = [IsAuthenticated]
    parser_classes = [JsonBody]
    renderer_classes = [JsonAnswer]
    throttle_classes = [Allowance]
    content_negotiation_class = JsonAlways

    # A method's own allowance besides the usual one: {"POST": "invitations"}.
    allowances: ClassVar[dict[str, str]] = {}

    # The methods that are open to a guest, who only tries Rondo out: none, unless an address says so.
    guests: ClassVar[frozenset[str]] = frozenset()

    @property
    def account(self) -> Any:
        return self.request.user

    @property
    def via(self) -> str | None:
        """What the record says of how this came: nothing from a browser, unless there is something to say of the
        account; with a token what there is to say of that."""
        return getattr(self.request.auth or self.account, "via", None)

    def needs_session(self) -> None:
        """A token can make no tokens and change no e-mail, password or membership."""
        if self.request.auth is not None:
            raise problems.forbidden("session_only", _("This is for people at a browser, not for a token."))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            return self._answer()
        except Exception as exc:
            return self._refused(exc)
        finally:
            self.request.parser_context.clear()  # it holds the request, which holds it
            vars(self).pop("head", None)  # it is `get`, and holds this address as this holds it

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        as_asked(request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Signing in by session looks for a CSRF token in the body; read whole first, it can be read again.
        _whole = request._request.body
        super().initial(request, *args, **kwargs)
        if getattr(request.user, "guest", False) and request.method not in self.guests:
            raise problems.guests_only_try()
        # No text of ours holds a NUL, and not every database can even be asked for one.
        if "%00" in request.get_full_path():
            raise problems.malformed(_("The address holds a NUL character."))

    def _answer(self) -> HttpResponseBase:
        asked = idempotency.asked_with_key(self.request)
        if asked is None:
            return self.completed(self._done())
        return self._with_headers(self.completed(idempotency.once(asked, self._done, self._refused)))

    def completed(self, response: HttpResponseBase) -> HttpResponseBase:
        """The answer as it goes out, the first time and when it is repeated. What must not be kept is added here."""
        return response

    def _done(self) -> HttpResponseBase:
        method = (self.request.method or "").lower()
        known = method in self.http_method_names
        act = getattr(self, method, self.http_method_not_allowed) if known else self.http_method_not_allowed
        return self._finished(act(self.request, *self.args, **self.kwargs))

    def _refused(self, fault: Exception) -> HttpResponseBase:
        return self._finished(self.handle_exception(fault))

    def _finished(self, response: HttpResponseBase) -> HttpResponseBase:
        finished = self.finalize_response(self.request, response, *self.args, **self.kwargs)  # type: ignore[arg-type]
        if isinstance(finished, Response):
            finished.render()
            vars(finished).pop("renderer_context")  # it holds the answer, which holds it
        return self._with_headers(finished)

    def _with_headers(self, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
