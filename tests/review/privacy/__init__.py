"""Privacy: masking, a person's data, retention pages."""
