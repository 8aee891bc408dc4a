"""Nets of sound: asteroid, demucs, encodec, vocos and kokoro."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, Size, bools, floats, ints, ones

WAVES = {"L": (1600, 2400)}
BANK = {"n_filters": 16, "kernel_size": 16, "stride": 8}


def nets() -> list[Net]:
    return [*separators(), *demixers(), *codecs(), *voices()]


def separators() -> list[Net]:
    rows: dict[str, dict[str, Any]] = {
        "ConvTasNet": {"n_src": 2, **BANK, "n_blocks": 2, "n_repeats": 1, "bn_chan": 8, "hid_chan": 16, "skip_chan": 8},
        "DPRNNTasNet": {"n_src": 2, **BANK, "bn_chan": 8, "hid_size": 8, "chunk_size": 20, "n_repeats": 1},
        "DPTNet": {"n_src": 2, **BANK, "n_heads": 2, "ff_hid": 16, "chunk_size": 20, "n_repeats": 1},
        "LSTMTasNet": {"n_src": 2, **BANK, "n_layers": 1, "hid_size": 8},
        "SuDORMRFNet": {"n_src": 2, "bn_chan": 8, "num_blocks": 1, "upsampling_depth": 3, "n_filters": 16},
        "SuDORMRFImprovedNet": {"n_src": 2, "bn_chan": 8, "num_blocks": 1, "upsampling_depth": 3, "n_filters": 16},
        "DeMask": {"hidden_dims": (16,), "n_filters": 64, "kernel_size": 64, "stride": 32},
        "DCUNet": {
            "architecture": "mini",
            "stft_n_filters": 256,
            "stft_kernel_size": 256,
            "stft_stride": 64,
            "fix_length_mode": "pad",
        },
    }
    return [
        Net(f"asteroid.{name}", maker("asteroid.models", name, options), (floats("B", 1, "L"),), WAVES)
        for name, options in rows.items()
    ]


def demixers() -> list[Net]:
    small = {"sources": ["a", "b"], "audio_channels": 1, "channels": 8, "depth": 2}
    spectral = {**small, "nfft": 128, "samplerate": 8000, "segment": 0.4}
    transformer = {"t_layers": 1, "t_heads": 2, "bottom_channels": 16, "t_hidden_scale": 2.0}
    return [
        Net(
            "demucs.Demucs",
            maker("demucs.demucs", "Demucs", {**small, "resample": False}),
            (floats("B", 1, "L"),),
            {"L": (1024, 2048)},
        ),
        Net(
            "demucs.HTDemucs",
            maker("demucs.htdemucs", "HTDemucs", {**spectral, **transformer}),
            (floats("B", 1, 3200),),
        ),
    ]


def codecs() -> list[Net]:
    small = {"n_filters": 4, "dimension": 16, "ratios": [4, 2]}
    return [
        Net("encodec.SEANetEncoder", maker("encodec.modules", "SEANetEncoder", small), (floats("B", 1, "L"),), WAVES),
        Net(
            "encodec.SEANetEncoder-causal",
            maker("encodec.modules", "SEANetEncoder", {**small, "causal": True}),
            (floats("B", 1, "L"),),
            WAVES,
        ),
        Net(
            "encodec.SEANetDecoder",
            maker("encodec.modules", "SEANetDecoder", small),
            (floats("B", 16, "L"),),
            {"L": (20, 30)},
        ),
        Net("encodec.EncodecModel", encodec_whole, (floats("B", 1, "L"),), WAVES),
    ]


def voices() -> list[Net]:
    frames: dict[str, tuple[int, int]] = {"L": (20, 30)}
    style: Size = 16
    return [
        Net(
            "vocos.VocosBackbone",
            maker(
                "vocos.models",
                "VocosBackbone",
                {"input_channels": 20, "dim": 16, "intermediate_dim": 32, "num_layers": 2},
            ),
            (floats("B", 20, "L"),),
            frames,
        ),
        Net(
            "vocos.ISTFTHead",
            maker("vocos.heads", "ISTFTHead", {"dim": 16, "n_fft": 64, "hop_length": 16}),
            (floats("B", "L", 16),),
            frames,
        ),
        Net("vocos.Vocos", vocos_whole, (floats("B", 20, "L"),), frames),
        Net(
            "kokoro.TextEncoder",
            maker("kokoro.modules", "TextEncoder", {"channels": 16, "kernel_size": 5, "depth": 2, "n_symbols": 30}),
            (ints(30, "B", 12), ones("B", value=12), bools("B", 12)),
        ),
        Net("kokoro.ProsodyPredictor.F0Ntrain", prosody, (floats("B", style, "L"), floats("B", 8)), frames),
        Net(
            "kokoro.AdainResBlk1d",
            maker("kokoro.istftnet", "AdainResBlk1d", {"dim_in": 16, "dim_out": 24, "style_dim": 8, "upsample": True}),
            (floats("B", 16, "L"), floats("B", 8)),
            frames,
        ),
        Net(
            "kokoro.AdaINResBlock1",
            maker("kokoro.istftnet", "AdaINResBlock1", {"channels": 16, "style_dim": 8}),
            (floats("B", 16, "L"), floats("B", 8)),
            frames,
        ),
    ]


def maker(module: str, cls: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import importlib

        return getattr(importlib.import_module(module), cls)(**options)

    return make


def encodec_quantizer() -> Any:
    from encodec.quantization import ResidualVectorQuantizer

    return ResidualVectorQuantizer(dimension=16, n_q=2, bins=32, kmeans_init=False)


def encodec_whole() -> Any:
    from encodec.model import EncodecModel
    from encodec.modules import SEANetDecoder, SEANetEncoder

    small = {"n_filters": 4, "dimension": 16, "ratios": [4, 2]}
    return EncodecModel(SEANetEncoder(**small), SEANetDecoder(**small), encodec_quantizer(), [6.0], 1600, 1)


def vocos_whole() -> Any:
    import torch
    from vocos.heads import ISTFTHead
    from vocos.models import VocosBackbone

    backbone = VocosBackbone(input_channels=20, dim=16, intermediate_dim=32, num_layers=2)
    return torch.nn.Sequential(backbone, ISTFTHead(dim=16, n_fft=64, hop_length=16))


def prosody() -> Any:
    import torch
    from kokoro.modules import ProsodyPredictor

    class Curves(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.predictor = ProsodyPredictor(style_dim=8, d_hid=8, nlayers=1)

        def forward(self, x: torch.Tensor, s: torch.Tensor) -> Any:
            return self.predictor.F0Ntrain(x, s)

    return Curves()
