"""Presets: the precautionary thresholds of each user that has changed them."""

import msgspec

from paperdesk.base.ids import UserName
from paperdesk.kernel.messages.presets import Presets, PresetsSet

DEFAULT = Presets()


class AllPresets(msgspec.Struct):
    """The thresholds of users; who is not here has the defaults."""

    by_user: dict[UserName, Presets] = {}

    def of(self, user_name: UserName) -> Presets:
        """Return a user's thresholds."""
        return self.by_user.get(user_name, DEFAULT)


def presets_set(presets: AllPresets, event: PresetsSet) -> None:
    """Remember a user's thresholds."""
    presets.by_user[event.user_name] = event.presets
