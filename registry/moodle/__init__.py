"""The portal by its web service: the only place that talks to Moodle (docs/export.md, The web service)."""
