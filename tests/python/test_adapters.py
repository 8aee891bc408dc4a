"""LoRA of PEFT, diffusers and kohya: merged into the model it belongs to, or alone as mlx-lm's."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

import torch2mlx
from cli_program import run

State = dict[str, torch.Tensor]
R, ALPHA, DIM, OUT = 4, 16, 8, 12
LAYERS = 3
Q, V, MLP = "self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj"


def base_state() -> State:
    torch.manual_seed(0)
    state = {"model.embed_tokens.weight": torch.randn(20, DIM), "lm_head.weight": torch.randn(20, DIM)}
    for layer in range(LAYERS):
        for name in (Q, V):
            state[f"model.layers.{layer}.{name}.weight"] = torch.randn(OUT, DIM)
            state[f"model.layers.{layer}.{name}.bias"] = torch.randn(OUT)
        state[f"model.layers.{layer}.{MLP}.weight"] = torch.randn(DIM, OUT)
    return state


def base(folder: Path, dtype: torch.dtype = torch.float32) -> Path:
    folder.mkdir()
    save_file({name: value.to(dtype) for name, value in base_state().items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    return folder


def pairs(modules: tuple[str, ...] = (Q, V), layers: int = LAYERS, rank: int = R) -> dict[str, tuple[Any, Any]]:
    """Module -> A, B."""
    torch.manual_seed(1)
    state, made = base_state(), {}
    for layer in range(layers):
        for name in modules:
            path = f"model.layers.{layer}.{name}"
            rows, columns = state[f"{path}.weight"].shape
            made[path] = torch.randn(rank, columns), torch.randn(rows, rank)
    return made


def peft(folder: Path, matrices: dict[str, tuple[Any, Any]], extra: State | None = None, **config: Any) -> Path:
    folder.mkdir(exist_ok=True)
    state = dict(extra or {})
    for path, (a, b) in matrices.items():
        state[f"base_model.model.{path}.lora_A.weight"] = a
        state[f"base_model.model.{path}.lora_B.weight"] = b
    save_file(state, folder / "adapter_model.safetensors")
    told = {"peft_type": "LORA", "r": R, "lora_alpha": ALPHA, "base_model_name_or_path": "org/base"}
    neutral = {"bias": "none", "fan_in_fan_out": False, "use_rslora": False, "use_dora": False, "loftq_config": {}}
    neutral |= {"target_modules": ["q_proj", "v_proj"], "init_lora_weights": True, "layer_replication": None}
    (folder / "adapter_config.json").write_text(json.dumps(neutral | told | config))
    return folder


def merged(state: State, matrices: dict[str, tuple[Any, Any]], scale: float) -> State:
    out = dict(state)
    for path, (a, b) in matrices.items():
        weight = state[f"{path}.weight"]
        out[f"{path}.weight"] = (weight.double() + scale * (b.double() @ a.double())).to(weight.dtype)
    return out


def close(ours: State, reference: State, tolerance: float = 1e-5) -> bool:
    assert ours.keys() == reference.keys()
    for name, value in reference.items():
        assert ours[name].dtype == value.dtype, name
        assert torch.allclose(ours[name].double(), value.double(), atol=tolerance, rtol=tolerance), name
    return True


def result(tmp_path: Path, *arguments: object) -> State:
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    run(*arguments[:1], tmp_path / "out", *arguments[1:])
    return load_file(tmp_path / "out/model.safetensors")


@pytest.mark.parametrize("rslora", [False, True])
def test_merging_peft(rslora: bool, tmp_path: Path) -> None:
    made = pairs()
    adapter = peft(tmp_path / "lora", made, use_rslora=rslora)
    scale = ALPHA / math.sqrt(R) if rslora else ALPHA / R
    got = result(tmp_path, base(tmp_path / "base"), "--adapter", adapter)
    assert close(got, merged(base_state(), made, scale))
    assert not torch.equal(
        got["model.layers.0.self_attn.q_proj.weight"], base_state()["model.layers.0.self_attn.q_proj.weight"]
    )
    assert not (tmp_path / "out/adapter_config.json").exists()
    assert "PEFT LoRA merged into 6 weights" in (tmp_path / "out/report.json").read_text()


def test_merging_is_exact_for_exact_numbers(tmp_path: Path) -> None:
    """Whole numbers, so that every order of sums gives the same."""
    made = {path: (a.round(), b.round()) for path, (a, b) in pairs().items()}
    state = {name: value.round() for name, value in base_state().items()}
    folder = tmp_path / "base"
    folder.mkdir()
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        save_file({name: value.to(dtype) for name, value in state.items()}, folder / "model.safetensors")
        got = result(tmp_path, folder, "--adapter", peft(tmp_path / "lora", made))
        wanted = merged({name: value.to(dtype) for name, value in state.items()}, made, ALPHA / R)
        assert all(torch.equal(got[name], value) for name, value in wanted.items())


def test_ranks_and_alphas_of_their_own(tmp_path: Path) -> None:
    path, special = "model.layers.1.self_attn.q_proj", pairs((MLP,), 1, 2)
    made = pairs()
    adapter = peft(
        tmp_path / "lora", made | special, rank_pattern={"mlp.down_proj": 2}, alpha_pattern={path: 3, "down_proj": 5}
    )
    wanted = merged(base_state(), made, ALPHA / R)
    wanted |= {k: v for k, v in merged(base_state(), {path: made[path]}, 3 / R).items() if k == f"{path}.weight"}
    wanted = merged(wanted, special, 5 / 2)
    assert close(result(tmp_path, base(tmp_path / "base"), "--adapter", adapter), wanted)


def test_embeddings_and_whole_tensors(tmp_path: Path) -> None:
    a, b, head = torch.randn(R, 20), torch.randn(DIM, R), torch.randn(20, DIM)
    prefix = "base_model.model."
    extra = {f"{prefix}model.embed_tokens.lora_embedding_A": a, f"{prefix}model.embed_tokens.lora_embedding_B": b}
    extra |= {f"{prefix}lm_head.weight": head, f"{prefix}model.layers.0.{Q}.base_layer.bias": torch.ones(OUT)}
    adapter = peft(tmp_path / "lora", pairs(), extra, modules_to_save=["lm_head"], bias="lora_only")
    wanted = merged(base_state(), pairs(), ALPHA / R)
    wanted["model.embed_tokens.weight"] = wanted["model.embed_tokens.weight"] + ALPHA / R * (b @ a).T
    wanted |= {"lm_head.weight": head, f"model.layers.0.{Q}.bias": torch.ones(OUT)}
    assert close(result(tmp_path, base(tmp_path / "base"), "--adapter", adapter), wanted)


def test_matrices_with_their_inputs_first(tmp_path: Path) -> None:
    """transformers' Conv1D, square ones too."""
    folder = tmp_path / "base"
    folder.mkdir()
    state = {"h.0.c_attn.weight": torch.randn(8, 24), "h.0.c_proj.weight": torch.randn(8, 8)}
    save_file(state, folder / "model.safetensors")
    made = {
        name: (torch.randn(R, w.shape[0]), torch.randn(w.shape[1], R))
        for name, w in (("h.0.c_attn", state["h.0.c_attn.weight"]), ("h.0.c_proj", state["h.0.c_proj.weight"]))
    }
    adapter = peft(tmp_path / "lora", {f"transformer.{name}": pair for name, pair in made.items()}, fan_in_fan_out=True)
    wanted = {f"{n}.weight": state[f"{n}.weight"] + ALPHA / R * (b @ a).T for n, (a, b) in made.items()}
    assert close(result(tmp_path, folder, "--adapter", adapter), wanted)


def test_convolutions(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    state = {"conv.weight": torch.randn(6, 5, 3, 3), "conv.bias": torch.randn(6)}
    save_file(state, folder / "model.safetensors")
    a, b = torch.randn(R, 5, 3, 3), torch.randn(6, R, 1, 1)
    got = result(tmp_path, folder, "--adapter", peft(tmp_path / "lora", {"conv": (a, b)}))
    delta = (b.flatten(1) @ a.flatten(1)).reshape(6, 5, 3, 3) * ALPHA / R
    wanted = {"conv.weight": (state["conv.weight"] + delta).permute(0, 2, 3, 1), "conv.bias": state["conv.bias"]}
    assert close(got, wanted)


def test_merged_weights_are_quantized_and_cast(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    state = {"model.l.weight": torch.randn(8, 64), "model.l.bias": torch.randn(8)}
    save_file(state, folder / "model.safetensors")
    made = {"model.l": (torch.randn(R, 64), torch.randn(8, R))}
    adapter = peft(tmp_path / "lora", made)
    whole = merged(state, made, ALPHA / R)
    assert close(
        result(tmp_path, folder, "--adapter", adapter, "--dtype", "bfloat16"),
        {k: v.bfloat16() for k, v in whole.items()},
        1e-2,
    )
    got = result(tmp_path, folder, "--adapter", adapter, "-q")
    (tmp_path / "merged").mkdir()
    save_file(load_file(result_file(tmp_path, folder, adapter)), tmp_path / "merged/model.safetensors")
    reference = result(tmp_path, tmp_path / "merged", "-q")
    assert all(torch.equal(got[name], value) for name, value in reference.items())


def result_file(tmp_path: Path, folder: Path, adapter: Path) -> Path:
    shutil.rmtree(tmp_path / "plain", ignore_errors=True)
    run(folder, tmp_path / "plain", "--adapter", adapter)
    return tmp_path / "plain/model.safetensors"


def kohya(path: Path, matrices: dict[str, tuple[Any, Any]], alpha: float | None = 8.0) -> Path:
    state = {}
    for name, (a, b) in matrices.items():
        state |= {f"{name}.lora_down.weight": a, f"{name}.lora_up.weight": b}
        if alpha is not None:
            state[f"{name}.alpha"] = torch.tensor(alpha)
    save_file(state, path)
    return path


@pytest.mark.parametrize("alpha", [8.0, None])
@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
def test_kohya(prefix: str, alpha: float | None, tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    linear, conv = "down_blocks.0.attentions.1.to_q", "mid_block.resnets.0.conv1"
    state = {f"{prefix}{linear}.weight": torch.randn(6, 5), f"{prefix}{conv}.weight": torch.randn(6, 5, 3, 3)}
    state |= {f"{prefix}{conv}.bias": torch.randn(6), f"{prefix}proj_in.weight": torch.randn(6, 5, 1, 1)}
    state[f"{prefix}proj_in.bias"] = torch.randn(6)
    save_file(state, folder / "diffusion_pytorch_model.safetensors")
    made = {
        "lora_unet_" + linear.replace(".", "_"): (torch.randn(R, 5), torch.randn(6, R)),
        "lora_unet_" + conv.replace(".", "_"): (torch.randn(R, 5, 3, 3), torch.randn(6, R, 1, 1)),
        "lora_unet_proj_in": (torch.randn(R, 5), torch.randn(6, R)),
    }
    adapter = kohya(tmp_path / "style.safetensors", made, alpha)
    got = result(tmp_path, folder, "--adapter", adapter)
    scale = 1.0 if alpha is None else alpha / R
    for name, (a, b) in made.items():
        key = next(key for key in state if key.removesuffix(".weight").replace(".", "_").endswith(name[10:]))
        delta = scale * (b.flatten(1) @ a.flatten(1))
        wanted = state[key] + delta.reshape(state[key].shape)
        wanted = wanted.permute(0, 2, 3, 1) if wanted.ndim == 4 else wanted
        assert torch.allclose(got[key], wanted, atol=1e-5)


def test_parts_of_other_models_are_skipped_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    save_file({"a.to_q.weight": torch.zeros(6, 5)}, folder / "model.safetensors")
    made = {name: (torch.randn(R, 5), torch.randn(6, R)) for name in ("lora_unet_a_to_q", "lora_te_b", "lora_te_c")}
    adapter = kohya(tmp_path / "style.safetensors", made)
    done = run(folder, tmp_path / "no", "--adapter", adapter, check=1)
    assert all(word in done.stderr for word in ("lora_te_b", "lora_te_c", "2 of its modules", "--skip"))
    assert not (tmp_path / "no").exists()
    got = result(tmp_path, folder, "--adapter", adapter, "--skip", "lora_te_*")
    a, b = made["lora_unet_a_to_q"]
    assert close(got, {"a.to_q.weight": 8 / R * (b @ a)})


def test_diffusers(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    save_file(
        {"blocks.0.to_q.weight": torch.zeros(6, 5), "x.0.to_q.weight": torch.zeros(6, 5)}, folder / "model.safetensors"
    )
    a, b = torch.randn(R, 5), torch.randn(6, R)
    for first, second in ((".lora_A", ".lora_B"), (".lora.down", ".lora.up")):
        name = "unet.blocks.0.to_q"
        save_file({f"{name}{first}.weight": a, f"{name}{second}.weight": b}, tmp_path / "lora.safetensors")
        got = result(tmp_path, folder, "--adapter", tmp_path / "lora.safetensors")
        assert close(got, {"blocks.0.to_q.weight": b @ a, "x.0.to_q.weight": torch.zeros(6, 5)})


# Alone ---------------------------------------------------------------------------------------------------------------


def test_alone_it_is_mlx_lms(tmp_path: Path) -> None:
    made = pairs((Q, V), 2)
    adapter = peft(tmp_path / "lora", made)
    run(adapter, tmp_path / "out")
    config = json.loads((tmp_path / "out/adapter_config.json").read_text())
    assert config["fine_tune_type"] == "lora"
    parameters = config["lora_parameters"]
    assert (parameters["rank"], parameters["scale"], parameters["dropout"]) == (R, ALPHA / R, 0.0)
    got = load_file(tmp_path / "out/adapters.safetensors")
    assert len(got) == 8
    for path, (a, b) in made.items():
        assert torch.equal(got[f"{path}.lora_a"], a.T)
        assert torch.equal(got[f"{path}.lora_b"], b.T)
    (tmp_path / "py").mkdir()
    torch2mlx.convert(adapter, tmp_path / "py/adapters.safetensors")
    for name in ("adapters.safetensors", "adapter_config.json"):
        assert (tmp_path / "py" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_mlx_lm_loads_it(tmp_path: Path) -> None:
    """Base and adapter in mlx-lm give what the merged model gives."""
    import mlx.core as mx
    from mlx_lm.models import llama
    from mlx_lm.tuner.utils import load_adapters

    settings = {
        "model_type": "llama",
        "hidden_size": 8,
        "num_hidden_layers": 3,
        "intermediate_size": 12,
        "vocab_size": 20,
    }
    settings |= {"num_attention_heads": 2, "num_key_value_heads": 2, "rms_norm_eps": 1e-5}
    arguments = llama.ModelArgs.from_dict(settings)
    model, whole = llama.Model(arguments), llama.Model(arguments)
    whole.update(model.parameters())
    mixed: dict[str, tuple[Any, Any]] = {}
    for layer, rank in ((0, R), (2, 2)):
        mixed[f"model.layers.{layer}.{Q}"] = torch.randn(rank, 8), torch.randn(8, rank)
    mixed["model.layers.1.mlp.up_proj"] = torch.randn(R, 8), torch.randn(12, R)
    adapter = peft(tmp_path / "lora", mixed, rank_pattern={f"model.layers.2.{Q}": 2}, alpha_pattern={"up_proj": 6})
    run(adapter, tmp_path / "out")
    load_adapters(model, str(tmp_path / "out"))
    model.eval()
    scales = [ALPHA / R, ALPHA / 2, 6 / R]
    for (path, (a, b)), scale in zip(mixed.items(), scales, strict=True):
        module = whole
        for step in path.split("."):
            module = module[int(step)] if step.isdigit() else getattr(module, step)
        module.weight = module.weight + mx.array((scale * (b @ a)).numpy())
    ids = mx.array([[1, 5, 7, 2]])
    assert mx.abs(model(ids) - whole(ids)).max().item() < 1e-4


def test_what_mlx_lm_does_not_hold(tmp_path: Path) -> None:
    for extra, matrices, word in (
        ({"base_model.model.lm_head.weight": torch.ones(2, 2)}, pairs(), "lm_head.weight"),
        ({}, {"conv": (torch.ones(R, 5, 3, 3), torch.ones(6, R, 1, 1))}, "conv"),
    ):
        adapter = peft(tmp_path / "lora", matrices, extra)
        done = run(adapter, tmp_path / "out", check=1)
        assert word in done.stderr
        assert "--adapter" in done.stderr
    alone = kohya(tmp_path / "style.safetensors", {"lora_unet_x": (torch.ones(R, 2), torch.ones(2, R))})
    done = run(alone, tmp_path / "out", check=1)
    assert "kohya LoRA" in done.stderr
    assert "--adapter" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_adapter_beside_a_model(tmp_path: Path) -> None:
    folder = peft(base(tmp_path / "base"), pairs())
    done = run(folder, tmp_path / "no", check=1)
    assert "lies beside the model" in done.stderr
    assert "--adapter" in done.stderr
    assert close(result(tmp_path, folder, "--adapter", folder), merged(base_state(), pairs(), ALPHA / R))


def test_a_model_is_not_replaced_by_an_adapter(tmp_path: Path) -> None:
    result(tmp_path, base(tmp_path / "base"))
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    done = run(peft(tmp_path / "lora", pairs()), tmp_path / "out", "--force", check=1)
    assert "a model is there" in done.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


# What is refused -----------------------------------------------------------------------------------------------------


def _key(name: str, value: torch.Tensor | None = None) -> dict[str, Any]:
    return {"extra": {name: torch.ones(2, 2) if value is None else value}}


P = "base_model.model.model.layers.0.self_attn.q_proj"
REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "dora": ({"use_dora": True}, ("'use_dora'",)),
    "dora vector": (_key(f"{P}.lora_magnitude_vector"), ("DoRA",)),
    "other type": ({"peft_type": "IA3"}, ("peft_type is 'IA3'",)),
    "pissa": ({"init_lora_weights": "pissa_niter_4"}, ("pissa_niter_4",)),
    "replication": ({"layer_replication": [[0, 2]]}, ("'layer_replication'",)),
    "tokens": ({"trainable_token_indices": [1]}, ("'trainable_token_indices'",)),
    "unknown setting": ({"new_arithmetic": 3}, ("'new_arithmetic'",)),
    "lora bias": ({"lora_bias": True}, ("'lora_bias'",)),
    "pattern": ({"rank_pattern": {".*q_proj": 2}}, ("rank_pattern '.*q_proj'",)),
    "no alpha": ({"lora_alpha": None}, ("r and lora_alpha",)),
    "other rank": ({"r": 8}, ("its rank is 4", "says 8")),
    "several": (_key("base_model.model.x.lora_A.other.weight"), ("adapters in one file",)),
    "half": (_key("base_model.model.x.lora_A.weight"), ("x: without its second matrix",)),
    "unmerged": (_key(f"{P}.base_layer.weight"), ("not merged",)),
    "loha": (_key("x.hada_w1_a"), ("LoHa",)),
    "lokr": (_key("x.lokr_w1"), ("LoKr",)),
    "processors": (_key("x.processor.to_q_lora.down.weight"), ("attention processors",)),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("alone", [True, False])
def test_other_adapters(what: str, alone: bool, tmp_path: Path) -> None:
    config, words = REFUSED[what]
    config = dict(config)
    adapter = peft(tmp_path / "lora", pairs(), config.pop("extra", None), **config)
    arguments = [adapter] if alone else [base(tmp_path / "base"), "--adapter", adapter]
    done = run(arguments[0], tmp_path / "out", *arguments[1:], check=1)
    assert all(word in done.stderr for word in words), done.stderr
    assert "hint: " in done.stderr
    assert not (tmp_path / "out").exists()


def _grow(matrices: dict[str, tuple[Any, Any]]) -> None:
    path = next(iter(matrices))
    matrices[path] = torch.randn(R, DIM + 1), matrices[path][1]


def _rename(matrices: dict[str, tuple[Any, Any]]) -> None:
    matrices["model.layers.9.self_attn.q_proj"] = matrices.pop(next(iter(matrices)))


DAMAGED: dict[str, tuple[Callable[[dict[str, tuple[Any, Any]]], Any], tuple[str, ...]]] = {
    "other sizes": (_grow, ("[4, 9]", "do not fit", "[12, 8]")),
    "other module": (_rename, ("model.layers.9.self_attn.q_proj", "no such weight")),
    "rank differs": (
        lambda m: m.update({next(iter(m)): (torch.ones(R, DIM), torch.ones(OUT, R + 1))}),
        ("do not make a matrix",),
    ),
    "integers": (
        lambda m: m.update({next(iter(m)): (torch.ones(R, DIM).int(), torch.ones(OUT, R))}),
        ("do not make a matrix",),
    ),
    "no axes": (lambda m: m.update({next(iter(m)): (torch.ones(R), torch.ones(OUT, R))}), ("do not make a matrix",)),
    "no elements": (
        lambda m: m.update({next(iter(m)): (torch.ones(0, DIM), torch.ones(OUT, 0))}),
        ("do not make a matrix",),
    ),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_damaged_adapters(what: str, tmp_path: Path) -> None:
    damage, words = DAMAGED[what]
    made = pairs()
    damage(made)
    adapter = peft(tmp_path / "lora", made)
    done = run(base(tmp_path / "base"), tmp_path / "out", "--adapter", adapter, check=1)
    assert all(word in done.stderr for word in words), done.stderr
    assert not (tmp_path / "out").exists()


def test_no_adapter(tmp_path: Path) -> None:
    folder = base(tmp_path / "base")
    assert "is no adapter" in run(folder, tmp_path / "out", "--adapter", folder, check=1).stderr
    adapter = peft(tmp_path / "lora", pairs())
    (adapter / "adapter_config.json").unlink()
    assert "adapter_config.json is missing" in run(adapter, tmp_path / "out", check=1).stderr
    (adapter / "adapter_config.json").write_text("{")
    assert "not JSON" in run(adapter, tmp_path / "out", check=1).stderr


def test_python_takes_the_same_options(tmp_path: Path) -> None:
    adapter = peft(tmp_path / "lora", pairs())
    out = torch2mlx.convert(base(tmp_path / "base"), tmp_path / "m.safetensors", adapter=adapter, skip="lm_head")
    wanted = merged(base_state(), pairs(), ALPHA / R)
    del wanted["lm_head.weight"]
    assert close(load_file(out), wanted)
    out = torch2mlx.convert(base_state(), tmp_path / "m.safetensors", adapter=adapter, only=["*.layers.0.*"])
    assert close(load_file(out), {k: v for k, v in wanted.items() if ".layers.0." in k})
    with pytest.raises(torch2mlx.InputError, match="matches no tensor"):
        torch2mlx.convert(base_state(), tmp_path / "m.safetensors", skip="nothing")
    with pytest.raises(torch2mlx.InputError, match="patterns are strings"):
        torch2mlx.convert(base_state(), tmp_path / "m.safetensors", only=[1])  # type: ignore[list-item]


def test_a_model_with_such_layers_of_its_own(tmp_path: Path) -> None:
    """Phi-4-multimodal's matrices stay what they are."""
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "phi4mm"}))
    state = {"q.base_layer.weight": torch.ones(2, 2), "q.lora_A.vision.weight": torch.ones(1, 2)}
    save_file(state, folder / "model.safetensors")
    assert close(result(tmp_path, folder), state)
