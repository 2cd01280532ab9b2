"""The directories' lists, and their rows by hand. A row's key travels in a request's body: it may be a person's."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.models import AcceptedAddress, Account, Clerk, Municipality, Settlement
from registry.services.directory_refusals import RowChangedError, RowExistsError
from registry.services.edit_row import add_row, change_row, columns_of, delete_row, mark_of_row, values_of
from registry.uploads import Upload, UploadState
from review.directories.forms import RowForm
from review.directories.listing import find_page
from review.directories.places import find_built_in
from review.directories.shelves import BY_NAME, SHELVES, Shelf
from review.knowledge import get_catalogue
from review.labels import label
from review.people import actor
from staff.access import needs
from staff.roles import Ability

LATEST = 10
WITH_PLACES = ("gazetteer", "register", "clerks")  # whose search leads to settlements' own pages
COUNTED = (
    ("register", Municipality),
    ("gazetteer", Settlement),
    ("clerks", Clerk),
    ("accounts", Account),
    ("addresses", AcceptedAddress),
)


@needs(Ability.VIEW)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every directory with its size, and the latest uploads."""
    counts = [(name, model._default_manager.count()) for name, model in COUNTED]
    uploads = Upload.objects.exclude(state=UploadState.DROPPED).defer("data", "report").select_related("actor")
    context = {
        "page": "directories",
        "shelves": SHELVES,
        "counts": counts,
        "modules": len(get_catalogue().modules),
        "uploads": uploads.order_by("-pk")[:LATEST],
    }
    return render(request, "review/directories/index.html", context)


@needs(Ability.VIEW)
@require_GET
def show(request: HttpRequest, name: str) -> HttpResponse:
    """A directory's list with its search."""
    shelf = get_shelf(name)
    found = find_page(shelf, request.GET)
    built_in = find_built_in(found.words) if name in WITH_PLACES and found.words else []
    context = {"page": "directories", "shelves": SHELVES, "shelf": shelf, "found": found, "built_in": built_in}
    return render(request, "review/directories/shelf.html", context)


@needs(Ability.DIRECTORIES)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, name: str) -> HttpResponse:
    """A new row."""
    shelf, form_class = _editable(name)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_row(actor(request), shelf.directory, form.cleaned_data)
        except RowExistsError:
            return _show_row(request, shelf, form, refusal="row_exists", status=409)
        return _done(request, name, "row_added")
    return _show_row(request, shelf, form, status=400 if form.errors else 200)


@needs(Ability.DIRECTORIES)
@require_POST
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """A row's form, as it stands now."""
    shelf, form_class = _editable(name)
    return _show_current(request, shelf, form_class)


@needs(Ability.DIRECTORIES)
@require_POST
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Write a row; one that somebody else changed is shown again, with what is there now."""
    shelf, form_class = _editable(name)
    row = _get_row(shelf, request)
    form = form_class(request.POST, initial=values_of(shelf.directory, row), is_new=False)
    key, seen = _key_in(request), request.POST.get("seen", "")
    if not form.is_valid():
        return _show_row(request, shelf, form, key=key, seen=seen, status=400)
    try:
        change_row(actor(request), shelf.directory, key, seen, form.cleaned_data)
    except RowExistsError:
        return _show_row(request, shelf, form, key=key, seen=seen, refusal="row_exists", status=409)
    except RowChangedError:
        return _show_current(request, shelf, form_class, refusal="row_changed")
    return _done(request, name, "row_saved")


@needs(Ability.DIRECTORIES)
@require_POST
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a row."""
    shelf = get_shelf(name)
    try:
        delete_row(actor(request), shelf.directory, _key_in(request), request.POST.get("seen", ""))
    except (RowChangedError, ValueError):  # a key of the wrong kind names no row
        messages.warning(request, label("refused", "row_changed"))
        return redirect("directory", name=name)
    return _done(request, name, "row_deleted")


def get_shelf(name: str) -> Shelf:
    """The directory called so; 404 where there is none."""
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _editable(name: str) -> tuple[Shelf, type[RowForm]]:
    shelf = get_shelf(name)
    if shelf.form is None:
        raise Http404
    return shelf, shelf.form


def _key_in(request: HttpRequest) -> str:
    return request.POST.get("key", "").replace("\0", "")


def _get_row(shelf: Shelf, request: HttpRequest) -> Model:
    try:
        row: Model | None = shelf.directory.rows.filter(pk=_key_in(request)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    return row


def _show_current(request: HttpRequest, shelf: Shelf, form_class: type[RowForm], *, refusal: str = "") -> HttpResponse:
    row = _get_row(shelf, request)
    values = values_of(shelf.directory, row)
    form = form_class(initial={name: values[name] for name in columns_of(shelf.directory)}, is_new=False)
    seen = mark_of_row(shelf.directory, row)
    return _show_row(request, shelf, form, key=str(row.pk), seen=seen, refusal=refusal, status=409 if refusal else 200)


def _show_row(  # noqa: PLR0913  # what the page shows
    request: HttpRequest,
    shelf: Shelf,
    form: RowForm,
    *,
    key: str = "",
    seen: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": "directories",
        "shelves": SHELVES,
        "shelf": shelf,
        "form": form,
        "key": key,
        "seen": seen,
        "refusal": label("refused", refusal) if refusal else "",
    }
    return render(request, "review/directories/row.html", context, status=status)


def _done(request: HttpRequest, name: str, what: str) -> HttpResponse:
    messages.success(request, label("done", what))
    return redirect("directory", name=name)
