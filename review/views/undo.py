"""Take back the last thing that a person did to a request."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from registry.models import Registration
from registry.services.refusals import ChangeRefusedError
from registry.services.take_back import take_back_with_letters
from registry.services.undo import Undone, undo
from registry.services.undo_many import undo_many
from registry.services.withdraw_letters import Letters
from review.called import called
from review.labels import label
from review.people import actor
from review.views.acting import act, address_of, refused, tell_left
from review.views.case_page import target_of
from staff.access import needs
from staff.roles import Ability
from worker.models import Event

NUMBER_LENGTH = 18


@needs(Ability.DECIDE, about="registration")
@require_POST
def undo_last(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back `event`, which the person saw as the last one."""
    event = request.POST.get("event", "")
    if not (event.isascii() and event.isdigit() and len(event) <= NUMBER_LENGTH):
        return redirect("case", pk=pk)
    if "together" in request.POST:
        return _undo_together(request, pk, int(event))
    try:
        undone = undo(pk, int(event), actor(request))
    except Registration.DoesNotExist:
        return redirect("queue")
    except ChangeRefusedError as error:
        return refused(request, pk, error, 0, why="undo_outdated")
    messages.success(request, tell_undone(undone))
    return redirect(address_of(request, pk))


def _undo_together(request: HttpRequest, pk: int, event_id: int) -> HttpResponse:
    """The same for all that was done in one go with it."""
    event = Event.objects.filter(pk=event_id, registration=pk).first()
    if event is not None:
        result = undo_many(event, actor(request))
        if result.done:
            what = label("undone", event.verb)
            messages.success(request, label("done", "undone_together", number=len(result.done), what=what))
        tell_left(request, result)
    return redirect(f"{reverse('queue')}?{request.GET.urlencode()}")


def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the decision that closed the request, in the version that the person saw."""
    done: list[Undone] = []

    def change() -> Registration:
        done.append(take_back_with_letters(target_of(request, pk), actor(request)))
        return done[0].registration

    return act(request, pk, "taken_back", change, tell=lambda _: tell_letters(done[0].letters))


def tell_undone(undone: Undone) -> str:
    """What was taken back, and what became of the letters."""
    row = undone.registration
    what = label("done", "undone", name=called(row), what=label("undone", undone.event.verb))
    return f"{what} {tell_letters(undone.letters)}".strip()


def tell_letters(letters: Letters) -> str:
    """What became of the letters of a decision that was taken back; "" where there were none."""
    said = [label("undone_letters", "gone")] if letters.gone else []
    said += [label("undone_letters", "withdrawn")] if letters.withdrawn else []
    return " ".join(said)
