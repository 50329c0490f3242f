"""HTTP: the built front end straight from its files, everything else from Django."""

import os
from pathlib import Path
from typing import Any

import drf_spectacular_sidecar
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.files import Files
from config.memory import leave_out_what_is_for_postgresql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
    leave_out_what_is_for_postgresql()

SIDECAR = Path(str(drf_spectacular_sidecar.__file__)).parent / "static"


def with_files() -> Files:
    served = Files(get_wsgi_application(), settings.FRONTEND, settings.DATA / "pages")
    served.add_files(str(SIDECAR), prefix="static/")
    return served


application: Any = with_files()
