"""segmentation-models-pytorch: each decoder on a small encoder, and encoders of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, image

# decoder -> encoder, sides of the images as traced and another, constructor arguments
ROWS: dict[str, tuple[str, int, int, dict[str, Any]]] = {
    "Unet": ("tu-resnet18", 64, 96, {}),
    "UnetPlusPlus": ("tu-resnet18", 64, 96, {}),
    "MAnet": ("tu-resnet18", 64, 96, {}),
    "Linknet": ("tu-resnet18", 64, 96, {}),
    "FPN": ("tu-resnet18", 64, 96, {}),
    "PSPNet": ("tu-resnet18", 64, 96, {}),
    "PAN": ("tu-resnet18", 128, 192, {}),
    "DeepLabV3": ("tu-resnet18", 64, 96, {}),
    "DeepLabV3Plus": ("tu-resnet18", 64, 96, {}),
    "UPerNet": ("tu-resnet18", 64, 96, {}),
    "Segformer": ("mit_b0", 64, 96, {}),
    "DPT": ("tu-vit_tiny_patch16_224", 64, 96, {"dynamic_img_size": True}),
}
ENCODERS = ("tu-mobilenetv3_small_050", "efficientnet-b0", "timm-regnetx_002", "mobileone_s0", "tu-test_convnext")


def nets() -> list[Net]:
    decoders = [
        image(decoder, maker(decoder, encoder, options), side, other)
        for decoder, (encoder, side, other, options) in ROWS.items()
    ]
    encoders = [image(f"Unet-{encoder}", maker("Unet", encoder, {}), 64, 96) for encoder in ENCODERS]
    return decoders + encoders


def maker(decoder: str, encoder: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import segmentation_models_pytorch as smp

        return getattr(smp, decoder)(encoder, encoder_weights=None, classes=3, **options)

    return make
