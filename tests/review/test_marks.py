"""Values at their place: in the text of a mail, in its HTML, and what else could be taken from it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from review.candidates import Candidate, distinct, find_candidates
from review.harmless import make_harmless
from review.highlights import Span, split_text
from review.html_marks import Wanted, mark_html
from review.knowledge import get_catalogue
from tests.review.factory import ADO, make_raw
from worker.intake.parse import parse_message

TEXT = (
    "Kérem Kovács Anna regisztrációját.\nÖnkormányzat: Tiszacsege Város Önkormányzata\nPIR: 740746\n"
    "Megye: Hajdú-Bihar megye\nE-mail: kovacs.anna@tiszacsege.hu\nSzakrendszer: adó\n"
)


def found(text: str) -> set[tuple[str, str]]:
    message = parse_message(make_raw(text, cc='"Dr. Minta Béla" <minta.bela@tiszacsege.hu>'))
    return {(one.field, one.value) for one in find_candidates(message, get_catalogue())}


def test_every_kind_of_value_is_offered() -> None:
    assert {
        ("full_name", "Kovács Anna"),
        ("municipality", "Tiszacsege"),
        ("pir", "740746"),
        ("county", "Hajdú-Bihar"),
        ("email", "kovacs.anna@tiszacsege.hu"),
        ("modules", ADO),
    } <= found(TEXT)


def test_the_people_of_the_header_are_offered() -> None:
    assert {("full_name", "Dr. Minta Béla"), ("email", "minta.bela@tiszacsege.hu")} <= found("Üres.")


def test_a_number_with_a_slip_offers_the_one_that_was_meant() -> None:
    offered = {value for field, value in found("PIR szám: 740747") if field == "pir"}
    assert "740747" not in offered


def test_a_date_line_names_no_employer() -> None:
    assert not [
        one for one in found("Kérem a regisztrációt.\n\nTiszacsege, 2026. november 20.") if one[0] == "municipality"
    ]


def test_each_value_is_listed_once_where_it_first_stands() -> None:
    rows = [
        Candidate(1, 0, 1, "pir", "740746"),
        Candidate(1, 5, 6, "pir", "740373"),
        Candidate(2, 0, 1, "pir", "740746"),
    ]
    assert distinct(rows) == rows[:2]


def test_what_was_read_goes_before_what_could_be_taken_and_gets_its_value() -> None:
    text = "Tiszacsege Önkormányzata"
    spans = [
        Span(0, 10, "municipality", "Tiszacsege", read=False),
        Span(0, 24, "municipality"),
        Span(11, 24, "full_name", "Önkormányzata", read=False),
    ]
    (segment,) = split_text(text, spans, first=7)
    assert (segment.text, segment.field, segment.value, segment.read, segment.number) == (
        text,
        "municipality",
        "Tiszacsege",
        True,
        7,
    )


def test_marks_are_numbered_on() -> None:
    numbers = [one.number for one in split_text("a b c", [Span(0, 1, "pir"), Span(4, 5, "email")], first=3)]
    assert numbers == [3, 0, 4]


def placed(html: str, text: str, *values: str) -> tuple[str, tuple[str, ...]]:
    wanted = [
        Wanted(text, text.index(one), text.index(one) + len(one), "pir", f"pir-{at}") for at, one in enumerate(values)
    ]
    marked = mark_html(make_harmless(html, {}).markup, wanted)
    return marked.markup, marked.unplaced


def test_a_value_is_found_across_tags_blanks_and_letters_made_plain() -> None:
    html = "<p>N&eacute;v:&nbsp;<b>Kov</b>ács&nbsp;\n<i>Anna</i>, Tõzsde &amp; Fia</p>"
    markup, lost = placed(html, "Név: Kovács Anna, Tőzsde & Fia", "Kovács Anna", "Tőzsde & Fia")
    assert lost == ()
    assert (
        '<b><mark class="f-pir" id="m-pir-0">Kov</mark></b><mark class="f-pir">ács&nbsp;' not in markup
    )  # a blank is one
    assert '<mark class="f-pir" id="m-pir-0">Kov</mark>' in markup
    assert '<i><mark class="f-pir">Anna</mark></i>' in markup
    assert '<mark class="f-pir" id="m-pir-1">Tõzsde &amp; Fia</mark>' in markup


def test_of_several_places_the_one_in_the_same_company_is_marked() -> None:
    html = "<table><tr><td>Régi PIR</td><td>740746</td></tr><tr><td>Új PIR</td><td>740746</td></tr></table>"
    text = "Régi PIR\t740746\nÚj PIR\t740746"
    at = text.rindex("740746")
    marked = mark_html(make_harmless(html, {}).markup, [Wanted(text, at, at + 6, "pir", "pir")])
    assert marked.markup.index("<mark") > marked.markup.index("Új PIR")


def test_words_of_two_blocks_are_not_one_word() -> None:
    html = "<div>740</div><div>746</div><p>PIR:740746</p>"
    assert placed(html, "PIR:740746", "740746")[0].endswith('<p>PIR:<mark class="f-pir" id="m-pir-0">740746</mark></p>')


def test_what_is_not_there_is_told() -> None:
    assert placed("<p>szöveg</p>", "PIR: 740746", "740746")[1] == ("pir",)


@given(st.text(max_size=200), st.integers(0, 30), st.integers(0, 30))
def test_marking_adds_nothing_but_marks(text: str, start: int, length: int) -> None:
    markup = make_harmless(f"<p>{text}</p><b>{text[:20]}</b>", {}).markup
    marked = mark_html(markup, [Wanted(text, start, start + length, "pir", "pir")]).markup
    plain = (
        marked.replace("</mark>", "").replace('<mark class="f-pir" id="m-pir">', "").replace('<mark class="f-pir">', "")
    )
    assert make_harmless(plain, {}).markup == make_harmless(markup, {}).markup
