"""Inputs by the names of a forward's parameters, for models that take more than text, images or sound alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .special import ARGUMENTS

Sizes = Mapping[str, Any]
OPTIONAL = {"self", "args", "kwargs"}
GRID = (1, 4, 4)  # frames and patches of an image, as grid_thw names them


def of_table(model: Any) -> Iterator[list[dict[str, Any]]]:
    """The arguments that the table of types names."""
    names = ARGUMENTS.get(model.config.model_type, ())
    taken = inspect.signature(model.forward).parameters
    if names and all(name in taken and name in MAKERS for name in names):
        yield from calls(model, list(names))


def required(model: Any) -> Iterator[list[dict[str, Any]]]:
    """The parameters without defaults, then with what a call may need beside them."""
    parameters = inspect.signature(model.forward).parameters
    needed = [n for n, p in parameters.items() if p.default is inspect.Parameter.empty and p.kind in (1, 3)]
    needed = [name for name in needed if name not in OPTIONAL]
    text = [name for name in ("input_ids", "pixel_values") if name in parameters and name not in needed]
    chosen = [name for name in CHOSEN if name in parameters and name not in needed]
    more: list[list[str]] = [[], text, *([name] for name in chosen), *([*text, name] for name in chosen), chosen]
    for extra in more:
        names = [*needed, *extra]
        if names and all(name in MAKERS for name in names) and not {"input_ids", "inputs_embeds"} <= set(names):
            yield from calls(model, names)


def calls(model: Any, names: list[str]) -> Iterator[list[dict[str, Any]]]:
    for variant in VARIANTS if SHAPED & set(names) else VARIANTS[:1]:
        yield [made(model, names, {"batch": batch, **variant, "length": length}) for batch, length in ((2, 9), (3, 14))]


def made(model: Any, names: list[str], sizes: Sizes) -> dict[str, Any]:
    facts = Facts(model, sizes)
    return {name: MAKERS[name](facts) for name in names}


SHAPED = {"pixel_values", "pixel_values_videos", "input_features", "input_features_mask"}
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"rank": 5},
    {"swap": True},
    {"patches": True},
    {"frames": True},
    {"flat": 2},
    {"flat": 4},
    {"flat": 5},
)
CHOSEN = (
    "decoder_input_ids",
    "bbox",
    "encoder_hidden_states",
    "inputs_embeds",
    "attention_mask",
    "pixel_mask",
    "grid_thw",
    "image_grid_thw",
    "input_features_mask",
    "token_type_ids",
    "visual_feats",
    "visual_pos",
    "qformer_input_ids",
    "past_time_features",
    "past_observed_mask",
    "future_time_features",
    "future_values",
)


class Facts:
    """Sizes of a model and of a call, under the names that configurations give them."""

    def __init__(self, model: Any, sizes: Sizes) -> None:
        self.config, self.model = model.config, model
        self.batch, self.length = sizes["batch"], sizes["length"]
        self.rank, self.swap = sizes.get("rank", 4), sizes.get("swap", False)
        self.flat = sizes.get("flat", 0)  # the rank of patches that go with a grid
        self.as_patches, self.frames_in_batch = sizes.get("patches", False), sizes.get("frames", False)

    def find(self, *names: str, default: int = 0) -> int:
        """The first of these numbers in the configuration, or in one that it holds."""
        parts = [self.config, *(v for v in vars(self.config).values() if hasattr(v, "model_type"))]
        for name in names:
            for part in parts:
                value = getattr(part, name, None)
                value = value[0] if isinstance(value, list | tuple) and value else value
                if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                    return value
        return default

    def floats(self, *shape: int) -> Any:
        import torch

        return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))

    def ints(self, below: int, *shape: int) -> Any:
        import torch

        return torch.randint(0, below, shape, generator=torch.Generator().manual_seed(sum(shape)))

    def ones(self, *shape: int) -> Any:
        import torch

        return torch.ones(shape, dtype=torch.int64)

    def width(self) -> int:
        return self.find("hidden_size", "d_model", "embed_dim", "dim", default=32)

    def ids(self) -> Any:
        below = min(self.find("vocab_size", default=99), 99)
        return self.ints(max(below - 3, 1), self.batch, self.length) + 3

    def pixels(self) -> Any:
        side = self.find("image_size", "img_size", default=64)
        channels = self.find("num_channels", "in_channels", "in_chans", default=3)
        frames = self.find("num_frames", "frames_per_clip", "tubelet_size", default=2)
        if self.flat:
            return self.patches()
        if self.as_patches:
            patch = self.find("patch_size", default=16)
            return self.floats(self.batch, 16, channels * patch * patch)
        if self.frames_in_batch:
            return self.floats(self.batch * frames, channels, side, side)
        middle = () if self.rank == 4 else (frames,)
        return self.floats(self.batch, *middle, channels, side, side)

    def patches(self) -> Any:
        """Patches of images in a row, as the grid orders them."""
        patch = self.find("patch_size", default=14)
        temporal = self.find("temporal_patch_size", "patch_temporal", default=1)
        channels = self.find("in_channels", "in_chans", "num_channels", default=3)
        count = GRID[0] * GRID[1] * GRID[2] * self.batch
        if self.flat > 2:
            return self.floats(*(1,) * (self.flat - 4), count, channels, patch, patch)
        return self.floats(count, channels * temporal * patch * patch)

    def numbered_patches(self) -> Any:
        """Patches with their rows and columns before them."""
        import torch

        places = torch.stack([torch.arange(16) // 4 + 1, torch.arange(16) % 4 + 1], -1).float()
        width = self.find("patch_embed_hidden_size", default=768)
        return torch.cat([places.expand(self.batch, 16, 2), self.floats(self.batch, 16, width)], -1)

    def grid(self) -> Any:
        import torch

        return torch.tensor([GRID] * self.batch)

    def hidden(self) -> Any:
        if "grid_thw" in inspect.signature(self.model.forward).parameters:
            return self.patches()
        return self.floats(self.batch, self.length, self.width())

    def features(self) -> Any:
        bins = self.find(
            "num_mel_bins", "feature_size", "input_feat_size", "input_size", "input_dim", "n_mels", default=80
        )
        frames = 2 * self.find("max_source_positions", default=0) or 64
        return self.floats(self.batch, *((frames, bins) if self.swap else (bins, frames)))

    def feature_mask(self) -> Any:
        frames = self.features().shape[1 if self.swap else 2]
        return self.ones(self.batch, frames).bool()

    def boxes(self) -> Any:
        low = self.ints(400, self.batch, self.length, 2)
        import torch

        return torch.cat([low, low + 100], -1)


MAKERS: dict[str, Callable[[Facts], Any]] = {
    "input_ids": Facts.ids,
    "decoder_input_ids": lambda f: f.ids()[:, :7],
    "qformer_input_ids": Facts.ids,
    "task_inputs": Facts.ids,
    "attention_mask": lambda f: f.ones(f.batch, f.length),
    "token_type_ids": lambda f: f.ones(f.batch, f.length) * 0,
    "pixel_values": Facts.pixels,
    "pixel_values_videos": lambda f: Facts(f.model, {"batch": f.batch, "length": f.length, "rank": 5}).pixels(),
    "prompt_pixel_values": Facts.pixels,
    "prompt_masks": Facts.pixels,
    "pixel_mask": lambda f: f.ones(*f.pixels().shape[:1], *f.pixels().shape[-2:]),
    "hidden_states": Facts.hidden,
    "inputs_embeds": lambda f: f.floats(f.batch, f.length, f.width()),
    "action_embeds": lambda f: f.floats(f.batch, f.length, f.width()),
    "query_embeds": lambda f: f.floats(f.batch, f.length, f.width()),
    "encoder_hidden_states": lambda f: f.floats(
        f.batch, 5, f.find("encoder_hidden_size", "cross_attention_hidden_size", default=f.width())
    ),
    "inputs": lambda f: f.floats(f.batch, f.length, f.width()),
    "flattened_patches": Facts.numbered_patches,
    "aspect_ratio_ids": lambda f: f.ones(f.batch, 1),
    "aspect_ratio_mask": lambda f: f.ones(f.batch, 1, f.find("max_num_tiles", default=4)),
    "image": Facts.pixels,
    "grid_thw": Facts.grid,
    "image_grid_thw": Facts.grid,
    "merge_sizes": lambda f: f.ones(f.batch),
    "bbox": Facts.boxes,
    "input_features": Facts.features,
    "input_features_mask": Facts.feature_mask,
    "input_values": lambda f: f.floats(f.batch, 3200),
    "audio_values": lambda f: f.floats(f.batch, 1, 3200),
    "spectrogram": lambda f: f.floats(f.batch, 20, f.find("model_in_dim", "num_mel_bins", default=80)),
    "visual_feats": lambda f: f.floats(f.batch, 5, f.find("visual_feat_dim", default=2048)),
    "visual_pos": lambda f: f.floats(f.batch, 5, 4).sigmoid(),
    "past_values": lambda f: f.floats(f.batch, *series(f)),
    "past_time_features": lambda f: f.floats(f.batch, history(f), f.find("num_time_features", default=1)),
    "past_observed_mask": lambda f: f.ones(f.batch, *series(f)).float(),
    "future_values": lambda f: f.floats(f.batch, f.find("prediction_length", default=4)),
    "future_time_features": lambda f: f.floats(
        f.batch, f.find("prediction_length", default=4), f.find("num_time_features", default=1)
    ),
    "past_values_padding": lambda f: f.ones(f.batch, *series(f)) * 0,
    "freq": lambda f: f.ones(f.batch, 1) * 0,
    "spatial_shapes": lambda f: f.ones(f.batch, 2) * 4,
    "pixel_attention_mask": lambda f: f.ones(f.batch, 16),
    "states": lambda f: f.floats(f.batch, f.length, f.find("state_dim", default=17)),
    "actions": lambda f: f.floats(f.batch, f.length, f.find("act_dim", default=4)),
    "rewards": lambda f: f.floats(f.batch, f.length, 1),
    "returns_to_go": lambda f: f.floats(f.batch, f.length, 1),
    "timesteps": lambda f: f.ints(9, f.batch, f.length),
}


def history(f: Facts) -> int:
    lags = getattr(f.config, "lags_sequence", None) or [0]
    return f.find("context_length", "prediction_length", default=32) + max(lags)


def series(f: Facts) -> tuple[int, ...]:
    channels = f.find("input_size", "num_input_channels", default=1)
    return (history(f),) if channels == 1 else (history(f), channels)
