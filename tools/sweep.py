#!/usr/bin/env python3
"""Every model type of transformers, as small as it gets, from the live model to generated code that runs.

Each type's AutoModel is built from its own configuration, shrunk by the names of its fields, with fixed random weights;
inputs are made from its signature. Where PyTorch runs it, torch2mlx.generate must give code that matches at the traced
and at other sizes. A type ends as one of
    match     every output within the limit, at every size tried
    traced    matches at the traced sizes; other sizes are refused by name, as the code's assumptions say
    refused   unsupported, by name
    differs   generate itself found that the numbers part, and said so; torch.export's program may be what differs
    silent    the code gave other numbers than PyTorch where generate had found none
    error     anything else that went wrong in torch2mlx
    not run   transformers could not build it, or run it on inputs made up for it
    not captured  torch.export could not trace it

    python tools/sweep.py [TYPE...] [--jobs 2] [--json results.json] [--resume]

tools/sweep.json is what runs with these versions have found so far; tools/make_docs.py writes it into docs/support.md.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import inspect
import json
import multiprocessing
import os
import re
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 1200  # a type may take in all
LIMIT = 1e-4  # max|PyTorch - MLX| / max(1, max|PyTorch|)
PATHS = [str(Path(__file__).parent), str(ROOT / "python")]
# Processes of types part from one that has loaded what all of them need, and has computed nothing.
SERVER = multiprocessing.get_context("forkserver")
NO_MODEL = "has no AutoModel"
OPERATOR = re.compile(r"\w+\.\w+\.\w+(?= has no MLX lowering|: )")
OUTCOMES = ("match", "traced", "refused", "differs", "silent", "error", "not captured", "not run")

HEAD_SIZES = r"head_dim|kv_channels|attention_head_size|d_kv|d_head|v_head_dim|qk_rope_head_dim|qk_nope_head_dim"
WIDTHS = r"hidden_size|d_model|n_embd|embed_dim|hidden_dim|dim|word_embed_proj_dim|dim_model|embedding_size|emb_dim"
LAYERS = r"num_hidden_layers|n_layers?|num_layers|(.*_)?(encoder|decoder)_layers|depth|num_blocks|num_block"
BLOCKS = "depths"  # of each stage, as a list
MOST_PARAMETERS = 100_000_000

# Field of a configuration -> its small value; the first pattern that fits a name counts. Lists keep their length, or
# are cut to the number of layers.
Rows = tuple[tuple[str, int], ...]
SHRUNK: Rows = (
    (r"(.*_)?vocab_size(_.*)?|n_vocab|n_tokens|num_embeddings|codebook_size", 99),
    (r"num_key_value_heads|num_kv_heads|n_kv_heads|multi_query_group_num", 2),
    (r"(.*_)?(num_(attention_)?heads|n_heads?|attention_heads|num_heads)", 4),
    (LAYERS, 2),
    (r"num_(local_|routed_)?experts|n_routed_experts|moe_num_experts", 4),
    (r"num_experts_per_tok|moe_k|moe_topk|num_selected_experts|top_k_experts", 2),
    (HEAD_SIZES, 8),
    (r"kv_lora_rank|q_lora_rank", 16),
    (r"(.*_)?(intermediate_size|ffn_dim|d_ff|ffn_hidden_size|d_inner|n_inner|dim_feedforward|ffn_embed_dim)", 48),
    (WIDTHS, 32),
    (r"max_position_embeddings|n_positions|n_ctx|max_seq_len|seq_length|max_sequence_length|max_target_positions", 64),
    (r"image_size|img_size|input_size", 32),
    (r"patch_size", 8),
)
# Before those of SHRUNK, for types whose heads have a size of their own, or parts of a size; and for layers of several
# kinds.
LARGER: tuple[Rows, ...] = (
    ((HEAD_SIZES, 1 << 20), (WIDTHS, 128), (LAYERS, 6)),
    ((HEAD_SIZES, 1 << 20), (WIDTHS, 256), (r"(.*_)?(num_(attention_)?heads|n_heads?|attention_heads|num_heads)", 2)),
)


def shrink(config: Any, rows: Rows = SHRUNK, seen: set[int] | None = None) -> Any:
    """Sets the fields of `config` and of the configurations it holds to their small values."""
    from transformers import PretrainedConfig

    seen = seen if seen is not None else set()
    if id(config) in seen:
        return config
    seen.add(id(config))
    for name, value in list(vars(config).items()):
        if isinstance(value, PretrainedConfig):
            shrink(value, rows, seen)
        for pattern, small in rows:
            if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch(pattern, name) and value > small:
                with contextlib.suppress(Exception):
                    setattr(config, name, small)
                break
        if name == BLOCKS and isinstance(value, list):
            with contextlib.suppress(Exception):
                setattr(config, name, [min(count, 2) for count in value])
    layers = getattr(config, "num_hidden_layers", None)
    for name in ("layer_types", "layers_block_type", "mlp_layer_types", "sliding_window_pattern"):
        kinds = getattr(config, name, None)
        if isinstance(kinds, list) and isinstance(layers, int):
            with contextlib.suppress(Exception):
                setattr(config, name, cut(kinds, layers))
    for name in ("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id", "sep_token_id"):
        value = getattr(config, name, None)
        if isinstance(value, int) and value >= (getattr(config, "vocab_size", None) or 99):
            with contextlib.suppress(Exception):
                setattr(config, name, {"pad_token_id": 0, "bos_token_id": 1}.get(name, 2))
    return config


def cut(kinds: list[str], count: int) -> list[str]:
    """`count` of them in which every kind is left, if there is room."""
    different = list(dict.fromkeys(kinds))
    return (different + kinds)[:count]


def shrinkings(make: Callable[[], Any]) -> Iterator[Any]:
    """Small configurations of a type, smallest first; many need their widths to fit each other."""
    yield shrink(make())
    for larger in LARGER:
        yield shrink(make(), larger + SHRUNK)
    from make_architectures import small

    config = small(make())
    for part in [config, *(v for v in vars(config).values() if hasattr(v, "model_type"))]:
        for name, size in (("vocab_size", 99), ("num_hidden_layers", 2), ("image_size", 64)):
            value = getattr(part, name, None)
            if isinstance(value, int) and not isinstance(value, bool) and value > size:
                with contextlib.suppress(Exception):
                    setattr(part, name, size)
    yield config
    yield small(make())


def spread(model: Any) -> None:
    """Weights that matter: norms and biases start as ones and zeros, and small matrices make blocks identities."""
    import torch

    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.is_floating_point() and parameter.dim() < 2:
                parameter.add_(torch.randn(parameter.shape, generator=generator), alpha=0.1)
            elif parameter.is_floating_point() and parameter.std() < 0.05 and parameter.numel() < 1 << 20:
                parameter.mul_(3)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(generator=generator)


def inputs(model: Any) -> Iterator[list[dict[str, Any]]]:
    """Calls to try, each with the same call at other sizes behind it."""
    import torch

    config = model.config
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    accepted = inspect.signature(model.forward).parameters
    below = min(v for v in (getattr(text, "vocab_size", 99), 99) if isinstance(v, int))

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))

    def ids(batch: int, length: int) -> torch.Tensor:
        return torch.randint(3, below, (batch, length), generator=torch.Generator().manual_seed(batch + length))

    def texts(batch: int, length: int) -> dict[str, Any]:
        call: dict[str, Any] = {"input_ids": ids(batch, length)}
        if "attention_mask" in accepted:
            call["attention_mask"] = torch.ones_like(call["input_ids"])
        if "decoder_input_ids" in accepted:
            call["decoder_input_ids"] = ids(batch, length - 2)
        return call

    vision = getattr(config, "vision_config", config)
    size = next((v for v in (getattr(vision, n, None) for n in ("image_size", "img_size")) if v), 64)
    sides = (size, size) if isinstance(size, int) else tuple(size)[:2]
    size = sides[0]
    channels = getattr(vision, "num_channels", None) or getattr(vision, "in_channels", None) or 3
    bins = next((v for n in ("num_mel_bins", "feature_size", "input_dim") if (v := getattr(config, n, None))), 80)
    frames = 2 * getattr(config, "max_source_positions", 50)
    longest = getattr(config, "max_length", None) or frames
    if "input_ids" in accepted and "pixel_values" in accepted:
        yield [{**texts(b, n), "pixel_values": draw(b, channels, size, size)} for b, n in ((2, 9), (3, 14))]
    if "input_ids" in accepted:
        yield [texts(2, 9), texts(1, 14), texts(3, 6)]
    if "pixel_values" in accepted:
        for shape in (sides, (64, 64), (96, 96), (224, 224)):
            yield [{"pixel_values": draw(b, channels, *shape)} for b in (2, 3)]
        yield [{"pixel_values": draw(b, 8, channels, size, size)} for b in (2, 3)]
    if "past_values" in accepted:
        steps, channels = getattr(config, "context_length", 32), getattr(config, "num_input_channels", 1)
        yield [{"past_values": draw(b, steps, channels)} for b in (2, 3)]
        yield [{"past_values": draw(b, steps)} for b in (2, 3)]
    decoder = {"decoder_input_ids": 1} if "decoder_input_ids" in accepted else {}
    for length in (3200, 640, 24000):
        for name in ("input_values", "audio_values", "waveform"):
            if name in accepted:
                yield [{name: draw(b, n)} for b, n in ((2, length), (1, length + 160))]
                yield [
                    {name: draw(b, n), **{k: ids(b, 5) for k in decoder}} for b, n in ((2, length), (1, length + 160))
                ]
                yield [{name: draw(b, 1, n)} for b, n in ((2, length), (1, length + 160))]
    for name in ("input_features", "input_values"):
        if name in accepted:
            for shape in ((bins, frames), (frames, bins), (64, bins), (longest, bins)):
                yield [{name: draw(b, *shape), **{k: ids(b, 5) for k in decoder}} for b in (2, 3)]


def runs(model: Any, call: dict[str, Any]) -> str:
    import torch

    try:
        with torch.no_grad():
            model(**call)
    except Exception as error:
        return f"{type(error).__name__}: {first_line(error)}"
    return ""


def first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else ""


def prepared(model_type: str) -> tuple[Any, list[dict[str, Any]], str]:
    """(model, calls, "") or (None, [], why not)."""
    import torch
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING
    from transformers.models.auto.modeling_auto import MODEL_MAPPING_NAMES

    names = MODEL_MAPPING_NAMES[model_type]
    cls = getattr(transformers, names if isinstance(names, str) else names[0])
    why = ""
    for config in shrinkings(CONFIG_MAPPING[model_type]):
        try:
            with torch.device("meta"):
                count = sum(p.numel() for p in cls._from_config(config).parameters())
            if count > MOST_PARAMETERS:
                why = why or f"{count / 1e6:.0f} million parameters at the smallest"
                continue
            torch.manual_seed(0)
            model = cls._from_config(config).eval()
        except Exception as error:
            why = f"{type(error).__name__}: {first_line(error)}"
            continue
        spread(model)
        for calls in inputs(model):
            why = runs(model, calls[0])
            if not why:
                return model, [call for call in calls if not runs(model, call)], ""
        why = why or "takes inputs that are not made up here"
    return None, [], why


def sweep(model_type: str) -> dict[str, Any]:
    """{"outcome", "why", "diff"} of one type."""
    import torch2mlx
    from torch2mlx.errors import UnsupportedError, VerificationError

    try:
        model, calls, why = prepared(model_type)
    except Exception as error:  # a configuration that cannot be made, or wants a package or the network
        return {"outcome": "not run", "why": f"{type(error).__name__}: {first_line(error)}"}
    if model is None:
        return {"outcome": "not run", "why": why}
    result: dict[str, Any] = {"class": type(model).__name__}
    try:
        code = torch2mlx.generate(model, kwargs=calls[0])
    except UnsupportedError as error:
        captured = not error.message.startswith("torch.export cannot trace")
        return {**result, "outcome": "refused" if captured else "not captured", "why": str(error)}
    except VerificationError as error:
        return {**result, "outcome": "differs", "why": str(error)}
    diff = code.verification.max_rel_diff if code.verification else float("inf")
    result |= {"lines": code.source.count("\n"), "diff": diff, "assumptions": code.assumptions}
    if code.verification and code.verification.explanation:
        result["why"] = code.verification.explanation
    return {**result, **other_sizes(model, code, calls[1:])}


def other_sizes(model: Any, code: Any, calls: list[dict[str, Any]]) -> dict[str, Any]:
    from torch2mlx.verification import differences, random_leaves, run_mlx, run_torch

    loaded, outcome = code.load(), {"outcome": "match"}
    for call in calls:
        shapes = ", ".join(f"{name} {list(value.shape)}" for name, value in call.items())
        wanted, _ = run_torch(model, (), call)
        try:
            given = run_mlx(loaded, (), call, key=code.graph.key)
        except (ValueError, TypeError) as error:
            told = str(error).startswith("this model was traced with")
            outcome = {"outcome": "traced" if told else "error", "why": f"{shapes}: {first_line(error)}"}
            continue
        random = random_leaves(code.graph, len(wanted), 1)
        compared = differences([""] * len(wanted), wanted, given, LIMIT, random)
        worst = max((difference.max_rel_diff for difference in compared), default=0.0)
        if worst > LIMIT and not (why := explained(model, code, call)):
            return {"outcome": "silent", "why": f"{shapes}: {worst:.2g}"}
        if worst > LIMIT:
            outcome["why"] = why
    return outcome


def explained(model: Any, code: Any, call: dict[str, Any]) -> str:
    """Why a difference at other sizes is no fault, as `generate` finds it out; empty: it is one."""
    from torch2mlx.generation import example_capture
    from torch2mlx.verification import compare

    capture = example_capture(model, None, call)
    check = compare(model, capture, code, capture.lowered)
    return check.explanation if check.passed else ""


def work(model_type: str, log: str, out: Connection) -> None:
    """Sends the result of a type. What is printed goes to `log`."""
    sys.path[:0] = PATHS
    with open(log, "w") as file:
        os.dup2(file.fileno(), 1), os.dup2(file.fileno(), 2)
    warnings.simplefilter("ignore")
    import torch
    import transformers

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    try:
        out.send(sweep(model_type))
    except Exception as error:
        text = traceback.format_exc().strip().splitlines()
        why = f"{type(error).__name__}: {first_line(error)}"
        out.send({"outcome": "error", "why": why, "traceback": text[-8:]})


def in_a_process(model_type: str) -> dict[str, Any]:
    from transformers.models.auto.modeling_auto import MODEL_MAPPING_NAMES

    if model_type not in MODEL_MAPPING_NAMES:
        return {"outcome": "not run", "why": NO_MODEL}
    with tempfile.NamedTemporaryFile("r") as log:
        receiver, sender = SERVER.Pipe(duplex=False)
        process = SERVER.Process(target=work, args=(model_type, log.name, sender))
        process.start()
        sender.close()
        try:
            if receiver.poll(SECONDS):
                return receiver.recv()
            return {"outcome": "error", "why": f"not done in {SECONDS} s"}
        except EOFError:
            process.join()
            tail = log.read().strip().splitlines()
            return {"outcome": "error", "why": f"exit {process.exitcode}: {tail[-1] if tail else ''}"}
        finally:
            process.join(10)
            process.kill()
            process.join()


def causes(results: dict[str, dict[str, Any]]) -> Counter[str]:
    """Operators and other reasons of refusals, by how many types they stop."""
    counts: Counter[str] = Counter()
    for result in results.values():
        if result["outcome"] in ("refused", "not captured", "error", "differs", "silent"):
            operators = set(OPERATOR.findall(result["why"]))
            for cause in operators or {re.sub(r"\d+", "N", result["why"])[:100]}:
                counts[cause] += 1
    return counts


def versions() -> dict[str, str]:
    return {package: importlib.metadata.version(package) for package in ("torch", "transformers", "mlx")}


def recorded(path: Path) -> dict[str, dict[str, Any]]:
    """Results of an earlier run with the same packages."""
    if not path.exists():
        return {}
    record = json.loads(path.read_text())
    return record["types"] if record["versions"] == versions() else {}


def record(path: Path, results: dict[str, dict[str, Any]]) -> None:
    """Writes a type a line, without what a reader of the table has no use for."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    kept = {
        name: {key: short(value) for key, value in result.items() if key not in ("traceback", "assumptions")}
        for name, result in sorted(results.items())
    }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(result)}" for name, result in kept.items())
    head = f'{{"versions": {json.dumps(versions())},\n "of": {len(CONFIG_MAPPING_NAMES)},\n "types": '
    path.write_text(f"{head}{{\n{lines}\n}}}}\n")


def short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.2g}")
    return " ".join(value.split())[:300] if isinstance(value, str) else value


def main() -> int:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=Path, help="where the results go; those of other types stay there")
    parser.add_argument("--resume", action="store_true", help="leave out the types that the results have")
    args = parser.parse_args()
    types = args.types or sorted(CONFIG_MAPPING_NAMES)
    results = recorded(args.json) if args.json and (args.types or args.resume) else {}
    if args.resume:
        types = [name for name in types if name not in results]
    SERVER.set_forkserver_preload(["torch", "torch.export", "transformers.modeling_utils", "torch2mlx.capture"])
    with ThreadPoolExecutor(args.jobs) as pool:
        running = {pool.submit(in_a_process, model_type): model_type for model_type in types}
        for done in as_completed(running):
            model_type, result = running[done], done.result()
            results[model_type] = result
            diff = f"{result['diff']:.1e}" if "diff" in result else ""
            print(f"{model_type:<32} {result['outcome']:<12} {diff:<8} {result.get('why', '')[:300]}", flush=True)
            if args.json:
                record(args.json, results)
    counts = Counter(result["outcome"] for result in results.values())
    tried = sum(counts[name] for name in OUTCOMES if name not in ("not run", "not captured"))
    print("\n" + ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts[name]))
    print(f"{counts['match']} of {tried} captured match ({100 * counts['match'] / max(1, tried):.1f} %)")
    for cause, count in causes(results).most_common(40):
        print(f"{count:4} {cause}")
    return 1 if counts["silent"] else 0


if __name__ == "__main__":
    sys.path[:0] = PATHS
    sys.exit(main())
