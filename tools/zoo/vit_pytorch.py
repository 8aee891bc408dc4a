"""Vision transformers of vit-pytorch, a module each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, floats, image

SMALL = {"num_classes": 10, "dim": 32, "depth": 2, "heads": 2, "mlp_dim": 64, "dim_head": 16}
VIT = {**SMALL, "image_size": 32, "patch_size": 8}
STAGES = {"num_classes": 10, "dim": (16, 32), "depth": (1, 1)}

# module.Class -> sides of the images as traced and another, constructor arguments
ROWS: dict[str, tuple[int, int, dict[str, Any]]] = {
    "vit.ViT": (32, 0, VIT),
    "simple_vit.SimpleViT": (32, 0, VIT),
    "deepvit.DeepViT": (32, 0, VIT),
    "cait.CaiT": (32, 0, {**VIT, "cls_depth": 1}),
    "rvt.RvT": (32, 0, VIT),
    "parallel_vit.ViT": (32, 0, VIT),
    "jumbo_vit.JumboViT": (32, 0, VIT),
    "simple_uvit.SimpleUViT": (32, 0, VIT),
    "normalized_vit.nViT": (32, 0, VIT),
    "vit_with_patch_merger.ViT": (32, 0, VIT),
    "vit_for_small_dataset.ViT": (32, 0, VIT),
    "simple_vit_with_fft.SimpleViT": (32, 0, {**VIT, "freq_patch_size": 8}),
    "simple_vit_with_register_tokens.SimpleViT": (32, 0, VIT),
    "simple_vit_with_qk_norm.SimpleViT": (32, 0, VIT),
    "simple_vit_with_value_residual.SimpleViT": (32, 0, VIT),
    "xcit.XCiT": (32, 0, {**VIT, "cls_depth": 1}),
    "cct.CCT": (
        32,
        0,
        {"img_size": 32, "embedding_dim": 32, "num_layers": 2, "num_heads": 2, "mlp_ratio": 2.0, "num_classes": 10},
    ),
    "cross_vit.CrossViT": (
        32,
        0,
        {
            "image_size": 32,
            "num_classes": 10,
            "sm_dim": 16,
            "lg_dim": 32,
            "sm_patch_size": 8,
            "lg_patch_size": 16,
            "depth": 1,
            "lg_enc_depth": 1,
            "cross_attn_depth": 1,
        },
    ),
    "crossformer.CrossFormer": (
        64,
        128,
        {
            "num_classes": 10,
            "dim": (32, 32, 64, 64),
            "depth": (1, 1, 1, 1),
            "global_window_size": (4, 2, 2, 1),
            "local_window_size": 2,
        },
    ),
    "levit.LeViT": (
        64,
        0,
        {
            "image_size": 64,
            "num_classes": 10,
            "dim": (32, 32, 64),
            "depth": 1,
            "heads": (2, 2, 4),
            "mlp_mult": 2,
            "stages": 3,
        },
    ),
    "max_vit.MaxViT": (64, 128, {**STAGES, "dim": 16, "window_size": 4, "dim_head": 8}),
    "mobile_vit.MobileViT": (
        64,
        128,
        {
            "image_size": (64, 64),
            "dims": [16, 20, 24],
            "channels": [8, 8, 12, 12, 16, 16, 20, 20, 24, 24, 32],
            "num_classes": 10,
        },
    ),
    "nest.NesT": (
        32,
        0,
        {
            "image_size": 32,
            "patch_size": 4,
            "num_classes": 10,
            "dim": 16,
            "heads": 2,
            "num_hierarchies": 2,
            "block_repeats": (1, 1),
        },
    ),
    "pit.PiT": (32, 0, {**SMALL, "image_size": 32, "patch_size": 8, "depth": (1, 1)}),
    "cvt.CvT": (
        64,
        96,
        {
            "num_classes": 10,
            "s1_emb_dim": 16,
            "s2_emb_dim": 32,
            "s3_emb_dim": 64,
            "s2_heads": 2,
            "s3_heads": 4,
            "s3_depth": 2,
        },
    ),
    "regionvit.RegionViT": (
        64,
        128,
        {"num_classes": 10, "dim": (16, 32, 32, 64), "depth": (1, 1, 1, 1), "window_size": 2},
    ),
    "sep_vit.SepViT": (56, 112, {**STAGES, "dim": 16, "heads": (1, 2), "window_size": 7}),
    "twins_svt.TwinsSVT": (
        64,
        128,
        {
            "num_classes": 10,
            "s1_emb_dim": 16,
            "s2_emb_dim": 16,
            "s3_emb_dim": 32,
            "s4_emb_dim": 32,
            "s1_local_patch_size": 4,
            "s2_local_patch_size": 4,
            "s3_local_patch_size": 2,
            "s4_local_patch_size": 2,
            "s1_global_k": 4,
            "s2_global_k": 4,
            "s3_global_k": 2,
            "s4_global_k": 2,
            "s3_depth": 1,
            "s4_depth": 1,
        },
    ),
    "t2t.T2TViT": (32, 0, {**SMALL, "image_size": 32}),
    "scalable_vit.ScalableViT": (
        64,
        128,
        {**STAGES, "dim": 16, "heads": (1, 2), "reduction_factor": (4, 2), "window_size": (4, None)},
    ),
    "look_vit.LookViT": (
        64,
        0,
        {
            "dim": 32,
            "image_size": 64,
            "num_classes": 10,
            "depth": 1,
            "patch_size": 16,
            "highres_patch_size": 8,
            "heads": 2,
            "dim_head": 16,
            "cross_attn_heads": 2,
            "cross_attn_dim_head": 16,
        },
    ),
    "ats_vit.ViT": (32, 0, {**VIT, "max_tokens_per_depth": (12, 8)}),
}


def nets() -> list[Net]:
    sequence = {**SMALL, "seq_len": 64, "patch_size": 8}
    video = {**SMALL, "image_size": 16, "image_patch_size": 8, "frames": 4, "frame_patch_size": 2}
    spatial = {key: value for key, value in video.items() if key != "depth"}
    return [
        *(image(name, maker(name, options), side, other) for name, (side, other, options) in ROWS.items()),
        Net("vit_1d.ViT", maker("vit_1d.ViT", sequence), (floats("B", 3, 64),)),
        Net("simple_vit_1d.SimpleViT", maker("simple_vit_1d.SimpleViT", sequence), (floats("B", 3, 64),)),
        Net("vit_3d.ViT", maker("vit_3d.ViT", video), (floats("B", 3, 4, 16, 16),)),
        Net(
            "vivit.ViViT",
            maker("vivit.ViViT", {**spatial, "spatial_depth": 1, "temporal_depth": 1}),
            (floats("B", 3, 4, 16, 16),),
        ),
    ]


def maker(name: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import importlib

        module, _, cls = name.partition(".")
        return getattr(importlib.import_module(f"vit_pytorch.{module}"), cls)(**options)

    return make
