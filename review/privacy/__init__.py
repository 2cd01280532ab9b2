"""Privacy: masked numbers, a person's data, retention. Pages and pure thought; what is written is done by services."""
