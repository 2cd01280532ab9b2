"""What may go wrong at the portal, by what the caller must do.

PortalError
├── PortalAway           try again later: nothing is known of this call's effect
├── PortalMisconfigured  stop: everybody's turn would end so until an operator mends it
└── PortalRefusal        this call with these values is refused; others may do well
"""

from __future__ import annotations

import re

MISCONFIGURED = {
    "invalidtoken": "token",
    "invalidtimedtoken": "token",
    "accessexception": "access",
    "nopermissions": "access",
    "enablewsdescription": "service_off",
    "servicenotavailable": "service_off",
    "forcepasswordchangenotice": "service_account",
    "usernotfullysetup": "service_account",
    "sitepolicynotagreed": "service_account",
}
AWAY = {
    "sitemaintenance": "maintenance",
    "upgraderunning": "maintenance",
    "dbconnectionfailed": "broken",
    "dmlreadexception": "broken",
    "cannotinitdb": "broken",
}
REFUSED = {
    "wsnoinstance": "no_enrolment",
    "wscannotenrol": "no_enrolment",
    "wsusercannotassign": "role_refused",
    "manualpluginnotinstalled": "no_enrolment",
}


class PortalError(Exception):
    """`code` is our word for it (label group "portal_error"), `errorcode` Moodle's own. Nobody's data is in either."""

    def __init__(self, code: str, errorcode: str = "") -> None:
        super().__init__(f"{code} ({errorcode})" if errorcode else code)
        self.code = code
        self.errorcode = errorcode


class PortalAway(PortalError):  # noqa: N818  # a state, not a mistake
    """No usable answer; the call may have been carried out. `retry_after_s` is what the server asks for, or 0."""

    def __init__(self, code: str, errorcode: str = "", retry_after_s: int = 0) -> None:
        super().__init__(code, errorcode)
        self.retry_after_s = retry_after_s


class PortalMisconfigured(PortalError):  # noqa: N818
    """Token, rights or address are wrong."""


class PortalRefusal(PortalError):  # noqa: N818
    """Moodle threw an exception at these values; its transaction is rolled back."""


def error_of(errorcode: object) -> PortalError:
    """The error for an exception that Moodle tells; its message is not looked at, for it may quote what was sent."""
    code = re.sub(r"[^a-z0-9_/]", "", str(errorcode or "").lower())[:60]
    if code in MISCONFIGURED:
        return PortalMisconfigured(MISCONFIGURED[code], code)
    if code in AWAY:
        return PortalAway(AWAY[code], code)
    return PortalRefusal(REFUSED.get(code, "refused"), code)
