"""Keep a program that asks with `requests` below the ten requests a second of the gateway.

With this folder in PYTHONPATH Python imports the file at its start. The program itself stays as it
is: the network between it and the real service holds it back no less than this does.
"""

import threading
import time
from collections import deque
from typing import Any

REQUESTS_A_SECOND = 9

try:
    from requests.adapters import HTTPAdapter  # type: ignore[import-untyped]
except ImportError:
    pass
else:
    _send = HTTPAdapter.send
    _turn = threading.Lock()
    _sent_at: deque[float] = deque(maxlen=REQUESTS_A_SECOND)

    def _unhurried(self: HTTPAdapter, *given: Any, **more: Any) -> Any:  # noqa: ANN401 - as it is
        with _turn:
            if len(_sent_at) == REQUESTS_A_SECOND:
                time.sleep(max(0.0, _sent_at[0] + 1 - time.monotonic()))
            _sent_at.append(time.monotonic())
        return _send(self, *given, **more)

    HTTPAdapter.send = _unhurried
