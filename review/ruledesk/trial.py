"""Try a mail: its verdict, why, and the letter that would go out. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from registry.services.switch_on_words import get_drafts
from review.evidence import find_seen, origin_of, spans_by_part
from review.highlights import Segment, split_text
from review.knowledge import get_module_names
from review.ruledesk.forms import TrialForm
from review.screen import for_screen
from review.trace import read_trace
from rules.model import PartKind
from staff.access import needs
from staff.roles import Ability
from worker.services.replying import make_voice
from worker.services.thinking import load_thinking
from worker.services.try_mail import Tried, try_mail

FIELDS = ("full_name", "municipality", "pir", "county", "email", "modules")


@dataclass(frozen=True, slots=True)
class Found:
    """A field of a person: its value, how it came to be, and the words it was read from."""

    name: str
    value: str
    origin: str
    excerpts: list[str]


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One person of the verdict."""

    fields: list[Found]
    status: str
    problems: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A stretch of the mail, its recognised values marked."""

    kind: str
    source: str
    segments: list[Segment]


@needs(Ability.TRY_RULES)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest) -> HttpResponse:
    """The form, and below it what came out."""
    environment = settings.ASPOKTATAS
    context: dict[str, Any] = {"page": "ruledesk", "desk": "ruledesk", "has_drafts": bool(get_drafts())}
    if request.method != "POST":
        form = TrialForm(initial={"to": environment.address})
        return render(request, "review/ruledesk/trial.html", context | {"form": form})
    form = TrialForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "review/ruledesk/trial.html", context | {"form": form}, status=400)
    voice = make_voice(environment, environment.accounts[0])
    tried = try_mail(form.raw, load_thinking(), voice, drafts=form.cleaned_data["drafts"])
    return render(request, "review/ruledesk/trial.html", context | {"form": form} | _told(tried))


def _told(tried: Tried) -> dict[str, Any]:
    people = [_person(one) for one in tried.dump["people"]]
    return {
        "tried": tried,
        "subject": for_screen(tried.message.subject),
        "people": people,
        "parts": _parts(tried),
        "trace": read_trace(tried.dump, None, everybody=True),
    }


def _person(person: Mapping[str, Any]) -> FoundPerson:
    return FoundPerson(
        fields=[_field(name, person.get(name)) for name in FIELDS],
        status=person["status"],
        problems=list(person["problems"]),
        notes=list(person["notes"]),
    )


def _field(name: str, value: Any) -> Found:
    values = value if isinstance(value, list) else [value] if value else []
    names = get_module_names() if name == "modules" else {}
    texts = [str(one["value"]) for one in values]
    excerpts = list(dict.fromkeys(for_screen(seen.excerpt) for seen in find_seen(values)))[:3]
    return Found(name, ", ".join(names.get(text, text) for text in texts), origin_of(value), excerpts)


def _parts(tried: Tried) -> list[FoundPart]:
    seen = {name: [person.get(name) for person in tried.dump["people"]] for name in FIELDS}
    spans = spans_by_part(seen)
    return [
        FoundPart(part.kind, part.source, split_text(for_screen(part.text), spans.get(index, ())))
        for index, part in enumerate(tried.message.parts)
        if part.kind is not PartKind.SUBJECT
    ]
