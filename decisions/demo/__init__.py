"""The demo team: six people, and decisions in every phase, told through the real commands."""
