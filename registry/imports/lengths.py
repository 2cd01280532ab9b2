"""How long a value may be: PostgreSQL refuses a whole statement for one value that does not fit its column."""

from __future__ import annotations

from functools import cache

from django.db import models

from registry.imports.report import Values


def too_long(model: type[models.Model], values: Values) -> int:
    """The limit that one of `values` breaks, 0 where all fit."""
    limits = _limits(model)
    return next((limits[name] for name, value in values.items() if len(value) > limits[name]), 0)


@cache
def _limits(model: type[models.Model]) -> dict[str, int]:
    fields = (field for field in model._meta.get_fields() if isinstance(field, models.CharField))
    return {field.name: field.max_length for field in fields if field.max_length}
