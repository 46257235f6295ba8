"""Environments: what a client program has to be told to sign in, ready to be copied.

The variables are those that ibind reads, the keywords those of its `OAuth1aConfig`, the YAML that
of ibauth. Keys are named by the paths of their files; nothing here holds a private key.
"""

import shlex
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

import msgspec

PREFIX: Final = "IBIND_OAUTH1A_"


class ConsumerSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What a consumer signs in with, and where. `authority` is the certificate to trust, or ""."""

    url: str
    consumer_key: str
    access_token: str
    access_token_secret: str
    dh_prime: str
    realm: str
    signature_file: PurePath
    encryption_file: PurePath
    authority: str = ""

    @property
    def values(self) -> dict[str, str]:
        """The settings, by the keywords of `OAuth1aConfig`."""
        return {
            "oauth_rest_url": f"{self.url.rstrip('/')}/v1/api/",
            "access_token": self.access_token,
            "access_token_secret": self.access_token_secret,
            "consumer_key": self.consumer_key,
            "dh_prime": self.dh_prime,
            "encryption_key_fp": str(self.encryption_file),
            "signature_key_fp": str(self.signature_file),
            "realm": self.realm,
        }


class ClientSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What a client signs in with, and where."""

    url: str
    client_id: str
    kid: str
    user_name: str
    key_file: PurePath
    authority: str = ""


def ibind_variables(setting: ConsumerSetting) -> str:
    """Return the environment that ibind signs in by, as lines of a shell."""
    named = {
        PREFIX + name.removeprefix("oauth_").upper(): value
        for name, value in setting.values.items()
    }
    socket = f"ws{setting.url.rstrip('/').removeprefix('http')}/v1/api/ws"
    values = {"IBIND_USE_OAUTH": "true", **named, f"{PREFIX}WS_URL": socket}
    if setting.authority:
        # With OAuth ibind trusts what requests trusts for its calls, and names its own for sockets.
        values["IBIND_CACERT"] = values["REQUESTS_CA_BUNDLE"] = setting.authority
    return _exports(values)


def ibind_program(setting: ConsumerSetting) -> str:
    """Return a program that signs in with ibind and prints its accounts."""
    keywords = "\n".join(f"    {name}={value!r}," for name, value in setting.values.items())
    before, trusted = "", ""
    if setting.authority:
        before = "import os\n\n"
        trusted = f"os.environ['REQUESTS_CA_BUNDLE'] = {setting.authority!r}\n"
    return (
        f"{before}from ibind import IbkrClient\n"
        "from ibind.oauth.oauth1a import OAuth1aConfig\n\n"
        f"config = OAuth1aConfig(\n{keywords}\n)\n"
        f"{trusted}client = IbkrClient(use_oauth=True, oauth_config=config)\n"
        "print(client.receive_brokerage_accounts().data['accounts'])\n"
        "client.close()\n"
    )


def ibauth_settings(setting: ClientSetting) -> str:
    """Return the file that `ibauth.auth_from_yaml` reads; ibauth cannot be told an address there.

    Its own is api.ibkr.com, so the program below sets another one.
    """
    return (
        f"client_id: {setting.client_id}\n"
        f"client_key_id: {setting.kid}\n"
        f"credential: {setting.user_name}\n"
        f"private_key_file: {msgspec.json.encode(str(setting.key_file)).decode()}\n"
    )


def ibauth_program(setting: ClientSetting) -> str:
    """Return a program that signs in with ibauth."""
    given = (setting.client_id, setting.kid, setting.user_name, str(setting.key_file))
    arguments = ", ".join(repr(value) for value in given)
    domain = setting.url.rstrip("/").removeprefix("https://").removeprefix("http://")
    return (
        "import asyncio\n\n"
        "from ibauth import IBAuth\n\n\n"
        "class Client(IBAuth):\n"
        "    async def _check_ip(self):\n"
        "        # ibauth asks a service on the internet; the desk sees this machine.\n"
        "        self.IP = '127.0.0.1'\n"
        "        return self.IP\n\n\n"
        "async def main():\n"
        f"    client = Client({arguments})\n"
        f"    client._domain = {domain!r}\n"
        "    await client.connect()\n"
        "    print(client.header)\n\n\n"
        "asyncio.run(main())\n"
    )


def ibauth_variables(setting: ClientSetting) -> str:
    """Return what httpx, which ibauth speaks by, has to know of the desk's certificate."""
    return _exports({"SSL_CERT_FILE": setting.authority} if setting.authority else {})


def _exports(values: Mapping[str, str]) -> str:
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())
