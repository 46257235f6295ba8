"""Serving: open a desk, open its ports, and go on until somebody says stop."""

import asyncio
import contextlib
import logging
import secrets
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from paperdesk.auth.activations import Activation
from paperdesk.auth.oauth1.verification import Settings
from paperdesk.auth.oauth2.authorization import OAuth2Settings
from paperdesk.auth.oauth2.rules import Profile, Rules
from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.auth.sessions import SessionSettings
from paperdesk.base.errors import Refusal, UnknownUser
from paperdesk.base.ids import UserName
from paperdesk.base.units import SECOND, Instant
from paperdesk.desk import manifests
from paperdesk.desk.desk import Desk
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.server import clock, control_port, faces, overrides, presence, process, tls
from paperdesk.server.app import Application
from paperdesk.server.case_office import CaseOffice
from paperdesk.server.clock import Timekeeper, wall
from paperdesk.server.credentials import Credentials
from paperdesk.server.faces import GATEWAY_NAMES
from paperdesk.server.gateway_conf import GatewayConf
from paperdesk.server.listeners import Listener, bound
from paperdesk.server.names import split
from paperdesk.server.nonces import NonceFile
from paperdesk.server.premises import People, Premises, Signing
from paperdesk.server.registry import Registry
from paperdesk.server.tokens import Tokens, issuers
from paperdesk.server.watch import settled

HEARTBEAT: Final = 10 * SECOND
GOING_AWAY: Final = 1001
FAREWELL_SECONDS: Final = 0.1

_log = logging.getLogger("paperdesk.server")


class ServeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to serve, and where.

    Args:
        desk: which desk to open, and how.
        data_dir: where certificates and passwords are kept.
        host: `localhost`, 127.0.0.1 or ::1.
        port: of the gateway face; 0 lets the system choose.
        hosted_port: of the hosted face; None for none.
        control_port: of the control API; None for none.
        is_tls: whether the gateway face speaks TLS.
        login: the user name that is signed in at the start; "" for nobody.
        password: what `login`, or else the desk's first user, signs in with from now on.
        names: hosts by which requests may call the gateway, beside its own.
        origins: web pages, as `https://localhost:3000`, that may call it.
        sessions: how sessions behave.
        pacing: how strictly requests are counted.
        signing: how strictly signatures of OAuth 1.0a are judged.
        oauth2: how strictly assertions of OAuth 2.0 are judged.
        enforce_ip: whether bearer tokens and browsers of firms have to come from where they said.
        explain_auth: whether developers are told why a signature was refused.
        activation: from when on programs are good that users register by themselves.
        conf: what the gateway's own settings say of its face; what is said of it above wins.
    """

    desk: DeskOptions
    data_dir: Path
    host: str = "localhost"
    port: int = 5000
    hosted_port: int | None = None
    control_port: int | None = 5002
    is_tls: bool = True
    login: str = ""
    password: str = ""
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    sessions: SessionSettings = SessionSettings()
    pacing: PacingSettings = PacingSettings()
    signing: Settings = Settings()
    oauth2: Profile = Profile.COMPATIBLE
    enforce_ip: bool = False
    explain_auth: bool = False
    activation: Activation = Activation()
    conf: GatewayConf = GatewayConf()


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What is served now, for whoever prints it.

    `desk` is its name. `passwords` are those that the program itself made up, by user name; ""
    where somebody chose one. `authority` is the certificate to trust, None without TLS.
    """

    desk: str
    url: str
    hosted_url: str | None
    control_url: str | None
    signed_in: str
    passwords: dict[str, str]
    authority: Path | None
    clock: str
    desk_now: Instant
    accounts: tuple[str, ...]


def run(options: ServeOptions, say: Callable[[Opened], None]) -> None:
    """Serve a desk until the process is told to stop.

    Args:
        options: what to serve, and where.
        say: told once, when requests are answered.

    Raises:
        Refusal: the desk, a port, a name or a password cannot be had; the message says what to do.
    """
    process.let_files_be_open()
    with asyncio.Runner(loop_factory=process.loop_factory()) as runner:
        runner.run(serve(options, say))


async def serve(
    options: ServeOptions, say: Callable[[Opened], None], stop: asyncio.Event | None = None
) -> None:
    """Serve a desk until `stop` is set, or a signal comes."""
    if options.host != "localhost":
        faces.loopback(options.host, is_explaining=options.explain_auth)
    with contextlib.ExitStack() as stack:
        doors = _bound(options, stack)
        local, _ = split(options.names)
        issued = tls.certificates(options.data_dir, wall(), local)
        with process.uncollected():
            desk = open_desk(options.desk)
        stack.callback(_close, desk)
        premises = _premises(options, doors, desk)
        if doors.hosted:
            await premises.tokens.open()
        opened = _opened(options, doors, premises, issued)
        # Before anybody is answered: who sees a port open finds the rest.
        _announce(_folder(options, desk), opened, stack)
        listeners = await _listening(options, doors, premises, issued)
        tasks = _started(premises)
        process.calm()
        say(opened)
        await _until(stop or asyncio.Event())
        premises.audience.close(GOING_AWAY, "the desk is closing")
        premises.speaker.wake()
        await asyncio.sleep(FAREWELL_SECONDS)
        for task in tasks:
            task.cancel()
        *faces_open, control = listeners
        for listener in faces_open:
            await listener.close()
        # Answers that wait for the disk, and for nobody's task, leave before the loop ends.
        await premises.settled()
        await control.close()
        premises.close()


def _announce(folder: Path | None, opened: Opened, stack: contextlib.ExitStack) -> None:
    """Let commands at a shell find the desk until it is closed; one in memory nobody looks for."""
    if folder is None:
        return
    stack.callback(presence.leave, folder)
    presence.announce(
        folder,
        presence.Presence(
            url=opened.url, hosted_url=opened.hosted_url, control_url=opened.control_url
        ),
    )


class Doors(msgspec.Struct, frozen=True):
    """The listening sockets of the faces."""

    gateway: list[socket.socket]
    hosted: list[socket.socket]
    control: list[socket.socket]


def _bound(options: ServeOptions, stack: contextlib.ExitStack) -> Doors:
    """Take the ports first: nothing else is worth doing without them."""
    doors = Doors([], [], [])
    for port, option, sockets in (
        (options.port, "--port", doors.gateway),
        (options.hosted_port, "--hosted-port", doors.hosted),
        (options.control_port, "--control-port", doors.control),
    ):
        if port is not None:
            sockets.extend(bound(options.host, port, option))
            for made in sockets:
                stack.callback(made.close)
    return doors


def _premises(options: ServeOptions, doors: Doors, desk: Desk) -> Premises:
    """Give every user a password, and sign in who is to be signed in."""
    from paperdesk.stream import topics  # noqa: PLC0415 - every topic comes with it

    users = desk.world.accounts.users
    login = UserName(options.login)
    if login and login not in users:
        raise UnknownUser(f"The desk has no user {login!r}; there is: {', '.join(users)}.")
    credentials = Credentials(options.data_dir)
    if options.password:
        credentials.set(login or next(iter(users)), options.password)
    for user_name in users:
        credentials.ensure(user_name)
    folder = _folder(options, desk)
    registry = Registry(folder)
    CaseOffice(desk, registry, wall)
    sessions = settled(options.sessions, desk)
    people = People(credentials, registry, secrets.token_hex, sessions)
    signing = Signing(
        settings=_oauth1(options, doors),
        nonces=None if folder is None else NonceFile(folder),
        is_explained=options.explain_auth,
    )
    tokens = Tokens(folder, registry, secrets.token_hex, wall, _oauth2(options, doors))
    premises = Premises(Timekeeper(desk), topics.TABLES, people, options.pacing, signing, tokens)
    premises.enrolments.activation = options.activation
    if login:
        premises.watch.attendance.sign_in(login, wall())
    return premises


def _oauth1(options: ServeOptions, doors: Doors) -> Settings:
    """Return how signatures are judged: clients may be configured with any of the names."""
    port = doors.hosted[0].getsockname()[1] if doors.hosted else 0
    scheme = "https" if options.is_tls else "http"
    names = [name.lower() for name in options.names]
    public = [f"{scheme}://{name}{ending}" for name in names for ending in (f":{port}", "")]
    return msgspec.structs.replace(options.signing, public=(*options.signing.public, *public))


def _oauth2(options: ServeOptions, doors: Doors) -> OAuth2Settings:
    port = doors.hosted[0].getsockname()[1] if doors.hosted else 0
    names = [name.lower() for name in options.names]
    scheme = "https" if options.is_tls else "http"
    rules = Rules(issuers=issuers(scheme, options.host, port, names), profile=options.oauth2)
    return OAuth2Settings(
        rules=rules, enforces_addresses=options.enforce_ip, is_explained=options.explain_auth
    )


def _folder(options: ServeOptions, desk: Desk) -> Path | None:
    """Return where the desk keeps its own files; None for one in memory."""
    data_dir = options.desk.data_dir
    return None if data_dir is None else manifests.place(data_dir, desk.name).directory


async def _listening(
    options: ServeOptions, doors: Doors, premises: Premises, issued: tls.Certificates
) -> list[Listener]:
    """Open the faces, and the control API last."""
    from paperdesk.api.catalogue import (  # noqa: PLC0415 - every area comes with it
        HOSTED_TABLES,
        TABLES,
    )
    from paperdesk.api.matching import Matcher  # noqa: PLC0415

    own = tuple(name.lower() for name in options.names)
    names = tuple(dict.fromkeys((*GATEWAY_NAMES, *own)))
    origins = tuple(origin.lower().rstrip("/") for origin in options.origins)
    face = options.conf.face(names, origins)
    gateway = Application(face, Matcher(TABLES), premises)
    hosted = Application(faces.hosted(own, origins), Matcher(HOSTED_TABLES), premises)
    context = tls.context(issued) if options.is_tls else None
    own_context = options.conf.context() if options.is_tls else None
    _override(options, *filter(None, (context, own_context)))
    opened = []
    for application, sockets, speech in (
        (gateway, doors.gateway, own_context or context),
        (hosted, doors.hosted, context),
    ):
        listener = Listener(application)
        await listener.open(sockets, speech)
        opened.append(listener)
    control = control_port.listener(
        premises,
        options.desk.data_dir,
        options.names,
        _hosted_url(options, doors) or "",
        issued.authority if options.is_tls else None,
    )
    await control.open(doors.control)
    return [*opened, control]


def _override(options: ServeOptions, *contexts: ssl.SSLContext) -> None:
    """Answer to names of others, while this program runs."""
    _, foreign = split(options.names)
    for context in contexts:
        override = overrides.answer(context, options.data_dir, foreign, wall())
        if override is not None and context is contexts[0]:
            overrides.tell(override)


def _started(premises: Premises) -> list[asyncio.Task[None]]:
    loop = asyncio.get_running_loop()
    return [
        loop.create_task(clock.drive(premises)),
        loop.create_task(premises.speaker.speak()),
        loop.create_task(_beat(premises)),
    ]


async def _beat(premises: Premises) -> None:
    """Send heartbeats; the loop's own clock keeps them from drifting."""
    loop = asyncio.get_running_loop()
    at = loop.time()
    while True:
        at += HEARTBEAT / SECOND
        await asyncio.sleep(at - loop.time())
        premises.beat()


async def _until(stop: asyncio.Event) -> None:
    """Wait for `stop`, or for a signal to end."""
    with _signals(stop):
        await stop.wait()


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    wanted = (signal.SIGINT, signal.SIGTERM)
    try:
        for number in wanted:
            loop.add_signal_handler(number, stop.set)
    except (RuntimeError, ValueError):
        # Windows, or a loop that is not the main thread's: Ctrl-C raises where it can.
        yield
        return
    try:
        yield
    finally:
        for number in wanted:
            loop.remove_signal_handler(number)


def _opened(
    options: ServeOptions, doors: Doors, premises: Premises, issued: tls.Certificates
) -> Opened:
    desk = premises.desk
    scheme = "https" if options.is_tls else "http"
    return Opened(
        desk=desk.manifest.name,
        url=f"{scheme}://{_authority(options.host, doors.gateway)}/v1/api",
        hosted_url=_hosted_url(options, doors),
        control_url=f"http://{_authority(options.host, doors.control)}" if doors.control else None,
        signed_in=premises.gateway.session.user_name,
        passwords={
            user_name: premises.credentials.printable(user_name) or ""
            for user_name in desk.world.accounts.users
        },
        authority=issued.authority if options.is_tls else None,
        clock=desk.clock.text,
        desk_now=desk.now,
        accounts=tuple(desk.world.accounts.by_id),
    )


def _hosted_url(options: ServeOptions, doors: Doors) -> str | None:
    scheme = "https" if options.is_tls else "http"
    return f"{scheme}://{_authority(options.host, doors.hosted)}" if doors.hosted else None


def _authority(host: str, sockets: list[socket.socket]) -> str:
    port = sockets[0].getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _close(desk: Desk) -> None:
    """Store the world; a desk that has stopped says why and is left as it is."""
    try:
        desk.close()
    except Refusal as refused:
        _log.critical("%s", refused)
