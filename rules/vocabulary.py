"""The words for what mails are, what follows (spec/policy.md and spec/verdict.md fix them) and where values come from.

Rules and readers take them from `rules.model`.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a mail is (policy.md §1)."""

    AUTOMATIC = "automatic"
    REGISTRATION = "registration"
    PASSWORD = "password"  # noqa: S105  # a kind of mail, no secret
    OTHER = "other"


class Outcome(StrEnum):
    """What happens to a mail (policy.md §7); a mail has a set of these."""

    ROUTE = "route"
    REPLY_MISSING = "reply_missing"
    REPLY_PASSWORD = "reply_password"  # noqa: S105
    REVIEW = "review"
    IGNORE = "ignore"


class Status(StrEnum):
    """Where one person's request goes (policy.md §6)."""

    READY = "ready"
    INCOMPLETE = "incomplete"
    REVIEW = "review"


class JegyzoStatus(StrEnum):
    """How sure it is that the jegyző is a visible recipient (policy.md §4)."""

    CONFIRMED = "confirmed"
    STATED = "stated"
    SENDER = "sender"
    UNCLEAR = "unclear"
    ABSENT = "absent"


class Problem(StrEnum):
    """What the corrective reply asks for (policy.md §6)."""

    FULL_NAME_MISSING = "full_name_missing"
    MUNICIPALITY_MISSING = "municipality_missing"
    PIR_MISSING = "pir_missing"
    PIR_INVALID = "pir_invalid"
    COUNTY_MISSING = "county_missing"
    COUNTY_MISMATCH = "county_mismatch"
    EMAIL_MISSING = "email_missing"
    EMAIL_INVALID = "email_invalid"
    EMAIL_NOT_PERSONAL = "email_not_personal"
    EMAIL_SHARED = "email_shared"
    MODULES_MISSING = "modules_missing"
    MODULES_UNKNOWN = "modules_unknown"
    JEGYZO_NOT_IN_CC = "jegyzo_not_in_cc"
    JEGYZO_UNCLEAR = "jegyzo_unclear"


class Note(StrEnum):
    """What staff see beside a person and the requester is never asked for (policy.md §6)."""

    MUNICIPALITY_UNKNOWN = "municipality_unknown"
    EMAIL_UNRELATED_TO_NAME = "email_unrelated_to_name"
    MODULES_PARTLY_UNKNOWN = "modules_partly_unknown"
    COUNTY_INFERRED = "county_inferred"
    PIR_FROM_TAX_NUMBER = "pir_from_tax_number"
    PIR_CONTRADICTS_TAX_NUMBER = "pir_contradicts_tax_number"
    PIR_OF_ANOTHER_BODY = "pir_of_another_body"
    DATA_ONLY_IN_UNREADABLE_ATTACHMENT = "data_only_in_unreadable_attachment"
    ANSWER_CONTRADICTS = "answer_contradicts"


class PartKind(StrEnum):
    """The role of a stretch of readable text in its mail."""

    SUBJECT = "subject"
    TEXT = "text"  # what the sender wrote now
    SIGNATURE = "signature"  # the sender's own, below the closing
    FOOTER = "footer"  # legal and advertising lines
    QUOTED = "quoted"  # an older mail under a reply
    FORWARDED = "forwarded"  # a mail the sender passes on (inline or message/rfc822)
    OWN_FORM = "own_form"  # our corrective reply's form, filled in by the requester, wherever it was quoted
    ATTACHMENT = "attachment"  # text of an xlsx, docx, csv, pdf …


class Origin(StrEnum):
    """How a value came to be; earlier ones win over later ones."""

    OWN = "own"  # stated for this very person
    SHARED = "shared"  # stated once for the whole mail
    SENDER = "sender"  # the sender's address, display name
    SIGNATURE = "signature"
    INFERRED = "inferred"  # computed: county from settlement, PIR from tax number


class ReplyKind(StrEnum):
    """The replies the worker may send by itself."""

    MISSING = "missing"
    PASSWORD = "password"  # noqa: S105
