"""Bodies of cases: what is sent with the operations on applications."""

from paperdesk.base.regions import Region
from paperdesk.control.operations import Body
from paperdesk.kernel.messages.cases import Action, Details, Feature, Proof, Role, Stage, Track


class Opening(Body, kw_only=True):
    """A new application; with `has_clerk` reviews pass by themselves after their usual time."""

    track: Track
    applicant: str
    details: Details
    home: Region | None = None
    has_clerk: bool = False
    is_alone: bool = False


class Copying(Body, kw_only=True):
    """Who applies again with what a rejected application said."""

    applicant: str = ""


class Editing(Body, kw_only=True):
    """What an application says from now on."""

    actor: str
    details: Details
    version: int | None = None


class Paper(Body, kw_only=True):
    """A document: its content in base64 is looked at for its digest, and not kept."""

    actor: str
    proof: Proof
    name: str
    content: str = ""
    region: Region | None = None
    version: int | None = None


class Decision(Body, kw_only=True):
    """What compliance says about a region."""

    actor: str
    is_approved: bool
    role: Role = Role.COMPLIANCE_3
    version: int | None = None


class VendorKeys(Body, kw_only=True):
    """The three public files of a vendor's program, as PEM text, and where its users come back."""

    actor: str
    signature_key: str
    encryption_key: str
    dh_parameters: str
    callbacks: tuple[str, ...]
    version: int | None = None


class FirmKey(Body, kw_only=True):
    """A firm's public key: for tests with the networks it comes from, or for production."""

    actor: str
    key: str
    networks: tuple[str, ...] = ()
    is_live: bool = False
    version: int | None = None


class TrialAnswer(Body, kw_only=True):
    """The text of a trial signed, in base64, and its secret decrypted, as hex digits."""

    actor: str
    signature: str
    secret: str


class Move(Body, kw_only=True):
    """A step: `version` is the case's as it was seen, `key` makes sending it twice harmless."""

    action: Action
    actor: str
    role: Role
    version: int
    comment: str = ""
    key: str = ""


class Change(Body, kw_only=True):
    """What an active program wants to be."""

    actor: str
    features: tuple[Feature, ...]
    regions: tuple[Region, ...]
    version: int | None = None


class Outcome(Body, kw_only=True):
    """How a review ends when its time has come: pass, refuse or ask."""

    stage: Stage
    outcome: Action
    comment: str = ""


class Clerk(Body, kw_only=True):
    """Whether reviews pass by themselves."""

    is_on: bool = True
