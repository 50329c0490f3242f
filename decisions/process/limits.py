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
A_DAY = timedelta(hours=24)
"""So long is somebody awaited who is marked absent, and so long lies tuning before the facilitator asks for consent."""
OVERDUE_AFTER = timedelta(days=3)
"""After its due time a round that is still open is overdue …"""
WAITS_FOR_NEXT = timedelta(days=1)
"""… a complete round that waits for *next* after this …"""
LIES_TOO_LONG = timedelta(days=14)
"""… and tuning or revising after this."""
REMINDED_BEFORE = timedelta(hours=24)
BETWEEN_REMINDERS = timedelta(hours=24)
MOST_REMINDERS = 3
"""In one round, however often its due time is moved."""
MOST_SCREENS = 5
"""Links to a screen at once."""
A_SCREEN_LASTS = timedelta(hours=24)
"""Then a link shows nothing any more, closed or not."""
