"""Nets of MONAI, for images of two and of three dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, Size, floats, ints

UNET = {"channels": (4, 8, 16), "strides": (2, 2)}
CODER = {"channels": (4, 8), "strides": (2, 2)}
LEVELS = {"channels": (8, 16), "attention_levels": (False, True), "num_res_blocks": 1, "norm_num_groups": 4}
TRANSFORMER = {"hidden_size": 32, "mlp_dim": 64, "num_heads": 2}

# class -> number of spatial dimensions, sides as traced and another, constructor arguments
ROWS: dict[str, tuple[int, int, int, dict[str, Any]]] = {
    "UNet": (3, 16, 24, {"spatial_dims": 3, **UNET, "num_res_units": 1, "out_channels": 2}),
    "AttentionUnet": (2, 32, 48, {"spatial_dims": 2, **UNET, "out_channels": 2}),
    "AutoEncoder": (2, 32, 48, {"spatial_dims": 2, **CODER, "out_channels": 1}),
    "VarAutoEncoder": (
        2,
        32,
        0,
        {"spatial_dims": 2, "in_shape": (1, 32, 32), "latent_size": 4, **CODER, "out_channels": 1},
    ),
    "BasicUNet": (3, 32, 48, {"features": (4, 4, 8, 8, 16, 4)}),
    "BasicUNetPlusPlus": (2, 32, 48, {"spatial_dims": 2, "features": (4, 4, 8, 8, 16, 4)}),
    "DenseNet": (
        3,
        32,
        48,
        {"spatial_dims": 3, "out_channels": 3, "init_features": 8, "growth_rate": 4, "block_config": (2, 2)},
    ),
    "DynUNet": (
        3,
        16,
        32,
        {
            "spatial_dims": 3,
            "out_channels": 2,
            "kernel_size": [3, 3, 3],
            "strides": [1, 2, 2],
            "upsample_kernel_size": [2, 2],
            "filters": [4, 8, 16],
        },
    ),
    "EfficientNetBN": (2, 64, 96, {"model_name": "efficientnet-b0", "pretrained": False, "num_classes": 3}),
    "FlexibleUNet": (
        2,
        64,
        96,
        {"out_channels": 2, "backbone": "resnet10", "pretrained": False, "decoder_channels": (32, 16, 8, 8, 4)},
    ),
    "HighResNet": (3, 12, 16, {"out_channels": 2}),
    "MedNeXt": (3, 32, 48, {"init_filters": 4}),
    "SegResNet": (3, 16, 24, {"init_filters": 8}),
    "SegResNetDS": (3, 16, 32, {"init_filters": 4, "blocks_down": (1, 1, 1)}),
    "SEResNet50": (2, 64, 96, {"spatial_dims": 2, "layers": (1, 1, 1, 1), "inplanes": 16, "num_classes": 3}),
    "SwinUNETR": (
        3,
        64,
        96,
        {"out_channels": 2, "feature_size": 12, "depths": (1, 1, 1, 1), "window_size": 4, "spatial_dims": 3},
    ),
    "UNETR": (3, 32, 0, {"out_channels": 2, "img_size": 32, "feature_size": 4, **TRANSFORMER}),
    "VNet": (3, 16, 32, {"out_channels": 2}),
    "ViT": (3, 16, 0, {"img_size": 16, "patch_size": 8, "num_layers": 2, **TRANSFORMER, "classification": True}),
    "ViTAutoEnc": (
        2,
        32,
        0,
        {"img_size": 32, "patch_size": 4, "num_layers": 2, **TRANSFORMER, "spatial_dims": 2, "deconv_chns": 4},
    ),
    "AutoencoderKL": (2, 16, 24, {"spatial_dims": 2, **LEVELS, "latent_channels": 4}),
    "ResNet": (
        3,
        16,
        24,
        {
            "block": "basic",
            "layers": [1, 1, 1, 1],
            "block_inplanes": [4, 8, 16, 32],
            "n_input_channels": 1,
            "num_classes": 3,
        },
    ),
    "AHNet": (2, 64, 96, {"spatial_dims": 2, "layers": (1, 1, 1, 1), "out_channels": 2, "psp_block_num": 0}),
    "RegUNet": (2, 32, 64, {"spatial_dims": 2, "num_channel_initial": 4, "depth": 2, "out_channels": 2}),
}
WITH_IN_CHANNELS = "in_channels"
WITHOUT = ("VarAutoEncoder", "ResNet")


def nets() -> list[Net]:
    rows = [of_row(name, *row) for name, row in ROWS.items()]
    diffusion = {"spatial_dims": 2, "in_channels": 1, "out_channels": 1, **LEVELS, "num_head_channels": 8}
    return [
        *rows,
        Net(
            "DiffusionModelUNet",
            maker("DiffusionModelUNet", diffusion),
            (floats("B", 1, "S", "S"), ints(1000, "B")),
            {"S": (16, 24)},
        ),
        Net(
            "DecoderOnlyTransformer",
            maker(
                "DecoderOnlyTransformer",
                {
                    "num_tokens": 20,
                    "max_seq_len": 16,
                    "attn_layers_dim": 32,
                    "attn_layers_depth": 2,
                    "attn_layers_heads": 2,
                },
            ),
            (ints(20, "B", "L"),),
            {"L": (9, 14)},
        ),
    ]


def of_row(name: str, dimensions: int, traced: int, other: int, options: dict[str, Any]) -> Net:
    side: Size = "S" if other else traced
    channels = 3 if name in ("EfficientNetBN", "FlexibleUNet", "SEResNet50") else 1
    given = options if name in WITHOUT else {WITH_IN_CHANNELS: channels, **options}
    return Net(
        name,
        maker(name, given),
        (floats("B", channels, *[side] * dimensions),),
        {"S": (traced, other)} if other else {},
    )


def maker(name: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import monai.networks.nets

        return getattr(monai.networks.nets, name)(**options)

    return make
