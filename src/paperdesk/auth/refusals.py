"""Refusals of a brokerage session."""

from paperdesk.base.errors import Refusal


class BrokerageAway(Refusal):
    """The service behind brokerage sessions is away for a while: a nightly reset, maintenance."""

    code = "brokerage_away"


class NoTradingPermission(Refusal):
    """The user name may look and never trade: it has no brokerage session."""

    code = "no_trading_permission"
