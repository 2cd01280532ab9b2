"""The hand-over to the portal: what goes, as a file or by the web service, and what became of each person."""
