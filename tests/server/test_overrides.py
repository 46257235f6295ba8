import asyncio
import logging
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from tests.serving import START, wall_now

from paperdesk.server import overrides, tls

DAY = 86_400_000_000
NAMES = ("api.ibkr.com", "www.interactivebrokers.com")


def test_the_certificate_is_for_these_names_alone_and_for_a_week(tmp_path: Path) -> None:
    made = overrides.made(tmp_path, NAMES, START)

    leaf, authority = x509.load_pem_x509_certificates((made.folder / "desk.pem").read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert tuple(names.get_values_for_type(x509.DNSName)) == NAMES
    assert tuple(name.value for name in limits.value.permitted_subtrees or ()) == NAMES
    assert limits.critical
    assert "Paperdesk, for a week" in leaf.issuer.rfc4514_string().replace("\\", "")
    for certificate in (leaf, authority):
        ends = int(certificate.not_valid_after_utc.timestamp()) * 1_000_000
        assert START + 6 * DAY < ends <= made.ends_at + 1_000_000
    assert made.ends_at == START + 7 * DAY


def test_nobody_can_make_another_certificate_of_its_authority(tmp_path: Path) -> None:
    made = overrides.made(tmp_path, NAMES, START)

    assert not (made.folder / tls.AUTHORITY_KEY).exists()
    assert {path.stat().st_mode & 0o777 for path in made.folder.iterdir()} == {0o600}


def test_it_stays_while_it_lasts_and_is_made_anew_for_other_names(tmp_path: Path) -> None:
    first = overrides.made(tmp_path, NAMES, START)
    authority = first.authority.read_bytes()

    same = overrides.made(tmp_path, NAMES, START + 5 * DAY)
    kept = same.authority.read_bytes()
    overrides.made(tmp_path, NAMES[:1], START + 5 * DAY)
    other = first.authority.read_bytes()
    late = overrides.made(tmp_path, NAMES[:1], START + 12 * DAY)

    assert (same, kept) == (first, authority)
    assert other != authority
    assert late.ends_at == START + 19 * DAY
    assert late.authority.read_bytes() != other


def test_what_was_made_is_known_while_it_lasts(tmp_path: Path) -> None:
    assert overrides.kept(tmp_path, START) is None
    made = overrides.made(tmp_path, NAMES, START)

    assert overrides.kept(tmp_path, START + DAY) == made
    assert overrides.kept(tmp_path, START + 7 * DAY) is None


def test_the_authority_of_this_machine_vouches_for_no_name_of_others(tmp_path: Path) -> None:
    overrides.made(tmp_path, NAMES, START)

    own = tls.certificates(tmp_path, START)

    assert not set(own.record.names) & set(NAMES)
    assert own.authority.read_bytes() != (own.folder / "overrides" / "ca.pem").read_bytes()


def shaken(tmp_path: Path, foreign: tuple[str, ...], name: str, authority: Path) -> str:
    """Shake hands as a client that asks for a name and trusts an authority; return what failed."""

    async def story() -> str:
        own = tls.certificates(tmp_path, wall_now())
        context = tls.context(own)
        overrides.answer(context, tmp_path, foreign, wall_now())

        async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        client = ssl.create_default_context(cafile=authority)
        async with server:
            try:
                _, writer = await asyncio.open_connection(
                    "127.0.0.1", port, ssl=client, server_hostname=name
                )
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
            writer.close()
            return ""

    return asyncio.run(story())


def test_a_client_with_a_built_in_name_verifies_what_it_finds(tmp_path: Path) -> None:
    made = overrides.made(tmp_path, NAMES, wall_now())

    assert shaken(tmp_path, NAMES, "api.ibkr.com", made.authority) == ""
    assert shaken(tmp_path, NAMES, "www.interactivebrokers.com", made.authority) == ""


def test_names_are_answered_to_only_when_asked_for(tmp_path: Path) -> None:
    made = overrides.made(tmp_path, NAMES, wall_now())
    own = tls.certificates(tmp_path, wall_now()).authority

    assert shaken(tmp_path, (), "api.ibkr.com", made.authority) != ""
    assert shaken(tmp_path, (), "api.ibkr.com", own) != ""
    assert shaken(tmp_path, NAMES, "api.ibkr.com", own) != ""
    assert shaken(tmp_path, NAMES, "localhost", own) == ""


def test_how_to_end_it_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    made = overrides.made(tmp_path, NAMES, START)

    overrides.tell(made)

    assert "api.ibkr.com, www.interactivebrokers.com until 2026-09-15" in caplog.text
    assert "paperdesk tls hosts --check" in caplog.text
    assert overrides.hosts_lines(made)[0] == (
        "127.0.0.1 api.ibkr.com  # paperdesk, take out by 2026-09-15"
    )


def test_a_name_that_leads_here_is_noticed() -> None:
    places = {"a": ["203.0.113.7"], "b": ["127.0.0.1", "203.0.113.7"], "c": ["::1"], "d": []}

    found = overrides.leads(places, lambda name: places[name])

    assert [lead.is_overridden for lead in found] == [False, True, True, False]


def test_names_are_resolved_as_programs_do() -> None:
    assert "127.0.0.1" in overrides.resolved("localhost")
    assert overrides.resolved("\x00") == []
