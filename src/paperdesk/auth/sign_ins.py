"""Sign-ins under way: people whose password was right and who have more to show.

One is found by its token, which nobody else knows, and by a number that operators see. It lasts
five minutes of the wall; a notification in it two minutes, and it can be sent again.
"""

from enum import Enum
from typing import Final

import msgspec

from paperdesk.auth.second_factors import Method, SecondFactors
from paperdesk.base.errors import Refusal
from paperdesk.base.ids import UserName
from paperdesk.base.units import MINUTE, Duration, Instant

LIFE: Final[Duration] = 5 * MINUTE
NOTIFICATION_LIFE: Final[Duration] = 2 * MINUTE
NOTIFICATIONS_MAX: Final = 20
SIGN_INS_MAX: Final = 100


class UnknownSignIn(Refusal):
    """No notification of that number waits for an answer."""

    code = "unknown_sign_in"


class Reply(Enum):
    """What became of a notification."""

    WAITING = "waiting"
    APPROVED = "approved"
    DENIED = "denied"
    TIMED_OUT = "timed out"


class Stage(Enum):
    """What a person is asked next."""

    METHOD = "which second factor"
    CODE = "a code"
    NOTIFICATION = "an answer to a notification"
    PROMOTION = "whether to set up an app"
    REPLACEMENT = "whether somebody else is to be signed out"
    DONE = "nothing"


class SignIn(msgspec.Struct, kw_only=True, eq=False):
    """One person on the way in. Instants are wall time.

    `purpose` says what for: "gateway", "consent", … . `method` is the second factor that was
    chosen, None while there is a choice. `holder` is who would be signed out.
    """

    number: int
    token: str
    user_name: UserName
    purpose: str
    factors: SecondFactors
    began_at: Instant
    method: Method | None = None
    holder: str = ""
    is_proven: bool = False
    is_promoted: bool = False
    is_confirmed: bool = False
    notified_at: Instant = 0
    notifications: int = 0
    reply: Reply = Reply.WAITING

    def __repr__(self) -> str:
        """Leave the token out."""
        return f"SignIn({self.number}, {self.user_name!r}, {self.stage.name})"

    @property
    def stage(self) -> Stage:
        """What comes next."""
        if self.factors.methods and not self.is_proven:
            if self.method is None:
                return Stage.METHOD
            return Stage.NOTIFICATION if self.method is Method.PUSH else Stage.CODE
        if self.is_promoted:
            return Stage.PROMOTION
        if self.holder and not self.is_confirmed:
            return Stage.REPLACEMENT
        return Stage.DONE

    def choose(self, method: Method, at: Instant) -> None:
        """Take one of the user's second factors; a notification is sent at once."""
        assert method in self.factors.methods
        self.method = method
        if method is Method.PUSH:
            self.notify(at)

    def notify(self, at: Instant) -> None:
        """Send a notification, in place of one that was not answered."""
        if self.notifications < NOTIFICATIONS_MAX and self.reply is Reply.WAITING:
            self.notifications += 1
            self.notified_at = at

    def heard(self, at: Instant) -> Reply:
        """Return what has become of the notification by an instant."""
        if self.reply is Reply.WAITING and at >= self.notified_at + NOTIFICATION_LIFE:
            self.reply = Reply.TIMED_OUT
        return self.reply


class SignIns:
    """Who is on the way in, by token."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._by_token: dict[str, SignIn] = {}
        self._count = 0

    def begin(
        self, user_name: UserName, factors: SecondFactors, at: Instant, *, token: str, purpose: str
    ) -> SignIn:
        """Remember somebody whose password was right; the oldest gives way to the hundred-first."""
        self._forget_old(at)
        if len(self._by_token) >= SIGN_INS_MAX:
            self._by_token.pop(next(iter(self._by_token)))
        self._count += 1
        made = self._by_token[token] = SignIn(
            number=self._count,
            token=token,
            user_name=user_name,
            purpose=purpose,
            factors=factors,
            began_at=at,
        )
        if len(factors.methods) == 1:
            made.choose(factors.methods[0], at)
        return made

    def find(self, token: str, purpose: str, at: Instant) -> SignIn | None:
        """Return the sign-in of a token, while it lasts and for its purpose alone."""
        self._forget_old(at)
        found = self._by_token.get(token)
        return found if found is not None and found.purpose == purpose else None

    def end(self, sign_in: SignIn) -> None:
        """Forget a sign-in: it came to its end, or to nothing."""
        self._by_token.pop(sign_in.token, None)

    def end_all(self, user_name: UserName) -> None:
        """Forget every sign-in of a user, whose name was locked or whose rights have changed."""
        for sign_in in [s for s in self._by_token.values() if s.user_name == user_name]:
            self.end(sign_in)

    def notified(self, at: Instant) -> list[SignIn]:
        """Return who waits for an answer to a notification, the longest first."""
        self._forget_old(at)
        return [
            sign_in
            for sign_in in self._by_token.values()
            if sign_in.stage is Stage.NOTIFICATION and sign_in.heard(at) is Reply.WAITING
        ]

    def answer(self, number: int, reply: Reply, at: Instant) -> SignIn:
        """Approve or deny a notification, as its user would on a phone.

        Raises:
            UnknownSignIn: it was answered, has timed out, or never was.
        """
        for sign_in in self.notified(at):
            if sign_in.number == number:
                sign_in.reply = reply
                return sign_in
        raise UnknownSignIn(f"No notification {number} waits for an answer.")

    def _forget_old(self, at: Instant) -> None:
        for sign_in in list(self._by_token.values()):
            if at < sign_in.began_at + LIFE:
                break
            self.end(sign_in)
