"""Rondo's own settings and the addresses to compare with; sockets in groups of the layer that keeps them in memory."""

from bench.parts.web_settings import *  # noqa: F403

CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
