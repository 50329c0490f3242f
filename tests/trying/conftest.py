"""The cast of decisions is at hand here too."""

from tests.decisions.conftest import cast, circle, nia, overheard, story

__all__ = ["cast", "circle", "nia", "overheard", "story"]
