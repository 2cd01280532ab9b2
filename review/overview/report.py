"""The monthly report as PDF: real text in an embedded font, titles, page numbers, charts with their tables.

fpdf2 and matplotlib are loaded here alone, and only when a report is made. It names nobody.
"""

from __future__ import annotations

import io
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from review.labels import label
from review.overview.charts import CHARTS, Chart, Data
from review.overview.data import today
from review.overview.drawing import draw, font_file, written
from review.overview.tiles import make_tiles

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
TEXT, MUTED, LINE, BAND = (26, 36, 51), (77, 91, 112), (207, 214, 224), (238, 242, 247)
MARGIN, CHART_WIDTH = 18.0, 174.0  # millimetres on A4
MOST_COLUMNS = 8


def make_report(data: Data, made: datetime) -> bytes:
    """The PDF of `data`, whose period is a month."""
    pdf = _new_document(data, made)
    pdf.add_page()
    _write_head(pdf, data, made)
    _write_summary(pdf, data)
    for make in CHARTS.values():
        chart = make(data)
        if chart.categories and not chart.is_empty:
            _write_chart(pdf, chart)
    return bytes(pdf.output())


def _new_document(data: Data, made: datetime) -> FPDF:
    from fpdf import FPDF, ViewerPreferences  # noqa: PLC0415  # only reports need it

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table of the font

    class Report(FPDF):
        """Page numbers at the foot of each page."""

        def footer(self) -> None:
            """Called by the library at each page's end."""
            self.set_y(-14)
            self.set_font(FONT, size=8)
            self.set_text_color(*MUTED)
            words = label("report", "page", number=self.page_no(), total="{nb}")
            self.cell(0, 6, words, align="R")

    pdf = Report(format="A4")
    pdf.add_font(FONT, fname=str(font_file("DejaVuSans.ttf")))
    pdf.add_font(FONT, style="B", fname=str(font_file("DejaVuSans-Bold.ttf")))
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(True, margin=18)
    pdf.set_lang("hu-HU")
    pdf.set_title(_title(data))
    pdf.set_subject(label("report", "subject"))
    pdf.set_author(label("report", "author"))
    pdf.set_creator("aspoktatas")
    pdf.set_creation_date(made)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    return pdf


def _title(data: Data) -> str:
    return label("report", "title", month=label("month", data.period.first.month, year=data.period.first.year))


def _write_head(pdf: FPDF, data: Data, made: datetime) -> None:
    _line(pdf, label("report", "heading"), size=10, colour=MUTED)
    pdf.start_section(_title(data))
    _line(pdf, _title(data), size=18, bold=True)
    words = [
        label("report", "period", first=data.period.first, last=data.period.last),
        label("report", "made", moment=made),
        label("report", "no_persons"),
    ]
    if data.period.last >= today():
        words.append(label("report", "unfinished"))
    if data.gaps:
        words.append(label("report", "gaps", number=data.gaps))
    for one in words:
        _line(pdf, one, size=9.5)
    pdf.ln(4)


def _write_summary(pdf: FPDF, data: Data) -> None:
    pdf.start_section(label("report", "summary"), level=1)
    _line(pdf, label("report", "summary"), size=13, bold=True)
    head = [label("report", "what"), label("report", "now"), label("report", "before")]
    rows = [[label("tile_row", tile.code), tile.now, tile.before or "–"] for tile in make_tiles(data)]
    _write_table(pdf, head, rows)


def _write_chart(pdf: FPDF, chart: Chart) -> None:
    picture = draw(chart, frame="print", form="png")
    width, height = _size(picture)
    tall = CHART_WIDTH * height / width
    if pdf.will_page_break(tall + 34):
        pdf.add_page()
    pdf.ln(5)
    pdf.start_section(chart.title, level=1)
    _line(pdf, chart.title, size=13, bold=True)
    _line(pdf, label("chart_note", chart.slug), size=9, colour=MUTED)
    words = label("report", "picture", title=chart.title)
    pdf.image(io.BytesIO(picture), x=MARGIN, w=CHART_WIDTH, alt_text=words, title=chart.title)
    pdf.ln(2)
    columns = chart.columns[:MOST_COLUMNS]
    head = [chart.head, *(one.name for one in columns)]
    rows = [[name, *map(written, values[:MOST_COLUMNS])] for name, values in chart.rows]
    _write_table(pdf, head, rows)


def _write_table(pdf: FPDF, head: list[str], rows: list[list[str]]) -> None:
    from fpdf import FontFace  # noqa: PLC0415
    from fpdf.enums import TableBordersLayout  # noqa: PLC0415

    pdf.set_font(FONT, size=7.5 if len(head) > 5 else 9)
    pdf.set_text_color(*TEXT)
    pdf.set_draw_color(*LINE)
    first = 20 if len(head) > 5 else 70
    pdf.set_x(MARGIN)
    with pdf.table(
        col_widths=(first, *((CHART_WIDTH - first) / (len(head) - 1) for _ in head[1:])),
        width=CHART_WIDTH,
        text_align=("LEFT", *("RIGHT" for _ in head[1:])),
        headings_style=FontFace(emphasis="BOLD", fill_color=BAND, color=TEXT),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        line_height=5,
        padding=(0.6, 1.2),
        repeat_headings=1,
    ) as table:
        for row in [head, *rows]:
            table.row(row)


def _line(pdf: FPDF, words: str, *, size: float, bold: bool = False, colour: tuple[int, int, int] = TEXT) -> None:
    pdf.set_font(FONT, style="B" if bold else "", size=size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, max(5.5, size * 0.55), words, new_x="LMARGIN", new_y="NEXT", align="L")


def _size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG, from its header."""
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
