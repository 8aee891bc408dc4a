"""Features of x-transformers, a row each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, floats, image, ints

SMALL = {"dim": 32, "depth": 2, "heads": 2, "attn_dim_head": 16}
LENGTHS = {"L": (9, 14)}

# name -> arguments of the layers; those of a decoder of tokens otherwise
DECODERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "rotary": {"rotary_pos_emb": True},
    "alibi": {"alibi_pos_bias": True, "alibi_num_heads": 2},
    "relative": {"rel_pos_bias": True},
    "dynamic-position": {"dynamic_pos_bias": True, "dynamic_pos_bias_log_distance": False},
    "rmsnorm-swiglu": {"use_rmsnorm": True, "ff_swish": True, "ff_glu": True},
    "grouped": {"attn_kv_heads": 1},
    "qk-norm": {"attn_qk_norm": True},
    "talking-heads": {"attn_pre_talking_heads": True},
    "macaron": {"macaron": True},
    "sandwich": {"sandwich_norm": True},
    "shift": {"shift_tokens": 1},
    "gated-residual": {"gate_residual": True},
    "memory-key-values": {"attn_num_mem_kv": 4},
    "topk": {"attn_sparse_topk": 4},
}


def nets() -> list[Net]:
    tokens = [
        Net(f"decoder-{name}", decoder(options), (ints(99, "B", "L"),), LENGTHS) for name, options in DECODERS.items()
    ]
    return [
        *tokens,
        Net("encoder", encoder, (ints(99, "B", "L"),), LENGTHS),
        Net("continuous", continuous, (floats("B", "L", 8),), LENGTHS),
        Net("encoder-decoder", encoder_decoder, (ints(99, "B", "L"), ints(99, "B", 7)), LENGTHS),
        image("vision", vision, 32),
    ]


def decoder(options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        from x_transformers import Decoder, TransformerWrapper

        return TransformerWrapper(num_tokens=99, max_seq_len=16, attn_layers=Decoder(**SMALL, **options))

    return make


def encoder() -> Any:
    from x_transformers import Encoder, TransformerWrapper

    return TransformerWrapper(num_tokens=99, max_seq_len=16, attn_layers=Encoder(**SMALL))


def continuous() -> Any:
    from x_transformers import ContinuousTransformerWrapper, Encoder

    return ContinuousTransformerWrapper(dim_in=8, dim_out=4, max_seq_len=16, attn_layers=Encoder(**SMALL))


def encoder_decoder() -> Any:
    """An XTransformer gives a loss; its two halves give what users want of it."""
    import torch
    from x_transformers import XTransformer

    class Halves(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            sides = {
                f"{side}_{key}": value
                for side in ("enc", "dec")
                for key, value in {"num_tokens": 99, "depth": 1, "heads": 2, "max_seq_len": 16}.items()
            }
            self.net = XTransformer(dim=32, **sides)

        def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
            encoded = self.net.encoder(source, return_embeddings=True)
            return self.net.decoder.net(target, context=encoded)

    return Halves()


def vision() -> Any:
    from x_transformers import Encoder, ViTransformerWrapper

    return ViTransformerWrapper(image_size=32, patch_size=8, num_classes=10, attn_layers=Encoder(**SMALL))
