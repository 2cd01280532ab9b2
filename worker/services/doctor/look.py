"""Whether the look of the staff page was there when the product was installed (tools/assets.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.contrib.staticfiles import finders

from worker.services.doctor.diagnosis import Diagnosis, Grade

SHEETS = ("vendor/components.css", "vendor/light.css", "vendor/dark.css", "vendor/high-contrast.css")


def examine_look(find: Callable[[str], object] = finders.find) -> Iterator[Diagnosis]:
    """The style sheets of DÁP; without them the page is plain, and all of it works."""
    if all(find(sheet) for sheet in SHEETS):
        yield Diagnosis("page", Grade.OK, "its look is complete")
    else:
        advice = "install again where the npm registry can be reached (docs/dependencies.md)"
        yield Diagnosis(
            "page", Grade.WARN, "the DÁP design system was not fetched: it is shown in a plain look", advice
        )
