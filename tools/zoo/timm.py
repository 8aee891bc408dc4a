"""One net a family of timm, the smallest or one made smaller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, image

# name -> sides of the images as traced and another, constructor arguments. Two stages of blocks do what twelve do.
ROWS: dict[str, tuple[int, int, dict[str, Any]]] = {
    "beit_base_patch16_224": (64, 0, {"img_size": 64, "depth": 2, "embed_dim": 96, "num_heads": 3}),
    "halonet26t": (256, 0, {}),
    "test_byobnet": (64, 96, {}),
    "cait_xxs24_224": (64, 0, {"img_size": 64, "depth": 2}),
    "coat_tiny": (64, 0, {"img_size": 64}),
    "convit_tiny": (64, 0, {"img_size": 64, "depth": 4, "local_up_to_layer": 2}),
    "convmixer_768_32": (64, 96, {}),
    "test_convnext": (64, 96, {}),
    "cpubone_nano": (64, 96, {}),
    "crossvit_9_240": (240, 0, {}),
    "csatv2": (256, 320, {}),
    "cspresnet50": (64, 96, {}),
    "cspnext_tiny": (64, 96, {}),
    "davit_tiny": (64, 96, {"depths": (1, 1, 1, 1)}),
    "deepseek_vit_412m": (56, 0, {"img_size": 56, "depth": 2, "embed_dim": 96, "num_heads": 3}),
    "deit3_small_patch16_224": (64, 0, {"img_size": 64, "depth": 2}),
    "densenet121": (64, 96, {"block_config": (2, 2, 2, 2)}),
    "dla46_c": (64, 96, {}),
    "dpn48b": (64, 96, {}),
    "edgenext_xx_small": (64, 96, {}),
    "efficientformer_l1": (224, 0, {}),
    "efficientformerv2_s0": (224, 0, {}),
    "tinynet_e": (64, 96, {}),
    "efficientvim_m1": (64, 96, {}),
    "efficientvit_b0": (64, 96, {}),
    "efficientvit_m0": (128, 0, {"img_size": 128}),
    "eva02_tiny_patch14_224": (56, 0, {"img_size": 56, "depth": 2}),
    "fasternet_t0": (64, 96, {}),
    "fastvit_t8": (64, 96, {}),
    "focalnet_tiny_srf": (64, 96, {}),
    "gcvit_xxtiny": (64, 0, {"img_size": 64}),
    "gemma4_vit_167m": (96, 0, {"img_size": 96, "depth": 2, "embed_dim": 96, "num_heads": 3}),
    "ghostnet_050": (64, 96, {}),
    "hardcorenas_a": (64, 96, {}),
    "hgnetv2_b0": (64, 96, {}),
    "hiera_tiny_224": (64, 0, {"img_size": 64, "stages": (1, 1, 1, 1)}),
    "sam2_hiera_tiny": (64, 96, {}),
    "hrnet_w18_small": (64, 96, {}),
    "iformer_t": (64, 96, {}),
    "inception_next_atto": (64, 96, {}),
    "inception_resnet_v2": (96, 128, {}),
    "inception_v3": (96, 128, {}),
    "inception_v4": (96, 128, {}),
    "lcnetv2_small": (64, 96, {}),
    "levit_128s": (64, 0, {"img_size": 64}),
    "lowformer_b0": (64, 96, {}),
    "test_mambaout": (64, 96, {}),
    "test_maxvit": (64, 0, {"img_size": 64}),
    "convformer_s18": (64, 96, {}),
    "gmlp_ti16_224": (64, 0, {"img_size": 64}),
    "mobilenetv3_small_050": (64, 96, {}),
    "mobilenetv5_base": (128, 192, {}),
    "mobilevit_xxs": (64, 96, {}),
    "mvitv2_tiny": (64, 0, {"img_size": 64}),
    "naflexvit_base_patch16_gap": (64, 96, {"depth": 2, "embed_dim": 96, "num_heads": 3}),
    "nasnetalarge": (96, 128, {}),
    "nest_tiny": (64, 0, {"img_size": 64}),
    "nextvit_small": (64, 96, {}),
    "nf_resnet26": (64, 96, {}),
    "pit_ti_224": (64, 0, {"img_size": 64}),
    "pnasnet5large": (96, 128, {}),
    "pvt_v2_b0": (64, 96, {}),
    "qwen3_vit_88m": (64, 0, {"img_size": 64, "depth": 2, "embed_dim": 96, "num_heads": 3}),
    "rdnet_tiny": (64, 96, {}),
    "regnetx_002": (64, 96, {}),
    "repghostnet_050": (64, 96, {}),
    "repvit_m0_9": (64, 96, {}),
    "res2net50_48w_2s": (64, 96, {"layers": (1, 1, 1, 1)}),
    "resnest14d": (64, 96, {}),
    "test_resnet": (64, 96, {}),
    "resnetv2_18": (64, 96, {}),
    "rexnet_100": (64, 96, {}),
    "selecsls42": (64, 96, {}),
    "legacy_seresnet18": (64, 96, {}),
    "sequencer2d_s": (64, 96, {"layers": (1, 1, 1, 1)}),
    "shvit_s1": (64, 96, {}),
    "skresnet18": (64, 96, {}),
    "starnet_s050": (64, 96, {}),
    "swiftformer_xs": (64, 96, {}),
    "swin_tiny_patch4_window7_224": (64, 0, {"img_size": 64, "window_size": 4, "depths": (2, 2, 2, 2)}),
    "swinv2_tiny_window8_256": (64, 0, {"img_size": 64, "window_size": 4, "depths": (2, 2, 2, 2)}),
    "swinv2_cr_tiny_224": (64, 0, {"img_size": 64, "depths": (2, 2, 2, 2)}),
    "tiny_vit_5m_224": (64, 96, {}),
    "tnt_s_patch16_224": (64, 0, {"img_size": 64, "depth": 2}),
    "tresnet_m": (64, 96, {"layers": (1, 1, 1, 1)}),
    "twins_svt_small": (64, 96, {"depths": (1, 1, 2, 1)}),
    "vgg11_bn": (64, 96, {}),
    "visformer_tiny": (64, 0, {"img_size": 64}),
    "test_vit": (64, 0, {"img_size": 64}),
    "vit_tiny_r_s16_p8_224": (64, 0, {"img_size": 64, "depth": 2}),
    "test_vit_relpos": (64, 0, {"img_size": 64}),
    "samvit_base_patch16_224": (
        64,
        0,
        {"img_size": 64, "depth": 2, "embed_dim": 96, "num_heads": 3, "global_attn_indexes": (1,)},
    ),
    "vitamin_small_224": (64, 0, {"img_size": 64}),
    "volo_d1_224": (64, 0, {"img_size": 64}),
    "ese_vovnet19b_slim": (64, 96, {}),
    "legacy_xception": (64, 96, {}),
    "xception41": (64, 96, {}),
    "xcit_nano_12_p8_224": (64, 96, {"depth": 2}),
}


def nets() -> list[Net]:
    return [image(name, maker(name, options), side, other) for name, (side, other, options) in ROWS.items()]


def maker(name: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import timm

        return timm.create_model(name, num_classes=10, **options)

    return make
