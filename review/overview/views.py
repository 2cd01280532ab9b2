"""The overview page, its pictures and tables as files, and the monthly report."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from registry.exports.cells import neutral
from review.labels import label
from review.overview.charts import CHARTS, Chart
from review.overview.data import get_data, today
from review.overview.drawing import FORMATS, FRAMES, LOOKS, draw, written
from review.overview.periods import CHOICES, Period, find_period, month_of
from review.overview.report import make_report
from review.overview.tiles import make_tiles
from review.theme import chosen_theme
from staff.access import needs
from staff.roles import Ability
from worker.services.measure import BUDAPEST

MONTHS_OFFERED = 13
# a picture of ours: matplotlib writes its colours as styles; nothing in it can act or fetch
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@needs(Ability.VIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Numbers, charts and tables of one period."""
    period = _period(request)
    data = get_data(period)
    theme = chosen_theme(request)
    context = {
        "page": "overview",
        "period": period,
        "choices": CHOICES,
        "months": _months(),
        "tiles": make_tiles(data),
        "charts": [chart for chart in (make(data) for make in CHARTS.values()) if chart.categories],
        "look": theme if theme in LOOKS else "light",
        "follows_system": theme not in LOOKS,
        "gaps": data.gaps,
        "made": timezone.now(),
    }
    return render(request, "review/overview/overview.html", context)


@needs(Ability.VIEW, logged=False)
@require_GET
def picture(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """A chart as SVG or PNG, in the look of a theme; as a download where asked for."""
    look, frame = request.GET.get("look", "light"), request.GET.get("frame", "wide")
    if form not in FORMATS or look not in LOOKS or frame not in FRAMES:
        raise Http404
    period, is_download = _period(request), "download" in request.GET
    made = draw(_chart(slug, period), look=look, frame=frame, form=form, bare=not is_download)
    response = HttpResponse(made, content_type=FORMATS[form])
    response["Cache-Control"] = "private, max-age=60"
    response["Content-Security-Policy"] = PICTURE_POLICY
    if is_download:
        response["Content-Disposition"] = _attached(slug, period, form)
    return response


@needs(Ability.VIEW)
@require_GET
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """A chart's table as CSV for a Hungarian spreadsheet: semicolons, commas in numbers, a byte order mark."""
    period = _period(request)
    chart = _chart(slug, period)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow([chart.head, *(one.name for one in chart.columns)])
    writer.writerows(
        [neutral(name), *("" if one is None else written(one) for one in values)] for name, values in chart.rows
    )
    response = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = _attached(slug, period, "csv")
    return response


@needs(Ability.VIEW)
@require_GET
def report(_: HttpRequest, month: str) -> HttpResponse:
    """The monthly report as PDF."""
    period = find_period(month, today())
    if period.slug != month:
        raise Http404
    made = make_report(get_data(period, fill=len(period.days)), timezone.now().astimezone(BUDAPEST))
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"asp-havi-jelentes-{month}.pdf") or ""
    return response


def _period(request: HttpRequest) -> Period:
    return find_period(request.GET.get("period", "30"), today())


def _chart(slug: str, period: Period) -> Chart:
    if slug not in CHARTS:
        raise Http404
    return CHARTS[slug](get_data(period))


def _months() -> list[Period]:
    """The last whole months, the newest first."""
    months = [month_of(today())]
    for _ in range(MONTHS_OFFERED):
        months.append(months[-1].before)
    return months[1:]


def _attached(slug: str, period: Period, ending: str) -> str:
    name = f"asp-{label('chart_file', slug)}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{ending}"
    return content_disposition_header(True, name) or "attachment"
