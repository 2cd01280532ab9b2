"""The portal: its files' courses, and its web service tried for real where it is switched on."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from config.moodle import MoodleSettings
from registry.exports.gather import load_courses
from registry.moodle.errors import PortalError
from registry.moodle.portal import COHORT, NEEDED, SEARCH, Portal, open_portal
from worker.services.doctor.diagnosis import Diagnosis, Grade

PART = "moodle"
ADVICE = {
    "token": "make a token for the service (docs/export.md) and put it into ASPOKTATAS_MOODLE_TOKEN",
    "access": "give the token's user the rights, and the service the functions, of docs/export.md",
    "service_off": "switch on web services and the REST protocol at the portal",
    "service_account": "log in once as the token's user and accept what the portal asks",
    "address": "correct ASPOKTATAS_MOODLE_URL: the address of the portal's front page",
    "certificate": "check the portal's certificate, and that this machine trusts its issuer",
    "maintenance": "wait until the portal's maintenance is over",
    "unreachable": "check the host in ASPOKTATAS_MOODLE_URL, this machine's DNS and firewall",
    "timeout": "check the firewall between this machine and the portal",
    "not_json": "look at the portal's log: it answers with a page for people",
    "broken": "look at the portal's log",
}


def examine_moodle(settings: MoodleSettings, *, read_s: float = 10.0) -> Iterator[Diagnosis]:
    """Modules without a course; the site, the functions that the token may call, the courses. Nothing is changed."""
    courses = _courses(settings)
    without = [module for module, name in courses.items() if not name]
    if without:
        found = f"no course for {', '.join(without)}"
        yield Diagnosis(PART, Grade.WARN, found, "name them in ASPOKTATAS_MOODLE_COURSES once the portal has them")
    if settings.service is None:
        yield Diagnosis(PART, Grade.OK, "files only; no web service is configured")
        return
    with open_portal(settings, read_s=read_s) as portal:
        try:
            yield from _examine_service(portal, settings, {name for name in courses.values() if name})
        except PortalError as error:
            found = f"{settings.service.host} does not serve us: {error}".replace("_", " ")
            yield Diagnosis(PART, Grade.FAIL, found, ADVICE.get(error.code, "see docs/export.md"))


def _courses(settings: MoodleSettings) -> dict[str, str]:
    """As they count; as configured where the database, which has its own examination, cannot be asked."""
    try:
        return load_courses(settings.courses)
    except DatabaseError:
        return dict(settings.courses)


def _examine_service(portal: Portal, settings: MoodleSettings, wanted: set[str]) -> Iterator[Diagnosis]:
    site = portal.get_site()
    yield Diagnosis(PART, Grade.OK, f"{site.name} (Moodle {site.release}), known there as {site.username}")
    needed = {*NEEDED, *([COHORT] if settings.cohort else [])}
    lacking = sorted(needed - site.functions)
    if lacking:
        yield Diagnosis(PART, Grade.FAIL, f"the service lacks {', '.join(lacking)}", "add them to the service")
        return
    if SEARCH not in site.functions:
        found = f"the service lacks {SEARCH}: an account whose address is written otherwise (A for a) is not found"
        yield Diagnosis(PART, Grade.WARN, found, "add it to the service")
    missing = sorted(name for name, number in portal.find_courses(sorted(wanted)).items() if number is None)
    if missing:
        found = f"the portal shows no course called {', '.join(missing)}"
        yield Diagnosis(PART, Grade.WARN, found, "correct ASPOKTATAS_MOODLE_COURSES, or let the token's user see them")
    else:
        yield Diagnosis(PART, Grade.OK, f"all {len(wanted)} courses are there")
