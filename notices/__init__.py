"""The outbox: mail is written with what it tells of, and delivered until it has arrived; of what, it need not know."""
