from pathlib import Path

import pytest
from cryptography import x509
from tests.serving import START

from paperdesk.server import authorities

NAMES = ("localhost", "127.0.0.1", "::1")


def test_an_authority_may_vouch_for_its_names_alone(tmp_path: Path) -> None:
    certificate, _ = authorities.made(tmp_path, NAMES, START)

    limits = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert [str(name.value) for name in limits.value.permitted_subtrees or ()] == [
        "localhost",
        "127.0.0.1/32",
        "::1/128",
    ]
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)


def test_a_certificate_is_signed_by_its_authority_for_servers(tmp_path: Path) -> None:
    authority = authorities.made(tmp_path, NAMES, START)

    authorities.certify(tmp_path, NAMES, START, authority)

    chain = x509.load_pem_x509_certificates((tmp_path / "desk.pem").read_bytes())
    chain[0].verify_directly_issued_by(authority[0])
    assert chain[1] == authority[0]
    names = chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    life = chain[0].not_valid_after_utc - chain[0].not_valid_before_utc
    assert life.days == 397


def test_an_authority_is_kept_with_its_key(tmp_path: Path) -> None:
    made = authorities.made(tmp_path, NAMES, START)

    kept = authorities.kept(tmp_path)

    assert kept is not None
    assert kept[0] == made[0]
    assert authorities.fingerprint(kept[0]).count(":") == 31


@pytest.mark.parametrize("name", ["ca.pem", "ca.key"])
def test_what_is_no_pair_is_no_authority(tmp_path: Path, name: str) -> None:
    authorities.made(tmp_path, NAMES, START)
    other = tmp_path / "other"
    other.mkdir()
    authorities.made(other, NAMES, START)

    (tmp_path / name).write_bytes((other / name).read_bytes())
    mixed = authorities.kept(tmp_path)
    (tmp_path / name).write_bytes(b"nonsense")

    assert mixed is None
    assert authorities.kept(tmp_path) is None
    assert authorities.kept(tmp_path / "nowhere") is None
