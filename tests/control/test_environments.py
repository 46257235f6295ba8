import ast
import shlex
from pathlib import PurePosixPath

import yaml

from paperdesk.control import environments
from paperdesk.control.environments import ClientSetting, ConsumerSetting

CONSUMER = ConsumerSetting(
    url="https://localhost:5001",
    consumer_key="TESTERABC",
    access_token="aa" * 10,
    access_token_secret="c2VjcmV0+/=",
    dh_prime="ff",
    realm="limited_poa",
    signature_file=PurePosixPath("/keys of me/signature.pem"),
    encryption_file=PurePosixPath("/keys of me/encryption.pem"),
    authority="/data/tls/ca.pem",
)
CLIENT = ClientSetting(
    url="https://localhost:5001",
    client_id="Firm-1",
    kid="main",
    user_name="demo",
    key_file=PurePosixPath('/a "b"/firm.pem'),
    authority="/data/tls/ca.pem",
)


def exported(text: str) -> dict[str, str]:
    words = [shlex.split(line)[1] for line in text.splitlines()]
    return dict(word.split("=", 1) for word in words)


def test_ibind_is_told_everything_by_its_own_variables() -> None:
    told = exported(environments.ibind_variables(CONSUMER))

    assert told["IBIND_USE_OAUTH"] == "true"
    assert told["IBIND_OAUTH1A_REST_URL"] == "https://localhost:5001/v1/api/"
    assert told["IBIND_OAUTH1A_WS_URL"] == "wss://localhost:5001/v1/api/ws"
    assert told["IBIND_OAUTH1A_CONSUMER_KEY"] == "TESTERABC"
    assert told["IBIND_OAUTH1A_ACCESS_TOKEN_SECRET"] == "c2VjcmV0+/="
    assert told["IBIND_OAUTH1A_SIGNATURE_KEY_FP"] == "/keys of me/signature.pem"
    assert told["IBIND_CACERT"] == told["REQUESTS_CA_BUNDLE"] == "/data/tls/ca.pem"


def test_programs_are_programs_and_name_the_files_of_the_keys() -> None:
    for text in (environments.ibind_program(CONSUMER), environments.ibauth_program(CLIENT)):
        ast.parse(text)
    assert "signature_key_fp='/keys of me/signature.pem'" in environments.ibind_program(CONSUMER)
    assert "client._domain = 'localhost:5001'" in environments.ibauth_program(CLIENT)


def test_ibauth_reads_its_settings_from_yaml() -> None:
    assert yaml.safe_load(environments.ibauth_settings(CLIENT)) == {
        "client_id": "Firm-1",
        "client_key_id": "main",
        "credential": "demo",
        "private_key_file": '/a "b"/firm.pem',
    }
    assert exported(environments.ibauth_variables(CLIENT)) == {"SSL_CERT_FILE": "/data/tls/ca.pem"}
