"""Texts of cases: what may be said in an application, and how long it may be."""

import re
from typing import Final

from paperdesk.base.regions import Region
from paperdesk.kernel.messages.cases import Details, Document, Feature, Proof
from paperdesk.kernel.rules.case_refusals import InvalidCase

NAME: Final = re.compile(r"\S(?:[^\x00-\x1f\x7f]{0,98}\S)?")
LINK: Final = re.compile(r"https?://[^\s\x00-\x1f\x7f]{1,500}")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
TEXT_MAX: Final = 2_000
CONTACTS_MAX: Final = 20


def check_actor(name: str) -> None:
    """Make sure that a person's name can be read in a history.

    Raises:
        InvalidCase: it is empty, too long, or has control characters.
    """
    if not NAME.fullmatch(name):
        raise InvalidCase(f"{name[:40]!r} is no name: 1 to 100 characters that can be printed.")


def check_comment(text: str) -> None:
    """Make sure that a comment has an end.

    Raises:
        InvalidCase: it has more than 2,000 characters.
    """
    if len(text) > TEXT_MAX:
        raise InvalidCase(f"A comment has at most {TEXT_MAX} characters.")


def check_details(details: Details) -> None:
    """Make sure that an application says who applies for what.

    Raises:
        InvalidCase: a name, a link, a feature or a region has no sense.
    """
    check_actor(details.firm)
    check_comment(details.description)
    if details.product_url and not LINK.fullmatch(details.product_url):
        raise InvalidCase(f"{details.product_url[:80]!r} is no address of a product's page.")
    if len(details.contacts) > CONTACTS_MAX:
        raise InvalidCase(f"An application has at most {CONTACTS_MAX} contacts.")
    for contact in details.contacts:
        check_actor(contact)
    check_scope(details.features, details.regions)


def check_scope(features: tuple[Feature, ...], regions: tuple[Region, ...]) -> None:
    """Make sure that features and regions are some, and each once.

    Raises:
        InvalidCase: there are none, one comes twice, or orders are automatic without being placed.
    """
    for values, noun in ((features, "feature"), (regions, "region")):
        if not values or len(set(values)) < len(values):
            raise InvalidCase(f"An application names at least one {noun}, and each once.")
    if Feature.AUTOMATED_TRADING in features and Feature.TRADING not in features:
        raise InvalidCase("automated_trading comes with trading.")


def check_document(document: Document) -> None:
    """Make sure that a paper can be told from others.

    Raises:
        InvalidCase: its name or digest has no sense, or its region is missing.
    """
    check_actor(document.name)
    if document.digest and not DIGEST.fullmatch(document.digest):
        raise InvalidCase("A digest is SHA-256: 64 hex digits in small letters.")
    if document.region is None and document.proof in {Proof.REGISTRATION, Proof.OPINION}:
        raise InvalidCase(f"A {document.proof.value} is about a region: say which.")
