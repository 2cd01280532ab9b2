"""What a day was like, in numbers: the rows of the overview. Table only; nothing here names anybody."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class DayFigures(models.Model):
    """The figures of one day in Budapest (worker.services.measure documents `data`), made at `made_at`.

    They outlive the rows that they were counted from: a day is counted again only while it is young.
    """

    day = models.DateField(primary_key=True)
    data = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"figures of {self.day:%Y-%m-%d}"
