"""Measurements of the product itself, each by `python3 run.py bench NAME`."""
