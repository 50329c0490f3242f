"""The rules of a decision: a value in, a value out. No Django, no clock, no network, no chance.

Read `table` first: it holds the whole process on one page. `engine` is the way in.
"""
