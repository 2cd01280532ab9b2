"""The hand-over: registrations as files. One format a file; pure but for `directory`, which asks the database."""
