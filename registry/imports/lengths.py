"""How long a value may be: PostgreSQL refuses a whole statement for one value that does not fit its column."""

from __future__ import annotations

from django.db import models

from registry.imports.report import Values


def too_long(model: type[models.Model], values: Values) -> int:
    """The limit that one of `values` breaks, 0 where all fit."""
    for name, value in values.items():
        limit = getattr(model._meta.get_field(name), "max_length", None)
        if limit is not None and len(value) > limit:
            return int(limit)
    return 0
