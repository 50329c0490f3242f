"""The interface's own description, and a page to read it on that needs nothing from elsewhere."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.urls import path
from django.utils.decorators import method_decorator
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation

import conventions.description  # noqa: F401 - what it says of text fields counts once it is loaded


class MomentInTheDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "decisions.api.inputs.Moment"

    def map_serializer_field(self, auto_schema: object, direction: str) -> dict[str, str]:
        return {"type": "string", "format": "date-time"}


LOOKING = ["get", "head"]


class Schema(SpectacularAPIView):
    content_negotiation_class = DefaultContentNegotiation
    http_method_names = LOOKING


@method_decorator(csp_update({"style-src": [SELF, UNSAFE_INLINE]}), name="dispatch")
@method_decorator(csp_replace({"require-trusted-types-for": None, "trusted-types": None}), name="dispatch")
class Pages(SpectacularSwaggerSplitView):
    """The viewer writes its styles inline and makes HTML in its own way, of the description alone; nothing else may."""

    http_method_names = LOOKING


urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Pages.as_view(url_name="schema"), name="docs"),
]
