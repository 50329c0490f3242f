"""The pages: one document for every address, from which the browser does the rest."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import ensure_csrf_cookie

NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Rondo is not built yet</title>
<h1>The pages are not built yet</h1>
<p>The service runs, but its pages have to be built once. Stop it, then in the folder of Rondo:</p>
<pre>python3 run.py build
python3 run.py</pre>
</html>
"""


@ensure_csrf_cookie
def index(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        document = (settings.FRONTEND / "index.html").read_bytes()
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503, headers={"Cache-Control": "no-store", "Retry-After": "30"})
    return HttpResponse(document, headers={"Cache-Control": "no-cache"})


def no_such_address(request: HttpRequest) -> HttpResponse:
    raise Http404
