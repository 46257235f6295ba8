"""Keys of cases: handed in, tested by their owner, and never private ones."""

from typing import Any

from paperdesk.auth import consumer_checks, self_tests
from paperdesk.auth.consumer_checks import KeyInUse
from paperdesk.auth.consumers import Uploads, read_keys
from paperdesk.auth.oauth2 import keys
from paperdesk.auth.registrations import ClientKey, ConsumerKeys, ConsumerKind
from paperdesk.control.case_bodies import FirmKey, TrialAnswer, VendorKeys
from paperdesk.control.cases import case_of, done, row
from paperdesk.control.operations import Asked, Operations
from paperdesk.control.refusals import BadControl
from paperdesk.kernel.messages.cases import (
    ClientMaterial,
    ConsumerMaterial,
    HandInKeys,
    Material,
    PassKeyTest,
)
from paperdesk.kernel.rules.case_refusals import ConditionMissing
from paperdesk.kernel.state.cases import Case

operations = Operations()


def _read(body: VendorKeys) -> ConsumerKeys:
    return read_keys(
        Uploads(
            signature=body.signature_key.encode(),
            encryption=body.encryption_key.encode(),
            parameters=body.dh_parameters.encode(),
        )
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/keys", VendorKeys, make=_read)
def hand_in_keys(asked: Asked) -> dict[str, Any]:
    """Hand in the public keys of a vendor's program."""
    body, read, case = asked.body, asked.made, case_of(asked)
    registrations = asked.control.registered.registrations
    consumer_checks.check_callbacks(body.callbacks, ConsumerKind.THIRD_PARTY)
    consumer_checks.check_own_keys(registrations, read, case.public_name)
    material = ConsumerMaterial(
        signature_key=read.signature_key,
        encryption_key=read.encryption_key,
        dh_prime=read.dh_prime,
        dh_generator=read.dh_generator,
        callbacks=body.callbacks,
    )
    asked.control.trials.pop(case.case_id, None)
    return done(asked, _handing_in(asked, material))


@operations.put("POST", "/desks/{desk}/cases/{case}/client-keys", FirmKey)
def hand_in_client_key(asked: Asked) -> dict[str, Any]:
    """Hand in the public key of a firm's client, for tests or for production."""
    body = asked.body
    key = _one(keys.read(body.key))
    _refuse_used(asked, key)
    material = ClientMaterial(
        pem=key.pem,
        thumbprint=key.thumbprint,
        algorithm=key.algorithm,
        networks=body.networks,
        is_live=body.is_live,
    )
    return done(asked, _handing_in(asked, material))


@operations.put("POST", "/desks/{desk}/cases/{case}/trial")
def begin_self_test(asked: Asked) -> dict[str, str]:
    """Give the applicant a text to sign and a secret to decrypt."""
    case = case_of(asked)
    trial = self_tests.trial(_keys(case), asked.control.draw)
    asked.control.trials[case.case_id] = trial
    return {"text": trial.text, "encrypted": trial.encrypted}


@operations.put("POST", "/desks/{desk}/cases/{case}/self-test", TrialAnswer)
def answer_self_test(asked: Asked) -> dict[str, Any]:
    """Judge what the applicant has signed and decrypted; swapped files are told from wrong ones."""
    case, body = case_of(asked), asked.body
    trial = asked.control.trials.pop(case.case_id, None)
    if trial is None:
        raise ConditionMissing("There is no trial to answer: begin one.")
    finding = self_tests.judged(_keys(case), trial, body.signature, body.secret)
    if finding is self_tests.Finding.PASSED:
        asked.desk.execute(PassKeyTest(case_id=case.case_id, actor=body.actor))
    return {"finding": finding.name.lower(), "text": finding.value, **row(asked, case)}


def _handing_in(asked: Asked, material: Material) -> HandInKeys:
    body = asked.body
    return HandInKeys(
        case_id=asked.path["case"], actor=body.actor, material=material, version=body.version
    )


def _keys(case: Case) -> ConsumerKeys:
    if case.consumer is None:
        raise ConditionMissing(f"{case.case_id} has no keys that could be tested.")
    return ConsumerKeys(
        signature_key=case.consumer.signature_key,
        encryption_key=case.consumer.encryption_key,
        dh_prime=case.consumer.dh_prime,
    )


def _one(found: tuple[ClientKey, ...]) -> ClientKey:
    if len(found) != 1:
        raise BadControl(f"A case takes one key at a time, not {len(found)}.")
    return found[0]


def _refuse_used(asked: Asked, key: ClientKey) -> None:
    """Refuse a key that a client of somebody else has."""
    name = case_of(asked).public_name
    for client in asked.control.registered.registrations.clients.values():
        is_own = bool(name) and client.client_id.startswith(name)
        if not is_own and key.thumbprint in {one.thumbprint for one in client.keys}:
            raise KeyInUse("Another client has this key; make a pair of your own.")
