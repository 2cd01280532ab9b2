"""The lists: what waits for a person, and everything else on demand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_GET

from review.colleagues import get_colleagues
from review.counts import count_tabs, get_warnings
from review.knowledge import get_catalogue
from review.labels import labels_of
from review.listing import Search
from review.listpage import find_elsewhere, get_lists
from review.news import count_news, mark_of, moment
from review.people import actor
from review.saved_views import get_views
from staff.access import needs
from staff.roles import Ability


@needs(Ability.VIEW)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """One list with tabs, search, filters, saved views and pages."""
    catalogue = get_catalogue()
    search = searched(request)
    now = moment()
    tabs = count_tabs()
    lists = get_lists(search, tabs)
    context: dict[str, Any] = {
        "page": "queue",
        "search": search,
        "since": now,
        "tabs": tabs,
        "lists": lists,
        "warnings": get_warnings(),
        "elsewhere": find_elsewhere(search),
        "views": get_views(actor(request)),
        "counties": list(catalogue.counties),
        "modules": catalogue.modules,
        "colleagues": get_colleagues(),
        "sorts": labels_of("sort"),
        "ages": labels_of("age"),
        "problems": labels_of("problem") | labels_of("note"),
    }
    response = render(request, "review/queue.html", context)
    if request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers:
        response["HX-Push-Url"] = f"{reverse('queue')}?{search.query}"  # without the filters that are not set
    return response


@needs(Ability.VIEW, logged=False)
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """What changed in the lists since the page was made: the numbers on the tabs, and how many rows are new in this
    list. Asked for every few seconds; "nothing else than last time" costs the reader no byte."""
    search = searched(request)
    tabs = count_tabs()
    shown = request.GET.get("shown", "")
    number = count_news(
        search, request.GET.get("since", ""), tabs, int(shown) if shown.isdecimal() and len(shown) < 10 else 0
    )
    response = render(request, "review/queue_news.html", {"search": search, "tabs": tabs, "number": number})
    patch_cache_control(response, private=True, no_cache=True)
    mark = mark_of(response.content)
    response["ETag"] = mark
    answer = get_conditional_response(request, etag=mark, response=response)
    assert answer is not None  # only where neither a response nor a condition is given
    return answer


def searched(request: HttpRequest) -> Search:
    """The search in the request's address, for whoever asks."""
    return Search.from_query(request.GET, get_catalogue(), request.user.pk or 0)
