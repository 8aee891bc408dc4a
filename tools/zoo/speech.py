"""Nets of speechbrain: features of sound in, embeddings, masks, tokens or sound out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, floats, ints, ones

FRAMES = {"L": (40, 60)}
MODELS = "speechbrain.lobes.models"


def nets() -> list[Net]:
    features = (floats("B", "L", 20),)
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "ECAPA_TDNN": (
            "ECAPA_TDNN",
            {
                "input_size": 20,
                "channels": [16, 16, 16, 16, 48],
                "attention_channels": 8,
                "res2net_scale": 4,
                "se_channels": 8,
                "lin_neurons": 12,
            },
        ),
        "Xvector": ("Xvector", {"in_channels": 20, "tdnn_channels": [16, 16, 16, 16, 32], "lin_neurons": 12}),
        "ResNet": (
            "ResNet",
            {"input_size": 20, "channels": [8, 8, 16, 16], "block_sizes": [1, 1, 1, 1], "lin_neurons": 12},
        ),
        "CRDNN": (
            "CRDNN",
            {
                "input_shape": [None, None, 20],
                "cnn_blocks": 1,
                "cnn_channels": [8],
                "rnn_layers": 1,
                "rnn_neurons": 8,
                "dnn_blocks": 1,
                "dnn_neurons": 12,
            },
        ),
        "ContextNet": (
            "ContextNet",
            {
                "input_shape": [None, None, 20],
                "out_channels": 16,
                "num_blocks": 3,
                "num_layers": 2,
                "inner_dim": 4,
                "conv_channels": [8, 8, 8],
                "strides": [1, 2, 1],
            },
        ),
        "Cnn14": ("Cnn14", {"mel_bins": 64, "emb_dim": 16}),
        "TransformerLM": (
            "transformer.TransformerLM",
            {"vocab": 30, "d_model": 16, "nhead": 2, "num_encoder_layers": 2, "d_ffn": 32},
        ),
    }
    calls: dict[str, tuple[Any, ...]] = {"Cnn14": (floats("B", "L", 64),), "TransformerLM": (ints(30, "B", "L"),)}
    return [
        *(
            Net(
                name,
                maker(module, name, options),
                calls.get(name, features),
                {"L": (64, 96)} if name == "Cnn14" else FRAMES,
            )
            for name, (module, options) in rows.items()
        ),
        Net(
            "HifiganGenerator",
            maker(
                "HifiGAN",
                "HifiganGenerator",
                {
                    "in_channels": 20,
                    "out_channels": 1,
                    "resblock_type": "1",
                    "resblock_dilation_sizes": [[1, 3, 5]],
                    "resblock_kernel_sizes": [3],
                    "upsample_kernel_sizes": [8, 4],
                    "upsample_initial_channel": 16,
                    "upsample_factors": [4, 2],
                },
            ),
            (floats("B", 20, "L"),),
            FRAMES,
        ),
        Net(
            "MaskNet",
            maker("conv_tasnet", "MaskNet", {"N": 16, "B": 8, "H": 16, "P": 3, "X": 2, "R": 1, "C": 2}),
            (floats("B", 16, "L"),),
            FRAMES,
        ),
        Net("Dual_Path_Model", dual_path, (floats("B", 16, "L"),), {"L": (100, 150)}),
        Net(
            "EnhancementGenerator",
            maker("MetricGAN", "EnhancementGenerator", {}),
            (floats("B", "L", 257), ones("B")),
            FRAMES,
        ),
        Net("ConformerEncoder", conformer, (floats("B", "L", 16),), FRAMES),
        Net("TransformerASR", transformer_asr, (floats("B", "L", 20), ints(30, "B", 7)), FRAMES),
        Net(
            "DiffWave",
            maker(
                "DiffWave",
                "DiffWave",
                {
                    "input_channels": 20,
                    "residual_layers": 2,
                    "residual_channels": 8,
                    "dilation_cycle_length": 2,
                    "total_steps": 10,
                    "unconditional": True,
                },
            ),
            (floats("B", 1, "L"), ints(10, "B")),
            {"L": (256, 512)},
        ),
    ]


def maker(module: str, cls: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import importlib

        return getattr(importlib.import_module(f"{MODELS}.{module}"), cls)(**options)

    return make


def dual_path() -> Any:
    from speechbrain.lobes.models.dual_path import Dual_Path_Model, SBTransformerBlock

    def block() -> Any:
        return SBTransformerBlock(1, 16, 2, d_ffn=32, use_positional_encoding=True)

    return Dual_Path_Model(16, 16, block(), block(), num_layers=1, K=20)


def conformer() -> Any:
    import torch
    from speechbrain.lobes.models.transformer.Conformer import ConformerEncoder
    from speechbrain.nnet.attention import RelPosEncXL

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.positions = RelPosEncXL(16)
            self.encoder = ConformerEncoder(2, 16, 32, 2, kernel_size=7)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.encoder(x, pos_embs=self.positions(x))[0]

    return Encoder()


def transformer_asr() -> Any:
    from speechbrain.lobes.models.transformer.TransformerASR import TransformerASR

    return TransformerASR(30, 20, d_model=16, nhead=2, num_encoder_layers=1, num_decoder_layers=1, d_ffn=32)
