"""Commands that show what the staff page shows."""
