"""Refusals of the control API, and the status of every refusal there."""

from typing import Final

from paperdesk.base.errors import Refusal


class NotServed(Refusal):
    """The desk is not the one that this program serves."""

    code = "not_served"


class DeskServed(Refusal):
    """The desk is the one that this program serves, and cannot be taken from under it."""

    code = "desk_served"


class BadControl(Refusal):
    """The request has no sense."""

    code = "bad_request"


class NoSuchOperation(Refusal):
    """Nothing is at the path."""

    code = "no_such_operation"


class WrongMethod(Refusal):
    """The path takes other methods."""

    code = "wrong_method"


class ForeignOrigin(Refusal):
    """A web page of somebody else, or a name that is not this machine's, has sent the request."""

    code = "foreign_origin"


class TooLarge(Refusal):
    """The body is larger than any that has sense."""

    code = "too_large"


class UnknownRefusedRequest(Refusal):
    """There is no refused request of the number, or not any more."""

    code = "unknown_refused_request"


class UnknownSession(Refusal):
    """There is no session of the number, or not any more."""

    code = "unknown_session"


STATUSES: Final[dict[str, int]] = {
    "account_exists": 409,
    "approver_not_independent": 403,
    "case_changed": 409,
    "case_under_review": 409,
    "command_reused": 409,
    "condition_missing": 409,
    "evidence_missing": 409,
    "keys_not_new": 409,
    "move_not_possible": 409,
    "region_undecided": 409,
    "role_not_allowed": 403,
    "too_many_cases": 409,
    "unknown_case": 404,
    "client_exists": 409,
    "consumer_exists": 409,
    "key_in_use": 409,
    "registration_revoked": 409,
    "unknown_client": 404,
    "unknown_consumer": 404,
    "unknown_key": 404,
    "unknown_token": 404,
    "user_exists": 409,
    "desk_exists": 409,
    "desk_served": 409,
    "desk_stopped": 503,
    "foreign_origin": 403,
    "journal_failed": 503,
    "journal_in_use": 409,
    "brokerage_away": 409,
    "no_such_operation": 404,
    "not_served": 404,
    "too_large": 413,
    "unknown_desk": 404,
    "unknown_refused_request": 404,
    "unknown_session": 404,
    "unknown_sign_in": 404,
    "wrong_method": 405,
}
"""By the refusal's code; 400 for every other."""
