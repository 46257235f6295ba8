"""What a journal refuses, and why."""

from paperdesk.base.errors import Refusal


class JournalFailed(Refusal):
    """The journal could not be written: the desk takes no more commands until it is restarted."""

    code = "journal_failed"


class JournalDamaged(Refusal):
    """The journal is not what was written: a record is missing, changed or not to be read."""

    code = "journal_damaged"


class JournalForeign(Refusal):
    """The file is no journal of this desk, or of no desk at all."""

    code = "journal_foreign"


class JournalNewer(Refusal):
    """The journal was written by a newer release than this one."""

    code = "journal_newer"


class JournalInUse(Refusal):
    """Another process has the desk open."""

    code = "journal_in_use"
