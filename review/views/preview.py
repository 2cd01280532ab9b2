"""Every letter with made-up people, as HTML and as text: what requesters would get under this configuration."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from review.knowledge import get_catalogue
from review.labels import label
from rules.model import Problem
from staff.access import needs
from staff.roles import Ability
from worker.replies.cases import LETTERS, Case, sample_cases, write_sample
from worker.replies.compose import ComposedReply

LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@needs(Ability.VIEW)
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """A letter in a case, HTML and text side by side; both may be chosen."""
    letter, case = _chosen(request)
    fitting = [one for one in sample_cases(get_catalogue()) if one.fits(letter)]
    context = {
        "page": "preview",
        "letters": [(name, label("preview_letter", name)) for name in LETTERS],
        "cases": [(one.name, _case_label(one.name)) for one in fitting],
        "letter": letter,
        "case": case.name,
        "reply": _write(letter, case),
    }
    return render(request, "review/preview.html", context)


@needs(Ability.VIEW)
@require_GET
def html(request: HttpRequest) -> HttpResponse:
    """The letter's HTML for the sandboxed frame, with the inline styles that mail programs need."""
    response = HttpResponse(_write(*_chosen(request)).html)
    response["Content-Security-Policy"] = LETTER_POLICY
    return response


def _chosen(request: HttpRequest) -> tuple[str, Case]:
    """The letter asked for, else the first; the case asked for where the letter fits it, else the first that does."""
    letter = request.GET.get("letter") or LETTERS[0]
    if letter not in LETTERS:
        raise Http404
    cases = {one.name: one for one in sample_cases(get_catalogue()) if one.fits(letter)}
    return letter, cases.get(request.GET.get("case", ""), next(iter(cases.values())))


def _write(letter: str, case: Case) -> ComposedReply:
    environment = settings.ASPOKTATAS
    return write_sample(letter, case, get_catalogue(), environment.address, environment.privacy_url)


def _case_label(name: str) -> str:
    problem = name.replace("-", "_")
    return label("problem", problem) if problem in set(Problem) else label("preview_case", name)
