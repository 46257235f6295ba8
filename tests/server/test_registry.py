from pathlib import Path

import pytest

from paperdesk.auth.registrations import AccessToken, OAuthClient
from paperdesk.base.ids import UserName
from paperdesk.server.registry import FILE, RegistrationsDamaged, Registry


def test_what_is_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Registry(tmp_path)
    token = AccessToken(
        token="aa" * 10, consumer_key="PAPERDESK", user_name=UserName("demo"), secret="c2VjcmV0"
    )
    first.registrations.tokens[token.token] = token
    first.registrations.clients["firm"] = OAuthClient(client_id="firm")
    first.save()

    second = Registry(tmp_path)

    assert second.registrations == first.registrations
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_desk_in_memory_keeps_no_file() -> None:
    kept = Registry(None)

    kept.save()

    assert kept.registrations.consumers == {}


def test_a_damaged_file_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{", encoding="utf-8")

    with pytest.raises(RegistrationsDamaged, match="cannot be read"):
        Registry(tmp_path)
