"""Take an address for personal although the rules doubt it: now, and whenever it comes again."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from registry.services.accept_address import accept_address
from review.people import actor
from review.views.acting import act
from review.views.case_page import target_of
from staff.access import needs
from staff.roles import Ability


@needs(Ability.DECIDE, about="registration")
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The request's address, in the version that the person saw."""
    return act(request, pk, "address_accepted", partial(accept_address, target_of(request, pk), actor(request)))
