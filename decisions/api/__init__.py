"""Decisions by HTTP: shapes in, commands through `submit`, answers out. Decides nothing."""
