import ssl
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.serving import START, wall_now

from paperdesk.server import tls

DAY = 86_400_000_000


def test_what_was_issued_stays_over_restarts(tmp_path: Path) -> None:
    first = tls.certificates(tmp_path, START)
    before = [path.read_bytes() for path in sorted(first.folder.iterdir())]

    second = tls.certificates(tmp_path, START + 30 * DAY)

    assert second == first
    assert [path.read_bytes() for path in sorted(second.folder.iterdir())] == before


def test_the_names_are_this_machines_own(tmp_path: Path) -> None:
    names = tls.certificates(tmp_path, START).record.names

    assert names[:3] == ("localhost", "127.0.0.1", "::1")
    assert "api.ibkr.com" not in names


def test_an_authority_that_vouched_for_names_of_others_is_made_anew(tmp_path: Path) -> None:
    # What an earlier release issued.
    before = tls.certificates(tmp_path, START, ("api.ibkr.com",)).record

    after = tls.certificates(tmp_path, START).record

    assert after.fingerprint != before.fingerprint
    assert "api.ibkr.com" not in after.names


def test_a_certificate_that_ends_soon_is_renewed_by_the_same_authority(tmp_path: Path) -> None:
    first = tls.certificates(tmp_path, START)
    authority, certificate = first.authority.read_bytes(), first.certificate.read_bytes()

    second = tls.certificates(tmp_path, START + 370 * DAY)

    assert second.authority.read_bytes() == authority
    assert second.certificate.read_bytes() != certificate
    assert second.record.certificate_ends_at == START + (370 + 397) * DAY
    assert second.record.authority_ends_at == first.record.authority_ends_at


def test_an_authority_that_ends_before_its_certificate_is_made_anew(tmp_path: Path) -> None:
    first = tls.certificates(tmp_path, START).record

    second = tls.certificates(tmp_path, START + 3_400 * DAY).record

    assert second.fingerprint != first.fingerprint


def test_a_new_name_needs_a_new_authority(tmp_path: Path) -> None:
    first = tls.certificates(tmp_path, START).record

    second = tls.certificates(tmp_path, START, ("Desk.Example", "10.0.0.7")).record
    third = tls.certificates(tmp_path, START).record

    assert second.fingerprint != first.fingerprint
    assert second.names[-2:] == ("desk.example", "10.0.0.7")
    assert third == second


@pytest.mark.parametrize("name", ["ca.pem", "ca.key", "desk.pem", "desk.key", "record.json"])
def test_a_file_that_is_gone_is_made_again(tmp_path: Path, name: str) -> None:
    first = tls.certificates(tmp_path, START)
    (first.folder / name).unlink()

    second = tls.certificates(tmp_path, START)

    assert (second.folder / name).is_file()
    tls.context(second)


@pytest.mark.parametrize(("name", "content"), [("record.json", b"{"), ("record.json", b"[]")])
def test_a_record_that_cannot_be_read_is_made_again(
    tmp_path: Path, name: str, content: bytes
) -> None:
    first = tls.certificates(tmp_path, START)
    (first.folder / name).write_bytes(content)

    tls.context(tls.certificates(tmp_path, START))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_nobody_else_reads_the_keys(tmp_path: Path) -> None:
    folder = tls.certificates(tmp_path / "data", START).folder

    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_old_protocols_and_weak_ciphers_are_not_spoken(tmp_path: Path) -> None:
    context = tls.context(tls.certificates(tmp_path, START))

    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    names = {cipher["name"] for cipher in context.get_ciphers()}
    assert names
    assert all("GCM" in name or "CHACHA20" in name for name in names)
    assert all(name.startswith(("TLS_", "ECDHE-")) for name in names)


def test_help_says_how_to_trust_the_authority(tmp_path: Path) -> None:
    lines = dict(tls.trust_help(tmp_path / "ca.pem"))

    assert lines["Python requests"] == f"REQUESTS_CA_BUNDLE={tmp_path / 'ca.pem'}"
    assert {"curl", "macOS", "Windows", "Firefox"} <= lines.keys()


def spoken(tmp_path: Path, change: Callable[[ssl.SSLContext], None]) -> str:
    """Shake hands with a changed client; return version and cipher, "" where it is refused."""
    issued = tls.certificates(tmp_path, wall_now())
    context = ssl.create_default_context(cafile=issued.authority)
    change(context)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(back, there, server_hostname="localhost")
    desk = tls.context(issued).wrap_bio(there, back, server_side=True)
    waiting = [client, desk] * HALVES_OF_A_HANDSHAKE
    for side in waiting:
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            return ""
    cipher = client.cipher()
    assert cipher is not None
    return f"{client.version()} {cipher[0]}"


HALVES_OF_A_HANDSHAKE = 4


def up_to(version: ssl.TLSVersion, ciphers: str = "") -> Callable[[ssl.SSLContext], None]:
    def change(client: ssl.SSLContext) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            client.minimum_version = min(version, ssl.TLSVersion.TLSv1_2)
            client.maximum_version = version
        if ciphers:
            client.set_ciphers(ciphers)

    return change


def by_curve(name: str) -> Callable[[ssl.SSLContext], None]:
    return lambda client: client.set_ecdh_curve(name)


def test_the_newest_version_is_spoken(tmp_path: Path) -> None:
    assert spoken(tmp_path, lambda _: None) == "TLSv1.3 TLS_AES_256_GCM_SHA384"


@pytest.mark.parametrize(
    "cipher",
    [
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
    ],
)
def test_the_version_before_is_spoken_with_ciphers_that_authenticate(
    tmp_path: Path, cipher: str
) -> None:
    assert spoken(tmp_path, up_to(ssl.TLSVersion.TLSv1_2, cipher)) == f"TLSv1.2 {cipher}"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_are_refused(tmp_path: Path, version: ssl.TLSVersion) -> None:
    assert spoken(tmp_path, up_to(version, "ALL:@SECLEVEL=0")) == ""


@pytest.mark.parametrize(
    "cipher",
    [
        "ECDHE-ECDSA-AES256-SHA384",
        "ECDHE-ECDSA-AES128-SHA256",
        "ECDHE-ECDSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-CCM8",
        "AES128-GCM-SHA256",
        "AES256-SHA",
        "DHE-RSA-AES256-GCM-SHA384",
        "aNULL",
        "eNULL",
        "PSK",
    ],
)
def test_weaker_ciphers_are_refused(tmp_path: Path, cipher: str) -> None:
    assert spoken(tmp_path, up_to(ssl.TLSVersion.TLSv1_2, f"{cipher}:@SECLEVEL=0")) == ""


@pytest.mark.parametrize("curve", ["secp224r1", "secp384r1", "secp521r1"])
def test_keys_are_agreed_on_over_one_curve(tmp_path: Path, curve: str) -> None:
    assert spoken(tmp_path, by_curve("prime256v1")) == "TLSv1.3 TLS_AES_256_GCM_SHA384"
    assert spoken(tmp_path, by_curve(curve)) == ""
