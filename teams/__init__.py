"""Accounts, teams, memberships, invitations and tokens; knows nothing of decisions."""
