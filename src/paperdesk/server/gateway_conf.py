"""The gateway's own settings: `conf.yaml` of IBKR's Client Portal Gateway, taken unchanged.

Every key of the original is understood: honoured, or said not to be and why. What makes no sense is
said and skipped, so that a file which the original starts with starts a desk too; only what would
open the desk to others, or a certificate that cannot be used, is refused.
"""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
import yaml

from paperdesk.base.errors import Refusal
from paperdesk.base.regions import Region
from paperdesk.base.units import MILLISECOND, MINUTE, Duration
from paperdesk.server import keystores, peers, tls, webapps
from paperdesk.server.faces import PREFIXES, Face, WebApp
from paperdesk.server.peers import Peers

T = TypeVar("T")
Given: TypeAlias = dict[Any, Any]

CONF_SIZE_MAX: Final = 100_000
VALUES_MAX: Final = 10_000
SHOWN_MAX: Final = 80
PORT_MAX: Final = 65_535
DELAY_MAX: Final[Duration] = 10 * MINUTE
LISTED_MAX: Final = 100
WEBAPPS: Final = "webapps"

YES: Final = frozenset({"true", "yes", "on", "1"})
NO: Final = frozenset({"false", "no", "off", "0"})

UNUSED: Final = {
    "proxyRemoteHost": "no request ever leaves this machine",
    "proxyRemoteSsl": "no request ever leaves this machine",
    "portalBaseURL": "no request ever leaves this machine",
    "ccp": "there is one protocol alone",
    "serverOptions": "there are no worker threads to tune",
}
"""Keys of the original that mean nothing here, and why."""

REGIONS: Final = {
    Region.US: frozenset({"us", "ca", "mx", "br", "on"}),
    Region.EUROPE: frozenset(
        {"eu", "europe", "at", "be", "ch", "cz", "de", "dk", "es", "fi", "fr", "gb", "gr", "hu"}
        | {"ie", "it", "li", "lu", "nl", "no", "pl", "pt", "se", "uk"}
    ),
    Region.ASIA: frozenset(
        {"asia", "au", "cn", "hk", "id", "in", "jp", "kr", "my", "nz", "ph", "sg", "th", "tw"}
    ),
}
"""Where the values of `ip2loc` lead: countries as two letters, or a part of the world."""


class ConfNotUnderstood(Refusal):
    """The settings cannot be read, or would open the desk to everybody."""

    code = "conf_not_understood"


class GatewayConf(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of settings says. None is for what it does not say.

    `certificate` is a key store, opened with `certificate_password`. `location` is how the login
    page's address names the region. `notes` are sentences for the log.
    """

    port: int | None = None
    is_tls: bool | None = None
    certificate: Path | None = None
    certificate_password: str = ""
    location: str = "US"
    region: Region | None = None
    prefixes: tuple[str, ...] = PREFIXES
    login_delay: Duration | None = None
    origins: tuple[str, ...] = ()
    shares_credentials: bool = True
    apps: tuple[WebApp, ...] = ()
    peers: Peers | None = None
    notes: tuple[str, ...] = ()

    def face(self, names: tuple[str, ...], origins: tuple[str, ...]) -> Face:
        """Return the gateway face, for names and origins that are known beside the file's."""
        return Face(
            names=names,
            origins=tuple(dict.fromkeys((*origins, *self.origins))),
            prefixes=self.prefixes,
            region=self.location,
            shares_credentials=self.shares_credentials,
            peers=self.peers,
            webapps=self.apps,
        )

    def context(self) -> ssl.SSLContext | None:
        """Return how the face speaks TLS with a certificate of the user's own; None without.

        Raises:
            StoreNotUnderstood: the certificate cannot be used; the message says what to do.
        """
        if self.certificate is None:
            return None
        made = tls.blank()
        keystores.load(made, keystores.identity(self.certificate, self.certificate_password))
        return made

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"GatewayConf(port={self.port}, certificate={self.certificate})"


def read(path: Path) -> GatewayConf:
    """Read a file of settings; the other files that it names are beside it.

    Raises:
        ConfNotUnderstood: it is no YAML, or what it says is refused.
    """
    given = _loaded(path)
    return _Reading(given, path.parent.absolute()).conf()


def _loaded(path: Path) -> Given:
    try:
        if path.stat().st_size > CONF_SIZE_MAX:
            raise ConfNotUnderstood(f"{path} is too large for settings of a gateway.")
        given = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place else ""
        raise ConfNotUnderstood(f"{path} is no YAML{where}.") from error
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ConfNotUnderstood(f"{path} holds no settings: it is a list or a text.")
    if not _is_modest(given):
        raise ConfNotUnderstood(f"{path} holds more than settings of a gateway.")
    return given


def _is_modest(given: object) -> bool:
    """Say whether there is a sane number of values; names for lists can multiply them."""
    waiting, count = [given], 0
    while waiting:
        count += 1
        if count > VALUES_MAX:
            return False
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list | tuple | set):
            waiting += value
    return True


class _Reading:
    """Reads one file key by key, and remembers what there is to say about it."""

    def __init__(self, given: Given, root: Path) -> None:
        self._given = given
        self._root = root
        self._notes: list[str] = []

    def conf(self) -> GatewayConf:
        self._tell_unused()
        origins, shares_credentials = self._cors()
        location, region = self._place()
        return GatewayConf(
            port=self._value("listenPort", _port),
            is_tls=self._value("listenSsl", _flag),
            certificate=self._certificate(),
            certificate_password=str(self._given.get("sslPwd") or ""),
            location=location,
            region=region,
            prefixes=self._prefixes(),
            login_delay=self._value("authDelay", _delay),
            origins=origins,
            shares_credentials=shares_credentials,
            apps=self._apps(),
            peers=self._peers(),
            notes=tuple(self._notes),
        )

    def _tell_unused(self) -> None:
        for key in self._given:
            if key in UNUSED:
                self._notes.append(f"{key} is not used: {UNUSED[key]}.")
            elif key not in KEYS:
                self._notes.append(f"{_shown(key)} is no setting that is known; it is not used.")

    def _value(self, key: str, read_value: Callable[[Any], T]) -> T | None:
        given = self._given.get(key)
        if given is None:
            return None
        try:
            return read_value(given)
        except (ValueError, TypeError, OverflowError):
            self._notes.append(f"{key}: {_shown(given)} makes no sense; it is not used.")
            return None

    def _part(self, key: str) -> Given:
        given = self._given.get(key)
        if given is None or isinstance(given, dict):
            return given or {}
        self._notes.append(f"{key} has nothing below it; it is not used.")
        return {}

    def _certificate(self) -> Path | None:
        given = self._given.get("sslCert")
        if not given:
            return None
        path = self._root / str(given)
        if path.is_file():
            return path
        self._notes.append(f"sslCert: there is no {path}; the desk's own certificate is used.")
        return None

    def _place(self) -> tuple[str, Region | None]:
        given = self._given.get("ip2loc")
        if given is None:
            return "US", None
        # YAML takes on and off for truth values.
        text = {True: "on", False: "off"}.get(given) if isinstance(given, bool) else str(given)
        text = (text or "").strip()
        if not (text.isascii() and text.isalnum() and len(text) <= len("europe")):
            self._notes.append(f"ip2loc: {_shown(given)} is no place; it is not used.")
            return "US", None
        for region, names in REGIONS.items():
            if text.lower() in names:
                return text, region
        return text, None

    def _prefixes(self) -> tuple[str, ...]:
        given = self._given.get("svcEnvironment", "v1")
        if str(given) not in {"v1", "alpha", "beta"}:
            self._notes.append(f"svcEnvironment: {_shown(given)} is not v1, alpha or beta.")
            return PREFIXES
        return tuple(dict.fromkeys((*PREFIXES, f"/{given}/api", f"/{given}/portal")))

    def _cors(self) -> tuple[tuple[str, ...], bool]:
        cors = self._part("cors")
        listed = _listed(cors.get("origin.allowed"))
        shares_credentials = cors.get("allowCredentials") is True
        if "*" in listed and shares_credentials:
            raise ConfNotUnderstood(
                "cors: origin.allowed * together with allowCredentials true lets every page in "
                "the world trade. Name the origins, such as https://localhost:3000."
            )
        origins = []
        for text in listed:
            if text == "*":
                self._notes.append(
                    "cors: origin.allowed * is not honoured, for every page could read the "
                    "account; name the origins that may, such as https://localhost:3000."
                )
            elif _is_origin(text):
                origins.append(text.lower().rstrip("/"))
            else:
                self._notes.append(f"cors: {_shown(text)} is no origin; it is not used.")
        return tuple(origins), shares_credentials

    def _apps(self) -> tuple[WebApp, ...]:
        found = []
        given = self._given.get("webApps")
        for app in given[:LISTED_MAX] if isinstance(given, list) else ():
            name = str(app.get("name", "")) if isinstance(app, dict) else ""
            folder = self._root / WEBAPPS / name
            if not webapps.is_name(name):
                self._notes.append(f"webApps: {_shown(name)} cannot be a path here.")
            elif not folder.is_dir():
                self._notes.append(f"webApps: there is no folder {folder}.")
            else:
                index = str(app.get("index") or "index.html")
                found.append(WebApp(name, folder.resolve(), index))
        return tuple(found)

    def _peers(self) -> Peers:
        ips = self._part("ips")
        skipped: list[str] = []
        allowed = peers.patterns(_listed(ips.get("allow", list(peers.ALLOWED))), skipped)
        denied = peers.patterns(_listed(ips.get("deny", list(peers.DENIED))), skipped)
        self._notes += [f"ips: {_shown(text)} is no address; it is not used." for text in skipped]
        return Peers(allowed, denied)


KEYS: Final = frozenset(
    {"listenPort", "listenSsl", "sslCert", "sslPwd", "ip2loc", "svcEnvironment", "authDelay"}
    | {"cors", "webApps", "ips"}
)
"""Keys that are honoured."""


def _port(given: Any) -> int:  # noqa: ANN401 - whatever YAML has
    port = int(str(given))
    if not 0 <= port <= PORT_MAX:
        raise ValueError
    return port


def _flag(given: Any) -> bool:  # noqa: ANN401
    text = str(given).lower()
    if text not in YES | NO:
        raise ValueError
    return text in YES


def _delay(given: Any) -> Duration:  # noqa: ANN401
    delay = int(str(given)) * MILLISECOND
    if not 0 <= delay <= DELAY_MAX:
        raise ValueError
    return delay


def _listed(given: Any) -> list[str]:  # noqa: ANN401
    """Return a list of texts: a YAML list, or a text with commas."""
    if given is None:
        return []
    parts = given if isinstance(given, list) else str(given).split(",")
    return [str(part).strip() for part in parts if not isinstance(part, dict | list)]


def _is_origin(text: str) -> bool:
    scheme, separator, authority = text.rstrip("/").partition("://")
    return (
        scheme in {"http", "https"}
        and bool(separator)
        and bool(authority)
        and not set(authority) & set("/*?#@\\ ")
        and authority.isascii()
    )


def _shown(given: object) -> str:
    return repr(str(given)[:SHOWN_MAX])
