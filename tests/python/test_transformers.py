"""The architectures of transformers_models.py the whole way: traced, generated, weights loaded, every output compared."""

from __future__ import annotations

import pytest

import torch2mlx
import transformers_models
from torch2mlx import verification


@pytest.mark.parametrize("name", transformers_models.ARCHITECTURES)
def test_architecture(name):
    architecture = transformers_models.ARCHITECTURES[name]
    model = architecture.build()
    code = torch2mlx.generate(model, *architecture.calls[0], verify=False)
    assert not code.unmapped and not code.todos
    generated = code.load()  # its weights with strict=True
    for args, kwargs in architecture.calls:
        wanted, _ = verification.run_torch(model, args, kwargs)
        given = verification.run_mlx(generated, args, kwargs)
        assert len(given) == len(wanted)
        places = [f"output {i}" for i in range(len(wanted))]
        beyond = [d for d in verification.differences(places, wanted, given, architecture.limit) if not d.passed]
        assert not beyond, verification.describe(args, kwargs)
