"""Taking a value from the mail into the form where the page runs no script: the form once more, nothing written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from review.fields import FIELDS
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.views.case_page import get_registration, show_case
from staff.access import needs
from staff.roles import Ability


@needs(Ability.DECIDE, about="registration")
@require_POST
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """The case with what was typed, and with the value of `pick` ("field:value") in its field."""
    registration = get_registration(pk)
    form = CorrectionForm(registration, get_catalogue(), with_pick(request.POST))
    return show_case(request, registration, form)


def with_pick(posted: QueryDict) -> QueryDict:
    """What was typed, with the picked value in its field; modules are added to those that are ticked."""
    data = posted.copy()
    field, _, value = posted.get("pick", "").partition(":")
    if field == "modules":
        data.setlist(field, list(dict.fromkeys([*data.getlist(field), *value.split()])))
    elif field in FIELDS:
        data[field] = value
    return data
