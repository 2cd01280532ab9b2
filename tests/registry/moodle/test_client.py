"""One call: what is sent, and every way in which Moodle or the way to it may fail."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from config.moodle import MoodleService, MoodleSettings
from registry.moodle.client import MoodleClient, flatten
from registry.moodle.errors import PortalAway, PortalError, PortalMisconfigured, PortalRefusal
from registry.moodle.portal import Portal, open_portal
from tests.servers.moodle import TOKEN, Moodle

INFO, BY_FIELD, CREATE = "core_webservice_get_site_info", "core_user_get_users_by_field", "core_user_create_users"
ENROLMENT = {"enrolments": [{"roleid": 5, "userid": 101, "courseid": 11}]}
USER = {"users": [{"username": "a", "firstname": "A", "lastname": "B", "email": "a@x.hu", "createpassword": True}]}
NOBODY = {"field": "email", "values": ["senki@x.hu"]}


def failure(client: MoodleClient, function: str = INFO, **parameters: object) -> PortalError:
    with pytest.raises(PortalError) as caught:
        client.read(function, parameters)
    return caught.value


def test_parameters_are_php_arrays_in_a_form() -> None:
    users = [{"email": "é@x.hu", "createpassword": True, "customfields": [{"type": "pir", "value": 740746}]}]
    assert dict(flatten({"users": users, "n": 1})) == {
        "users[0][email]": "é@x.hu",
        "users[0][createpassword]": "1",
        "users[0][customfields][0][type]": "pir",
        "users[0][customfields][0][value]": "740746",
        "n": "1",
    }


def test_the_answer_comes_and_no_secret_stands_in_the_address(client: MoodleClient, moodle: Moodle) -> None:
    assert client.read(INFO, {})["release"].startswith("4.4")
    assert client.read(BY_FIELD, NOBODY) == []
    assert client.write("enrol_manual_enrol_users", ENROLMENT) is None
    assert set(moodle.addresses) == {"/webservice/rest/server.php"}


@pytest.mark.parametrize("debugging", [False, True])
def test_an_error_with_http_200_is_an_error(client: MoodleClient, moodle: Moodle, debugging: bool) -> None:
    moodle.debugging = debugging
    error = failure(client, BY_FIELD, field="email", values=["Nem cím"])
    assert isinstance(error, PortalRefusal)
    assert (error.code, error.errorcode) == ("refused", "invalidparameter")
    assert "cím" not in str(error)  # what was sent is never repeated


def test_a_wrong_token_stops_everybody(moodle: Moodle) -> None:
    error = failure(MoodleClient(MoodleService(moodle.url, "wrong", 0)))
    assert isinstance(error, PortalMisconfigured)
    assert (error.code, error.errorcode) == ("token", "invalidtoken")


def test_a_function_that_the_service_lacks(client: MoodleClient, moodle: Moodle) -> None:
    moodle.functions.discard(BY_FIELD)
    assert failure(client, BY_FIELD, **NOBODY).code == "access"
    moodle.functions.add(BY_FIELD)
    moodle.refuses.add(BY_FIELD)
    error = failure(client, BY_FIELD, **NOBODY)
    assert (type(error), error.code, error.errorcode) == (PortalMisconfigured, "access", "nopermissions")


def test_maintenance_in_both_kinds(client: MoodleClient, moodle: Moodle) -> None:
    moodle.maintenance = "json"
    error = failure(client)
    assert (type(error), error.code, error.errorcode) == (PortalAway, "maintenance", "sitemaintenance")
    moodle.maintenance = "page"
    error = failure(client)
    assert isinstance(error, PortalAway)
    assert (error.code, error.errorcode, error.retry_after_s) == ("maintenance", "http/503", 300)


def test_web_services_switched_off_and_a_wrong_address(client: MoodleClient, moodle: Moodle) -> None:
    moodle.rest = False
    assert (failure(client).code, failure(client).errorcode) == ("service_off", "http/403")
    elsewhere = MoodleClient(MoodleService(f"{moodle.url}/moodle", TOKEN, 0))
    assert (failure(elsewhere).code, failure(elsewhere).errorcode) == ("address", "http/404")


def test_a_page_for_people_is_no_answer(client: MoodleClient, moodle: Moodle) -> None:
    moodle.page_for.add(INFO)
    error = failure(client)
    assert (type(error), error.code) == (PortalAway, "not_json")


def test_nobody_there(moodle_settings: MoodleSettings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        service = MoodleService(f"http://127.0.0.1:{free.getsockname()[1]}", TOKEN, 0)
        error = failure(MoodleClient(service, backoff=0.0))
    assert (type(error), error.code) == (PortalAway, "unreachable")


def test_one_who_does_not_answer(client: MoodleClient, moodle: Moodle) -> None:
    moodle.stall.add(CREATE)
    assert moodle.url
    quick = MoodleClient(client.service, read_s=0.2, backoff=0.0)
    with pytest.raises(PortalAway) as caught:
        quick.write(CREATE, USER)
    assert caught.value.code in ("timeout", "unreachable")
    moodle.resume.set()
    assert moodle.count(CREATE) == 1  # never twice by itself


def test_reads_are_tried_again_and_writes_never(client: MoodleClient, moodle: Moodle) -> None:
    moodle.drop_before = [INFO, INFO]
    assert client.read(INFO, {})["username"] == "aspoktatas-ws"
    moodle.drop_after = [CREATE]
    with pytest.raises(PortalAway):
        client.write(CREATE, USER)
    assert moodle.count(CREATE) == 1


def test_no_more_calls_a_minute_than_allowed(moodle: Moodle) -> None:
    waits: list[float] = []
    client = MoodleClient(MoodleService(moodle.url, TOKEN, calls_per_minute=60), pause=waits.append)
    for _ in range(3):
        client.read(INFO, {})
    assert len(waits) == 2
    assert 0.9 < sum(waits) / 2 <= 2.0


def test_without_configuration_there_is_no_portal(moodle_settings: MoodleSettings) -> None:
    with pytest.raises(PortalMisconfigured, match="no_service"), open_portal(replace(moodle_settings, service=None)):
        pass


def test_one_bad_value_does_not_spoil_the_look_up_of_the_others(portal: Portal, moodle: Moodle) -> None:
    moodle.add("anna", "anna@x.hu")
    found = portal.find_accounts(["anna@x.hu", "ékes@x.hu", "senki@x.hu"])
    assert {address: [one.username for one in accounts] for address, accounts in found.items()} == {
        "anna@x.hu": ["anna"], "ékes@x.hu": [], "senki@x.hu": [],
    }  # fmt: skip


def test_only_the_very_address_counts(portal: Portal, moodle: Moodle) -> None:
    """MySQL does not see accents, and _ is any letter in a search."""
    moodle.case_sensitive = False
    moodle.add("nagy.éva", "nágy.eva@x.hu")
    moodle.add("nagyxeva", "nagyxeva@x.hu")
    assert portal.find_accounts(["nagy.eva@x.hu"]) == {"nagy.eva@x.hu": []}
    assert portal.search_address("nagy_eva@x.hu") == []
    moodle.case_sensitive = True
    moodle.add("nagy.eva", "Nagy.Eva@X.hu")
    assert portal.find_accounts(["nagy.eva@x.hu"]) == {"nagy.eva@x.hu": []}
    assert [one.username for one in portal.search_address("nagy.eva@x.hu")] == ["nagy.eva"]


def test_courses_by_their_short_names(portal: Portal, moodle: Moodle) -> None:
    moodle.courses = {"ADÓ": 1, "ADO": 2, "K&H": 3}
    assert portal.find_courses(["ADÓ", "K&H", "Nincs ilyen"]) == {"ADÓ": 1, "K&H": 3, "Nincs ilyen": None}
    asked = moodle.count("core_course_get_courses_by_field")
    portal.find_courses(["ADÓ"])
    assert moodle.count("core_course_get_courses_by_field") == asked
    moodle.case_sensitive = False
    assert Portal(portal._client, portal._settings).find_courses(["ADÓ"]) == {"ADÓ": 1}
