"""The log as people read it: what was opened and what was decided, together, newest first."""
