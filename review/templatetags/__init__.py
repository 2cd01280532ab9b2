"""Template tags of the staff page."""
