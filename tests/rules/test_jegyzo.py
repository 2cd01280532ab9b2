"""The ladder of policy.md §4 and §9: how sure is it that the jegyző is a visible recipient?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.catalogue import load_catalogue
from rules.model import Address, Context, Field, JegyzoStatus, Message, Part, PartKind, Person
from rules.reading.jegyzo import find_jegyzo, says_jegyzo

OWN = Address("ASP Oktatás", "aspoktatas@allamkincstar.gov.hu")
CLERK = Address("Minta Vera", "minta.vera@tab.hu")
APPLICANT = Person(full_name=Field("Minta Vera"), municipality=Field("Tab"), email=Field("minta.vera@tab.hu"))


def message(*others: Address, text: str = "", signature: str = "", sender: Address = CLERK) -> Message:
    """A mail from `sender` to us with `others` in Cc."""
    parts = [Part(PartKind.TEXT, text)] + ([Part(PartKind.SIGNATURE, signature)] if signature else [])
    return Message(
        message_id="<1@tab.hu>",
        subject="regisztráció",
        from_=(sender,),
        reply_to=(),
        to=(OWN,),
        cc=others,
        date=None,
        in_reply_to=(),
        references=(),
        headers=(),
        content_types=("text/plain",),
        parts=tuple(parts),
    )


def status(mail: Message, people: tuple[Person, ...] = (APPLICANT,), context: Context = Context()) -> str:  # noqa: B008
    return find_jegyzo(mail, people, load_catalogue(), context).status.value


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("", "jegyzo@tab.hu"),
        ("", "jegyzo1@tab.hu"),
        ("", "tab.jegyzo@gmail.com"),
        ("", "jegyzo.tab@gmail.com"),
        ("", "jegyzotab@freemail.hu"),
        ("", "tabjegyzo@freemail.hu"),
        ("", "fojegyzo@tab.hu"),
        ("", "korjegyzo@tab.hu"),
        ("", "jegyzo_tab@tab.hu"),
        ("", "drmintabelajegyzo@gmail.com"),
        ("dr. Minta Béla jegyző", "minta.bela@tab.hu"),
        ("Jegyző - Tab", "iroda3@tab.hu"),
        ("Tab Város Jegyzője", "tab@tab.hu"),
        ("Minta Béla dr. (jegyző)", "minta.bela@tab.hu"),
        ("Minta Béla címzetes főjegyző", "minta.bela@tab.hu"),
        ("JEGYZŐ TAB", "x@tab.hu"),
        ("Jegyzo Asszony", "y@tab.hu"),
    ],
)
def test_says_jegyzo(name: str, address: str) -> None:
    assert says_jegyzo(Address(name, address), load_catalogue())


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("", "jegyzokonyv@tab.hu"),
        ("", "jegyzokonyvvezeto@tab.hu"),
        ("", "jegyzoititkarsag@tab.hu"),
        ("", "jegyzoi.titkarsag@tab.hu"),
        ("", "jegyzoi.iroda@tab.hu"),
        ("", "aljegyzo@tab.hu"),
        ("", "kozjegyzo@tab.hu"),
        ("", "kozjegyzoiroda@tab.hu"),
        ("", "jegyzek@tab.hu"),
        ("", "jegyzet@tab.hu"),
        ("", "jegyzo.helyettes@tab.hu"),
        ("Jegyes Anna", "jegyes.anna@tab.hu"),
        ("dr. Minta Béla aljegyző", "minta.bela@tab.hu"),
        ("Jegyzői Titkárság", "titkarsag@tab.hu"),
        ("Jegyzői Kabinet", "kabinet@tab.hu"),
        ("Titkárság", "titkarsag@tab.hu"),
        ("Nagy Éva", "nagy.eva@tab.hu"),
    ],
)
def test_does_not_say_jegyzo(name: str, address: str) -> None:
    assert not says_jegyzo(Address(name, address), load_catalogue())


@pytest.mark.parametrize(
    ("expected", "others", "text"),
    [
        ("absent", (), "A jegyző tud róla."),
        ("absent", (CLERK,), "Kérem a regisztrációmat."),
        ("absent", (OWN,), "Kérem a regisztrációmat."),
        ("stated", (Address("", "jegyzo@tab.hu"),), ""),
        ("unclear", (Address("Nagy Éva", "nagy.eva@tab.hu"),), "Kérem a regisztrációmat."),
        ("unclear", (Address("", "titkarsag@tab.hu"),), "A jegyző másolatban."),
        ("unclear", (Address("", "aljegyzo@tab.hu"),), "Aljegyző asszony másolatban."),
        ("stated", (Address("Nagy Éva", "nagy.eva@tab.hu"),), "A jegyző másolatban."),
        ("stated", (Address("", "neva@tab.hu"),), "Jegyző asszonynak másolatban megküldve."),
        ("stated", (Address("Nagy Éva", "nagy.eva@tab.hu"),), "Cc-ben a jegyző."),
        ("stated", (Address("", "nagy.eva@tab.hu"), Address("", "titkarsag@tab.hu")), "A jegyzőt másolatba tettem."),
        ("unclear", (Address("", "nagy.eva@tab.hu"), Address("", "kis.pal@tab.hu")), "A jegyzőt másolatba tettem."),
        ("unclear", (Address("Nagy Éva", "nagy.eva@tab.hu"),), "A jegyzőt szóban tájékoztattam."),
        ("unclear", (Address("Nagy Éva", "nagy.eva@tab.hu"),), "A jegyzőt nem tettem másolatba."),
        ("stated", (Address("", "nagy.eva@tab.hu"),), "Jegyzőnk, dr. Nagy Éva tud a kérésemről."),
        ("stated", (Address("Nagy Éva", "neva@tab.hu"),), "Jegyző: dr. Nagy Éva"),
        ("stated", (Address("", "nagyevadr@tab.hu"),), "dr. Nagy Éva jegyző asszony hozzájárult."),
        ("unclear", (Address("", "kis.pal@tab.hu"),), "dr. Nagy Éva jegyző asszony hozzájárult."),
        ("stated", (Address("", "polgarmester@tab.hu"), Address("", "jegyzo@tab.hu")), ""),
        ("unclear", (Address("Polgármester", "polgarmester@tab.hu"),), "A jegyző másolatban."),
    ],
)
def test_ladder(expected: str, others: tuple[Address, ...], text: str) -> None:
    assert status(message(*others, text=text)) == expected


@pytest.mark.parametrize(
    ("sender", "signature"),
    [
        (Address("", "jegyzo@tab.hu"), ""),
        (Address("dr. Kis Pál jegyző", "kis.pal@tab.hu"), ""),
        (Address("Kis Pál", "kis.pal@tab.hu"), "dr. Kis Pál\njegyző\nTabi Közös Önkormányzati Hivatal"),
    ],
)
def test_the_sender_is_the_jegyzo(sender: Address, signature: str) -> None:
    assert status(message(sender=sender, signature=signature)) == "sender"
    assert status(message(Address("", "jegyzo@mas.hu"), sender=sender, signature=signature)) == "sender"


@pytest.mark.parametrize(
    "signature", ["dr. Kis Pál\naljegyző", "Kis Pál\njegyzői referens", "Kis Pál\njegyzőkönyvvezető"]
)
def test_the_sender_is_not_the_jegyzo(signature: str) -> None:
    assert status(message(sender=Address("Kis Pál", "kis.pal@tab.hu"), signature=signature)) == "absent"


def test_a_known_clerk_is_confirmed_for_his_own_municipality_only() -> None:
    clerk = Address("", "kis.pal@tab.hu")
    known = Context(clerks={"Tab": frozenset({"kis.pal@tab.hu"}), "Paks": frozenset({"jegyzo@paks.hu"})})
    assert status(message(clerk), context=known) == "confirmed"
    assert status(message(Address("", "jegyzo@paks.hu")), context=known) == "stated"


def test_those_to_be_registered_are_left_out() -> None:
    colleague = Person(full_name=Field("Nagy Éva"))
    assert status(message(Address("Nagy Éva", "nagy.eva@tab.hu")), (colleague,)) == "absent"
    by_address = Person(email=Field("nagy.eva@tab.hu"))
    assert status(message(Address("", "nagy.eva@tab.hu")), (by_address,)) == "absent"


def test_the_copy_of_our_own_letter_counts_for_its_answer() -> None:
    mail = message(text="PIR: 740009")
    ours = Part(PartKind.QUOTED, "…", sender=OWN, recipients=(CLERK, Address("", "jegyzo@tab.hu")))
    answered = replace(mail, parts=(*mail.parts, ours))
    assert find_jegyzo(answered, (APPLICANT,), load_catalogue(), Context()).status is JegyzoStatus.STATED


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("Alulírott dr. Minta Vera, mint a Tabi Közös Önkormányzati Hivatal jegyzője, az alábbi kéréssel élek.", ""),
        ("Alulírott Minta Vera jegyző kérem Kis Pál felvételét.", ""),
        ("Alulírott Minta Vera, Tab Város jegyzője ezúton kérem a hozzáférést.", ""),
        ("A Tabi Közös Önkormányzati Hivatal jegyzője vagyok, kérem munkatársam regisztrációját.", ""),
        ("A hivatal jegyzőjeként kérem Kis Pál felvételét.", ""),
        ("", "Minta Vera s.k.\njegyző"),
        ("", "dr. Minta Vera s. k.\ncímzetes főjegyző"),
        ("", "Minta Vera sk.\njegyző"),
    ],
)
def test_the_sender_calls_himself_jegyzo(text: str, signature: str) -> None:
    assert status(message(text=text, signature=signature), ()) == JegyzoStatus.SENDER


@pytest.mark.parametrize(
    "text",
    [
        "Alulírott Minta Vera kérem a regisztrációmat. A jegyző szabadságon van.",
        "Alulírott Minta Vera, a jegyző megbízásából kérem a regisztrációmat.",
        "Alulírott Minta Vera kérem, hogy a jegyzőnket is értesítsék.",
        "A jegyzője kérte, hogy írjak.",
    ],
)
def test_who_speaks_of_the_jegyzo_is_none(text: str) -> None:
    assert status(message(text=text), ()) == JegyzoStatus.ABSENT
