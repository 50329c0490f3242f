"""The numbers of the rule book."""

from datetime import timedelta

SHORTEST = timedelta(hours=24)
"""A round's due time is at least so long after it opened …"""
LONGEST = timedelta(days=30)
"""… and at most so long."""
MOST_QUESTIONS = 5
"""Unanswered questions of one person at once."""
MOST_PAUSES = 3
"""Time-outs in one round."""
LONGEST_PAUSE = 30
"""Minutes of one time-out."""
SHORTEST_TURN, LONGEST_TURN = 10, 3600
"""Seconds of a timebox."""
MOST_SCREENS = 5
"""Links to a screen at once."""
A_SCREEN_LASTS = timedelta(hours=24)
"""Then a link shows nothing any more, closed or not."""
