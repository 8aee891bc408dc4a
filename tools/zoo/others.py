"""open_clip, efficientnet-pytorch and kornia."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, floats, image, ints, uniform

TEXT = {"context_length": 16, "vocab_size": 99, "width": 32, "heads": 2, "layers": 2}
VISION = {"image_size": 32, "patch_size": 8, "width": 32, "head_width": 16, "layers": 2}


def nets() -> list[Net]:
    return [*clips(), *efficientnets(), *kornias()]


def clips() -> list[Net]:
    call = (floats("B", 3, 32, 32), ints(98, "B", 16))
    timm = {
        "timm_model_name": "test_vit",
        "timm_model_pretrained": False,
        "image_size": 32,
        "timm_pool": "token",
        "timm_proj": "linear",
    }
    return [
        Net("open_clip.CLIP", clip("CLIP", VISION, TEXT), call),
        Net(
            "open_clip.CLIP-resnet",
            clip(
                "CLIP",
                {"image_size": 32, "layers": [1, 1, 1, 1], "width": 16, "head_width": 16, "patch_size": None},
                TEXT,
            ),
            call,
        ),
        Net(
            "open_clip.CustomTextCLIP",
            clip("CustomTextCLIP", {**VISION, "pool_type": "avg"}, {**TEXT, "pool_type": "last"}),
            call,
        ),
        Net("open_clip.CLIP-timm", clip("CLIP", timm, TEXT), call),
        Net(
            "open_clip.CoCa",
            clip(
                "CoCa",
                {**VISION, "attentional_pool": True, "attn_pooler_heads": 2, "output_tokens": True},
                {**TEXT, "embed_cls": True, "output_tokens": True},
                multimodal_cfg={**TEXT, "attn_pooler_heads": 2},
            ),
            call,
        ),
    ]


def clip(cls: str, vision: dict[str, Any], text: dict[str, Any], **more: Any) -> Callable[[], Any]:
    def make() -> Any:
        import open_clip

        return getattr(open_clip.model if cls != "CoCa" else open_clip, cls)(
            embed_dim=32, vision_cfg=vision, text_cfg=text, **more
        )

    return make


def efficientnets() -> list[Net]:
    def make() -> Any:
        from efficientnet_pytorch import EfficientNet

        return EfficientNet.from_name("efficientnet-b0", num_classes=10, image_size=64)

    def features() -> Any:
        from efficientnet_pytorch import EfficientNet

        return EfficientNet.from_name("efficientnet-b1", include_top=False)

    return [image("efficientnet-b0", make, 64, 96), image("efficientnet-b1-features", features, 64, 96)]


def kornias() -> list[Net]:
    def of(module: str, cls: str, *args: Any, **options: Any) -> Callable[[], Any]:
        def make() -> Any:
            import importlib

            return getattr(importlib.import_module(f"kornia.{module}"), cls)(*args, **options)

        return make

    picture = (uniform("B", 3, "S", "S"),)
    sizes = {"S": (32, 48)}
    patches = (uniform("B", 1, 32, 32),)
    return [
        Net("kornia.GaussianBlur2d", of("filters", "GaussianBlur2d", (5, 5), (1.5, 1.5)), picture, sizes),
        Net("kornia.Sobel", of("filters", "Sobel"), picture, sizes),
        Net("kornia.Laplacian", of("filters", "Laplacian", 5), picture, sizes),
        Net("kornia.MedianBlur", of("filters", "MedianBlur", (3, 3)), picture, sizes),
        Net("kornia.SpatialGradient", of("filters", "SpatialGradient"), picture, sizes),
        Net("kornia.Canny", of("filters", "Canny"), picture, sizes),
        Net("kornia.RgbToHsv", of("color", "RgbToHsv"), picture, sizes),
        Net("kornia.RgbToLab", of("color", "RgbToLab"), picture, sizes),
        Net("kornia.CornerHarris", of("feature", "CornerHarris", 0.04), (uniform("B", 1, "S", "S"),), sizes),
        Net("kornia.SIFTDescriptor", of("feature", "SIFTDescriptor", 32), patches),
    ]
