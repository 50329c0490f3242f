"""The tamperings are tried with the same people and the same story as everything else."""

from tests.decisions.conftest import cast, circle, nia, overheard, story

__all__ = ["cast", "circle", "nia", "overheard", "story"]
