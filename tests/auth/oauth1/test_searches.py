"""Every cause is found from a request that a client really would send by that mistake."""

import hashlib
import hmac as hmac_module
from base64 import b64encode
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils
from tests.auth.oauth1.mistaken import (
    FOREIGN,
    HEX,
    LIVE,
    OLDER,
    OTHER,
    OTHER_SECRET,
    PADDED,
    QUERY,
    STRANGER,
    UNSIGNED,
    URL,
    ZERO_SECRET,
    by,
    explained,
    plain,
    protected,
    sealed,
    whole,
)
from tests.auth.oauth1.signer import (
    ENCRYPTION_KEY,
    SECRET,
    SIGNATURE_KEY,
    SNAPSHOT,
    STAMP,
    Signer,
)

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.requests import SignedRequest


def unsorted_text(signer: Signer, parameters: dict[str, str]) -> bytes:
    ordered = sorted(parameters.items())[::-1]
    joined = "&".join(f"{name}={value}" for name, value in ordered)
    return signer.hmac(f"GET&{quote_plus(URL)}&{quote_plus(joined)}")


def bare(signer: Signer, parameters: dict[str, str]) -> bytes:
    joined = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
    return signer.hmac(f"GET&{URL}&{joined}")


def lower(text: str) -> str:
    head, *rest = text.split("%")
    return head + "".join(f"%{part[:2].lower()}{part[2:]}" for part in rest)


HMACS: list[tuple[str, SignedRequest, Cause, str]] = [
    ("POST", protected(by("POST")), Cause.ANOTHER_HTTP_METHOD, "POST"),
    ("get", protected(by("get")), Cause.METHOD_IN_LOWERCASE, ""),
    ("http", protected(by(url=URL.replace("https", "http"))), Cause.ANOTHER_SCHEME, "http"),
    ("no prefix", protected(by(url=URL.replace("/v1/api", ""))), Cause.ANOTHER_PATH, SNAPSHOT),
    ("portal", protected(by(url=URL.replace("/v1/api", "/v1/portal"))), Cause.ANOTHER_PATH,
     "/v1/portal"),
    ("two slashes", protected(by(url=URL.replace("/api/", "/api//"))), Cause.ANOTHER_PATH, "//"),
    ("gateway", protected(by(url=URL.replace("5001", "5000"))), Cause.ANOTHER_HOST,
     "https://localhost:5000"),
    ("no port", protected(by(url=URL.replace(":5001", ""))), Cause.ANOTHER_HOST,
     "https://localhost"),
    ("numbered host", protected(by(url=URL.replace("localhost:5001", "1.api.ibkr.com"))),
     Cause.ANOTHER_HOST, "https://1.api.ibkr.com"),
    ("half a query", protected(by(conids="265598,8314"), URL + QUERY), Cause.ANOTHER_QUERY,
     "conids=265598,8314"),
    ("other second", protected(by(oauth_timestamp=str(STAMP + 1))), Cause.ANOTHER_VALUE,
     "oauth_timestamp"),
    ("version", protected(by(oauth_version="1.0")), Cause.ANOTHER_VALUE, "oauth_version"),
    ("no token", protected(by(drop="oauth_token")), Cause.PARAMETER_NOT_SIGNED, "oauth_token"),
    ("no method", protected(by(drop="oauth_signature_method")), Cause.PARAMETER_NOT_SIGNED,
     "oauth_signature_method"),
    ("realm", protected(by(realm="limited_poa")), Cause.REALM_SIGNED, ""),
    ("body", protected(by("POST", publish="true"), URL, "POST", body=b'{"publish":true}'),
     Cause.BODY_SIGNED, ""),
    ("body of Python", protected(by("POST", publish="True"), URL, "POST",
                                 body=b'{"publish":true}'), Cause.BODY_SIGNED, ""),
    ("form", protected(by("POST", a="1"), URL, "POST", body=b"a=1", is_form=True),
     Cause.BODY_SIGNED, ""),
    ("reverse order", protected(unsorted_text), Cause.PARAMETERS_UNSORTED, ""),
    ("twice", protected(whole(lambda t: "&".join(quote(part, safe="") for part in t.split("&")))),
     Cause.ENCODED_TWICE, ""),
    ("bare", protected(bare), Cause.NOT_ENCODED, ""),
    ("lower escapes", protected(whole(lower)), Cause.LOWERCASE_ESCAPES, ""),
    ("base64 key", protected(by(key=b64encode(LIVE))), Cause.KEY_IS_BASE64_TEXT, ""),
    ("hex key", protected(by(key=LIVE.hex().encode())), Cause.KEY_IS_HEX_TEXT, ""),
    ("key and &", protected(by(key=LIVE + b"&")), Cause.KEY_WITH_AMPERSAND, ""),
    ("secret", protected(by(key=SECRET)), Cause.KEY_IS_TOKEN_SECRET, ""),
    ("secret's hex", protected(by(key=SECRET.hex().encode())), Cause.KEY_IS_TOKEN_SECRET, ""),
    ("no sign byte", protected(by(key=UNSIGNED)), Cause.SIGN_BYTE_FORGOTTEN, ""),
    ("padded", protected(by(key=PADDED)), Cause.SECRET_PADDED_TO_PRIME, ""),
    ("older", protected(by(key=OLDER)), Cause.OLDER_LIVE_SESSION_TOKEN, ""),
    ("foreign", protected(by(key=FOREIGN)), Cause.LIVE_SESSION_TOKEN_OF_ANOTHER, ""),
    ("stranger", protected(by(key=b"?" * 20)), Cause.WRONG_SIGNATURE, ""),
    ("SHA-1", protected(lambda s, p: hmac_module.digest(LIVE, s.text("GET", URL, p).encode(),
                                                        "sha1")), Cause.WRONG_HASH, "SHA1"),
    ("SHA-512", protected(lambda s, p: hmac_module.digest(LIVE, s.text("GET", URL, p).encode(),
                                                          "sha512")), Cause.WRONG_HASH, "SHA512"),
    ("hashed twice", protected(whole(lambda t: hashlib.sha256(t.encode()).digest())),
     Cause.HASHED_TWICE, ""),
    ("hex", protected(lambda s, p: s.hmac(s.text("GET", URL, p)).hex()),
     Cause.SIGNATURE_IN_HEX, ""),
    ("hex in base64", protected(lambda s, p: s.hmac(s.text("GET", URL, p)).hex().encode()),
     Cause.SIGNATURE_IN_HEX, ""),
    ("cut off", protected(lambda s, p: s.hmac(s.text("GET", URL, p))[:20]),
     Cause.SIGNATURE_TRUNCATED, ""),
    ("4 bytes", protected(lambda s, p: b"abcd"), Cause.SIGNATURE_TRUNCATED, "4 of 32"),
    ("33 bytes", protected(lambda s, p: b"a" * 33), Cause.WRONG_SIGNATURE, "33 bytes"),
    ("RSA", protected(lambda s, p: s.rsa(s.text("GET", URL, p))), Cause.RSA_INSTEAD_OF_HMAC, ""),
    ("blanks", protected(lambda s, p: "ab cd" + "A" * 39), Cause.SIGNATURE_WITH_BLANKS, ""),
    ("no base64", protected(lambda s, p: "a!"), Cause.SIGNATURE_NOT_BASE64, ""),
]  # fmt: skip


def under(algorithm: Any, scheme: Any = None) -> Any:  # noqa: ANN401 - of cryptography
    return lambda s, t: SIGNATURE_KEY.sign(
        (SECRET.hex() + t).encode(), scheme or padding.PKCS1v15(), algorithm
    )


def without_name(_signer: Signer, text: str) -> bytes:
    digest = hashlib.sha256((SECRET.hex() + text).encode()).digest()
    return SIGNATURE_KEY.sign(digest, padding.PKCS1v15(), utils.NoDigestInfo())


PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
RSAS: list[tuple[str, SignedRequest, Cause, str]] = [
    ("no prepend", sealed(plain("")), Cause.PREPEND_MISSING, ""),
    ("upper case", sealed(plain(HEX.upper())), Cause.PREPEND_IN_UPPERCASE, ""),
    ("no zeros", sealed(plain(ZERO_SECRET.hex().lstrip("0")), "0000"),
     Cause.PREPEND_WITHOUT_ZEROS, ""),
    ("base64", sealed(plain(b64encode(SECRET))), Cause.PREPEND_NOT_HEX, ""),
    ("bytes", sealed(plain(SECRET)), Cause.PREPEND_NOT_HEX, ""),
    ("&", sealed(plain(HEX + "&")), Cause.PREPEND_SEPARATED, ""),
    ("0x", sealed(plain("0x" + HEX)), Cause.PREPEND_SEPARATED, ""),
    ("other token", sealed(plain(OTHER_SECRET.hex())), Cause.PREPEND_OF_ANOTHER_TOKEN, ""),
    ("encryption key", sealed(plain(key=ENCRYPTION_KEY)), Cause.ENCRYPTION_KEY_USED, ""),
    ("other consumer", sealed(plain(key=OTHER)), Cause.KEY_OF_ANOTHER_CONSUMER, ""),
    ("stranger", sealed(plain(key=STRANGER)), Cause.WRONG_SIGNATURE_KEY, ""),
    ("SHA-1", sealed(under(hashes.SHA1())), Cause.WRONG_HASH, "SHA1"),  # noqa: S303 - refused
    ("SHA-384", sealed(under(hashes.SHA384())), Cause.WRONG_HASH, "SHA384"),
    ("PSS", sealed(under(hashes.SHA256(), PSS)), Cause.WRONG_PADDING, "PSS"),
    ("no name", sealed(without_name), Cause.WRONG_PADDING, "without the name"),
    ("hashed twice", sealed(lambda s, t: s.rsa(hashlib.sha256((HEX + t).encode()).digest())),
     Cause.HASHED_TWICE, ""),
    ("hex hashed", sealed(lambda s, t: s.rsa(hashlib.sha256((HEX + t).encode()).hexdigest())),
     Cause.HASHED_TWICE, ""),
    ("cut off", sealed(lambda s, t: s.rsa(HEX + t)[:200]), Cause.SIGNATURE_TRUNCATED, "200 of 256"),
    ("HMAC", sealed(lambda s, t: s.hmac(t)), Cause.HMAC_INSTEAD_OF_RSA, ""),
    ("32 bytes", sealed(lambda s, t: b"z" * 32), Cause.SIGNATURE_TRUNCATED, "32 of 256"),
    ("other text", sealed(lambda s, t: s.rsa(HEX + t + "x")), Cause.WRONG_SIGNATURE, "key is"),
    ("GET", sealed(lambda s, t: s.rsa(HEX + t.replace("POST", "GET"))),
     Cause.ANOTHER_HTTP_METHOD, "GET"),
    ("upper challenge", sealed(lambda s, t: s.rsa(HEX + t.replace("2fa", "2FA"))),
     Cause.ANOTHER_VALUE, "diffie_hellman_challenge"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "cause", "told"),
    [pytest.param(*row[1:], id=row[0]) for row in HMACS + RSAS],
)
def test_a_mistake_is_found_by_making_it(request_: SignedRequest, cause: Cause, told: str) -> None:
    found = explained(request_)

    assert found.cause is cause
    assert found.step is cause.step
    assert told in found.sentence
    assert found.sentence.endswith(".")
    assert found.hint
    assert found.also is None


def test_at_least_twenty_causes_are_told_apart() -> None:
    assert len({row[2] for row in HMACS + RSAS}) >= 40
