"""The pages about people: one's own login, colleagues, invitations, the log."""
