"""The tamperings are tried with the same people and the same story as everything else."""

from tests.decisions.conftest import cast, circle, fresh, nia, overheard, story

__all__ = ["cast", "circle", "fresh", "nia", "overheard", "story"]
