"""Rondo's own settings, with two addresses more to compare with."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.parts.web"
