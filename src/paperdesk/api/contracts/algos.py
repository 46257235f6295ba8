"""Algos: which of IBKR's algos can work an order, and with what parameters."""

from decimal import Decimal
from typing import Any, Final

import msgspec

from paperdesk.api.definitions import with_point
from paperdesk.api.route import (
    BackendUnavailable,
    BadRequest,
    Call,
    Empty,
    Evidence,
    Routes,
    Tier,
    Wire,
)
from paperdesk.market.catalogue import Algo, AlgoParameter

routes = Routes(Tier.BROKERAGE)

ALGOS_MAX: Final = 8
UNAVAILABLE: Final = (
    "Details currently unavailable. Please try again later and contact client services if the "
    "issue persists."
)


class Parameter(Wire, omit_defaults=True, kw_only=True):
    """One parameter of an algo; what does not apply is left out.

    The default is a text, a truth value or a number, as the parameter is.
    """

    gui_rank: int
    name: str
    id: str
    description: str | None = None
    default_value: Any = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    legal_strings: list[str] | None = None
    required: str | None = None
    enabled_conditions: list[str] | None = None
    value_class_name: str


class OfferedAlgo(Wire, omit_defaults=True):
    """An algo, with what was asked to be told of it."""

    name: str
    id: str
    description: str | msgspec.UnsetType = msgspec.UNSET
    parameters: list[Parameter] | msgspec.UnsetType = msgspec.UNSET


class OfferedAlgos(Wire):
    """The algos that can work an order for a contract."""

    algos: list[OfferedAlgo]


@routes.get("/iserver/contract/{conid}/algos", evidence=Evidence.RECORDED)
def algos(call: Call[Empty]) -> OfferedAlgos:
    """List the algos that can work an order for a contract, or those of them that are named."""
    catalogue = call.desk.catalogue
    contract = catalogue.find(call.conid())
    if contract is None:
        raise BackendUnavailable(UNAVAILABLE)
    named = [name for name in call.query.text("algos").split(";") if name]
    if len(named) > ALGOS_MAX:
        raise BadRequest(f"Bad Request: more than {ALGOS_MAX} algos")
    offered = [
        algo
        for algo in catalogue.algos
        if contract.security_type in algo.security_types
        and contract.is_tradable
        and (not named or algo.id in named)
    ]
    with_description = call.query.flag("addDescription")
    with_parameters = call.query.flag("addParams")
    return OfferedAlgos(
        algos=[
            OfferedAlgo(
                name=algo.name,
                id=algo.id,
                description=algo.description if with_description else msgspec.UNSET,
                parameters=_parameters(algo) if with_parameters else msgspec.UNSET,
            )
            for algo in offered
        ]
    )


def _parameters(algo: Algo) -> list[Parameter]:
    return [_parameter(rank, row) for rank, row in enumerate(algo.parameters, 1)]


def _parameter(rank: int, row: AlgoParameter) -> Parameter:
    return Parameter(
        gui_rank=rank,
        name=row.name,
        id=row.id,
        description=row.description or None,
        default_value=_default(row),
        min_value=_number(row.minimum),
        max_value=_number(row.maximum),
        legal_strings=list(row.legal) or None,
        required="true" if row.is_required else None,
        enabled_conditions=list(row.enabled_when) or None,
        value_class_name=row.type,
    )


def _default(row: AlgoParameter) -> str | bool | Decimal | None:
    default = row.default
    if default is None or isinstance(default, str | bool):
        return default
    return _number(default)


def _number(number: float | None) -> Decimal | None:
    return None if number is None else with_point(Decimal(str(number)))
