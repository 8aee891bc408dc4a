#!/usr/bin/env python3
"""Whether config.json alone gives the layouts that the live module gives, for models of transformers.

Every model class is built on the meta device; its tensors become a safetensors file of holes beside the model's
config.json. That folder is analyzed once with the module tree of the live model and once by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "python")]

from make_architectures import built, model_classes, over_types, small  # noqa: E402


def write_holes(model: Any, folder: Path) -> None:
    """model.safetensors with the model's keys and shapes and no data, and config.json."""
    header, at = {}, 0
    for name, tensor in model.state_dict().items():
        bytes_of = 2 * tensor.numel()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [at, at + bytes_of]}
        at += bytes_of
    text = json.dumps(header).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + at)
    config = model.config.to_dict() | {"architectures": [type(model).__name__]}
    (folder / "config.json").write_text(json.dumps(config, default=str))


def layouts(folder: Path, options: dict[str, Any]) -> dict[str, Any]:
    from torch2mlx import _core

    report = json.loads(_core.analyze(_core.open(folder), options))
    found = {t["name"]: (t.get("permute"), t["mlx"]["shape"], t.get("outputs")) for t in report["tensors"]}
    return {**found, "problems": report["problems"]}


def compare(model: Any) -> list[str]:
    """What the folder by itself gives otherwise; empty: nothing."""
    from torch2mlx._tensors import describe_modules

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_holes(model, folder)
        live = layouts(folder, {"modules": describe_modules(model)})
        alone = layouts(folder, {})
    if live["problems"]:
        return [f"the live model has problems: {live['problems'][0]}"]
    return [f"{key}: {alone.get(key)}, not {value}" for key, value in live.items() if alone.get(key) != value]


def check(model_type: str) -> list[tuple[str, str, list[str]]]:
    """(class, "same" | "differs" | "not built", details) of every class of a type."""
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    transformers.logging.set_verbosity_error()
    results = []
    for name in model_classes(model_type):
        try:
            model = built(getattr(transformers, name), small(CONFIG_MAPPING[model_type]()))
        except BaseException as error:
            results.append((name, "not built", [str(error)[:100]]))
            continue
        try:
            found = compare(model)
        except Exception as error:
            found = [str(error)]
        results.append((name, "differs" if found else "same", found))
    return results


def main() -> int:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    types = args.types or sorted(CONFIG_MAPPING_NAMES)
    if args.json:
        print(json.dumps(list(over_types(__file__, types, 0, check))))
        return 0
    counts: Counter[str] = Counter()
    for model_type, results in over_types(__file__, types, args.jobs, check):
        for name, outcome, details in results:
            counts[outcome] += 1
            if outcome != "same":
                print(f"{model_type} {name} {outcome}: {len(details)}, {details[0]}", flush=True)
    print(f"{len(types)} types:", ", ".join(f"{count} classes {what}" for what, count in counts.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
