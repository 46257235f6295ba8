"""The control port: the control API of a desk, behind a listener of its own."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from paperdesk.server.listeners import Listener
from paperdesk.server.premises import Premises

USUAL: Final = "https://localhost:5001"
LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")


def listener(
    premises: Premises,
    data_dir: Path | None,
    names: Iterable[str],
    hosted_url: str,
    authority: Path | None,
) -> Listener:
    """Return a listener that is not open yet.

    Args:
        premises: whose desk is controlled.
        data_dir: where desks are kept; None where this one is in memory.
        names: hosts that requests may name, beside this machine's own.
        hosted_url: where programs find the hosted face; "" for where they usually do, if this
            desk has none now.
        authority: the certificate that they have to trust, None without TLS.
    """
    from paperdesk.control.app import ControlApplication  # noqa: PLC0415 - comes with its areas
    from paperdesk.control.operations import Control, Whereabouts  # noqa: PLC0415

    control = Control(
        desk=premises.desk,
        data_dir=data_dir,
        wall=premises.wall,
        stirred=premises.stirred.set,
        roster=premises.roster,
        pacer=premises.pacer,
        sign_ins=premises.porter.sign_ins,
        factors=premises.porter.factors,
        refused=premises.explainer.refused if premises.explainer else None,
        verifier=premises.callers.verifier,
        register=premises.registry,
        passwords=premises.credentials,
        exercises=premises.exercises,
        where=Whereabouts(hosted_url or USUAL, str(authority.absolute()) if authority else ""),
    )
    own = frozenset((*LOCAL_NAMES, *(name.lower() for name in names)))
    return Listener(ControlApplication(control, premises.durability.reached, own))
