"""Hints: what a developer should do about a cause."""

from typing import Final

from paperdesk.auth.oauth1.causes import Cause

SENTENCES: Final[dict[Cause, str]] = {
    Cause.SIGNATURE_IN_HEX: "The signature is right, and written in hex instead of base64.",
    Cause.SIGNATURE_WITH_BLANKS: "The signature has blanks where base64 has plus signs.",
    Cause.SIGNATURE_TRUNCATED: "The signature is cut off: its bytes so far are right, or too few.",
    Cause.WRONG_SIGNATURE: "The signature matches none of the texts and keys that were tried.",
    Cause.WRONG_KEY: "The text is right, and signed with a key that the desk does not know.",
    Cause.BASE_STRING_DIFFERS: "The signature is right for your base string, not for the request.",
    Cause.ANOTHER_HTTP_METHOD: "The signature is valid for another HTTP method",
    Cause.ANOTHER_SCHEME: "The signature is valid for a URL of another scheme",
    Cause.ANOTHER_PATH: "The signature is valid for another path",
    Cause.ANOTHER_HOST: "The signature is valid for another base URL",
    Cause.ANOTHER_QUERY: "The signature is valid for another query",
    Cause.ANOTHER_VALUE: "The signature is valid for another value of a parameter",
    Cause.QUERY_NOT_SIGNED: "The signature does not protect the query, which strict mode demands.",
    Cause.PARAMETERS_UNSORTED: "The signature is valid for the same parameters in another order.",
    Cause.PARAMETER_NOT_SIGNED: "The signature leaves out a parameter that the header has",
    Cause.REALM_SIGNED: "The signature covers the realm.",
    Cause.BODY_SIGNED: "The signature covers the body's members.",
    Cause.ENCODED_TWICE: "The signature is valid for a base string that is encoded too often.",
    Cause.NOT_ENCODED: "The signature is valid for a base string with parts not encoded.",
    Cause.LOWERCASE_ESCAPES: "The signature is valid for escapes in lower case, `%3a` for `%3A`.",
    Cause.METHOD_IN_LOWERCASE: "The signature is valid for the HTTP method in lower case.",
    Cause.ENCRYPTION_KEY_USED: "The signature is made with the consumer's encryption key.",
    Cause.KEY_OF_ANOTHER_CONSUMER: "The signature is made with another consumer's key.",
    Cause.WRONG_SIGNATURE_KEY: "No registered key opens the signature.",
    Cause.WRONG_HASH: "The signature is made with another hash than SHA-256",
    Cause.WRONG_PADDING: "The signature has another padding than PKCS #1 v1.5",
    Cause.HMAC_INSTEAD_OF_RSA: "The signature is an HMAC where RSA is needed.",
    Cause.RSA_INSTEAD_OF_HMAC: "The signature is made with an RSA key where an HMAC is needed.",
    Cause.HASHED_TWICE: "The signature is of the base string's hash, which was hashed again.",
    Cause.PREPEND_MISSING: "The base string was signed without the prepend.",
    Cause.PREPEND_UNWANTED: "The base string was signed with a prepend, which only a live session "
    "token's request has.",
    Cause.PREPEND_IN_UPPERCASE: "The prepend was written in upper-case hex.",
    Cause.PREPEND_WITHOUT_ZEROS: "The prepend was written without its leading zeros.",
    Cause.PREPEND_NOT_HEX: "The prepend was not written in hex.",
    Cause.PREPEND_SEPARATED: "Something stands between the prepend and the base string, or before.",
    Cause.PREPEND_OF_ANOTHER_TOKEN: "The prepend is the secret of another access token.",
    Cause.KEY_IS_BASE64_TEXT: "The HMAC's key is the live session token's base64 text.",
    Cause.KEY_IS_HEX_TEXT: "The HMAC's key is the live session token's hex text.",
    Cause.KEY_WITH_AMPERSAND: "The HMAC's key has an ampersand added to the live session token.",
    Cause.KEY_IS_TOKEN_SECRET: "The HMAC's key is the access token's secret.",
    Cause.SIGN_BYTE_FORGOTTEN: "The live session token was computed without the sign byte of the "
    "shared secret.",
    Cause.SECRET_PADDED_TO_PRIME: "The live session token was computed from a shared secret that "
    "was padded to the prime's length.",
    Cause.OLDER_LIVE_SESSION_TOKEN: "The live session token is of an older handshake.",
    Cause.LIVE_SESSION_TOKEN_OF_ANOTHER: "The live session token is another user's or consumer's.",
    Cause.CONSUMER_KEY_MISSPELT: "The consumer key differs from a registered one by its case or by "
    "blanks.",
}
"""What an explanation found; other causes bring their own sentence."""

HINTS: Final[dict[Cause, str]] = {
    Cause.NO_HEADER: "Send `Authorization: OAuth …`; some HTTP libraries drop it on a redirect.",
    Cause.WRONG_SCHEME: "Bearer belongs to OAuth 2.0; OAuth 1.0a headers begin with `OAuth `.",
    Cause.HEADER_TOO_LONG: "Keep callbacks short and send no body in the header.",
    Cause.HEADER_NOT_PRINTABLE: "Percent-encode values; a line break often comes from base64.",
    Cause.MISSING_QUOTE: 'Write every value between double quotes, `name="value"`.',
    Cause.MALFORMED_HEADER: 'Separate `name="value"` pairs by one comma, none behind the last.',
    Cause.MALFORMED_ENCODING: "Encode values as UTF-8 before percent-encoding them.",
    Cause.DUPLICATE_PARAMETER: "Build the header from a dictionary, once.",
    Cause.UNKNOWN_PARAMETER: "Check the spelling; only the parameters of OAuth 1.0a are taken.",
    Cause.TOO_MANY_PARAMETERS: "The query's parameters do not belong into the header.",
    Cause.PARAMETERS_ELSEWHERE: "Configure the client to sign in the header, not query or body.",
    Cause.MISSING_PARAMETER: "Add it, sign it, and send it.",
    Cause.WRONG_VERSION: 'Leave oauth_version out, or send "1.0".',
    Cause.UNKNOWN_CONSUMER: "`paperdesk consumers` lists the keys; add one with `consumers add`.",
    Cause.CONSUMER_KEY_MISSPELT: "Copy the consumer key exactly.",
    Cause.CONSUMER_NOT_YET_ACTIVE: "It works from the next nightly reset on, unless the desk "
    "activates it at once.",
    Cause.CONSUMER_DISABLED: "Enable it again by control API or `paperdesk consumers`.",
    Cause.CONSUMER_REVOKED: "Register a new consumer.",
    Cause.WRONG_REALM: "`limited_poa` for everybody, `test_realm` for the consumer TESTCONS alone.",
    Cause.FIRST_PARTY_CONSUMER: "Begin at /oauth/live_session_token with the generated token.",
    Cause.CALLBACK_NOT_REGISTERED: "Register the callback character by character, or send `oob`.",
    Cause.UNKNOWN_TOKEN: "Generate one on the self-service page; it belongs to one user name.",
    Cause.TOKEN_OF_ANOTHER_CONSUMER: "Use the token that was generated for this consumer key.",
    Cause.TOKEN_DISABLED: "Enable the token again.",
    Cause.TOKEN_REVOKED: "Generate a new token on the self-service page.",
    Cause.TOKEN_OF_ANOTHER_KIND: "Exchange the request token at /oauth/access_token first.",
    Cause.NO_LIVE_SESSION_TOKEN: "Live session tokens end with the desk's process and after a day.",
    Cause.WRONG_METHOD: "RSA-SHA256 at /oauth/…, HMAC-SHA256 with the live token elsewhere.",
    Cause.TIMESTAMP_MALFORMED: "Seconds since 1970, ten digits, no fraction.",
    Cause.TIMESTAMP_IN_MILLISECONDS: "Divide by 1000 and drop the fraction.",
    Cause.TIMESTAMP_TOO_OLD: "Set the client's clock; sign just before sending.",
    Cause.TIMESTAMP_TOO_NEW: "Set the client's clock; wall time counts, not the desk's.",
    Cause.CLOCK_IN_LOCAL_TIME: "The difference is a time zone's: use UTC, not local time.",
    Cause.SIGNATURE_NOT_BASE64: "Send base64 of the signature's bytes, percent-encoded once.",
    Cause.SIGNATURE_WITH_BLANKS: "Percent-encode plus signs as %2B.",
    Cause.SIGNATURE_IN_HEX: "Encode the signature's bytes in base64.",
    Cause.SIGNATURE_TRUNCATED: "Send all bytes: 32 of an HMAC, as many as the key has of RSA.",
    Cause.WRONG_SIGNATURE: "Compare your base string with the desk's, byte by byte.",
    Cause.WRONG_KEY: "Compare the live session token with live_session_token_signature.",
    Cause.BASE_STRING_DIFFERS: "Look at the first byte that differs.",
    Cause.ANOTHER_HTTP_METHOD: "Sign the method that is sent; redirects change it.",
    Cause.ANOTHER_SCHEME: "Sign the URL that is called, https for https.",
    Cause.ANOTHER_PATH: "Sign the whole path that is sent, `/v1/api` included.",
    Cause.ANOTHER_HOST: "Sign the URL that is called, or tell the desk that base URL.",
    Cause.ANOTHER_QUERY: "Sign the query that is sent, or none of it.",
    Cause.ANOTHER_VALUE: "Make each value once; sign and send the same.",
    Cause.QUERY_NOT_SIGNED: "Sort the query's pairs among the parameters.",
    Cause.PARAMETERS_UNSORTED: "Sort parameters by name before joining them.",
    Cause.PARAMETER_NOT_SIGNED: "Sign every parameter of the header but realm and signature.",
    Cause.REALM_SIGNED: "Leave the realm out of the base string.",
    Cause.BODY_SIGNED: "JSON bodies are never signed; leave them out of the base string.",
    Cause.ENCODED_TWICE: "Encode URL and joined parameters once each.",
    Cause.NOT_ENCODED: "Percent-encode URL and joined parameters, once each.",
    Cause.LOWERCASE_ESCAPES: "Write the hex digits of escapes in upper case.",
    Cause.METHOD_IN_LOWERCASE: "Write the method in upper case.",
    Cause.ENCRYPTION_KEY_USED: "Sign with the private signature key; the other one decrypts.",
    Cause.KEY_OF_ANOTHER_CONSUMER: "Sign with the key whose public half this consumer uploaded.",
    Cause.WRONG_SIGNATURE_KEY: "Upload the public half of the key you sign with.",
    Cause.WRONG_HASH: "Use SHA-256.",
    Cause.WRONG_PADDING: "Use RSASSA-PKCS1-v1_5, not PSS and no padding of your own.",
    Cause.HMAC_INSTEAD_OF_RSA: "Sign requests to /oauth/… with the private signature key.",
    Cause.RSA_INSTEAD_OF_HMAC: "Sign everything but /oauth/… with the live session token.",
    Cause.HASHED_TWICE: "Hand the base string to the signing function, not its hash.",
    Cause.PREPEND_MISSING: "Put the decrypted secret in lower-case hex in front, nothing between.",
    Cause.PREPEND_UNWANTED: "Leave the prepend to /oauth/live_session_token.",
    Cause.PREPEND_IN_UPPERCASE: "Write the prepend in lower-case hex.",
    Cause.PREPEND_WITHOUT_ZEROS: "Write two digits for each byte of the secret.",
    Cause.PREPEND_NOT_HEX: "Write the decrypted bytes in lower-case hex.",
    Cause.PREPEND_SEPARATED: "Put the prepend directly in front of the method's first letter.",
    Cause.PREPEND_OF_ANOTHER_TOKEN: "Decrypt the secret that belongs to oauth_token.",
    Cause.KEY_IS_BASE64_TEXT: "Decode the live session token from base64 to 20 bytes.",
    Cause.KEY_IS_HEX_TEXT: "Use the live session token's 20 bytes.",
    Cause.KEY_WITH_AMPERSAND: "The key is the 20 bytes alone; RFC 5849's form does not apply.",
    Cause.KEY_IS_TOKEN_SECRET: "Sign with the live session token.",
    Cause.SIGN_BYTE_FORGOTTEN: "Put a zero byte in front of a shared secret whose top bit is set.",
    Cause.SECRET_PADDED_TO_PRIME: "Use as few bytes as the shared secret needs, and a zero byte in "
    "front when the top bit is set.",
    Cause.OLDER_LIVE_SESSION_TOKEN: "Use the newest; this desk lets one live at a time.",
    Cause.LIVE_SESSION_TOKEN_OF_ANOTHER: "Keep live session tokens apart by access token.",
    Cause.NONCE_MALFORMED: "16 letters and digits do.",
    Cause.NONCE_REUSED: "Draw a new nonce for every request; a repetition has to be identical.",
    Cause.NONCE_BEYOND_MEMORY: "Send fewer requests, or sign them just before sending.",
    Cause.LIVE_SESSION_TOKEN_EXPIRED: "Ask for a new one; it lives 24 hours.",
    Cause.CHALLENGE_NOT_HEX: "Hex digits of 2^a mod p, without 0x.",
    Cause.CHALLENGE_TOO_LONG: "Reduce modulo the prime.",
    Cause.CHALLENGE_TOO_LARGE: "Use the prime that this consumer uploaded.",
    Cause.CHALLENGE_TRIVIAL: "Draw 256 random bits.",
    Cause.REQUEST_TOKEN_EXPIRED: "Begin again at /oauth/request_token.",
    Cause.REQUEST_TOKEN_USED: "Begin again at /oauth/request_token.",
    Cause.REQUEST_TOKEN_NOT_APPROVED: "Send the user to /authorize first.",
    Cause.WRONG_VERIFIER: "Use the oauth_verifier of the callback.",
}


def sentence_of(cause: Cause, detail: str, given: str) -> str:
    """Return one sentence about a cause.

    Args:
        cause: what was found.
        detail: what it is about, a path or a parameter; empty for nothing.
        given: the sentence that the verification refused with, for causes that it finds itself.
    """
    found = SENTENCES.get(cause, given)
    return f"{found.rstrip('.')}: {detail}." if detail else f"{found.rstrip('.')}."


def hint_of(cause: Cause) -> str:
    """Return what to do about a cause."""
    return HINTS[cause]
