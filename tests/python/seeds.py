"""The seed of random tests: TORCH2MLX_SEED, which `make test` states, else a new one every time (`make random`)."""

from __future__ import annotations

import os
import random

STATED = os.environ.get("TORCH2MLX_SEED")
SEED = int(STATED) if STATED else random.SystemRandom().randrange(2**31)
