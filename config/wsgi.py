"""HTTP: the built front end straight from its files, everything else from Django."""

import os
from pathlib import Path

import drf_spectacular_sidecar
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SIDECAR = Path(str(drf_spectacular_sidecar.__file__)).parent / "static"


def made_once(path: str, url: str) -> bool:
    """The build puts a hash into these names: what stands under one never changes."""
    return url.startswith("/static/assets/")


def with_files() -> ServeStatic:
    served = ServeStatic(get_wsgi_application(), immutable_file_test=made_once, max_age=60)
    if settings.FRONTEND.is_dir():
        served.add_files(str(settings.FRONTEND), prefix="static/")
    served.add_files(str(SIDECAR), prefix="static/")
    return served


application = with_files()
