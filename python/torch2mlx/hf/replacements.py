"""Functions of single models of transformers that take sizes through tensors or lists, rewritten: sizes stay sizes.

The results are those of the originals; torch.export fixes a size, or fails, where the originals make one a number.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from typing import Any

import torch

from . import scans

Replacements = dict[
    str, dict[str, Callable[[Any], Any]]
]  # module -> path in it -> from the original to what replaces it


def replacements() -> Replacements:
    """All of them; each is for a module that need not be imported."""
    return {
        "torch._higher_order_ops.associative_scan": {"associative_scan": scans.while_tracing(scans.by_doubling)},
        "transformers.integrations.moe": {"ExpertsInterface.get_interface": _experts_one_by_one},
        "transformers.models.deberta.modeling_deberta": {"compute_attention_span": lambda _: _attention_span},
        "transformers.models.encodec.modeling_encodec": {
            "EncodecConv1d.forward": _sized_convolution,
            "EncodecModel.encode": _in_one_frame,
        },
        "transformers.models.mimi.modeling_mimi": {"MimiConv1d.forward": _sized_convolution},
        **{
            f"transformers.models.{name}.modeling_{name}": {"mamba_selective_scan": scans.selective_scan}
            for name in ("mamba", "falcon_mamba", "jamba", "zamba")
        },
        "transformers.models.rwkv.modeling_rwkv": {
            "rwkv_linear_attention_cpu": scans.while_tracing(scans.rwkv_attention)
        },
        "transformers.models.longformer.modeling_longformer": {
            "torch": lambda _: _SizedTorch(),
            "LongformerModel._pad_to_window_size": lambda _: _pad_to_window_size,
        },
        "transformers.models.funnel.modeling_funnel": {
            "FunnelAttentionStructure.get_position_embeds": _with_ranges,
            "FunnelAttentionStructure.stride_pool_pos": _stride_pool_pos,
            "FunnelAttentionStructure.relative_pos": _relative_pos,
        },
    }


def _experts_one_by_one(original: Any) -> Any:
    """While tracing, each token is multiplied with its own experts: tokens by expert are a call of a custom operator,
    or a loop over the experts that were chosen."""

    def interface(self: Any, implementation: Any, default: Any) -> Any:
        tracing = torch.compiler.is_compiling()
        return original(self, "batched_mm" if tracing else implementation, default)

    return interface


class _SizedConvolution:
    """A convolution of Encodec or Mimi whose paddings are numbers and sizes; in the module they are tensors."""

    def __init__(self, module: Any) -> None:
        self._module = module
        (self.stride,), (kernel_size,), (dilation,) = (getattr(module.conv, n) for n in _WINDOW)
        self.kernel_size = (kernel_size - 1) * dilation + 1
        self.padding_total = self.kernel_size - self.stride
        self.padding_right = self.padding_total // 2
        self.padding_left = self.padding_total - self.padding_right

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def _get_extra_padding_for_conv1d(self, hidden_states: torch.Tensor) -> Any:
        length = hidden_states.shape[-1]
        return (length + self.stride - 1) // self.stride * self.stride - length


_WINDOW = ("stride", "kernel_size", "dilation")


def _sized_convolution(original: Any) -> Any:
    return lambda self, *args, **kwargs: original(_SizedConvolution(self), *args, **kwargs)


def _in_one_frame(original: Any) -> Any:
    """range(0, length, length) is one number whatever the length."""

    def frames(start: Any, stop: Any, step: Any) -> Any:
        return (start,) if step is stop else range(start, stop, step)

    return with_names(original, range=frames)


def _attention_span(query: torch.Tensor, key: torch.Tensor, most: int) -> int:
    return min(max(query.size(-2), key.size(-2)), most)


class _SizedTorch:
    """torch, in which the quotient of two sizes is a size and no tensor."""

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    @staticmethod
    def div(a: Any, b: Any, **options: Any) -> Any:
        sizes = not isinstance(a, torch.Tensor) and not isinstance(b, torch.Tensor)
        return a // b if sizes and options.get("rounding_mode") else torch.div(a, b, **options)


def _pad_to_window_size(
    self: Any,
    input_ids: Any,
    attention_mask: torch.Tensor,
    token_type_ids: torch.Tensor,
    position_ids: Any,
    inputs_embeds: Any,
    pad_token_id: int,
) -> tuple[Any, ...]:
    """Padded by nothing too: the original pads or not by the length, which would then be fixed modulo the window."""
    window = self.config.attention_window
    window = window if isinstance(window, int) else max(window)
    batch, length = (inputs_embeds if input_ids is None else input_ids).shape[:2]
    more = (length + window - 1) // window * window - length

    def padded(ids: Any, value: int) -> Any:
        if ids is None:
            return None
        torch._check(ids.shape[1] == length)  # while both are plain symbols: padded ones are not seen to be equal
        return torch.nn.functional.pad(ids, (0, more), value=value)

    if inputs_embeds is not None:
        ids = inputs_embeds.new_full((batch, more), self.config.pad_token_id, dtype=torch.long)
        inputs_embeds = torch.cat([inputs_embeds, self.embeddings(ids)], dim=-2)
    input_ids, position_ids = padded(input_ids, pad_token_id), padded(position_ids, pad_token_id)
    return more, input_ids, padded(attention_mask, 0), padded(token_type_ids, 0), position_ids, inputs_embeds


@dataclasses.dataclass(frozen=True)
class _Positions:
    """The list [start, start + step, ...] of `count` numbers, with one number before it where there is a `head`."""

    start: Any
    step: int
    count: Any
    head: int | None = None

    def every_second(self, separate: bool, truncate: bool, head: int) -> _Positions:
        start, count = self.start, self.count
        if separate and self.head is None:
            start, count = start + self.step, count - 1
        if separate and truncate:
            count = count - 1
        return _Positions(start, 2 * self.step, (count + 1) // 2, head if separate else None)

    @property
    def ends(self) -> tuple[Any, Any, Any]:
        """First and last number, and how many there are."""
        headed = self.head is not None
        first = self.head if headed else self.start
        return first, self.start + self.step * (self.count - 1), self.count + int(headed)


def _with_ranges(original: Any) -> Any:
    def ranges(*limits: Any) -> Any:
        return range(*limits) if all(type(limit) is int for limit in limits) else _Positions(0, 1, limits[-1])

    def lists(items: Any) -> Any:
        return items if isinstance(items, _Positions) else list(items)

    return with_names(original, range=ranges, list=lists)


def with_names(function: Any, **names: Any) -> Any:
    """The same function, for which some of its global names are others."""
    known = {**function.__globals__, **names}
    return types.FunctionType(function.__code__, known, function.__name__, function.__defaults__, function.__closure__)


def _stride_pool_pos(original: Any) -> Any:
    def pooled(self: Any, positions: Any, block: int) -> Any:
        if not isinstance(positions, _Positions):
            return original(self, positions, block)
        return positions.every_second(self.config.separate_cls, self.config.truncate_seq, 1 - 2**block)

    return pooled


def _relative_pos(original: Any) -> Any:
    def relative(self: Any, positions: Any, stride: int, pooled: Any = None, shift: int = 1, device: Any = None) -> Any:
        if not isinstance(positions, _Positions):
            return original(self, positions, stride, pooled, shift, device)
        first, last, _ = positions.ends
        pooled_first, _, count = (pooled or positions).ends
        most = pooled_first - first + shift * count * stride
        return torch.arange(most, pooled_first - last - 1, -stride, dtype=torch.long, device=device)

    return relative
