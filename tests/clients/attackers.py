"""An attacker: a page of another origin on the same machine, and all that it tries."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from selenium.webdriver.remote.webdriver import WebDriver
from tests.clients.browsers import browser

PAGE = b"<!DOCTYPE html><title>attack</title><body>attack</body>"
FACES = ("gateway", "hosted", "control")
ACCOUNT = "DU1234567"

READS = {
    "gateway": (
        "/v1/api/iserver/accounts",
        "/v1/api/tickle",
        "/v1/api/portfolio/accounts",
        "/v1/portal/iserver/auth/status",
        "/sso/Login",
        "/sso/Dispatcher",
        "/sso/Pending",
        "/",
    ),
    "hosted": ("/v1/api/tickle", "/v1/api/iserver/accounts", "/.well-known/jwks.json", "/"),
    "control": (
        "/",
        "/desks",
        "/desks/default",
        "/desks/default/journal/download",
        "/desks/default/logins",
    ),
}

ORDER = (
    '{"orders":[{"acctId":"DU1234567","conid":265598,"orderType":"LMT","side":"BUY","price":1,'
    '"quantity":1,"tif":"DAY"}]}'
)
WRITES = {
    "gateway": (
        (f"/v1/api/iserver/account/{ACCOUNT}/orders", ORDER),
        ("/v1/api/logout", ""),
        ("/v1/api/iserver/auth/ssodh/init", '{"compete":true}'),
        ("/v1/portal/iserver/reauthenticate?force=true", ""),
        ("/sso/Authenticator", "username=demo&password=let-me-in&paper=on&token=a"),
    ),
    "hosted": (
        (f"/v1/api/iserver/account/{ACCOUNT}/orders", ORDER),
        ("/oauth2/api/v1/token", "grant_type=client_credentials"),
        ("/oauth/request_token", ""),
    ),
    "control": (
        ("/desks/default/clock/advance", '{"by":"1h"}'),
        ("/desks/default/fork", '{"name":"stolen"}'),
        ("/desks/default/users/demo/second-factors", '{"code":"246810"}'),
        ("/desks/default/pacing/box", '{"address":"127.0.0.1"}'),
    ),
}

FETCH = """
const [requests, done] = arguments;
const results = requests.map(async ([url, options]) => {
  try {
    const reply = await fetch(url, options);
    return { type: reply.type, status: reply.status, text: await reply.text() };
  } catch (error) {
    return { type: "failed" };
  }
});
Promise.all(results).then(done);
"""

ELEMENTS = """
const [urls, done] = arguments;
const tags = ["img", "script", "link", "object", "embed", "video"];
const loads = urls.flatMap((url) => tags.map((tag) => new Promise((resolve) => {
  const element = document.createElement(tag);
  element.onload = () => resolve(`${tag} ${url} loaded`);
  element.onerror = () => resolve("");
  setTimeout(() => resolve(""), 1500);
  if (tag === "link") { element.rel = "stylesheet"; element.href = url; }
  else if (tag === "object") { element.data = url; }
  else { element.src = url; }
  document.body.append(element);
})));
Promise.all(loads).then((told) => done(told.filter((one) => one)));
"""

SOCKET = """
const [url, done] = arguments;
const socket = new WebSocket(url);
let told = { opened: false, messages: 0 };
socket.onopen = () => { told.opened = true; socket.send("tic"); };
socket.onmessage = () => { told.messages += 1; };
socket.onclose = () => done(told);
setTimeout(() => done(told), 5000);
"""

FORM = """
const [url, text, encoding] = arguments;
const form = document.createElement("form");
form.method = "post";
form.action = url;
form.enctype = encoding;
const field = document.createElement("textarea");
const [name, ...rest] = text.split("=");
field.name = rest.length ? name : text.slice(0, -1) + ',"x":"';
field.value = rest.length ? rest.join("=") : '"}';
form.append(field);
document.body.append(form);
form.submit();
"""


class Places(msgspec.Struct, frozen=True):
    """Where the attack comes from, and the browser."""

    driver: WebDriver
    url: str
    """A page of `attacker.test`."""

    def open(self) -> WebDriver:
        """Open the attacker's page."""
        self.driver.get(self.url)
        return self.driver


class Attacker(BaseHTTPRequestHandler):
    """Serves a blank page of an origin of its own."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def attacking(profile: Path) -> Iterator[Places]:
    """Open a browser in which `attacker.test` is a name of this machine, with a page of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Attacker)
    thread = threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True)
    thread.start()
    rules = "--host-resolver-rules=MAP attacker.test 127.0.0.1"
    try:
        with browser(profile, rules) as driver:
            yield Places(driver, f"http://attacker.test:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rebound(base: str) -> str:
    """Return an address that leads to a desk by the attacker's name, as after rebinding."""
    parts = urlsplit(base)
    return f"{parts.scheme}://attacker.test:{parts.port}"


def fetched(driver: WebDriver, requests: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Fetch from the page that is open, and return what it could see of the answers."""
    told: list[dict[str, Any]] = driver.execute_async_script(FETCH, requests)
    assert len(told) == len(requests)
    return told
