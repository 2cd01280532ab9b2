"""What may be done to a registration, a reply or a case: one verb a file, each a guarded UPDATE and its event."""
