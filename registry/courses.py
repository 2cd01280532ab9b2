"""The portal's course of each module: as configured, and as staff corrected it."""

from __future__ import annotations

from collections.abc import Mapping

from registry.corrections import ModuleCourse


def get_courses(configured: Mapping[str, str]) -> dict[str, str]:
    """ProBono identifier → short name of the course; what staff set wins. One query."""
    return {**configured, **dict(ModuleCourse.objects.values_list("module", "course"))}
