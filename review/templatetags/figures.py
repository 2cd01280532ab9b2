"""Numbers and pictures of the overview."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from review.overview.drawing import written as as_written

register = template.Library()


@register.filter
def written(value: float | None) -> str:
    """A number as Hungarian writes it; a dash where there is none."""
    return as_written(value)


@register.simple_tag
def picture(slug: str, period: str, look: str, frame: str, form: str = "svg") -> SafeString:
    """The address of a chart's picture."""
    address = reverse("overview-picture", args=[slug, form])
    return format_html("{}?period={}&amp;look={}&amp;frame={}", address, period, look, frame)
