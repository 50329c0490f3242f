"""A walk over every page in every state as every role: what is looked at, and what must hold there."""
