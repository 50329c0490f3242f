"""Django's PostgreSQL, which keeps the plan of what is asked again and again."""
