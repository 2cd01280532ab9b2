"""Wishes in words that no phrase list has: what a mail's sentences come to together (policy.md §1: however badly).

A thing to learn with and a getting of it, or an asking how, in the same or the next sentence; a worker introduced with
the data of a registration. These are the last to be asked: anything else in the mail that is a matter of its own wins.
"""

from __future__ import annotations

from rules.findings import hit, miss
from rules.kinds.wishes import is_refused, is_troubled
from rules.model import Finding
from rules.reading.labels import Slot
from rules.reading.request import Request
from rules.reading.wish import OURS, Sentence

GETTING = frozenset({"get_hold", "ask_how"})
LEARNING = frozenset({"learning_object", "learning_place"})
NEVER_MIND = frozenset({"say_thanks", "ask_question"})  # said beside any request
PERSONAL = ("first_person", "speak_of_asp", "ask_how")  # the sender's own matter, or ours; no advertisement
ENOUGH_GIVEN = 3  # kinds of data beside the introduction of a worker


def wants_training(request: Request) -> Finding:
    """Is there a thing to learn with, and near it a way to come by it, and nothing contrary?"""
    if _speaks_against(request) or not (request.wish.says_any(PERSONAL) or _names_modules(request)):
        return miss("wants_training")
    for one in request.wish.sentences:
        if one.acts & LEARNING and _of_us(one, request):
            asking = GETTING | {"civil_want"} if "learning_object" in one.acts else GETTING
            if one.acts & asking or any(other.acts & GETTING for other in request.wish.beside(one)):
                return hit("wants_training", "wants_training", [seen for _, seen in one.evidence[:3]])
    return miss("wants_training")


def introduces_worker(request: Request) -> Finding:
    """Is a worker of an office introduced, with data that nobody sends for anything else?"""
    found = request.wish.said("introduce_worker")
    sure = len(request.given) >= ENOUGH_GIVEN and Slot.PIR in request.given
    if found and sure and not _speaks_against(request):
        return hit("introduces_worker", "introduces_worker", found[:3])
    return miss("introduces_worker")


def _speaks_against(request: Request) -> bool:
    if is_refused(request) or is_troubled(request, NEVER_MIND) or request.answers_our_form:
        return True
    return bool(request.wish.said("find_fault") or request.wish.said("speak_of_contact"))


def _of_us(one: Sentence, request: Request) -> bool:
    """Is the sentence not about the trainings and portals of others?"""
    if not one.acts & {"speak_of_elsewhere", "speak_of_other_training"}:
        return True
    return "speak_of_asp" in one.acts or bool(request.wish.said("speak_of_asp") and one.acts & OURS)


def _names_modules(request: Request) -> bool:
    return any(person.modules for person in request.people)
