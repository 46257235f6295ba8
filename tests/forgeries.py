"""Forgeries: assertions that nobody may take, with why; asked of the judge and over HTTP."""

import json
from collections.abc import Iterator
from typing import Final

import msgspec
from tests.oauth2 import (
    CLIENT_ID,
    HEADER,
    HEADERS,
    ISSUER,
    NOW,
    OTHER_ID,
    SECOND,
    VECTORS,
    assertion,
    es256,
    hs256,
    ps256,
    rs256,
    rsa_key,
    said,
    strict_assertion,
    text,
    token,
    unsigned,
)

from paperdesk.auth.keys import to_pem
from paperdesk.auth.oauth2 import compact
from paperdesk.auth.oauth2.assertions import Cause

AT: Final = NOW // SECOND
PUBLIC: Final = VECTORS["client"]["public_pem"]
USUAL: Final = text(said())
HEAD: Final = text(HEADER)


class Forgery(msgspec.Struct, frozen=True):
    """An assertion that is refused."""

    name: str
    assertion: str
    cause: Cause
    is_strict: bool = False


def algorithms() -> Iterator[Forgery]:
    for name in ("none", "None", "nOnE", "NONE", "", "rs256", "RS256 ", " RS256", "RS384", "RS512"):
        forged = assertion(header=HEADER | {"alg": name}, sign=unsigned)
        yield Forgery(f"alg {name!r} unsigned", forged, Cause.ALGORITHM_UNKNOWN)
    for alg in ("HS256", "HS384", "HS512", "hs256", "dir", "A128KW", "EdDSA", "ES384", "PS512"):
        forged = assertion(header=HEADER | {"alg": alg})
        yield Forgery(f"alg {alg} over a good signature", forged, Cause.ALGORITHM_UNKNOWN)
    secrets = {
        "PEM": PUBLIC.encode(),
        "PEM stripped": PUBLIC.strip().encode(),
        "our PEM": to_pem(rsa_key("main").public_key()).encode(),
        "JWK": text(VECTORS["client"]["jwk"]),
        "nothing": b"",
        "kid": b"main",
    }
    for name, secret in secrets.items():
        forged = assertion(header=HEADER | {"alg": "HS256"}, sign=hs256(secret))
        yield Forgery(f"HS256 with {name}", forged, Cause.ALGORITHM_UNKNOWN)
    for odd in (None, 1, True, ["RS256"], {"RS256": 1}):
        forged = assertion(header=HEADER | {"alg": odd})
        yield Forgery(f"alg {odd!r}", forged, Cause.ALGORITHM_UNKNOWN)
    no_alg = assertion(header={"typ": "JWT", "kid": "main"})
    yield Forgery("no alg", no_alg, Cause.ALGORITHM_UNKNOWN)
    mixed = [("PS256", "main", ps256("main")), ("RS256", "pss", rs256("pss"))]
    for alg, kid, sign in [*mixed, ("RS256", "curve", rs256()), ("ES256", "main", es256())]:
        forged = assertion(header=HEADER | {"alg": alg, "kid": kid}, sign=sign)
        yield Forgery(f"{alg} with the key {kid}", forged, Cause.ALGORITHM_MISMATCH)


def key_names() -> Iterator[Forgery]:
    names = [
        "other",
        "MAIN",
        "main ",
        " main",
        "main\0",
        "",
        "theirs",
        "../../../../dev/null",
        "/etc/passwd",
        "file:///dev/null",
        "https://attacker.example/key",
        "main' OR '1'='1",
        "x' UNION SELECT 'AA==",
        "main; rm -rf /",
        "$(id)",
        "{{7*7}}",
        "main/../main",
        "m" * 10_000,
        "ma\u0131n",
    ]
    for name in names:
        forged = assertion(header=HEADER | {"kid": name})
        yield Forgery(f"kid {name[:30]!r}", forged, Cause.KEY_UNKNOWN)
    for odd in (7, True, ["main"], {"main": 1}, 1.5):
        forged = assertion(header=HEADER | {"kid": odd})
        yield Forgery(f"kid {odd!r}", forged, Cause.KEY_UNKNOWN)
    for header in ({"alg": "RS256"}, HEADER | {"kid": None}):
        forged = assertion(header=header)
        yield Forgery(f"no kid and three keys {len(header)}", forged, Cause.KEY_UNKNOWN)


def injected_keys() -> Iterator[Forgery]:
    evil = rsa_key("evil").public_key().public_numbers()
    size = (evil.n.bit_length() + 7) // 8
    jwk = {
        "kty": "RSA",
        "kid": "main",
        "n": compact.spelt(evil.n.to_bytes(size)),
        "e": "AQAB",
    }
    pem = "".join(to_pem(rsa_key("evil").public_key()).splitlines()[1:-1])
    injected: dict[str, object] = {
        "jwk": jwk,
        "jku": "https://attacker.example/jwks",
        "x5u": "https://attacker.example/cert.pem",
        "x5c": [pem],
        "x5t": "AAAA",
        "x5t#S256": "AAAA",
        "p2c": 10_000_000,
        "zip": "DEF",
        "enc": "A256GCM",
    }
    for member, value in injected.items():
        forged = assertion(header=HEADER | {member: value}, sign=rs256("evil"))
        yield Forgery(f"{member} of the attacker", forged, Cause.SIGNATURE)
    for crit in ([], ["exp"], ["b64"], "exp", None, 1, ["https://example.org/x"]):
        forged = assertion(header=HEADER | {"crit": crit, "b64": True})
        yield Forgery(f"crit {crit!r}", forged, Cause.CRITICAL_HEADER)


def signatures() -> Iterator[Forgery]:
    good = assertion()
    part, _, signature = good.rpartition(".")
    size = len(rs256()(part.encode()))
    yield Forgery("signature empty", f"{part}.", Cause.SIGNATURE)
    tampered = {
        "of zeros": b"\0" * size,
        "of ones": b"\xff" * size,
        "one byte": b"\1",
        "short by one": rs256()(part.encode())[:-1],
        "long by one": rs256()(part.encode()) + b"\0",
        "with a zero before": b"\0" + rs256()(part.encode()),
        "of another key": rs256("evil")(part.encode()),
        "of the other client": rs256("theirs")(part.encode()),
        "of other bytes": rs256()(part.encode() + b" "),
        "by PSS": ps256("main")(part.encode()),
        "as text": signature.encode(),
    }
    for name, forged in tampered.items():
        yield Forgery(f"signature {name}", f"{part}.{compact.spelt(forged)}", Cause.SIGNATURE)
    changed = compact.spelt(text(said(exp=AT + 60)))
    head = part.partition(".")[0]
    yield Forgery("claims changed", f"{head}.{changed}.{signature}", Cause.SIGNATURE)
    renamed = compact.spelt(text(HEADER | {"typ": "jwt"}))
    body = part.partition(".")[2]
    yield Forgery("header changed", f"{renamed}.{body}.{signature}", Cause.SIGNATURE)
    curve = es256()
    for name, raw in {"zero": b"\0" * 64, "DER": b"\x30\x06\2\1\1\2\1\1", "empty": b""}.items():
        other = compact.spelt(text(HEADERS["ES256"]))
        yield Forgery(
            f"ES256 signature {name}", f"{other}.{body}.{compact.spelt(raw)}", Cause.SIGNATURE
        )
    doubled = assertion(header=HEADERS["ES256"], sign=lambda part: curve(part) * 2)
    yield Forgery("ES256 signature twice", doubled, Cause.SIGNATURE)


def clients() -> Iterator[Forgery]:
    nobody = ["Another-Client", CLIENT_ID.lower(), f"{CLIENT_ID} ", "", f"{CLIENT_ID}\0", "*"]
    for name in nobody:
        forged = assertion(said(iss=name, sub=name))
        yield Forgery(f"client {name!r}", forged, Cause.CLIENT_UNKNOWN)
    for odd in (None, 1, [CLIENT_ID], {"id": CLIENT_ID}, True):
        yield Forgery(f"iss {odd!r}", assertion(said(iss=odd)), Cause.CLIENT_UNKNOWN)
        yield Forgery(f"sub {odd!r}", assertion(said(sub=odd)), Cause.ISSUER)
    yield Forgery("no iss", assertion(said(iss=...)), Cause.ISSUER)
    yield Forgery("no sub", assertion(said(sub=...)), Cause.ISSUER)
    yield Forgery("no iss and no sub", assertion(said(iss=..., sub=...)), Cause.CLIENT_UNKNOWN)
    yield Forgery("sub of another", assertion(said(sub=OTHER_ID)), Cause.ISSUER)
    named = assertion(said(iss=OTHER_ID, sub=OTHER_ID), HEADER | {"kid": "theirs"})
    yield Forgery("in another's name", named, Cause.SIGNATURE)
    theirs = assertion(said(iss=OTHER_ID, sub=OTHER_ID))
    yield Forgery("in another's name with our key", theirs, Cause.KEY_UNKNOWN)


def audiences() -> Iterator[Forgery]:
    foreign: list[object] = [
        "",
        "/",
        "/toke",
        "/token/",
        "/tokens",
        "token",
        "x/tokenx",
        "/TOKEN",
        " /token",
        "https://api.ibkr.com/",
        "https://API.ibkr.com",
        "HTTPS://api.ibkr.com",
        "https://api.ibkr.com:443",
        "http://api.ibkr.com",
        "https://api.ibkr.com.attacker.example",
        "https://attacker.example/?https://api.ibkr.com",
        "https://api.ibkr.com/oauth2/api/v1/token/",
        "https://api.ibkr.com/oauth2/api/v1/token?x=1",
        "https://login.example.org/token",
        [],
        [[]],
        [["/token"]],
        ["x/token"],
        ["/token", 1],
        ["/token", None],
        [True, "/token"],
        {"/token": 1},
        None,
        True,
        0,
        ...,
    ]
    for audience in foreign:
        yield Forgery(f"aud {audience!r}", assertion(said(aud=audience)), Cause.AUDIENCE)
    strict = ["/token", [ISSUER], [ISSUER, "/token"], f"{ISSUER}/oauth2/api/v1/token"]
    for loose in strict:
        forged = strict_assertion(aud=loose)
        yield Forgery(f"strict aud {loose!r}", forged, Cause.AUDIENCE, is_strict=True)


def times() -> Iterator[Forgery]:
    odd: list[object] = [True, False, None, str(AT + 20), "", [AT + 20], {"at": AT}]
    for value in odd:
        for claim in ("exp", "iat", "nbf"):
            forged = assertion(said(**{claim: value}))
            yield Forgery(f"{claim} {value!r}", forged, Cause.DATE)
    yield Forgery("no exp", assertion(said(exp=...)), Cause.EXPIRY_MISSING)
    for past in (0, AT - 5, AT - 61, AT - 5.5):
        yield Forgery(f"exp {past - AT:+} s", assertion(said(exp=past)), Cause.EXPIRED)
    for claim in ("iat", "nbf"):
        for ahead in (10.001, 11, 120):
            forged = assertion(said(**{claim: AT + ahead}))
            yield Forgery(f"{claim} {ahead:+} s", forged, Cause.NOT_YET)
    for ahead in (300.001, 301, 86_400):
        forged = strict_assertion(exp=AT + ahead)
        yield Forgery(f"strict exp {ahead:+} s", forged, Cause.TOO_FAR_AHEAD, is_strict=True)


def numbers() -> Iterator[Forgery]:
    """Yield expiries that are no date, or no JSON at all."""
    for literal in ("-1", "99999999999999999999", "1e20", "1700000020000", "-0.5", "-1e5"):
        payload = USUAL.replace(f'"exp":{AT + 20}'.encode(), f'"exp":{literal}'.encode())
        yield Forgery(f"exp {literal}", token(HEAD, payload, rs256()), Cause.DATE)
    for literal in (
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "1e-400",
        "9" * 50,
        "0x7f",
        "01",
        "+1",
    ):
        payload = USUAL.replace(f'"exp":{AT + 20}'.encode(), f'"exp":{literal}'.encode())
        yield Forgery(f"exp {literal[:12]}", token(HEAD, payload, rs256()), Cause.MALFORMED)


def ids_and_types() -> Iterator[Forgery]:
    for odd in ("", None, 1, True, ["a"], {"a": 1}, "j" * 600):
        yield Forgery(f"jti {str(odd)[:12]!r}", assertion(said(jti=odd)), Cause.ID)
    no_id = strict_assertion(jti=...)
    yield Forgery("strict without jti", no_id, Cause.ID_MISSING, is_strict=True)
    for old in (assertion(), assertion(said(aud=ISSUER, jti="x"))):
        yield Forgery("strict with RS256", old, Cause.ALGORITHM_NOT_STRICT, is_strict=True)
    types = ["at+jwt", "application/at+jwt", "logout+jwt", "JWS", "JWE", "", "secevent+jwt", None]
    for token_type in [*types, 1, ["JWT"]]:
        forged = assertion(header=HEADER | {"typ": token_type})
        yield Forgery(f"typ {token_type!r}", forged, Cause.TYPE)


def documents() -> Iterator[Forgery]:
    """Yield what is no JSON object, or another one to another reader; each is well signed."""
    deep = b'{"a":' * 65 + b"1" + b"}" * 65
    bomb = b"[" * 12_000 + b"]" * 12_000
    payloads = {
        "two subs": USUAL.replace(b'{"iss"', b'{"sub":"x","iss"'),
        "two subs in escapes": USUAL.replace(b'{"iss"', b'{"s\\u0075b":"x","iss"'),
        "two equal subs": USUAL.replace(b'{"iss"', b'{"sub":"%s","iss"' % CLIENT_ID.encode()),
        "two members inside": USUAL[:-1] + b',"foo":{"a":1,"a":2}}',
        "byte order mark": b"\xef\xbb\xbf" + USUAL,
        "UTF-16": USUAL.decode().encode("utf-16"),
        "Latin-1": USUAL[:-1] + b',"x":"\xe4"}',
        "overlong UTF-8": USUAL[:-1] + b',"x":"\xc0\xaf"}',
        "half a pair": USUAL[:-1] + b',"x":"\\ud800"}',
        "trailing text": USUAL + b"x",
        "two objects": USUAL + USUAL,
        "comment": USUAL[:-1] + b"/* */}",
        "trailing comma": USUAL[:-1] + b",}",
        "single quotes": USUAL.replace(b'"', b"'"),
        "control character": USUAL[:-1] + b',"x":"\n"}',
        "NUL after": USUAL + b"\0",
        "array": b"[1,2]",
        "text": b'"x"',
        "null": b"null",
        "number": b"1",
        "empty object": b"{",
        "nothing": b"",
        "65 levels": deep,
        "twelve thousand brackets": bomb,
        "many digits": USUAL[:-1] + b',"x":' + b"1" * 5_000 + b"}",
    }
    for name, payload in payloads.items():
        yield Forgery(f"claims: {name}", token(HEAD, payload, rs256()), Cause.MALFORMED)
    headers = {
        "two algs": b'{"alg":"none","alg":"RS256","kid":"main"}',
        "two kids": b'{"alg":"RS256","kid":"other","kid":"main"}',
        "array": b'["RS256"]',
        "text": b'"RS256"',
        "byte order mark": b"\xef\xbb\xbf" + HEAD,
        "nothing": b"",
        "NaN": HEAD[:-1] + b',"x":NaN}',
        "brackets": bomb,
        "long": text(HEADER | {"x": "y" * 20_000}),
    }
    for name, head in headers.items():
        yield Forgery(f"header: {name}", token(head, USUAL, rs256()), Cause.MALFORMED)
    long = assertion(said(x="y" * 40_000))
    yield Forgery("forty thousand characters", long, Cause.MALFORMED)


def spellings() -> Iterator[Forgery]:
    """Yield good assertions that are spelt otherwise; a lenient reader would take them."""
    good = assertion()
    head, body, signature = good.split(".")
    assert len(head) % 4, "the header leaves bits over"
    last = compact_bits(head)
    spelt = {
        "padding of the header": f"{head}==.{body}.{signature}",
        "padding of the signature": f"{head}.{body}.{signature}==",
        "bits left over": f"{last}.{body}.{signature}",
        "blank before": f" {good}",
        "line end after": f"{good}\n",
        "line end inside": f"{head}.\n{body}.{signature}",
        "quotes": f'"{good}"',
        "plus for minus": good.replace("-", "+"),
        "slash for underscore": good.replace("_", "/"),
        "two segments": f"{head}.{body}",
        "four segments": f"{good}.",
        "five segments": f"{good}.AA.AA",
        "leading dot": f".{good}",
        "no dots": good.replace(".", ""),
        "empty header": f".{body}.{signature}",
        "empty claims": f"{head}..{signature}",
        "only dots": "..",
        "a word": "assertion",
        "a character over": f"{head}A.{body}.{signature}",
        "JSON serialization": json.dumps(
            {"protected": head, "payload": body, "signature": signature}
        ),
        "other digits": good.replace("1", "\uff11"),
        "bearer": f"Bearer {good}",
    }
    for name, forged in spelt.items():
        yield Forgery(f"spelt with {name}", forged, Cause.MALFORMED)


def compact_bits(segment: str) -> str:
    """Return a segment whose last character has bits set that no byte uses."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]


FORGERIES: Final = [
    *algorithms(),
    *key_names(),
    *injected_keys(),
    *signatures(),
    *clients(),
    *audiences(),
    *times(),
    *numbers(),
    *ids_and_types(),
    *documents(),
    *spellings(),
]
