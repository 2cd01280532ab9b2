"""The rule desk: what the rules make of a mail, what today's make of yesterday's mails, and where staff disagree."""
