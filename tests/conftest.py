"""What every test of the house shares: how hard Hypothesis tries.

`house` is the everyday profile: few examples, the same on every machine and every run.
`wide` draws anew each time and tries longer, for a night or an afternoon of doubt:
`HYPOTHESIS_PROFILE=wide make test`.
"""

import os

from hypothesis import HealthCheck, settings

_PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile(
    "house",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_PATIENT,
)
settings.register_profile(
    "wide",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=_PATIENT,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))
