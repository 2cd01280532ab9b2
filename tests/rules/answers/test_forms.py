"""Our form, come back in every state: edited, half filled, cut, several people's, twice, an older one below."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.chain import decide
from rules.model import (
    Attachment,
    Context,
    Earlier,
    Jegyzo,
    JegyzoStatus,
    Kind,
    Message,
    Note,
    Outcome,
    Status,
    Verdict,
)
from tests.rules.answers.cases import OWN as ANNA
from tests.rules.answers.cases import case_of
from tests.rules.answers.conversation import ATTRIBUTION, CATALOGUE, OWN, Case, answer, mail, quoted, told, value
from worker.replies.compose import compose_reply


def returned(case: Case, *edits: tuple[str, str], above: str = "Kitöltve küldöm.", below: str = "") -> Verdict:
    """The verdict on our letter coming back quoted, the first `old` of each edit replaced by `new`."""
    before, mark, form = case.letter.text.partition("--- ADATLAP (")
    for old, new in edits:
        assert old in form
        form = form.replace(old, new, 1)
    text = before + mark + form
    body = f"{above}\n\n{ATTRIBUTION}\n\n{quoted(text)}\n{below}"
    return answer(case, body, bare=True)


def test_the_line_that_was_asked() -> None:
    verdict = returned(case_of("pir"), ("PIR szám:", "PIR szám: 740373"))
    assert told(verdict) == [("ready",)]
    assert value(verdict.people[0].pir) == "740373"


def test_a_line_written_over_is_a_correction() -> None:
    edit = ("kovacs.anna@posta.example", "kovacsanna@posta.example")
    verdict = returned(case_of("pir"), ("PIR szám:", "PIR szám: 740373"), edit)
    assert told(verdict) == [("ready",)]
    assert value(verdict.people[0].email) == "kovacsanna@posta.example"
    assert any(one.code == "answer_corrects" and one.details["field"] == "email" for one in verdict.findings)


def test_modules_written_over() -> None:
    verdict = returned(
        case_of("pir"), ("PIR szám:", "PIR szám: 740373"), ("Szakrendszer(ek): ADÓ", "Szakrendszer(ek): Hagyaték")
    )
    assert [one.value for one in verdict.people[0].modules] == ["PM-2363-1710-BS"]


def test_a_new_name_in_the_first_line() -> None:
    verdict = returned(
        case_of("pir"), ("Teljes név: Kovács Anna", "Teljes név: Nagyné Kovács Anna"), ("PIR szám:", "PIR szám: 740373")
    )
    assert (len(verdict.people), value(verdict.people[0].full_name)) == (1, "Nagyné Kovács Anna")


def test_lines_wiped_out_wipe_nothing() -> None:
    verdict = returned(
        case_of("pir"),
        ("PIR szám:", "PIR szám: 740373"),
        ("E-mail cím: kovacs.anna@posta.example", "E-mail cím:"),
        ("Teljes név: Kovács Anna", "Teljes név:"),
    )
    assert told(verdict) == [("ready",)]


@pytest.mark.parametrize("said", ["740373", "A PIR: 740373"])
def test_the_value_above_an_untouched_form(said: str) -> None:
    assert told(returned(case_of("pir"), above=said)) == [("ready",)]


def test_half_in_the_form_and_half_in_the_text() -> None:
    verdict = returned(
        case_of("pir and email"), ("PIR szám:", "PIR szám: 740373"), above="A címem: kovacs.anna@posta.example"
    )
    assert told(verdict) == [("ready",)]


def test_half_of_it() -> None:
    verdict = returned(case_of("pir and email"), ("PIR szám:", "PIR szám: 740373"))
    assert told(verdict) == [("incomplete", "email_not_personal")]
    assert verdict.outcomes == {Outcome.REPLY_MISSING}


def test_an_untouched_form_under_thanks() -> None:
    verdict = returned(case_of("pir"), above="Köszönöm!")
    assert (verdict.kind, verdict.continues) == (Kind.OTHER, 0)


def test_an_untouched_form_under_a_question() -> None:
    assert returned(case_of("pir"), above="Mi az a PIR szám?").kind is Kind.OTHER


def test_each_ones_own_lines() -> None:
    verdict = returned(
        case_of("two emails"),
        ("E-mail cím:", "E-mail cím: szabo.anna@posta.example"),
        ("E-mail cím:\n", "E-mail cím: kiss.bela@posta.example\n"),
    )
    assert [value(person.email) for person in verdict.people] == ["szabo.anna@posta.example", "kiss.bela@posta.example"]
    assert told(verdict) == [("ready",), ("ready",)]


def test_a_second_label_in_a_line_of_ours() -> None:
    edits = (
        ("Önkormányzat: Lenti", "Önkormányzat: Lenti Város Önkormányzata, PIR: 740373"),
        ("PIR szám:\n", "PIR szám: ott\n"),
    )
    assert told(returned(case_of("pir"), *edits)) == [("ready",)]


@pytest.mark.parametrize("said", ["u.a.", "ugyanaz", "detto", "ua", "mint fent", "ugyanaz, mint az előzőnél", '-"-'])
def test_the_same_as_in_the_block_above(said: str) -> None:
    case = case_of("two pirs")
    form = form_of(case).replace("PIR szám:", "PIR szám: 740373", 1)
    first, mark, second = form.partition("2. személy")
    verdict = answer(case, first + mark + second.replace("PIR szám:", f"PIR szám: {said}", 1), bare=True)
    assert told(verdict) == [("ready",), ("ready",)]
    assert [value(person.pir) for person in verdict.people] == ["740373", "740373"]


def test_nobody_has_the_address_of_the_block_above() -> None:
    case = case_of("two emails")
    first, mark, second = (
        form_of(case).replace("E-mail cím:", "E-mail cím: szabo.anna@posta.example", 1).partition("2. ")
    )
    verdict = answer(case, first + mark + second.replace("E-mail cím:", "E-mail cím: u.a.", 1), bare=True)
    assert verdict.people[1].email is None or verdict.people[1].email.value != "szabo.anna@posta.example"


def form_of(case: Case) -> str:
    text = case.letter.text
    return text[text.index("--- ADATLAP") : text.index("ADATLAP VÉGE ---") + len("ADATLAP VÉGE ---")]


def test_only_the_second_ones_block() -> None:
    case = case_of("two emails")
    form = form_of(case)
    first, second = form.index("1. személy"), form.index("2. személy")
    cut = form[:first] + form[second:].replace("E-mail cím:", "E-mail cím: kiss.bela@posta.example")
    verdict = answer(case, cut, bare=True)
    assert told(verdict) == [("incomplete", "email_missing"), ("ready",)]


def test_the_blocks_the_other_way_round() -> None:
    case = case_of("two emails")
    form = form_of(case)
    first, second, end = form.index("1. személy"), form.index("2. személy"), form.index("--- ADATLAP VÉGE")
    one = form[first:second].replace("1. személy\n", "").replace("E-mail cím:", "E-mail cím: szabo.anna@posta.example")
    two = form[second:end].replace("2. személy\n", "").replace("E-mail cím:", "E-mail cím: kiss.bela@posta.example")
    verdict = answer(case, f"{form[:first]}{two}\n{one}{form[end:]}", bare=True)
    assert [value(person.email) for person in verdict.people] == ["szabo.anna@posta.example", "kiss.bela@posta.example"]


def test_a_block_for_somebody_else_besides() -> None:
    case = case_of("pir")
    block = (
        "2. személy\nTeljes név: Szabó Béla\nÖnkormányzat: Lenti\nPIR szám: 740373\nVármegye: Zala\n"
        "E-mail cím: szabo.bela@posta.example\nSzakrendszer(ek): ADÓ\n--- ADATLAP VÉGE ---"
    )
    verdict = returned(case, ("PIR szám:", "PIR szám: 740373"), ("--- ADATLAP VÉGE ---", block))
    assert [value(person.full_name) for person in verdict.people] == ["Kovács Anna", "Szabó Béla"]
    assert told(verdict) == [("ready",), ("ready",)]
    assert verdict.continues == 1


def test_the_requesters_old_mail_below_says_nothing_new() -> None:
    case = case_of("pir and email")
    old = "Kovács Anna <penzugy@lenti.example> ezt írta (időpont: 2026. márc. 3., K, 9:00):\n\n"
    below = quoted(old + quoted(case.message.parts[-1].text), "> ")
    verdict = returned(
        case,
        ("PIR szám:", "PIR szám: 740373"),
        ("E-mail cím:", "E-mail cím: kovacs.anna@posta.example"),
        above="Az alábbi adatlapot kitöltve küldöm.",
        below=below,
    )
    assert told(verdict) == [("ready",)]
    assert Note.ANSWER_CONTRADICTS not in verdict.people[0].notes


def test_values_written_between_the_lines_of_the_letter() -> None:
    case = case_of("pir and email")
    written = {"elírás történt.": "740373", "címre van szükség.": "kovacs.anna@posta.example"}
    lines: list[str] = []
    for line in case.letter.text.split("\n"):
        lines += [f"> {line}", *(value for words, value in written.items() if words in line)]
    assert [one for one in lines if one in written.values()] == list(written.values())
    assert told(answer(case, f"{ATTRIBUTION}\n\n" + "\n".join(lines), bare=True)) == [("ready",)]


@pytest.mark.parametrize(
    ("behind", "typed"),
    [("ellenőrzés szerint nem lehet PIR", "740373"), ("munkakörre vagy", "kovacs.anna@posta.example")],
)
def test_a_value_written_into_a_sentence_of_the_letter(behind: str, typed: str) -> None:
    case = case_of("pir and email")
    rest = "kovacs.anna@posta.example" if typed.isdigit() else "740373"
    lines: list[str] = []
    for line in case.letter.text.split("\n"):
        lines += [f"> {line}", *([typed] if behind in line else [])]
    assert typed in lines
    verdict = answer(case, f"{rest}\n\n{ATTRIBUTION}\n\n" + "\n".join(lines), bare=True)
    assert told(verdict) == [("ready",)]


def second_round(first: str, second: str) -> tuple[Verdict, Verdict]:
    """Two answers to the case "pir and email", each to the letter before it, the thread growing below."""
    case = case_of("pir and email")
    message = mail(
        f"{first}\n\n{ATTRIBUTION}\n\n{quoted(case.letter.text)}", sender="penzugy@lenti.example", subject="Re: ASP"
    )
    one = decide(message, CATALOGUE, replace(Context(), earlier=case.earlier))
    letter = compose_reply(message, one, CATALOGUE, own_address=OWN, token="7F3K2M")
    old = "Kovács Anna <penzugy@lenti.example> ezt írta (időpont: 2026. márc. 5., Cs, 9:00):"
    thread = f"{letter.text}\n\n{old}\n\n{quoted(first)}\n{quoted(ATTRIBUTION)}\n{quoted(quoted(case.letter.text))}"
    next_case = Case(message, one, letter)
    return one, answer(next_case, f"{second}\n\n{ATTRIBUTION}\n\n{quoted(thread)}", bare=True)


def test_two_rounds() -> None:
    one, two = second_round("740373", "kovacs.anna@posta.example")
    assert told(one) == [("incomplete", "email_not_personal")]
    assert one.reply
    assert [address.address for address in one.reply.cc] == ["jegyzo@lenti.example"]  # need not be copied twice
    assert told(two) == [("ready",)]
    assert value(two.people[0].pir) == "740373"


def test_what_an_older_letter_below_shows_counts_no_more() -> None:
    one, two = second_round("PIR: 740371, kovacs.anna@posta.example", "A jó szám: 740373")
    assert told(one) == [("incomplete", "pir_invalid")]
    assert told(two) == [("ready",)]


def test_a_contradiction_stays_with_staff() -> None:
    case = case_of("pir")
    one = answer(case, "PIR: 740373, e-mail: anna.kovacs@posta.example")
    again = mail("Köszönöm, szakrendszer: ADÓ, PIR: 740373", sender=ANNA)
    two = decide(again, CATALOGUE, replace(Context(), earlier=Earlier(one.people, one.jegyzo)))
    assert two.people[0].status is Status.REVIEW
    assert Note.ANSWER_CONTRADICTS in two.people[0].notes


def test_without_a_case_the_form_alone_is_enough() -> None:
    case = case_of("pir")
    text = case.letter.text.replace("PIR szám:", "PIR szám: 740373")
    message = mail(text, sender=ANNA, cc="jegyzo@lenti.example", subject=case.letter.subject)
    verdict = decide(message, CATALOGUE)
    assert (told(verdict), verdict.continues) == ([("ready",)], 0)


def test_evidence_of_this_mail_only() -> None:
    case = case_of("pir")
    verdict = answer(case, "740373")
    kept = case.verdict.people[0].municipality
    assert kept
    assert verdict.people[0].municipality is kept
    old = set(kept.evidence)
    assert not [one for one in verdict.findings if one.person == 0 and old & set(one.evidence)]


def scanned(message: Message) -> Message:
    """`message` with a scan attached that nobody could read."""
    return replace(message, attachments=(Attachment("adatlap.pdf", "application/pdf", 1000, False, "no text"),))


def test_the_form_on_paper_goes_to_staff() -> None:
    case = case_of("pir")
    message = scanned(mail("Mellékelten küldöm kitöltve az adatlapot.", sender=ANNA, subject=case.letter.subject))
    verdict = decide(message, CATALOGUE, replace(Context(), earlier=case.earlier))
    assert verdict.outcomes == {Outcome.REVIEW}
    assert verdict.people[0].notes[-1:] == (Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT,)
    later = decide(mail("Mikor lesz kész?", sender=ANNA), CATALOGUE, replace(Context(), earlier=case.earlier))
    assert later.reply is None


@pytest.mark.parametrize("known", [JegyzoStatus.CONFIRMED, JegyzoStatus.STATED, JegyzoStatus.SENDER])
def test_the_jegyzo_seen_earlier_counts(known: JegyzoStatus) -> None:
    case = case_of("pir")
    jegyzo = Jegyzo(known, "jegyzo@lenti.example", "dr. Minta Béla")
    context = replace(Context(), earlier=Earlier(case.verdict.people, jegyzo))
    verdict = decide(mail("740373", sender=ANNA), CATALOGUE, context)
    assert verdict.jegyzo == jegyzo
    assert told(verdict) == [("ready",)]


def test_a_clerk_known_by_now() -> None:
    case = case_of("clerk unclear")
    context = replace(Context(), earlier=case.earlier, clerks={"Lenti": frozenset({"kiss.bela@lenti.example"})})
    verdict = decide(mail("740373", sender=ANNA), CATALOGUE, context)
    assert verdict.jegyzo
    assert verdict.jegyzo.status is JegyzoStatus.CONFIRMED
