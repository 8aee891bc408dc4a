"""Example inputs for models that come without any."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from . import hf
from .capture import evaluating
from .errors import InputError

BATCH, LENGTH = 2, 7


def synthesise(model: nn.Module) -> tuple[tuple[Any, ...], dict[str, Any], str]:
    """(args, kwargs, what they are) on which `model` runs.

    A Hugging Face model is asked for its own kind of inputs; otherwise the first layer with parameters tells what it
    takes. Raises InputError if nothing fits.
    """
    if hf.is_pretrained(model):
        kwargs = hf.example_inputs(model, BATCH, LENGTH)
        failure = _failure(model, (), kwargs)
        if failure:
            raise _unknown(model, failure)
        return (), kwargs, "inputs made from the configuration: " + _described(kwargs)
    required = [p.name for p in inspect.signature(model.forward).parameters.values() if p.default is p.empty]
    failure = f"forward takes {len(required)} arguments" if len(required) != 1 else "no layer tells what it takes"
    if len(required) == 1:
        for candidate in _candidates(model):
            failure = _failure(model, (candidate,), {})
            if not failure:
                return (candidate,), {}, "inputs made from the first layers: " + _described({required[0]: candidate})
    raise _unknown(model, failure)


def _unknown(model: nn.Module, failure: str) -> InputError:
    return InputError(
        f"example inputs cannot be made up for {type(model).__qualname__}: {failure}",
        place="args",
        hint="give args and kwargs as for a call of the model",
    )


def _failure(model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    try:
        with evaluating(model):
            model(*args, **kwargs)
    except Exception as error:  # whatever a model raises for inputs it does not take
        return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
    return ""


def _described(inputs: dict[str, Any]) -> str:
    return ", ".join(f"{name} {list(value.shape)}" for name, value in inputs.items())


def _candidates(model: nn.Module) -> Iterator[torch.Tensor]:
    """Tensors that the first layer with parameters takes, likeliest first."""
    generator = torch.Generator().manual_seed(0)
    for module in model.modules():
        shapes = list(_shapes(module))
        if isinstance(module, nn.Embedding | nn.EmbeddingBag):
            yield torch.randint(module.num_embeddings, (BATCH, LENGTH), generator=generator)
        for shape in shapes:
            yield torch.randn(shape, generator=generator)
        if shapes or isinstance(module, nn.Embedding | nn.EmbeddingBag):
            return


def _shapes(module: nn.Module) -> Iterator[tuple[int, ...]]:
    match module:
        case nn.Linear():
            yield from ((BATCH, module.in_features), (BATCH, LENGTH, module.in_features))
        case nn.Conv1d() | nn.Conv2d() | nn.Conv3d():
            # Networks for images end in linear layers that fit one size: those of common data sets.
            for size in (32, 28, 64, 96, 128, 224, 256, 299):
                yield (BATCH, module.in_channels, *[size] * len(module.kernel_size))
        case nn.TransformerEncoderLayer() | nn.MultiheadAttention():
            attention = module if isinstance(module, nn.MultiheadAttention) else module.self_attn
            batch_first = attention.batch_first
            yield (BATCH, LENGTH, attention.embed_dim) if batch_first else (LENGTH, BATCH, attention.embed_dim)
        case nn.LayerNorm():
            yield (BATCH, LENGTH, *module.normalized_shape)
        case nn.RNNBase():
            yield (BATCH, LENGTH, module.input_size) if module.batch_first else (LENGTH, BATCH, module.input_size)
        case nn.BatchNorm1d():
            yield from ((BATCH, module.num_features), (BATCH, module.num_features, LENGTH))
        case nn.BatchNorm2d():
            yield (BATCH, module.num_features, 32, 32)
