"""Programs that stand beside Rondo: the verifier of a journal, and what gathers the texts."""
