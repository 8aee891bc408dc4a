#!/usr/bin/env python3
"""Writes src/layers/transformers.txt: which layer class the tensors of transformers' models belong to.

Every model class of every model type is built on the meta device from its default configuration. Of each type the
modules are listed whose tensors PyTorch and MLX lay out differently, or may: those of rank 3 and more and those that
the table of layers permutes. Numbers in paths become *. Paths that mean different things in different classes carry
the class's name; where they are several kinds of convolutions, their kernels tell them apart; other paths that mean
several things are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/layers/transformers.txt"
SECONDS = 120  # a class may take to build

BARE = "Parameter"
MATRICES = {"transformers.pytorch_utils.Conv1D"}  # hold a matrix in another layout under a name that others use
PLAIN = ""
UNKNOWN = "?"


@cache
def table() -> dict[str, bool]:
    """Classes of the table of layers; true for those that MLX lays out or names otherwise."""
    program = [sys.executable, "-m", "torch2mlx", "ops", "--layers", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    rows = json.loads(subprocess.run(program, env=environment, capture_output=True, check=True).stdout)
    return {row["torch"]: any(row["parameters"].values()) or "targets" in row for row in rows}


def full_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def known_base(module: Any, rows: dict[str, bool]) -> str | None:
    """The nearest class of the module that the table has, if the module's own parameters are that class's."""
    for cls in type(module).__mro__:
        if full_name(cls) in rows:
            return full_name(cls)
    return None


def collapsed(path: str) -> str:
    return re.sub(r"(?<![^.])\d+(?![^.])", "*", path)


def layers_of(model: Any, rows: dict[str, bool]) -> dict[str, set[str]]:
    """Path of a module or parameter, numbers as *, -> the classes that were met there."""
    import torch

    found: dict[str, set[str]] = {}
    for path, module in model.named_modules(remove_duplicate=False):
        if re.search(r"(^|\.)parametrizations(\.|$)", path):
            continue
        parameters = dict(module.named_parameters(recurse=False))
        parametrized = getattr(module, "parametrizations", {})
        base = known_base(module, rows)
        pattern = collapsed(path)
        high = [name for name, p in parameters.items() if p.dim() > 2]
        high += [name for name, made in parametrized.items() if getattr(module, name).dim() > 2]
        high += [name[:-2] for name in parameters if name.endswith("_v") and f"{name[:-2]}_g" in parameters]
        if base and (rows[base] or high):
            no_bias = getattr(module, "bias", None) is None
            grouped = isinstance(module, torch.nn.modules.conv._ConvTransposeNd) and module.groups != 1
            kernel = "x".join(map(str, getattr(module, "kernel_size", ()) if "Conv" in base else ()))
            meaning = short(base) + (f"({kernel})" if kernel else "")
            if grouped and no_bias:
                meaning = f"{short(base)},depthwise" if module.groups == module.in_channels else UNKNOWN
            found.setdefault(pattern, set()).add(meaning)
        elif any(p.dim() == 2 for p in parameters.values()):
            # A matrix that stays as it is; tensors of other ranks are told apart by them.
            found.setdefault(pattern, set()).add(PLAIN)
        if not (base and (rows[base] or high)):
            for name in high:
                found.setdefault(collapsed(f"{path}.{name}".lstrip(".")), set()).add(BARE)
        for name, buffer in module.named_buffers(recurse=False):
            if buffer.dim() > 2 and name not in module._non_persistent_buffers_set and not base:
                found.setdefault(collapsed(f"{path}.{name}".lstrip(".")), set()).add(BARE)
    return found


def meaning_of(classes: list[str]) -> str:
    """One class, or "Conv1d(7)|ConvTranspose1d(16)" where the kernels tell several apart."""
    names = {text.partition("(")[0] for text in classes}
    if PLAIN in names and not any(MATRICES & {name} for name in names):
        names.discard(PLAIN)
        classes = [text for text in classes if text]
    if len(names) == 1:
        return names.pop()
    kernels = [text.partition("(")[2] for text in classes]
    return "|".join(classes) if all(kernels) and len(set(kernels)) == len(kernels) else UNKNOWN


def short(name: str) -> str:
    return name.rpartition(".")[2] if name.startswith("torch.nn.") else name


class TooLongError(Exception):
    pass


def built(cls: Any, config: Any) -> Any:
    import torch

    def late(*_: Any) -> None:
        raise TooLongError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        with torch.device("meta"):
            return cls._from_config(config) if hasattr(cls, "_from_config") else cls(config)
    finally:
        signal.alarm(0)


def small(config: Any) -> Any:
    """Two layers instead of many, where the configuration allows it."""
    for part in [config, *(v for v in vars(config).values() if hasattr(v, "model_type"))]:
        for name in ("num_experts", "n_routed_experts", "num_local_experts"):
            if isinstance(getattr(part, name, None), int) and getattr(part, name) > 8:
                setattr(part, name, 8)
        if getattr(part, "vocab_size", 1) is None:
            part.vocab_size = 32
        if isinstance(getattr(part, "num_hidden_layers", None), int) and not getattr(part, "layer_types", None):
            part.num_hidden_layers = min(part.num_hidden_layers, 4)
    return config


def model_classes(model_type: str) -> list[str]:
    from transformers.models.auto import modeling_auto

    names: set[str] = set()
    for mapping in (n for n in dir(modeling_auto) if re.fullmatch(r"MODEL_.*MAPPING_NAMES", n)):
        entry = getattr(modeling_auto, mapping).get(model_type)
        names.update([entry] if isinstance(entry, str) else entry or [])
    return sorted(names)


def walk(model_type: str) -> dict[str, Any]:
    """{"layers": {class: {path: [layers]}}, "failed": {class: why}} of one type."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    warnings.simplefilter("ignore")
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    transformers.logging.set_verbosity_error()
    rows = table()
    result: dict[str, Any] = {"layers": {}, "failed": {}}
    for name in model_classes(model_type):
        try:
            cls = getattr(transformers, name)
            try:
                model = built(cls, small(CONFIG_MAPPING[model_type]()))
            except TooLongError:
                raise
            except Exception:
                model = built(cls, CONFIG_MAPPING[model_type]())
            found = layers_of(model, rows)
            prefix = getattr(cls, "base_model_prefix", "") + "."
            result["layers"][name] = {
                path.removeprefix(prefix) if prefix != "." else path: meaning_of(sorted(classes))
                for path, classes in found.items()
            }
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            text = str(error).strip().splitlines()
            result["failed"][name] = f"{type(error).__name__}: {text[0] if text else ''}"
    return result


def over_types(script: str, types: list[str], jobs: int, work: Callable[[str], Any]) -> Iterator[tuple[str, Any]]:
    """`work` of every type, a dozen types in a process of their own: a model's constructor may do anything."""
    if jobs == 0:
        yield from ((model_type, work(model_type)) for model_type in types)
        return

    def run(chunk: list[str]) -> list[tuple[str, Any]]:
        done = subprocess.run([sys.executable, script, "--json", *chunk], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout.splitlines()[-1])
        if len(chunk) == 1:
            print(f"{chunk[0]}: {done.stderr[-500:]}", file=sys.stderr)
            return []
        return [result for one in chunk for result in run([one])]

    with ThreadPoolExecutor(jobs) as pool:
        for results in pool.map(run, [types[i : i + 12] for i in range(0, len(types), 12)]):
            yield from results


def lines_of(walked: dict[str, Any]) -> list[str]:
    """ "path layer", or "Class: path layer" where it holds for one class alone."""
    by_path: dict[str, dict[str, str]] = {}
    for cls, layers in walked["layers"].items():
        for path, meaning in layers.items():
            by_path.setdefault(path, {})[cls] = meaning
    lines = []
    for path, by_class in by_path.items():
        meanings = set(by_class.values())
        if not meanings & MATRICES:
            meanings.discard(PLAIN)
        if len(meanings) == 1:
            lines += [f"{path} {meaning}" for meaning in meanings if meaning not in ("", UNKNOWN)]
        else:
            lines += [f"{c}: {path} {m}" for c, m in by_class.items() if m not in ("", UNKNOWN)]
    return sorted(lines)


def text_of(walked: dict[str, dict[str, Any]], version: str) -> str:
    out = [f"# transformers {version}, written by tools/make_architectures.py"]
    for model_type, result in sorted(walked.items()):
        if result["layers"]:
            out += [f"[{model_type}]", *lines_of(result)]
    return "\n".join(out) + "\n"


def main() -> int:
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("types", nargs="*", help="model types to print instead of writing the file")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    types = args.types or sorted(CONFIG_MAPPING_NAMES)
    if args.json:
        print(json.dumps(list(over_types(__file__, types, 0, walk))))
        return 0
    walked = dict(over_types(__file__, types, args.jobs, walk))
    text = text_of(walked, transformers.__version__)
    if args.types:
        print(text, end="")
    else:
        TARGET.write_text(text)
    failed = {(t, c): why for t, result in walked.items() for c, why in result["failed"].items()}
    for (model_type, cls), why in sorted(failed.items()):
        print(f"{model_type} {cls}: {why}", file=sys.stderr)
    classes = sum(len(result["layers"]) for result in walked.values())
    print(f"{len(types)} types, {classes} classes read, {len(failed)} could not be built", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
