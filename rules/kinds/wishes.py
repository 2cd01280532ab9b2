"""What a person's mail is, by what it asks for: the rules of policy.md §1 and §9, each as a question to the request.

A mail that is both (cannot log in, and gives data asking to be registered) is a registration.
"""

from __future__ import annotations

from rules.findings import hit, miss
from rules.model import Evidence, Finding, PartKind
from rules.reading.labels import Slot
from rules.reading.request import Request
from rules.reading.wish import OURS

THANKS = frozenset({"say_thanks", "say_done"})
OTHER_MATTERS = THANKS | {
    "refuse_registration",
    "ask_password",
    "ask_deletion",
    "ask_change",
    "ask_course",
    "ask_list",
    "ask_status",
    "ask_question",
    "ask_outage",
    "ask_live_system",
    "advertise",
    "solicit",
    "speak_of_elsewhere",
    "speak_of_other_training",
}
ASKING_FOR = ("ask_to_register", "ask_registration", "ask_access", "ask_training")
COURSE = frozenset({"ask_course", "ask_status", "ask_password"})  # data beside these only say who writes
OTHERS = frozenset({"speak_of_elsewhere", "speak_of_other_training"})
TELLING = frozenset({Slot.PIR, Slot.EMAIL, Slot.MODULES})  # beside a name; the modules may be what is missing
ENOUGH_LABELLED = 3  # kinds of labelled data that make a mail without a word of asking a registration


def answers_form(request: Request) -> Finding:
    """Does the mail carry our corrective reply's form, or the data it asked for? (policy.md §8)"""
    if request.form_left_open and (is_troubled(request, frozenset({"say_thanks"})) or request.asks_back):
        return miss("answers_form")
    if request.answers_our_form or (request.answers_us and request.labelled and not is_troubled(request)):
        return hit("answers_form", "answers_form")
    return miss("answers_form")


def says_nothing(request: Request) -> Finding:
    """Is there no text but a signature, no request in the subject, nothing attached to read? (policy.md §1: empty)"""
    asked = request.wish.asked(
        "ask_to_register", "ask_registration", "ask_access", "ask_training", "mention_registration"
    )
    asked += request.wish.said("ask_password")
    if request.says_nothing and not request.unread and not asked:
        return hit("says_nothing", "says_nothing")
    return miss("says_nothing")


def asks_removal(request: Request) -> Finding:
    """Is it a deletion or a change of data on an account, and nobody is to be registered? (policy.md §1: other)"""
    found = request.wish.asked("ask_deletion") + request.wish.said("ask_change")
    if found and not _registers(request) and not request.wish.said("refuse_removal"):
        return hit("asks_removal", "asks_removal", found[:3])
    return miss("asks_removal")


def asks_live_system(request: Request) -> Finding:
    """Is it about the live ASP system, not the training portal? (policy.md §9)"""
    found = request.wish.said("ask_live_system")
    elsewhere = request.wish.asked("ask_to_register", "ask_registration")
    if len(request.given) >= ENOUGH_LABELLED:
        elsewhere += request.wish.asked("ask_access", "ask_training")
    elsewhere += request.wish.asked_of_training("ask_access", "ask_training")
    if found and not elsewhere:
        return hit("asks_live_system", "asks_live_system", found[:3])
    return miss("asks_live_system")


def takes_back(request: Request) -> Finding:
    """Is an earlier request taken back, and nothing else asked? (policy.md §1: nobody is to be registered)"""
    found = request.wish.said("take_back")
    asking = (_asked_in_text(request, *ASKING_FOR, "ask_password"), len(request.labelled) >= ENOUGH_LABELLED)
    if found and not any(asking):
        return hit("takes_back", "takes_back", found[:3])
    return miss("takes_back")


def complains(request: Request) -> Finding:
    """Is it annoyance at what became of an earlier request? (policy.md §1: complaints)"""
    found = request.wish.said("complain")
    if found and request.wish.said("ask_status") and len(request.given) < ENOUGH_LABELLED:
        return hit("complains", "complains", found[:3])
    return miss("complains")


def solicits(request: Request) -> Finding:
    """Does it speak of the reader's account, as phishing does, and of nothing of the writer's? (policy.md §1: spam)"""
    found = request.wish.said("solicit")
    if found and not request.wish.said("first_person") and not request.labelled and not _asks_us(request):
        return hit("solicits", "solicits", found[:3])
    return miss("solicits")


def speaks_of_elsewhere(request: Request) -> Finding:
    """Is it about another portal, and ours is not spoken of? (policy.md §1: everything else)"""
    wish = request.wish
    found = wish.said("speak_of_other_training")
    known = _tells_all(request) or any(person.modules for person in request.people)
    if found and not known and not wish.said("speak_of_asp"):
        return hit("speaks_of_elsewhere", "speaks_of_elsewhere", found[:3])
    found = wish.said("speak_of_elsewhere")
    ours = wish.said("speak_of_asp") or wish.asked("ask_to_register", "ask_registration", "ask_access", "ask_password")
    if found and not ours and Slot.PIR not in request.given:
        return hit("speaks_of_elsewhere", "speaks_of_elsewhere", found[:3])
    return miss("speaks_of_elsewhere")


def asks_registration(request: Request) -> Finding:
    """Does it ask for access for somebody, however badly? (policy.md §1)"""
    hard = _registers(request)
    if hard:
        return hit("asks_registration", "asks_registration", hard[:3])
    wish = request.wish
    known = wish.asked("has_account")
    lacking = wish.asked("lacks_account")
    if lacking and not known and not is_refused(request):
        return hit("asks_registration", "lacks_account", lacking[:3])
    soft = wish.asked("ask_access", "ask_training") + (() if known else wish.asked("ask_entry"))
    troubled = wish.asked("ask_password") or wish.said("reminder_never_comes")
    data = len(request.given) >= 2 and not is_refused(request) and not known
    if soft and (not troubled or (data and wish.asked("ask_access", "ask_training"))):
        return hit("asks_registration", "asks_access", soft[:3])
    return miss("asks_registration")


def reminder_never_comes(request: Request) -> Finding:
    """Was the reminder tried and its mail never came? Its link would be no help (policy.md §9: other)."""
    found = request.wish.said("reminder_never_comes") or request.wish.said("mail_never_comes")
    if found and request.wish.said("reminder_tried"):
        return hit("reminder_never_comes", "reminder_never_comes", found[:3])
    return miss("reminder_never_comes")


def asks_password(request: Request) -> Finding:
    """Does somebody with an account, or who believes so, fail to log in? (FAQ cases 1 to 3)"""
    wish = request.wish
    found = wish.asked("ask_password") or (wish.asked("has_account") and wish.asked("ask_entry"))
    if found and not (wish.said("login_works") and wish.said("find_fault")):
        return hit("asks_password", "asks_password", found[:3])
    return miss("asks_password")


def hints_at_login(request: Request) -> Finding:
    """Do two sentences together say that a login fails ("jelszó" above, "elfelejtettem" below)?"""
    wish = request.wish
    login, failing = wish.asked("speak_of_login"), wish.asked("speak_of_failing")
    if wish.said("login_works"):
        return miss("hints_at_login")
    elsewhere = wish.says_any(OTHER_MATTERS - THANKS - {"ask_question"})
    registers = len(request.labelled) >= ENOUGH_LABELLED or Slot.PIR in request.given
    if login and failing and not elsewhere and not registers:
        return hit("hints_at_login", "hints_at_login", (*login[:1], *failing[:1]))
    return miss("hints_at_login")


def gives_data(request: Request) -> Finding:
    """Are there the FAQ's data, under labels or attached, without a word of what for? (policy.md §1: however badly)"""
    if is_refused(request) or request.wish.said("ask_list") or request.answers_our_form:
        return miss("gives_data")
    about_else = any(request.wish.asked(act) for act in COURSE) and Slot.PIR not in request.labelled
    enough = len(request.labelled) >= ENOUGH_LABELLED and request.named and not about_else
    enough = enough and not (request.wish.said("speak_of_other_training") and not request.wish.said("speak_of_asp"))
    enough = enough or (not is_troubled(request, THANKS) and _tells(request))
    enough = enough or (not is_troubled(request, THANKS | OTHERS) and _tells_all(request))
    enough = enough or (not is_troubled(request, THANKS) and _names_it(request))
    attached = bool(request.unread) and request.points_at_attachment and not is_troubled(request)
    if enough or attached:
        return hit("gives_data", "gives_data", request.unread[:3])
    return miss("gives_data")


def _tells(request: Request) -> bool:
    """Do the data of running text say by themselves what the mail is for, as nobody sends them for anything else?"""
    given = request.given
    if request.named and given | {Slot.MODULES} >= TELLING:
        return True
    speaks = request.named or bool(request.wish.said("first_person"))
    return speaks and Slot.MODULES in given and bool(given & {Slot.PIR, Slot.EMAIL, Slot.MUNICIPALITY})


def _tells_all(request: Request) -> bool:
    """Are there name, address and PIR for a training? If it is none of ours, the writer errs in its name only."""
    training = request.wish.said("speak_of_training")
    return bool(training) and request.named and request.given >= {Slot.PIR, Slot.EMAIL}


def _names_it(request: Request) -> bool:
    """Do the data, the subject's too, stand beside the bare word registration?"""
    mentioned = request.wish.asked("mention_registration")
    return bool(mentioned) and Slot.PIR in request.told and len(request.told) >= ENOUGH_LABELLED


def mentions_registration(request: Request) -> Finding:
    """Is registration at least spoken of, and nothing else asked or told?"""
    found = request.wish.asked("mention_registration")
    if found and not is_troubled(request) and not request.answers_our_form:
        return hit("mentions_registration", "mentions_registration", found[:3])
    return miss("mentions_registration")


def _registers(request: Request) -> tuple[Evidence, ...]:
    """Requests to register somebody that nothing in the mail takes back."""
    wish = request.wish
    asked = wish.asked("ask_to_register")
    if asked:
        return asked
    asked = wish.asked("ask_registration", "ask_next")
    removed = _removes(request)
    waiting = wish.said("ask_status") and len(request.given) < 2
    return () if removed or waiting else asked


def _asked_in_text(request: Request, *acts: str) -> bool:
    """Does a sentence of the text, not of the subject, ask for one of `acts`?"""
    written = (one for one in request.wish.sentences if one.kind is not PartKind.SUBJECT)
    return any(one.asks(act) for one in written for act in acts)


def _removes(request: Request) -> bool:
    """Does the mail ask for a deletion or a change of data?"""
    wish = request.wish
    return bool(wish.asked("ask_deletion") or wish.said("ask_change")) and not wish.said("refuse_removal")


def _asks_us(request: Request) -> bool:
    """Does a sentence that speaks of our training ask for a registration?"""
    asking = [one for one in request.wish.sentences if one.asks("ask_to_register") or one.asks("ask_registration")]
    return any(one.acts & OURS for one in asking)


def is_refused(request: Request) -> bool:
    """Does the mail say that no registration is wanted?"""
    return bool(request.wish.said("refuse_registration"))


def is_troubled(request: Request, but: frozenset[str] = frozenset()) -> bool:
    """Does the mail speak of anything but a registration?"""
    return request.wish.says_any(OTHER_MATTERS - but)
