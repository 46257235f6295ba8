"""Causes: why a request signed by OAuth 1.0a is refused, and at which step.

A verification stops at the first cause it meets. Causes of the step `SIGNATURE` other than
`WRONG_SIGNATURE` are found by an explanation alone, which tries what the client may have done.
"""

from enum import Enum
from typing import Final

from paperdesk.base.errors import Refusal


class Step(Enum):
    """What is checked, in this order."""

    HEADER = "header"
    CONSUMER = "consumer"
    TOKEN = "token"  # noqa: S105 - the name of a step
    METHOD = "method"
    TIMESTAMP = "timestamp"
    SIGNATURE = "signature"
    NONCE = "nonce"
    LIFE = "life"
    GRANT = "grant"


class Cause(Enum):
    """One thing that is wrong."""

    NO_HEADER = "no_header"
    WRONG_SCHEME = "wrong_scheme"
    HEADER_TOO_LONG = "header_too_long"
    HEADER_NOT_PRINTABLE = "header_not_printable"
    MISSING_QUOTE = "missing_quote"
    MALFORMED_HEADER = "malformed_header"
    MALFORMED_ENCODING = "malformed_encoding"
    DUPLICATE_PARAMETER = "duplicate_parameter"
    UNKNOWN_PARAMETER = "unknown_parameter"
    TOO_MANY_PARAMETERS = "too_many_parameters"
    PARAMETERS_ELSEWHERE = "parameters_elsewhere"
    MISSING_PARAMETER = "missing_parameter"
    WRONG_VERSION = "wrong_version"

    UNKNOWN_CONSUMER = "unknown_consumer"
    CONSUMER_KEY_MISSPELT = "consumer_key_misspelt"
    CONSUMER_NOT_YET_ACTIVE = "consumer_not_yet_active"
    CONSUMER_DISABLED = "consumer_disabled"
    CONSUMER_REVOKED = "consumer_revoked"
    WRONG_REALM = "wrong_realm"
    FIRST_PARTY_CONSUMER = "first_party_consumer"
    CALLBACK_NOT_REGISTERED = "callback_not_registered"

    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 - no secret
    TOKEN_OF_ANOTHER_CONSUMER = "token_of_another_consumer"  # noqa: S105
    TOKEN_DISABLED = "token_disabled"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    TOKEN_OF_ANOTHER_KIND = "token_of_another_kind"  # noqa: S105
    NO_LIVE_SESSION_TOKEN = "no_live_session_token"  # noqa: S105

    WRONG_METHOD = "wrong_method"

    TIMESTAMP_MALFORMED = "timestamp_malformed"
    TIMESTAMP_IN_MILLISECONDS = "timestamp_in_milliseconds"
    TIMESTAMP_TOO_OLD = "timestamp_too_old"
    TIMESTAMP_TOO_NEW = "timestamp_too_new"
    CLOCK_IN_LOCAL_TIME = "clock_in_local_time"

    SIGNATURE_NOT_BASE64 = "signature_not_base64"
    SIGNATURE_IN_HEX = "signature_in_hex"
    SIGNATURE_WITH_BLANKS = "signature_with_blanks"
    SIGNATURE_TRUNCATED = "signature_truncated"
    WRONG_SIGNATURE = "wrong_signature"
    WRONG_KEY = "wrong_key"
    BASE_STRING_DIFFERS = "base_string_differs"
    ANOTHER_HTTP_METHOD = "another_http_method"
    ANOTHER_SCHEME = "another_scheme"
    ANOTHER_PATH = "another_path"
    ANOTHER_HOST = "another_host"
    ANOTHER_QUERY = "another_query"
    ANOTHER_VALUE = "another_value"
    QUERY_NOT_SIGNED = "query_not_signed"
    PARAMETERS_UNSORTED = "parameters_unsorted"
    PARAMETER_NOT_SIGNED = "parameter_not_signed"
    REALM_SIGNED = "realm_signed"
    BODY_SIGNED = "body_signed"
    ENCODED_TWICE = "encoded_twice"
    NOT_ENCODED = "not_encoded"
    LOWERCASE_ESCAPES = "lowercase_escapes"
    METHOD_IN_LOWERCASE = "method_in_lowercase"
    ENCRYPTION_KEY_USED = "encryption_key_used"
    KEY_OF_ANOTHER_CONSUMER = "key_of_another_consumer"
    WRONG_SIGNATURE_KEY = "wrong_signature_key"
    WRONG_HASH = "wrong_hash"
    WRONG_PADDING = "wrong_padding"
    HMAC_INSTEAD_OF_RSA = "hmac_instead_of_rsa"
    RSA_INSTEAD_OF_HMAC = "rsa_instead_of_hmac"
    HASHED_TWICE = "hashed_twice"
    PREPEND_MISSING = "prepend_missing"
    PREPEND_UNWANTED = "prepend_unwanted"
    PREPEND_IN_UPPERCASE = "prepend_in_uppercase"
    PREPEND_WITHOUT_ZEROS = "prepend_without_zeros"
    PREPEND_NOT_HEX = "prepend_not_hex"
    PREPEND_SEPARATED = "prepend_separated"
    PREPEND_OF_ANOTHER_TOKEN = "prepend_of_another_token"  # noqa: S105
    KEY_IS_BASE64_TEXT = "key_is_base64_text"
    KEY_IS_HEX_TEXT = "key_is_hex_text"
    KEY_WITH_AMPERSAND = "key_with_ampersand"
    KEY_IS_TOKEN_SECRET = "key_is_token_secret"  # noqa: S105
    SIGN_BYTE_FORGOTTEN = "sign_byte_forgotten"
    SECRET_PADDED_TO_PRIME = "secret_padded_to_prime"  # noqa: S105
    OLDER_LIVE_SESSION_TOKEN = "older_live_session_token"  # noqa: S105
    LIVE_SESSION_TOKEN_OF_ANOTHER = "live_session_token_of_another"  # noqa: S105

    NONCE_MALFORMED = "nonce_malformed"
    NONCE_REUSED = "nonce_reused"
    NONCE_BEYOND_MEMORY = "nonce_beyond_memory"

    LIVE_SESSION_TOKEN_EXPIRED = "live_session_token_expired"  # noqa: S105

    CHALLENGE_NOT_HEX = "challenge_not_hex"
    CHALLENGE_TOO_LONG = "challenge_too_long"
    CHALLENGE_TOO_LARGE = "challenge_too_large"
    CHALLENGE_TRIVIAL = "challenge_trivial"
    REQUEST_TOKEN_EXPIRED = "request_token_expired"  # noqa: S105
    REQUEST_TOKEN_USED = "request_token_used"  # noqa: S105
    REQUEST_TOKEN_NOT_APPROVED = "request_token_not_approved"  # noqa: S105
    WRONG_VERIFIER = "wrong_verifier"

    @property
    def step(self) -> Step:
        """The step that finds it."""
        return _STEP_OF[self]

    @property
    def verdict(self) -> "Verdict":
        """What a client is told of it."""
        return _VERDICT_OF.get(self) or _VERDICT_OF_STEP[self.step]


class Verdict(Enum):
    """How much of a cause a client is told: IBKR's own answers tell few of them apart."""

    NOT_SIGNED = "not signed"
    MALFORMED = "malformed"
    INVALID_CONSUMER = "invalid consumer"
    NO_ACCESS_SECRET = "no access secret"  # noqa: S105 - the name of an answer
    INVALID_SIGNATURE = "invalid signature"
    EXPIRED = "expired"


class SignedRequestRefused(Refusal):
    """A request signed by OAuth 1.0a is not let in."""

    code = "signed_request_refused"

    def __init__(self, cause: Cause, message: str) -> None:
        """Say which cause, and in one sentence without secrets what is wrong."""
        super().__init__(message)
        self.cause = cause


_FIRST_OF: Final = (
    (Cause.NO_HEADER, Step.HEADER),
    (Cause.UNKNOWN_CONSUMER, Step.CONSUMER),
    (Cause.UNKNOWN_TOKEN, Step.TOKEN),
    (Cause.WRONG_METHOD, Step.METHOD),
    (Cause.TIMESTAMP_MALFORMED, Step.TIMESTAMP),
    (Cause.SIGNATURE_NOT_BASE64, Step.SIGNATURE),
    (Cause.NONCE_MALFORMED, Step.NONCE),
    (Cause.LIVE_SESSION_TOKEN_EXPIRED, Step.LIFE),
    (Cause.CHALLENGE_NOT_HEX, Step.GRANT),
)
"""The causes stand in the order of the steps: the first of each."""


def _steps() -> dict[Cause, Step]:
    found: dict[Cause, Step] = {}
    first = dict(_FIRST_OF)
    step = Step.HEADER
    for cause in Cause:
        step = first.get(cause, step)
        found[cause] = step
    return found


_STEP_OF: Final = _steps()

_VERDICT_OF_STEP: Final = {
    Step.HEADER: Verdict.MALFORMED,
    Step.CONSUMER: Verdict.INVALID_CONSUMER,
    Step.TOKEN: Verdict.NO_ACCESS_SECRET,
    Step.METHOD: Verdict.INVALID_SIGNATURE,
    Step.TIMESTAMP: Verdict.INVALID_SIGNATURE,
    Step.SIGNATURE: Verdict.INVALID_SIGNATURE,
    Step.NONCE: Verdict.INVALID_SIGNATURE,
    Step.LIFE: Verdict.EXPIRED,
    Step.GRANT: Verdict.INVALID_SIGNATURE,
}

_VERDICT_OF: Final = {
    Cause.NO_HEADER: Verdict.NOT_SIGNED,
    Cause.WRONG_SCHEME: Verdict.NOT_SIGNED,
    Cause.NO_LIVE_SESSION_TOKEN: Verdict.INVALID_SIGNATURE,
}
