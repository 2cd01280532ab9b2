"""Signs that no person wrote a mail to us, one group a file; any hit makes the mail `automatic` (policy.md §1)."""
