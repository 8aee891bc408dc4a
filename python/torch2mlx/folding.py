"""Weights that norms spread over several tensors, as one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch.nn.utils import parametrize

from ._tensors import is_parametrized


def folded(model: torch.nn.Module) -> torch.nn.Module:
    """The model with weight_norm and spectral_norm folded into plain weights, as the converter folds them; a copy where
    there are any, the model itself otherwise."""
    if not any(True for _ in _norms(model)):
        return model
    with torch.no_grad():
        for module, _, hook in _norms(model):
            if hook is not None:
                hook(module, None)  # else its weight is a result with a history, which cannot be copied
        plain = copy.deepcopy(model)
        for module, name, hook in list(_norms(plain)):
            value = torch.nn.Parameter(getattr(module, name).detach().clone())
            if hook is None:  # torch's own removal would change the class, which the original has too
                module.__class__ = parametrize.type_before_parametrizations(module)
                del module._modules["parametrizations"]
            else:
                key = next(key for key, held in module._forward_pre_hooks.items() if held is hook)
                del module._forward_pre_hooks[key]
                for end in ("_g", "_v", "_orig", "_u"):
                    module._parameters.pop(name + end, None)
                    module._buffers.pop(name + end, None)
                vars(module).pop(name, None)
            module.register_parameter(name, value)
    return plain


def _norms(model: torch.nn.Module) -> Iterator[tuple[torch.nn.Module, str, Any]]:
    """(module, name of the weight, its hook in the old spelling)."""
    kinds = ("_WeightNorm", "_SpectralNorm")
    for module in model.modules():
        chains: Any = module.parametrizations if is_parametrized(module) else {}
        for name, chain in chains.items():
            if len(chains) == len(chain) == 1 and type(chain[0]).__name__ in kinds:
                yield module, name, None
        for hook in list(module._forward_pre_hooks.values()):
            if type(hook).__name__ in ("WeightNorm", "SpectralNorm"):
                yield module, hook.name, hook
