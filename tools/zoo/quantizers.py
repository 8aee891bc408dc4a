"""Quantizers of vector-quantize-pytorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, floats

# class -> constructor arguments
ROWS: dict[str, dict[str, Any]] = {
    "VectorQuantize": {"dim": 16, "codebook_size": 32},
    "ResidualVQ": {"dim": 16, "num_quantizers": 2, "codebook_size": 32},
    "GroupedResidualVQ": {"dim": 16, "groups": 2, "num_quantizers": 2, "codebook_size": 32},
    "FSQ": {"levels": [8, 5, 5], "dim": 16},
    "ResidualFSQ": {"levels": [8, 5, 5], "num_quantizers": 2, "dim": 16},
    "LFQ": {"dim": 16, "codebook_size": 32},
    "SimVQ": {"dim": 16, "codebook_size": 32},
    "LatentQuantize": {"levels": [5, 5, 8], "dim": 16},
}
COSINE = {"dim": 16, "codebook_size": 32, "use_cosine_sim": True, "codebook_dim": 8}


def nets() -> list[Net]:
    call = (floats("B", "L", 16),)
    rows = [
        Net(name, maker(name, options), call, {"L": (9, 14)})
        for name, options in ROWS.items()
        if name != "LatentQuantize"
    ]
    return [
        *rows,
        Net("VectorQuantize-cosine", maker("VectorQuantize", COSINE), call, {"L": (9, 14)}),
        Net(
            "LatentQuantize",
            maker("LatentQuantize", ROWS["LatentQuantize"]),
            (floats("B", 16, "S", "S"),),
            {"S": (6, 8)},
        ),
    ]


def maker(name: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import vector_quantize_pytorch

        return getattr(vector_quantize_pytorch, name)(**options)

    return make
