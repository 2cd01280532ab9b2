"""What the page has covered so far, for the notice that offers to show it; and covering what a template shows."""

from __future__ import annotations

from django import template

from review.privacy.reveal import Covering, covered_here
from review.screen import for_screen

register = template.Library()


@register.simple_tag
def covered() -> Covering:
    """`{% covered as here %}`, after the texts were made ready by the view."""
    return covered_here()


@register.filter
def screened(text: str) -> str:
    """`{{ mail.subject|screened }}`: a stranger's words as this page may show them."""
    return for_screen(text)
