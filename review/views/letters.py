"""Ask again: a letter of staff about one registration, seen as it goes out before it does."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.shortcuts import redirect as redirect_to
from django.views.decorators.http import require_http_methods

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target
from registry.services.refusals import ChangeRefusedError
from registry.services.undo import find_undoable
from registry.services.write_reply import ASKABLE, StaffLetter, ask_again
from review.called import called
from review.cases import changes_since
from review.forms import LetterForm
from review.headlines import readable_raw
from review.knowledge import get_catalogue
from review.labels import label
from review.letter_notes import get_notes
from review.letters import Letter, draft_letter
from review.outbox import waits
from review.people import actor
from review.views.acting import address_of, refused, undo_mark, why_refused
from review.views.preview import LETTER_POLICY
from staff.access import needs
from staff.roles import Ability
from worker.intake.parse import parse_message
from worker.models import Event


@needs(Ability.DECIDE, about="registration")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft beside how it will look; with POST, let what the person made of it go."""
    registration = _get(pk)
    draft = _draft(registration)
    if request.method == "POST":
        form = LetterForm(request.POST)
        return (
            _send(request, registration, draft, form) if form.is_valid() else _page(request, registration, draft, form)
        )
    return _page(request, registration, draft, LetterForm(initial=_initial(draft, registration)))


@needs(Ability.DECIDE, about="registration", logged=False)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML that goes out with the words in the form, for the frame beside it; without a form, the draft's own."""
    draft = _draft(_get(pk))
    text = request.POST.get("text", draft.text).replace("\0", "")
    subject = " ".join(request.POST.get("subject", draft.subject).split())
    response = HttpResponse(draft.html_of(text, subject))
    response["Content-Security-Policy"] = LETTER_POLICY
    return response


def _send(request: HttpRequest, registration: Registration, draft: Letter, form: LetterForm) -> HttpResponse:
    pk, held = registration.pk, settings.ASPOKTATAS.replies == "draft"
    letter: StaffLetter = form.letter
    if not draft.is_edited(letter.text):
        letter = StaffLetter(letter.to, letter.cc, letter.subject, letter.text, draft.html)
    unsent = [one.pk for one in get_notes(registration, draft).unsent] if "instead" in request.POST else []
    target = Target(pk, form.cleaned_data["version"] or 0)
    message = parse_message(readable_raw(registration.mail))
    own_address = settings.ASPOKTATAS.account_of(registration.mail.mailbox).address
    try:
        after = ask_again(target, actor(request), message, letter, own_address, held=held, instead_of=unsent)
    except ChangeRefusedError as error:
        if registration.status not in ASKABLE:
            return refused(request, pk, error, target.version)
        return _page(request, registration, draft, _at_version(form, registration), error=error, seen=target.version)
    code = "asked_draft" if held else "asked_waits" if waits(registration.mail) else "asked"
    said = label("done", code, name=called(after))
    if registration.assignee_id is None and after.assignee_id is not None:
        said = f"{said} {label('done', 'taken')}"
    messages.success(request, said, extra_tags=undo_mark(pk, find_undoable(after)))
    return redirect_to(address_of(request, pk))


def _page(  # noqa: PLR0913  # the refusal and what the person had seen come together
    request: HttpRequest,
    registration: Registration,
    draft: Letter,
    form: LetterForm,
    *,
    error: ChangeRefusedError | None = None,
    seen: int = 0,
) -> HttpResponse:
    events = Event.objects.filter(registration=registration).select_related("actor").order_by("pk") if error else []
    context = {
        "form": form,
        "registration": registration,
        "mail": registration.mail,
        "notes": get_notes(registration, draft),
        "draft": draft,
        "held": settings.ASPOKTATAS.replies == "draft",
        "is_open": registration.status in ASKABLE,
        "refusal": why_refused(error) if error else "",
        "changes": changes_since(list(events), seen),
        "incomplete": RegistrationStatus.INCOMPLETE,
        "back": address_of(request, registration.pk),
    }
    status = 409 if error else 400 if form.errors else 200
    return render(request, "review/case_letter.html", context, status=status)


def _get(pk: int) -> Registration:
    rows = Registration.objects.select_related("mail", "mail__original", "mail__conversation", "assignee")
    return get_object_or_404(rows, pk=pk)


def _draft(registration: Registration) -> Letter:
    own_address = settings.ASPOKTATAS.account_of(registration.mail.mailbox).address
    message = parse_message(readable_raw(registration.mail))
    return draft_letter(message, registration, get_catalogue(), own_address)


def _initial(draft: Letter, registration: Registration) -> dict[str, object]:
    return {
        "to": ", ".join(draft.to),
        "cc": ", ".join(draft.cc),
        "subject": draft.subject,
        "text": draft.text,
        "version": registration.version,
    }


def _at_version(form: LetterForm, registration: Registration) -> LetterForm:
    """The same words, seen with the request as it stands now."""
    return LetterForm({**{name: form.data.get(name, "") for name in form.fields}, "version": str(registration.version)})
