"""Lines of generated code against the ports written by hand that exist: mlx-lm's, mlx-examples', and bench/by_hand.

Counted are lines of code (no blank lines, comments or docstrings) of modules, and of the functions that they call; of
ports nothing else: no configuration, cache, tokenizer, loading or command line. One line each: lines generated, lines
by hand, and their ratio (target <= 1.5).

    python bench/lines.py [--mlx-examples CLONE] [NAME...]
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import importlib.util
import io
import sys
import tokenize
import warnings
from pathlib import Path
from typing import Any

import torch2mlx

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "python"))
from more_transformers import MORE
from transformers_models import ARCHITECTURES, Architecture

MLX_LM, EXAMPLES, OWN = "mlx_lm.models", "mlx-examples", "by_hand"
DEPTHS: dict[str, dict[str, Any]] = {"resnet": {"depths": [3, 4, 6, 3]}, "t5": {"num_layers": 6}}  # as published
# Class of transformers, architecture of the tests that has its settings, where the port is, and its files.
PORTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("GPT2LMHeadModel", "gpt2", MLX_LM, ("gpt2.py",)),
    ("GPTNeoXForCausalLM", "gpt-neox", MLX_LM, ("gpt_neox.py",)),
    ("Qwen2ForCausalLM", "qwen2", MLX_LM, ("qwen2.py",)),
    ("LlamaForCausalLM", "llama", MLX_LM, ("llama.py",)),
    ("Gemma2ForCausalLM", "gemma2", MLX_LM, ("gemma2.py",)),
    ("Gemma3ForCausalLM", "gemma3", MLX_LM, ("gemma3_text.py",)),
    ("Phi3ForCausalLM", "phi3", MLX_LM, ("phi3.py",)),
    ("Qwen3ForCausalLM", "qwen3", MLX_LM, ("qwen3.py",)),
    ("MixtralForCausalLM", "mixtral", MLX_LM, ("mixtral.py", "switch_layers.py")),
    ("Qwen2MoeForCausalLM", "qwen2-moe", MLX_LM, ("qwen2_moe.py", "switch_layers.py")),
    ("MambaForCausalLM", "mamba", MLX_LM, ("mamba.py",)),
    ("BertModel", "bert", OWN, ("bert.py",)),
    ("ViTModel", "vit", OWN, ("vit.py",)),
    ("ResNetModel", "resnet", OWN, ("resnet.py",)),
    ("WhisperEncoder", "whisper", OWN, ("whisper.py",)),
    ("BertModel", "bert", EXAMPLES, ("bert/model.py",)),
    ("T5ForConditionalGeneration", "t5", EXAMPLES, ("t5/t5.py",)),
    ("CLIPModel", "clip", EXAMPLES, ("clip/model.py",)),
    ("WhisperModel", "whisper", EXAMPLES, ("whisper/mlx_whisper/whisper.py",)),
    ("SamModel", "sam", EXAMPLES, tuple(
        f"segment_anything/segment_anything/{name}.py"
        for name in ("common", "image_encoder", "mask_decoder", "prompt_encoder", "sam", "transformer")
    )),
    ("EncodecModel", "encodec", EXAMPLES, ("encodec/encodec.py",)),
)  # fmt: skip
NOT_FORWARD = {"sanitize", "from_pretrained", "make_cache", "layers", "shard", "quant_predicate", "cast_predicate"}
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def modules(tree: ast.Module) -> dict[str, ast.ClassDef]:
    """Classes that derive from nn.Module, or from one of these."""
    found: dict[str, ast.ClassDef] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(
            ast.unparse(base) in ("nn.Module", "Module", *found) for base in node.bases
        ):
            found[node.name] = node
    return found


def names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def counted(text: str) -> list[ast.stmt]:
    """Modules without what is not part of computing them, and the functions of the file that they call."""
    tree = ast.parse(text)
    parts: list[ast.stmt] = []
    for cls in modules(tree).values():
        parts += [part for part in cls.body if getattr(part, "name", "") not in NOT_FORWARD]
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    seen: set[str] = set()
    for part in parts:  # grows
        for name in names(part) & functions.keys() - seen:
            seen.add(name)
            parts.append(functions[name])
    return parts


def rows(part: ast.stmt, above: int = 0) -> set[int]:
    return set(range(part.lineno - above, (part.end_lineno or part.lineno) + 1))


def lines(text: str) -> int:
    code = {
        row
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in NO_CODE
        for row in range(token.start[0], token.end[0] + 1)
    }
    total = len(modules(ast.parse(text)))  # their `class` lines
    for part in counted(text):
        own = rows(part, len(getattr(part, "decorator_list", []))) & code
        for inner in ast.walk(part):
            if (
                isinstance(inner, ast.Expr)
                and isinstance(inner.value, ast.Constant)
                and isinstance(inner.value.value, str)
            ):
                own -= rows(inner)
        total += len(own)
    return total


def port(where: str, files: tuple[str, ...], examples: Path | None) -> list[str]:
    """Texts of the port's files."""
    if where == EXAMPLES:
        folder = examples
    else:
        spec = importlib.util.find_spec(where)
        folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    return [(folder / name).read_text() for name in files] if folder else []


def generated(cls: str, architecture: Architecture, depths: dict[str, Any]) -> str:
    if cls == "WhisperEncoder":
        whole = dataclasses.replace(architecture, part="encoder")
        features = architecture.calls[0][1]["input_features"]
        return torch2mlx.generate(whole.build(), (features,), verify=False).source
    own = dataclasses.replace(architecture, cls=cls, settings={**architecture.settings, **depths})
    return torch2mlx.generate(own.build(), *own.calls[0], verify=False).source


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlx-examples", type=Path, help="a clone of ml-explore/mlx-examples")
    parser.add_argument("--show", action="store_true", help="print the generated code too")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    for cls, base, where, files in PORTS:
        texts = port(where, files, args.mlx_examples)
        if not texts or (args.names and cls not in args.names):
            continue
        source = generated(cls, {**ARCHITECTURES, **MORE}[base], DEPTHS.get(base, {}))
        ours, theirs = lines(source), sum(map(lines, texts))
        print(f"{cls:<28} {ours:4} generated  {theirs:4} by hand ({where} {files[0]})  {ours / theirs:.2f}", flush=True)
        if args.show:
            print(source)


if __name__ == "__main__":
    main()
