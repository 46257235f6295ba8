from pathlib import Path

import pytest

from paperdesk.cli.places import user_data_dir

HOME = Path("/home/ann")


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "/home/ann/.local/share/paperdesk"),
        ("linux", {"XDG_DATA_HOME": "/big/disk"}, "/big/disk/paperdesk"),
        ("linux", {"XDG_DATA_HOME": "not/absolute"}, "/home/ann/.local/share/paperdesk"),
        ("darwin", {}, "/home/ann/Library/Application Support/Paperdesk"),
        ("win32", {}, "/home/ann/AppData/Local/Paperdesk"),
        ("win32", {"LOCALAPPDATA": "/users/ann/local"}, "/users/ann/local/Paperdesk"),
    ],
)
def test_data_is_kept_where_the_platform_keeps_a_users_data(
    platform: str, environment: dict[str, str], expected: str
) -> None:
    assert user_data_dir(platform, environment, HOME) == Path(expected)
