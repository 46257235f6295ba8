"""Cases: how a vendor's or a firm's program is let in, step by step, by people with roles.

A vendor's program speaks OAuth 1.0a for users of others; a firm's client speaks OAuth 2.0. What is
written on paper elsewhere is a state here, and weeks pass by desk time.
"""

from enum import Enum
from typing import TypeAlias

import msgspec

from paperdesk.base.regions import Region
from paperdesk.base.units import Instant
from paperdesk.kernel.messages import Command, Event


class Track(Enum):
    """What is applied for."""

    THIRD_PARTY = "third-party"
    CLIENT = "client"


class Stage(Enum):
    """Where a case is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCREENING = "screening"
    DUE_DILIGENCE = "due-diligence"
    TIER_1 = "tier-1"
    TIER_2 = "tier-2"
    TIER_3 = "tier-3"
    APPROVED = "approved"
    CONFIGURED = "configured"
    RE_REVIEW = "re-review"
    REQUESTED = "requested"
    TEST_SETUP = "test-setup"
    TEST_ACTIVE = "test-active"
    GO_LIVE_REQUESTED = "go-live-requested"
    PROD_SETUP = "prod-setup"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    INFO_REQUESTED = "info-requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class Action(Enum):
    """What moves a case on."""

    SUBMIT = "submit"
    START = "start"
    PASS = "pass"  # noqa: S105 - what a reviewer does
    ASK = "ask"
    ANSWER = "answer"
    REFUSE = "refuse"
    GENERATE_AGREEMENT = "generate-agreement"
    SEND_AGREEMENT = "send-agreement"
    SIGN_AGREEMENT = "sign-agreement"
    DECLINE_AGREEMENT = "decline-agreement"
    REQUEST_KEYS = "request-keys"
    VERIFY_KEYS = "verify-keys"
    CONFIGURE = "configure"
    ACTIVATE = "activate"
    GO_LIVE = "go-live"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    WITHDRAW = "withdraw"
    SKIP = "skip"
    """What the next step would do, at once and without its conditions."""


class Role(Enum):
    """As whom somebody acts."""

    APPLICANT = "applicant"
    ONBOARDING = "onboarding"
    COMPLIANCE_1 = "compliance1"
    COMPLIANCE_2 = "compliance2"
    COMPLIANCE_3 = "compliance3"
    LEGAL = "legal"
    ENGINEERING = "engineering"
    ADMIN = "admin"
    CLERK = "clerk"
    """Nobody: time has passed."""


class Agreement(Enum):
    """Where the papers are."""

    NONE = "none"
    GENERATED = "generated"
    SENT = "sent"
    SIGNED = "signed"
    DECLINED = "declined"


class Technical(Enum):
    """Where the keys are."""

    NONE = "none"
    KEYS_REQUESTED = "keys-requested"
    KEYS_RECEIVED = "keys-received"
    KEYS_VERIFIED = "keys-verified"


class Feature(Enum):
    """What a program may do for its users."""

    PORTFOLIO = "portfolio"
    MARKET_DATA = "market_data"
    TRADING = "trading"
    AUTOMATED_TRADING = "automated_trading"


class Proof(Enum):
    """What a document is."""

    ENTITY = "entity"
    PRODUCT = "product"
    WORKFLOW = "workflow"
    REGISTRATION = "registration"
    """A number under which the authorities of a region know the applicant."""

    OPINION = "opinion"
    """A lawyer's, that no registration is needed in a region."""

    SCREENSHOT = "screenshot"
    OTHER = "other"


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What an applicant says: who, what for, and where its users are."""

    firm: str
    product_url: str = ""
    description: str = ""
    contacts: tuple[str, ...] = ()
    features: tuple[Feature, ...] = (Feature.PORTFOLIO,)
    regions: tuple[Region, ...] = (Region.US,)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A paper: its name or number, and SHA-256 of its content in hex where there was any.

    `region` is which authorities it is about, where it is about any.
    """

    proof: Proof
    name: str
    digest: str = ""
    region: Region | None = None


class ConsumerMaterial(msgspec.Struct, frozen=True, kw_only=True, tag="consumer"):
    """What a vendor's program is configured with: public keys in PEM, a prime in hex, callbacks."""

    signature_key: str
    encryption_key: str
    dh_prime: str
    dh_generator: int = 2
    callbacks: tuple[str, ...]


class ClientMaterial(msgspec.Struct, frozen=True, kw_only=True, tag="client"):
    """What a firm's client is configured with; `is_live` is for production, others for tests."""

    pem: str
    thumbprint: str
    algorithm: str = "RS256"
    networks: tuple[str, ...] = ()
    is_live: bool = False


Material: TypeAlias = ConsumerMaterial | ClientMaterial


class OpenCase(Command, frozen=True, kw_only=True):
    """Begin a case.

    `home` is the region whose days and midnights count. With `has_clerk` reviews pass by themselves
    after as long as they usually take. `is_alone` lets one person approve all tiers. A case that
    was rejected is copied by its id.
    """

    track: Track
    applicant: str
    details: Details
    home: Region = Region.US
    has_clerk: bool = False
    is_alone: bool = False
    copied_from: str = ""


class EditCase(Command, frozen=True, kw_only=True):
    """Say other things in an application that is not under review."""

    case_id: str
    actor: str
    details: Details
    version: int | None = None


class AttachDocument(Command, frozen=True, kw_only=True):
    """Add a paper to a case."""

    case_id: str
    actor: str
    document: Document
    version: int | None = None


class HandInKeys(Command, frozen=True, kw_only=True):
    """Hand in the public keys that a program is to be configured with."""

    case_id: str
    actor: str
    material: Material
    version: int | None = None


class PassKeyTest(Command, frozen=True, kw_only=True):
    """The applicant has signed and decrypted with the private halves of the keys."""

    case_id: str
    actor: str


class DecideRegion(Command, frozen=True, kw_only=True):
    """Approve, or refuse, that a program serves a region."""

    case_id: str
    actor: str
    role: Role
    region: Region
    is_approved: bool
    version: int | None = None


class ProposeChange(Command, frozen=True, kw_only=True):
    """Ask for other features or regions of a program that is active; until then the old ones."""

    case_id: str
    actor: str
    features: tuple[Feature, ...]
    regions: tuple[Region, ...]
    version: int | None = None


class MoveCase(Command, frozen=True, kw_only=True):
    """Move a case on.

    `version` is the case's as the actor has seen it: if somebody was quicker, nothing happens. A
    command that comes again with its `key` has been done.
    """

    case_id: str
    actor: str
    role: Role
    action: Action
    version: int
    comment: str = ""
    key: str = ""


class ForceOutcome(Command, frozen=True, kw_only=True):
    """Say in advance how a review ends, when its time has come: by pass, refuse or ask."""

    case_id: str
    stage: Stage
    outcome: Action
    comment: str = ""


class AssignClerk(Command, frozen=True, kw_only=True):
    """Let reviews of a case pass by themselves from now on, or no more."""

    case_id: str
    is_on: bool


class CaseOpened(Event, frozen=True, kw_only=True):
    """There is a case."""

    case_id: str
    track: Track
    applicant: str
    details: Details
    home: Region
    has_clerk: bool
    is_alone: bool
    copied_from: str


class CaseEdited(Event, frozen=True, kw_only=True):
    """An application says other things."""

    case_id: str
    actor: str
    details: Details


class DocumentAttached(Event, frozen=True, kw_only=True):
    """A case has another paper."""

    case_id: str
    actor: str
    document: Document


class KeysHandedIn(Event, frozen=True, kw_only=True):
    """A case has keys, in place of those of their kind that it had."""

    case_id: str
    actor: str
    material: Material


class KeyTestPassed(Event, frozen=True, kw_only=True):
    """The applicant has the private halves of the keys, each in its place."""

    case_id: str
    actor: str


class RegionDecided(Event, frozen=True, kw_only=True):
    """A program may serve a region, or may not."""

    case_id: str
    actor: str
    role: Role
    region: Region
    is_approved: bool


class ChangeProposed(Event, frozen=True, kw_only=True):
    """A program that is active wants to be another; it goes on as it is until that is decided."""

    case_id: str
    actor: str
    features: tuple[Feature, ...]
    regions: tuple[Region, ...]


class CaseMoved(Event, frozen=True, kw_only=True):
    """A case has been moved on; `stage`, `agreement` and `technical` are where it is now.

    `public_name` is the consumer key, or the client id, that its program has from then on. Where
    time alone moves it on, it does so at `activates_at`.
    """

    case_id: str
    actor: str
    role: Role
    action: Action
    stage: Stage
    agreement: Agreement
    technical: Technical
    comment: str = ""
    key: str = ""
    public_name: str = ""
    activates_at: Instant = 0


class OutcomeForced(Event, frozen=True, kw_only=True):
    """How a review will end is decided."""

    case_id: str
    stage: Stage
    outcome: Action
    comment: str


class ClerkAssigned(Event, frozen=True, kw_only=True):
    """Reviews of a case pass by themselves, or do not any more."""

    case_id: str
    is_on: bool


class CaseScheduled(Event, frozen=True, kw_only=True):
    """When the clerk will act, and from when on a case is late; 0 for never."""

    case_id: str
    clerk_at: Instant
    late_at: Instant


class CaseReminded(Event, frozen=True, kw_only=True):
    """A case has been where it is for longer than it should be; that moves nothing."""

    case_id: str
    stage: Stage
