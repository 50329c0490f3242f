"""The interface is tried with the same people and the same story as everything else."""

from tests.decisions.conftest import cast, circle, elsewhere, fresh, nia, overheard, story

__all__ = ["cast", "circle", "elsewhere", "fresh", "nia", "overheard", "story"]
