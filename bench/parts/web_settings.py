"""Rondo's own settings, with the addresses to compare with; with BENCH_MIDDLEWARE=usual behind five of Django's
middlewares and the one that the account library insists on, in place of all those of the site."""

import os

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.parts.web"
if os.environ.get("BENCH_MIDDLEWARE") == "usual":
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ]
