"""Inputs of a model of transformers, made from the names of its forward's parameters and its configuration's sizes.

Every list that `inputs` gives is a call to try, with the same call at other sizes behind it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from .given import given
from .required import of_table, required


def inputs(model: Any) -> Iterator[list[dict[str, Any]]]:
    """Calls to try, those of its kind first."""
    import torch

    yield from given(model)
    yield from of_table(model)
    config = model.config
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    accepted = inspect.signature(model.forward).parameters
    below = min(v for v in (getattr(text, "vocab_size", 99), 99) if isinstance(v, int))

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))

    def ids(batch: int, length: int) -> torch.Tensor:
        return torch.randint(3, below, (batch, length), generator=torch.Generator().manual_seed(batch + length))

    def texts(batch: int, length: int) -> dict[str, Any]:
        call: dict[str, Any] = {"input_ids": ids(batch, length)}
        if "attention_mask" in accepted:
            call["attention_mask"] = torch.ones_like(call["input_ids"])
        if "decoder_input_ids" in accepted:
            call["decoder_input_ids"] = ids(batch, length - 2)
        return call

    vision = getattr(config, "vision_config", config)
    size = next((v for v in (getattr(vision, n, None) for n in ("image_size", "img_size")) if v), 64)
    sides = (size, size) if isinstance(size, int) else tuple(size)[:2]
    size = sides[0]
    channels = getattr(vision, "num_channels", None) or getattr(vision, "in_channels", None) or 3
    parts = [config, *(v for v in vars(config).values() if hasattr(v, "model_type"))]
    bins = next(
        (v for n in ("num_mel_bins", "feature_size", "input_dim") for p in parts if (v := getattr(p, n, None))), 80
    )
    frames = 2 * getattr(config, "max_source_positions", 50)
    longest = getattr(config, "max_length", None) or frames
    if "input_ids" in accepted and "pixel_values" in accepted:
        yield [{**texts(b, n), "pixel_values": draw(b, channels, size, size)} for b, n in ((2, 9), (3, 14))]
    if "input_ids" in accepted:
        yield [texts(2, 9), texts(1, 14), texts(3, 6)]
    if "pixel_values" in accepted:
        for shape in (sides, (64, 64), (96, 96), (224, 224)):
            yield [{"pixel_values": draw(b, channels, *shape)} for b in (2, 3)]
        yield [{"pixel_values": draw(b, 8, channels, size, size)} for b in (2, 3)]
    if "past_values" in accepted:
        steps, channels = getattr(config, "context_length", 32), getattr(config, "num_input_channels", 1)
        yield [{"past_values": draw(b, steps, channels)} for b in (2, 3)]
        yield [{"past_values": draw(b, steps)} for b in (2, 3)]
    decoder = {"decoder_input_ids": 1} if "decoder_input_ids" in accepted else {}
    for length in (3200, 640, 24000):
        for name in ("input_values", "audio_values", "waveform"):
            if name in accepted:
                yield [{name: draw(b, n)} for b, n in ((2, length), (1, length + 160))]
                yield [
                    {name: draw(b, n), **{k: ids(b, 5) for k in decoder}} for b, n in ((2, length), (1, length + 160))
                ]
                yield [{name: draw(b, 1, n)} for b, n in ((2, length), (1, length + 160))]
    for name in ("input_features", "input_values"):
        if name in accepted:
            for shape in ((bins, frames), (frames, bins), (64, bins), (longest, bins), (64, 128), (64, 160), (64, 320)):
                yield [{name: draw(b, *shape), **{k: ids(b, 5) for k in decoder}} for b in (2, 3)]
    yield from required(model)
