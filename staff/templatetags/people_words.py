"""Rows of the log as names and links."""

from __future__ import annotations

from django import template
from django.urls import reverse

from staff.colleagues import has_run_out
from staff.log.export import who_of
from staff.log.sentences import Entry
from staff.models import Invitation

PAGES = {"registration": "case", "mail": "mail", "reply": "reply"}

register = template.Library()


@register.filter
def who(entry: Entry) -> str:
    """The person, or the words for the worker or for a stranger."""
    return who_of(entry)


@register.simple_tag
def subject_url(entry: Entry) -> str:
    """Where the thing is shown that the row is about."""
    return reverse(PAGES[entry.subject], args=[entry.number])


@register.filter
def words_in(text: str) -> list[str]:
    """`{% for one in "a b c"|words_in %}`."""
    return text.split()


@register.filter
def run_out(invitation: Invitation) -> bool:
    """Whether its link is dead by now."""
    return has_run_out(invitation)
