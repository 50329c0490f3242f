"""Libraries that few processes need, read when something of them is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Seldom:
    """Stands at the top of a file in the place of an import, and gives what the module has. Several threads may be the
    first: Python lets one of them read."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._module), name)
