"""A net of the tables, built with random weights, and the calls that PyTorch runs it with."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from typing import Any

from random_weights import calibrate, spread

from . import absent
from .nets import Call, Net, calls

# Module of this folder -> packages it builds nets of, loaded once before its nets part into processes of their own.
FAMILIES: dict[str, tuple[str, ...]] = {
    "timm": ("timm",),
    "diffusers": ("diffusers",),
    "segmentation": ("segmentation_models_pytorch",),
    "ultralytics": ("ultralytics.nn.tasks",),
    "vit_pytorch": ("vit_pytorch",),
    "spandrel": ("spandrel",),
    "monai": ("monai.networks.nets",),
    "x_transformers": ("x_transformers",),
    "quantizers": ("vector_quantize_pytorch",),
    "sound": ("asteroid.models", "demucs.htdemucs", "encodec", "vocos", "kokoro.istftnet"),
    "speech": ("speechbrain.nnet",),
    "forecasting": ("neuralforecast.models",),
    "others": ("open_clip", "efficientnet_pytorch", "kornia"),
}


FOLLOWS = 1e-3  # how far outputs move, of their largest number, where the inputs are others


def table(family: str) -> dict[str, Net]:
    """{"family/net": its row}"""
    module = importlib.import_module(f"zoo.{family}")
    return {f"{family}/{net.name}": net for net in module.nets()}


def prepare(family: str) -> None:
    """Loads what a family's nets are made of; of packages that are missing, their nets speak."""
    absent.install()
    warnings.simplefilter("ignore")
    for name in FAMILIES[family]:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)


def built(net: Net) -> tuple[Any, list[Call]]:
    """The net in eval mode, and the calls of `nets.calls` that PyTorch takes, of which the traced one is the first.

    Raises what the net raises, and ValueError where its outputs would tell nothing.
    """
    import torch

    torch.manual_seed(0)
    model = net.make().eval()
    spread(model)
    traced, *others = calls(net)
    calibrate(model, lambda: run(model, traced))
    taken = [call for call in others if runs(model, call)]
    require_telling(run(model, traced), run(model, Call("", *other_values(traced))))
    return model, [traced, *taken]


def other_values(call: Call) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Its arguments turned around, but for their batches."""
    import torch
    from torch.utils import _pytree as pytree

    def turned(leaf: Any) -> Any:
        axes = tuple(range(min(1, leaf.dim() - 1), leaf.dim())) if torch.is_tensor(leaf) and leaf.dim() else ()
        return leaf.flip(axes) if axes else leaf

    args, kwargs = pytree.tree_map(turned, (call.args, call.kwargs))
    return args, kwargs


def run(model: Any, call: Call) -> list[Any]:
    """Tensors of the result."""
    import torch
    from torch.utils import _pytree as pytree

    with torch.no_grad():
        return [leaf for leaf in pytree.tree_leaves(model(*call.args, **call.kwargs)) if torch.is_tensor(leaf)]


def runs(model: Any, call: Call) -> bool:
    try:
        run(model, call)
    except Exception:  # PyTorch's own refusal of that size
        return False
    return True


def require_telling(outputs: list[Any], of_other_values: list[Any]) -> None:
    """Raises ValueError for results that any other would match, or none: they must follow the inputs."""
    import torch

    if not outputs:
        raise ValueError("it gives no tensors")
    for output, other in zip(outputs, of_other_values, strict=True):
        if output.is_floating_point() and not bool(torch.isfinite(output).any()):
            raise ValueError("its outputs are no finite numbers")
    moved = max(float((a - b).abs().max() / max(1.0, float(a.abs().max()))) for a, b in zip(outputs, of_other_values, strict=True) if a.is_floating_point() and a.shape == b.shape and a.numel())
    if moved < FOLLOWS:
        raise ValueError(f"its outputs move by {moved:.1g} where the inputs are turned around")
