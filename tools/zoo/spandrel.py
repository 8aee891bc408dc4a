"""Restorers and upscalers of images, of spandrel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, image, ints, uniform

WINDOWS = {"embed_dim": 16, "depths": (2,), "num_heads": (2,), "window_size": 8, "img_size": 16, "upscale": 2}
PIXELS = {**WINDOWS, "upsampler": "pixelshuffle"}

# architecture.Class -> sides of the images as traced and another, channels, constructor arguments
ROWS: dict[str, tuple[int, int, int, dict[str, Any]]] = {
    "ATD.ATD": (16, 32, 3, {**PIXELS, "category_size": 64, "num_tokens": 8, "reducted_dim": 4}),
    "CRAFT.CRAFT": (
        32,
        48,
        3,
        {
            "embed_dim": 16,
            "depths": [2],
            "num_heads": [2],
            "window_size": 16,
            "split_size_0": 4,
            "split_size_1": 8,
            "upscale": 2,
        },
    ),
    "Compact.SRVGGNetCompact": (16, 24, 3, {"num_feat": 8, "num_conv": 2}),
    "DAT.DAT": (16, 32, 3, {"img_size": 16, "embed_dim": 16, "split_size": [4, 8], "depth": [2], "num_heads": [2]}),
    "DCTLSA.DCTLSA": (16, 24, 3, {"nf": 20, "num_head": 2}),
    "DITN.DITN_Real": (16, 24, 3, {"dim": 12, "ITL_blocks": 1, "SAL_blocks": 1}),
    "DRCT.DRCT": (16, 32, 3, {**PIXELS, "gc": 8}),
    "DRUNet.DRUNet": (16, 24, 1, {"nc": [8, 16, 16, 32], "nb": 1}),
    "DnCNN.DnCNN": (16, 24, 1, {"nc": 8, "nb": 3}),
    "ESRGAN.RRDBNet": (16, 24, 3, {"num_filters": 8, "num_blocks": 1, "scale": 2}),
    "FBCNN.FBCNN": (16, 24, 3, {"nb": 1}),
    "FDAT.FDAT": (16, 24, 3, {"embed_dim": 16, "num_groups": 1, "depth_per_group": 2, "num_heads": 2, "mid_dim": 16}),
    "FFTformer.FFTformer": (32, 64, 3, {"dim": 8, "num_blocks": [1, 1, 1], "num_refinement_blocks": 1}),
    "HAT.HAT": (16, 32, 3, {**PIXELS, "compress_ratio": 3, "squeeze_factor": 8}),
    "KBNet.KBNet_s": (16, 32, 3, {"width": 8, "middle_blk_num": 1, "enc_blk_nums": [1, 1], "dec_blk_nums": [1, 1]}),
    "MixDehazeNet.MixDehazeNet": (64, 96, 3, {"embed_dims": [8, 16, 16, 16, 8]}),
    "MoSR.MoSR": (16, 24, 3, {"n_block": 2, "dim": 16}),
    "MoESR.MoESR": (16, 24, 3, {"dim": 16, "n_blocks": 1, "n_block": 2}),
    "NAFNet.NAFNet": (16, 32, 3, {"width": 8, "enc_blk_nums": [1, 1], "dec_blk_nums": [1, 1]}),
    "OmniSR.OmniSR": (16, 32, 3, {"num_feat": 16, "up_scale": 2}),
    "PLKSR.PLKSR": (16, 24, 3, {"dim": 16, "n_blocks": 2}),
    "PLKSR.RealPLKSR": (16, 24, 3, {"dim": 16, "n_blocks": 2}),
    "RCAN.RCAN": (16, 24, 3, {"n_resgroups": 1, "n_resblocks": 2, "n_feats": 16, "reduction": 4}),
    "RGT.RGT": (16, 32, 3, {"img_size": 16, "embed_dim": 16, "depth": [2], "num_heads": [2], "split_size": [8, 8]}),
    "RealCUGAN.UpCunet2x": (32, 48, 3, {}),
    "RetinexFormer.RetinexFormer": (16, 32, 3, {"n_feat": 8, "stage": 1}),
    "SAFMN.SAFMN": (16, 24, 3, {"dim": 16, "n_blocks": 2}),
    "SCUNet.SCUNet": (64, 128, 3, {"config": [1, 1, 1, 1, 1, 1, 1], "dim": 64, "input_resolution": 64}),
    "SPAN.SPAN": (16, 24, 3, {"num_in_ch": 3, "num_out_ch": 3, "feature_channels": 16}),
    "Swin2SR.Swin2SR": (16, 32, 3, PIXELS),
    "SwinIR.SwinIR": (16, 32, 3, PIXELS),
    "Uformer.Uformer": (128, 256, 3, {"img_size": 128, "embed_dim": 8, "depths": [1] * 9, "dd_in": 3}),
}


def nets() -> list[Net]:
    return [
        image(name, maker(name, options), side, other, channels)
        for name, (side, other, channels, options) in ROWS.items()
    ] + [
        Net(
            "LaMa.LaMa",
            maker("LaMa.LaMa", {"in_nc": 4}),
            (uniform("B", 3, "S", "S"), ints(2, "B", 1, "S", "S")),
            {"S": (64, 96)},
        )
    ]


def maker(name: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import importlib
        import pkgutil

        package, _, cls = name.partition(".")
        folder = importlib.import_module(f"spandrel.architectures.{package}.__arch")
        for found in pkgutil.iter_modules(folder.__path__):
            module = importlib.import_module(f"{folder.__name__}.{found.name}")
            if hasattr(module, cls):
                return getattr(module, cls)(**options)
        raise AttributeError(f"{package} has no {cls}")

    return make
