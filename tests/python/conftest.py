"""Every test begins with the run's seed; Hypothesis draws the same examples where the seed is stated. Graphs are
checked after every pass."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from hypothesis import settings

import seeds
from torch2mlx import _native

_native.graph().verify_passes(True)

settings.register_profile("stated", derandomize=True)
if seeds.STATED:
    settings.load_profile("stated")


@pytest.fixture(autouse=True)
def _seeded() -> None:
    print(f"TORCH2MLX_SEED={seeds.SEED}")  # what pytest shows of a failed test
    random.seed(seeds.SEED)
    np.random.seed(seeds.SEED)
    torch.manual_seed(seeds.SEED)
