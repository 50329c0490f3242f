"""Trying Rondo out: a real decision, in which the other members are played by the server."""
