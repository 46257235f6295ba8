import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.server.test_jks import STORE

from paperdesk.base.regions import Region
from paperdesk.server import gateway_conf
from paperdesk.server.gateway_conf import ConfNotUnderstood, GatewayConf
from paperdesk.server.jks import StoreNotUnderstood

# Every key that the original's file has, with other values where that tells more.
WHOLE = """
ip2loc: "US"
proxyRemoteSsl: true
proxyRemoteHost: "https://api.ibkr.com"
listenPort: 5005
listenSsl: true
svcEnvironment: "v1"
sslCert: "vertx.jks"
sslPwd: "mywebapi"
authDelay: 3000
portalBaseURL: ""
ccp: false
serverOptions:
    blockedThreadCheckInterval: 1000000
    eventLoopPoolSize: 20
    workerPoolSize: 20
    maxWorkerExecuteTime: 100
    internalBlockingPoolSize: 20
cors:
    origin.allowed: "*"
    allowCredentials: false
webApps:
    - name: "demo"
      index: "index.html"
ips:
    allow:
        - 192.*
        - 131.216.*
        - 127.0.0.1
    deny:
        - 212.90.324.10
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "webapps" / "demo").mkdir(parents=True)
    (tmp_path / "vertx.jks").write_bytes(STORE)
    return tmp_path


def read(root: Path, text: str) -> GatewayConf:
    path = root / "conf.yaml"
    path.write_text(text)
    return gateway_conf.read(path)


def test_a_file_of_the_original_is_taken_unchanged(root: Path) -> None:
    conf = read(root, WHOLE)

    assert (conf.port, conf.is_tls) == (5005, True)
    assert conf.certificate == root / "vertx.jks"
    assert (conf.location, conf.region) == ("US", Region.US)
    assert conf.login_delay == 3_000_000
    assert conf.origins == ()
    assert [(app.name, app.index) for app in conf.apps] == [("demo", "index.html")]
    assert conf.peers is not None
    assert conf.peers.admits("127.0.0.1")
    assert conf.peers.admits("::1")
    assert not conf.peers.admits("172.17.0.1")
    assert [note.partition(":")[0].partition(" ")[0] for note in conf.notes] == [
        "proxyRemoteSsl",
        "proxyRemoteHost",
        "portalBaseURL",
        "ccp",
        "serverOptions",
        "cors",
        "ips",
    ]


def test_a_file_that_says_nothing_changes_nothing_but_who_may_come(root: Path) -> None:
    conf = read(root, "")

    assert (conf.port, conf.is_tls, conf.certificate, conf.login_delay) == (None,) * 4
    assert conf.notes == ()
    assert conf.peers is not None
    assert conf.peers.admits("::1")


def test_the_certificate_of_the_file_is_spoken_with(root: Path) -> None:
    conf = read(root, "sslCert: vertx.jks\nsslPwd: mywebapi")

    assert isinstance(conf.context(), ssl.SSLContext)
    assert read(root, "").context() is None
    assert "mywebapi" not in repr(conf)


def test_a_certificate_that_is_not_there_is_said_and_one_of_no_use_refused(root: Path) -> None:
    conf = read(root, "sslCert: other.jks")

    assert conf.certificate is None
    assert "the desk's own certificate is used" in conf.notes[0]
    with pytest.raises(StoreNotUnderstood):
        read(root, "sslCert: vertx.jks\nsslPwd: wrong").context()


@pytest.mark.parametrize(
    ("text", "is_tls"),
    [("true", True), ("false", False), ('"false"', False), ("off", False), ("maybe", None)],
)
def test_tls_is_as_the_file_says(root: Path, text: str, is_tls: bool | None) -> None:
    assert read(root, f"listenSsl: {text}").is_tls == is_tls


@pytest.mark.parametrize(
    ("text", "location", "region"),
    [
        ("US", "US", Region.US),
        ("CH", "CH", Region.EUROPE),
        ("hk", "hk", Region.ASIA),
        ("on", "on", Region.US),
        ("off", "off", None),
        ("XX", "XX", None),
        ('"<script>"', "US", None),
        ("[US]", "US", None),
    ],
)
def test_the_place_names_the_region(
    root: Path, text: str, location: str, region: Region | None
) -> None:
    conf = read(root, f"ip2loc: {text}")

    assert (conf.location, conf.region) == (location, region)


@pytest.mark.parametrize("name", ["v1", "alpha", "beta"])
def test_other_environments_have_base_addresses_of_their_own(root: Path, name: str) -> None:
    prefixes = read(root, f"svcEnvironment: {name}").prefixes

    assert {"/v1/api", "/v1/portal", f"/{name}/api", f"/{name}/portal"} <= set(prefixes)


def test_origins_by_name_may_call(root: Path) -> None:
    conf = read(
        root,
        "cors:\n  origin.allowed: https://Localhost:3000/, http://app.test\n"
        "  allowCredentials: true",
    )

    assert conf.origins == ("https://localhost:3000", "http://app.test")
    assert conf.shares_credentials


@pytest.mark.parametrize("allowed", ['"*"', '["https://a.test", "*"]', '"https://a.test, *"'])
def test_everybody_with_credentials_is_refused(root: Path, allowed: str) -> None:
    with pytest.raises(ConfNotUnderstood, match="lets every page in the world trade"):
        read(root, f"cors:\n  origin.allowed: {allowed}\n  allowCredentials: true")


@pytest.mark.parametrize(
    "origin", ["null", "file://", "https://", "https://a.test/path", "a.test", "https://*.test"]
)
def test_what_is_no_origin_is_said_and_skipped(root: Path, origin: str) -> None:
    conf = read(root, f'cors:\n  origin.allowed: "{origin}"')

    assert conf.origins == ()
    assert len(conf.notes) == 1


@pytest.mark.parametrize("name", ["../demo", "sso", "", "nothing", "v1"])
def test_an_app_that_cannot_be_is_said_and_skipped(root: Path, name: str) -> None:
    conf = read(root, f'webApps:\n  - name: "{name}"')

    assert conf.apps == ()
    assert len(conf.notes) == 1


@pytest.mark.parametrize(
    "text",
    [
        "listenPort: 70000",
        "listenPort: five",
        "listenPort: [5000]",
        "authDelay: -1",
        "authDelay: 1e9",
        "authDelay: .inf",
        "svcEnvironment: gamma",
        "svcEnvironment: [v1]",
        "cors: yes",
        "ips: 127.0.0.1",
        "unheardOf: 1",
        "1: 2",
    ],
)
def test_what_makes_no_sense_is_said_and_skipped(root: Path, text: str) -> None:
    conf = read(root, text)

    assert len(conf.notes) == 1
    assert (conf.port, conf.login_delay, conf.origins) == (None, None, ())


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "- 1\n- 2",
        "just text",
        "!!python/object/apply:os.system ['true']",
        "[" * 5_000,
        "\x00",
        "a: 2026-99-99",
        "x" * 100_001,
    ],
)
def test_what_is_no_settings_file_is_refused(root: Path, text: str) -> None:
    with pytest.raises(ConfNotUnderstood, match=r"conf\.yaml"):
        read(root, text)


@pytest.mark.parametrize("key", ["listenPort", "webApps", "ips", "sslCert", "ip2loc"])
def test_a_file_that_blows_itself_up_is_refused(root: Path, key: str) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    with pytest.raises(ConfNotUnderstood, match="more than settings"):
        read(root, "\n".join([*lines, f"{key}: *a11"]))


def test_a_file_that_holds_itself_is_refused(root: Path) -> None:
    with pytest.raises(ConfNotUnderstood, match="more than settings"):
        read(root, "ips: &a [*a]")


@given(
    st.dictionaries(
        st.sampled_from(sorted(gateway_conf.KEYS | set(gateway_conf.UNUSED))),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["allow", "deny", "origin.allowed", "name"]), inner
                )
            ),
            max_leaves=6,
        ),
    )
)
def test_whatever_the_keys_hold_a_desk_starts(settings: dict[str, object]) -> None:
    gateway_conf._Reading(settings, Path("/nowhere")).conf()


def test_the_face_is_what_the_file_and_the_command_line_say(root: Path) -> None:
    conf = read(root, "cors:\n  origin.allowed: https://b.test\nip2loc: CH")

    face = conf.face(("localhost",), ("https://a.test",))

    assert face.origins == ("https://a.test", "https://b.test")
    assert face.region == "CH"
    assert not face.shares_credentials
    assert face.peers is conf.peers
