"""Module words that tell what somebody does: a job's name or duties, and whether the training for them is asked for."""

from __future__ import annotations

import re
from itertools import pairwise

from rules.reading.module_items import Item, Reading
from rules.reading.module_words import Role, Tier

LONGEST_LINE = 300  # characters of a line that is looked at for a label before the word
_JOB_LABEL = re.compile(r"(?:munkakor|beosztas|allas|tisztseg|osztaly|szervezeti egyseg)[a-z]*\s*:[^\n]*$")
REACH = 60  # words in which the training for a duty is asked for
_POINTING = frozenset(
    (
        *("ehhez", "ehez", "ezekhez", "mindehhez", "ahhoz", "azokhoz", "hozza", "hozzajuk", "ezen", "erre", "ezekre"),
        *(
            "arra",
            "e",
            "ezt",
            "ezeket",
            "azt",
            "azokat",
            "ennek",
            "ezeknek",
            "errol",
            "ezekrol",
            "arrol",
            "ebbol",
            "ezekbol",
            "ezzel",
        ),
        *("ezekkel", "azzal", "ilyen", "idevago", "idetartozo", "kapcsolodo", "megfelelo"),
    )
)
_BESIDE = frozenset({"melle", "mellett"})
_HELD = frozenset({"eddigi", "meglevo", "mostani", "korabbi", "jelenlegi", "regi", "elozo"})
_FOR_THAT = frozenset({"ehhez", "ehez", "ezekhez", "mindehhez", "ahhoz", "azokhoz"})
_FOR_THE_WORK = re.compile(
    r"(?:feladat|ellatas|vegzes|elvegzes|munka|tevekenyseg|ugy|teendo|intezes|ugyintezes)[a-z]*h[eo]z"
)
_DOES = re.compile(r"(?:vezet|kezel|vegz|intez|csinal|ellat)(?:i|ik|ja|jak)")
_OBJECT = re.compile(r"(?:[aeioulnrsz]t|val|vel|kal|kel)$")  # "a honlapot", not "a honlapjukon"
_THE_TRAINING = re.compile(
    r"(?:tan|okta[a-z]*)?anyag(?:ot|hoz|ra|at)|(?:tan|okta[a-z]*)?anyagok(?:at|hoz|ra|kal)"
    r"|(?:kepzes|tanfolyam|kurzus|modul|oktatas)(?:[eo]k)?(?:t|ot|et|at|hoz|hez|ra|re)"
)
_LATER = frozenset(
    {
        "utan",
        "utani",
        "elott",
        "elotti",
        "kozben",
        "soran",
        "kovetoen",
        "idejen",
        "eseten",
        "alapjan",
        "hianyaban",
        "megtortente",
    }
)
_DONE = re.compile(
    r"(?:be|el|le|meg|fel|ki|at|vissza|ossze)?(?:kuld|fizet|utal|rendez|intez|zar|fejez|vegez|csatol|mellekel|keszit|ad|tolt|"
    r"nyomtat|rogzit|teljesit|konyvel|hagy|csinal|iktat|postaz|erkeztet|kiegyenlit|mutat|kap|lat)"
    r"t(?:am|em|uk|unk|ak|ek|a|e)"
)


def without_jobs(reading: Reading, run: list[Item]) -> list[Item]:
    """The list `run` without jobs and duties, unless the training for these very duties is asked for."""
    run = _without_title(reading, run)
    if not run or not (is_job(reading, run[-1]) or _is_done(reading, run[-1])):
        return run
    for_it = _points_back(reading, run[-1])
    return [item for item in run if item.ends_in_noun or item.identifier or (for_it and not is_officer(item))]


def duties_pointed_at(reading: Reading, run: list[Item]) -> list[Item]:
    """What in `run` is told as a duty or a job, where the training for it is asked for behind ("…, ehhez kérném …")."""
    pointed = _points_back(reading, run[-1])
    if not pointed and not _means_it(reading, run[-1]):
        return []
    verbs = [item for item in run if item.row is not None and item.row.duty]
    return verbs or [item for item in run if _is_told(reading, item, as_job=pointed)]


def without_explained(reading: Reading, run: list[Item]) -> list[Item]:
    """The list without the loose words that brackets make mean the module beside them: "leltáros (KATI)"."""
    loose = set[int]()
    for left, right in pairwise(run):
        if reading.gap(left.last, right.first).strip() != "(" or reading.folded[right.end : right.end + 1] != ")":
            continue
        fields = [one for one in (left, right) if one.row is not None and one.row.tier is Tier.FIELD]
        if len(fields) == 1 and left.row and right.row and left.row.module is not right.row.module:
            loose.add(fields[0].start)
    return [item for item in run if item.start not in loose]


def without_passing(reading: Reading, run: list[Item]) -> list[Item]:
    """The list without what is only told on the way: "az utalást elküldtük", "szíves kiadmányozás után"."""
    wanted = [item for item in run if not _is_held(reading, item)]
    return [item for item in wanted if item.ends_in_noun or item.identifier or not _is_passing(reading, item)]


def _is_held(reading: Reading, item: Item) -> bool:
    """Is it had already, and another wished beside it ("az eddigi adó mellé a hagyaték tananyag is")?"""
    after = item.last + 1
    while after < len(reading.row) and reading.roles[after] & Role.CORE_NOUN:
        after += 1
    beside = after < len(reading.row) and reading.row[after].text in _BESIDE
    return beside and item.first > 0 and reading.row[item.first - 1].text in _HELD


def _is_passing(reading: Reading, item: Item) -> bool:
    after = item.last + 1
    if item.row is None or item.row.tier is Tier.ANYWHERE or after >= len(reading.row):
        return False
    if reading.sentences[after] != reading.sentences[item.last] or reading.gap(item.last, after) != " ":
        return False
    word = reading.row[after].text
    done = _DONE.fullmatch(word) and not reading.roles[after] & (Role.DUTY | Role.ASK)
    return bool(word in _LATER or done) and not _points_back(reading, item)


def _is_done(reading: Reading, item: Item) -> bool:
    """Is it what somebody does, told beside what is asked for: "aki a házipénztárt vezeti, az … modulhoz kér …"?"""
    at = item.last + 1
    while at < len(reading.row) and reading.row[at].text in ("is", "mar", "mellett"):
        at += 1
    told = at < len(reading.row) and _DOES.fullmatch(reading.row[at].text)
    return bool(told and _OBJECT.search(reading.row[item.last].text) and not item.ends_in_noun)


def _is_told(reading: Reading, item: Item, *, as_job: bool) -> bool:
    """Does the sentence say whose duty (or `as_job` whose job) the item is, and not only where it was read?"""
    if item.row is None or is_officer(item) or reading.sentences[item.first] not in reading.dutiful:
        return False
    if not as_job and is_job(reading, item) and not _is_done(reading, item):
        return False
    ordinary = reading.roles[item.first] & Role.ORDINARY and item.first == item.last
    return not ordinary or bool(_OBJECT.search(reading.row[item.last].text))


def _means_it(reading: Reading, item: Item) -> bool:
    """Does "the training" of this sentence or the next mean the one for the duty ("a képzéshez kérem a belépést")?"""
    sentence = reading.sentences[item.last]
    for place in range(item.last + 2, min(len(reading.row), item.last + REACH)):
        if reading.sentences[place] - sentence > 1:
            return False
        definite = reading.row[place - 1].text in ("a", "az") and _THE_TRAINING.fullmatch(reading.row[place].text)
        if definite and reading.sentences[place] in reading.asking:
            return True
    return False


def is_officer(item: Item) -> bool:
    """Is this the bare word "ügyintéző", which is first of all a job?"""
    return item.row is not None and item.row.tier is Tier.FIELD and item.row.officer


def next_role(reading: Reading, item: Item) -> int:
    """The role of the word right behind the item, where nothing but a blank or a hyphen parts them."""
    after = item.last + 1
    if after >= len(reading.row) or reading.gap(item.last, after).strip(" -"):
        return Role.NONE
    return reading.roles[after]


def is_job(reading: Reading, item: Item) -> bool:
    """Does the list that ends with `item` tell what somebody does ("iktató, postázó feladatokat lát el")?"""
    if item.ends_in_noun or item.identifier:
        return False
    if reading.row[item.last].text.endswith("kent"):  # "iktatóként dolgozom"
        return True
    begin = max(reading.folded.rfind("\n", 0, item.start) + 1, item.start - LONGEST_LINE)
    line = reading.folded[begin : item.start]
    if is_purpose(reading, item):
        return False
    return bool(next_role(reading, item) & Role.JOB or _JOB_LABEL.search(line))


def is_purpose(reading: Reading, item: Item) -> bool:
    """Is the training for the job asked for ("az iktatási feladatokhoz kérem a tananyagot")?"""
    if reading.sentences[item.last] not in reading.learning & reading.asking:
        return False
    for place in range(item.last + 1, min(item.last + 5, len(reading.row))):
        if _FOR_THE_WORK.fullmatch(reading.row[place].text):
            return True
        if not reading.roles[place] & (Role.JOB | Role.TASK | Role.JOIN):
            return False
    return False


def _points_back(reading: Reading, item: Item) -> bool:
    """ "… az iratkezelés alkalmazásgazdája lettem, ehhez kellene a tananyag": here or in the next two sentences."""
    sentence = reading.sentences[item.last]
    for place in range(item.last + 1, min(len(reading.row), item.last + REACH)):
        here = reading.sentences[place]
        if here - sentence > 2:
            return False
        word = reading.row[place].text
        if word in _POINTING and (here in reading.learning or (here - sentence < 2 and here + 1 in reading.learning)):
            return True
        follows = reading.row[place + 1].text if place + 1 < len(reading.row) else ""
        if word in _FOR_THAT and here in reading.asking and follows != "hogy":
            return True
    return False


def _without_title(reading: Reading, run: list[Item]) -> list[Item]:
    """The list without "adóügyi ügyintéző", which is a job, not a wish for two modules."""
    titles = set[int]()
    for left, right in pairwise(run):
        held = left.row is not None and left.row.module.family != "irat" and is_officer(right)
        apart = reading.gap(left.last, right.first).strip(" ") or next_role(reading, right) & Role.CORE_NOUN
        if held and not apart:
            titles |= {left.start, right.start}
    return [item for item in run if item.start not in titles]
