import pytest

from paperdesk.base.regions import Region
from paperdesk.kernel.messages.cases import Document, Proof
from paperdesk.kernel.rules import case_texts
from paperdesk.kernel.rules.case_refusals import InvalidCase


@pytest.mark.parametrize("name", ["", " ", "a ", "a\x00b", "x" * 101])
def test_other_names_are_none(name: str) -> None:
    with pytest.raises(InvalidCase):
        case_texts.check_actor(name)


@pytest.mark.parametrize("name", ["a", "Ann Äpfel", "x" * 100])
def test_names_are_such_as_people_have(name: str) -> None:
    case_texts.check_actor(name)


@pytest.mark.parametrize(
    "document",
    [
        Document(proof=Proof.ENTITY, name=""),
        Document(proof=Proof.ENTITY, name="a.pdf", digest="AB" * 32),
        Document(proof=Proof.OPINION, name="a.pdf"),
        Document(proof=Proof.REGISTRATION, name="CRD 1"),
    ],
)
def test_papers_without_sense_are_refused(document: Document) -> None:
    with pytest.raises(InvalidCase):
        case_texts.check_document(document)


def test_a_paper_has_a_name_and_perhaps_a_digest_and_a_region() -> None:
    case_texts.check_document(
        Document(proof=Proof.OPINION, name="a.pdf", digest="ab" * 32, region=Region.ASIA)
    )
    with pytest.raises(InvalidCase):
        case_texts.check_comment("x" * 2_001)
