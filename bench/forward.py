"""Forward passes of generated code against the same model written by hand for MLX, and against PyTorch's eager mode.

Language models are compared with mlx-lm's own; ResNet-50, ViT-B and Whisper's encoder (base) with bench/by_hand. Sizes
are the published ones, but for fewer layers of the language models; weights are random. One line each: median seconds,
hand / generated (1: equally fast, higher is better; target >= 0.95) and PyTorch / generated.

    python bench/forward.py [NAME...]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import torch
import transformers
from transformers.models.whisper.modeling_whisper import WhisperEncoder as TorchWhisperEncoder

import torch2mlx
from by_hand.resnet import ResNet
from by_hand.vit import ViT
from by_hand.whisper import WhisperEncoder

ROUNDS = 15
LENGTH = 64
LANGUAGE = {
    "gpt2": transformers.GPT2Config(n_layer=6, use_cache=False),
    "qwen2": transformers.Qwen2Config(
        hidden_size=896, intermediate_size=4864, num_hidden_layers=6, num_attention_heads=14, num_key_value_heads=2,
        vocab_size=32000, use_cache=False,
    ),
    "llama": transformers.LlamaConfig(
        hidden_size=1024, intermediate_size=2816, num_hidden_layers=6, num_attention_heads=16, num_key_value_heads=4,
        vocab_size=32000, use_cache=False,
    ),
}  # fmt: skip
Call = Callable[[], Any]
Three = tuple[Call, Call, Call]  # by hand, generated, PyTorch


def first(result: Any) -> mx.array:
    return result if isinstance(result, mx.array) else result[0]


def language(name: str) -> Three:
    from mlx_lm.utils import load_model

    model = transformers.AutoModelForCausalLM.from_config(LANGUAGE[name]).eval()
    ids = torch.randint(0, 30000, (1, LENGTH))
    generated = torch2mlx.generate(model, kwargs={"input_ids": ids}, verify=False).load()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(f"{folder}/in")
        command = [sys.executable, "-m", "torch2mlx", f"{folder}/in", f"{folder}/out", "--layout", "mlx-lm", "--quiet"]
        subprocess.run(command, check=True)
        by_hand, _ = load_model(Path(folder) / "out")
        mx.eval(by_hand.parameters())
    given = mx.array(ids.numpy())
    return lambda: by_hand(given), lambda: generated(given), lambda: model(ids).logits


def other(model: torch.nn.Module, by_hand: Any, example: torch.Tensor, pick: Callable[[Any], Any]) -> Three:
    """`by_hand` takes channels last."""
    generated = torch2mlx.generate(model.eval(), (example,), verify=False).load()
    with tempfile.TemporaryDirectory() as folder:
        by_hand.load_weights(str(torch2mlx.convert(model, Path(folder) / "weights.safetensors")), strict=True)
        mx.eval(by_hand.parameters())
    by_hand.eval()
    given = mx.array(example.numpy())
    last = mx.contiguous(mx.moveaxis(given, 1, -1))
    mx.eval(given, last)
    return lambda: by_hand(last), lambda: pick(generated(given)), lambda: pick(model(example))


def resnet() -> Three:
    model = transformers.ResNetModel(transformers.ResNetConfig())
    return other(model, ResNet(model.config), torch.randn(1, 3, 224, 224), lambda y: y[1])


def vit() -> Three:
    model = transformers.ViTModel(transformers.ViTConfig())
    return other(model, ViT(model.config), torch.randn(1, 3, 224, 224), lambda y: y[1])


def whisper() -> Three:
    config = transformers.WhisperConfig(d_model=512, encoder_layers=6, encoder_attention_heads=8, encoder_ffn_dim=2048)
    return other(TorchWhisperEncoder(config), WhisperEncoder(config), torch.randn(1, 80, 3000), lambda y: y[0])


MODELS: dict[str, Callable[[], Three]] = {
    **{name: lambda name=name: language(name) for name in LANGUAGE},  # type: ignore[misc]
    "resnet-50": resnet,
    "vit-b": vit,
    "whisper-base": whisper,
}


def seconds(call: Call) -> float:
    start = time.perf_counter()
    result = call()
    if not isinstance(result, torch.Tensor):
        mx.eval(first(result))
    return time.perf_counter() - start


def main() -> None:
    for name in sys.argv[1:] or MODELS:
        torch.manual_seed(0)
        by_hand, generated, eager = MODELS[name]()
        with torch.no_grad():
            wanted = eager().numpy()
            for call in (by_hand, generated):  # the same numbers, before anything is timed
                got = np.array(first(call()))
                error = float(np.abs(got.reshape(wanted.shape) - wanted).max()) / max(1.0, float(np.abs(wanted).max()))
                assert error < 1e-4, f"{name}: {error}"
            times = [[seconds(call) for call in (by_hand, generated, eager)] for _ in range(ROUNDS)]
        hand, ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
        print(
            f"{name:<13} by hand {hand * 1e3:8.2f} ms   generated {ours * 1e3:8.2f} ms   PyTorch {theirs * 1e3:8.2f} ms"
            f"   hand / generated {hand / ours:.3f} (target >= 0.95)   PyTorch / generated {theirs / ours:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
