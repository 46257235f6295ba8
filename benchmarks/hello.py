"""The baseline of the server: a bare ASGI application that says hello, on the same uvicorn."""

import argparse
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

BODY = b'{"hello":"world"}'


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer every request with a few bytes."""
    del receive
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"application/json"), (b"content-length", b"17")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


def main() -> None:
    """Serve it over TLS."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    given = parser.parse_args()
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=given.port,
        ssl_certfile=given.certificate,
        ssl_keyfile=given.key,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
