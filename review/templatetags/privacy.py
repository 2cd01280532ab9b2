"""What the page has covered so far, for the notice that offers to show it."""

from __future__ import annotations

from django import template

from review.privacy.reveal import Covering, covered_here

register = template.Library()


@register.simple_tag
def covered() -> Covering:
    """`{% covered as here %}`, after the texts were made ready by the view."""
    return covered_here()
