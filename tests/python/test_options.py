"""Every option of the command line has an effect, or is a usage error; what one report says no other contradicts."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

import torch2mlx
from cli_program import NATIVE, PYTHON, run
from torch2mlx import _native, cli

Door = Callable[..., Any]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Door:
    """`python -m torch2mlx` in this process: (stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def call(*arguments: object, check: int = 0) -> tuple[str, str]:
        capfd.readouterr()
        status = _native.core().run([str(argument) for argument in arguments], cli.Hooks())
        out, err = capfd.readouterr()
        assert status == check, (status, out, err)
        return out, err

    return call


@pytest.fixture
def module(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5), nn.Softmax(-1)]
    torch.save(nn.Sequential(*layers).eval(), tmp_path / "in.pt")
    return tmp_path / "in.pt"


# Options that take a value, with one.
VALUES = {
    "--tol": "1", "--seed": "3", "--input": "x=f32[1]", "--inputs": "x.safetensors", "--mlxfn-shape": "x=1",
    "--mlxfn-device": "cpu", "--mlxfn-weights": "inputs", "--q-mode": "affine", "--q-bits": "4", "--q-group-size": "32",
    "--quant-predicate": "*=8", "--shard-size": "1GB", "--threads": "1", "--layout": "mlx-lm", "--dtype": "float16",
    "--report": "page.html", "--key": "model", "--layer-type": "*=Conv2d",
}  # fmt: skip


def usage(*arguments: str, program: Any = NATIVE) -> str:
    done = run(*arguments, check=2, program=program)
    (line,) = done.stderr.splitlines()
    assert line.startswith("torch2mlx: ")
    return line


@pytest.mark.parametrize(
    ("option", "forms"),
    [
        ("--tol", ["in out", "in out --codegen", "in --dry-run"]),
        ("--seed", ["in out", "in out --codegen", "in out --codegen --inputs x.safetensors", "in --analyze-only"]),
        ("--input", ["in out", "in out -q", "in --dry-run"]),
        ("--inputs", ["in out", "in --dry-run"]),
        ("--mlxfn-shape", ["in out", "in out --codegen"]),
        ("--mlxfn-device", ["in out"]),
        ("--mlxfn-weights", ["in out"]),
        ("--q-mode", ["in out", "in out -d"]),
        ("--q-bits", ["in out"]),
        ("--q-group-size", ["in out"]),
        ("--quant-predicate", ["in out"]),
        ("--codegen", ["in --analyze-only", "analyze in"]),
        ("--verify", ["in --analyze-only"]),
        ("--mlxfn", ["in --analyze-only"]),
        ("--optimizer", ["in --analyze-only", "in --dry-run"]),
        ("--shard-size", ["in --analyze-only"]),
        ("--threads", ["in --analyze-only", "in --dry-run"]),
        ("--no-sync", ["in --analyze-only", "in --dry-run"]),
        ("--force", ["in --analyze-only", "in --dry-run"]),
        ("--no-analyze", ["in --analyze-only"]),
        ("--dry-run", ["in --analyze-only"]),
        ("-d", ["in out -q"]),
        ("--layout", ["in out --codegen", "in out --verify"]),
        ("--dtype", ["in out --mlxfn"]),
        ("-q", ["in out --mlxfn"]),
    ],
)
def test_an_option_without_effect_is_an_error(option: str, forms: list[str]) -> None:
    for form in forms:
        given = [option, VALUES[option]] if option in VALUES else [option]
        assert option.lstrip("-")[:1] in usage(*form.split(), *given)
    if option == "--seed":
        assert "--input" in usage("verify", "a", "b", "--seed", "3")


def test_every_option_is_in_the_readme_s_program() -> None:
    """Options that the help lists are known to this file, or need no other."""
    listed = set(re.findall(r"--[a-z][a-z-]+", run("--help").stdout))
    alone = {"--analyze-only", "--codegen", "--dequantize", "--dry-run", "--force", "--help", "--hf-path", "--json",
             "--mlx-path", "--mlxfn", "--model", "--no-analyze", "--no-sync", "--optimizer", "--quantize", "--quiet",
             "--strict-dtypes", "--trust-code", "--trust-remote-code", "--verify", "--version"}  # fmt: skip
    assert VALUES.keys() <= listed
    assert alone <= listed


def test_help_is_a_word() -> None:
    for program in (NATIVE, PYTHON):
        for arguments in (["help"], ["help", "convert"], ["convert", "--help"]):
            assert "OUTPUT_DIR" in run(*arguments, program=program).stdout
        assert "MLX_INPUT" in run("help", "restore", program=program).stdout
        assert "no command" in usage("help", "nothing", program=program)
        alone = run(check=2, program=program)
        assert "OUTPUT_DIR" in alone.stdout
        assert "INPUT" in alone.stderr


def test_convert_and_analyze_are_words(tmp_path: Path) -> None:
    save_file({"fc.weight": np.ones((2, 3), np.float32)}, tmp_path / "in.safetensors")
    run("convert", tmp_path / "in.safetensors", tmp_path / "out")
    assert (tmp_path / "out/model.safetensors").is_file()
    words, option = run("analyze", tmp_path / "in.safetensors"), run(tmp_path / "in.safetensors", "--analyze-only")
    assert words.stdout == option.stdout


def test_key_has_an_effect_or_is_refused(door: Door, tmp_path: Path) -> None:
    save_file({"fc.weight": np.ones((2, 3), np.float32)}, "in.safetensors")
    assert "--key" in door("in.safetensors", "out", "--key", "model", check=1)[1]
    assert "--key" in door("somewhere:make", "out", "--key", "model", check=1)[1]


def test_tolerance_of_a_conversion(door: Door, module: Path) -> None:
    assert "1e-12" in door("in.pt", "out", "--codegen", "--verify", "--tol", "1e-12", check=1)[1]
    assert not Path("out").exists()
    out, _ = door("in.pt", "out", "--codegen", "--verify", "--tol", "0.5")
    assert "tolerance 0.5" in out
    torch.export.save(torch.export.export(torch.load(module, weights_only=False), (torch.randn(2, 3, 8, 8),)), "in.pt2")
    assert "1e-12" in door("in.pt2", "b", "--verify", "--tol", "1e-12", "--trust-code", check=1)[1]


def test_report_json_says_what_was_found(door: Door, module: Path) -> None:
    door("in.pt", "out", "--codegen", "--verify")
    report = json.loads(Path("out/report.json").read_text())
    code, check = report["code"], report["verification"]
    assert code["class_name"] == "Sequential"
    assert code["call_confidence"] in ("mechanical", "needs_review")
    assert code["verified"] is True
    assert any("inputs made from" in text for text in code["assumptions"])
    assert code["coverage"] == {
        "init_coverage": 1.0, "registry_coverage": 1.0, "call_coverage": 1.0, "skipped_leaves": []
    }  # fmt: skip
    assert check["passed"] is True
    assert {"outputs", "layers", "explanation", "float64", "choices", "tolerance"} <= check.keys()
    assert check["assumptions"] == code["assumptions"]
    # The text, the report and a later `verify` say the same.
    door("in.pt", "plain", "--codegen")
    plain = json.loads(Path("plain/report.json").read_text())
    assert plain["verification"] is None
    assert plain["code"]["verified"] is None
    later = json.loads(door("verify", "in.pt", "out", "--json")[0])
    assert later["assumptions"] == code["assumptions"]
    assert later["call_confidence"] == code["call_confidence"]
    printed = json.loads(door("in.pt", "json", "--codegen", "--verify", "--json")[0])
    assert printed["code"] == code
    door("in.pt", "weights")
    assert "code" not in json.loads(Path("weights/report.json").read_text())


def test_json_has_no_infinities(door: Door, module: Path) -> None:
    door("in.pt", "out", "--codegen")
    text = Path("out/model.py").read_text()
    Path("out/model.py").write_text(re.sub(r"return (mx.*)", r"return (\1)[..., :2]", text))
    out, _ = door("verify", "in.pt", "out", "--json", check=1)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    assert json.loads(out, parse_constant=refuse)["max_rel_diff"] is None


def test_a_dry_run_checks_the_code(door: Door, module: Path) -> None:
    out, _ = door("in.pt", "--dry-run", "--codegen", "--verify")
    assert "class Sequential" in out
    assert "passed" in out
    torch.save({"fc.weight": torch.ones(2, 3)}, "state.pt")
    assert "holds tensors but no code" in door("state.pt", "--dry-run", "--codegen", check=1)[1]
    assert sorted(path.name for path in Path().iterdir()) == ["in.pt", "state.pt"]


def test_what_cannot_convert_is_not_counted_as_converted(door: Door) -> None:
    arrays = {f"c{i}.weight": np.ones((2, 3, 2, 2), np.float32) for i in range(3)}
    arrays |= {"fc.bias": np.ones(2, np.float32), "fc.weight": np.ones((2, 3), np.float32)}
    save_file(arrays, "in.safetensors")
    out, _ = door("in.safetensors", "--analyze-only")
    assert out.count("cannot convert") == 3
    assert "1 of 4 layers convert (25%)" in out
    assert json.loads(door("in.safetensors", "--analyze-only", "--json")[0])["coverage"] == 0.25
    assert torch2mlx.analyze("in.safetensors").mapped_layers == 1


def test_verify_says_at_once_what_is_missing(door: Door) -> None:
    Path("slow.py").write_text("raise SystemExit('imported')\n")
    Path("out").mkdir()
    for _ in ("model.py", "model.safetensors"):
        _, err = door("verify", "slow:make", "out", check=1)
        assert "--codegen writes it" in err
        assert "imported" not in err
        Path("out/model.py").write_text("")


def test_tables_have_columns() -> None:
    for option in ("--layers", "--dtypes"):
        lines = run("ops", option).stdout.splitlines()
        assert all(re.fullmatch(r"\S+ {2,}\S.*", line) for line in lines)
        assert len({re.search(r" {2,}\S", line).end() for line in lines}) == 1  # type: ignore[union-attr]


def test_shards_are_counted(door: Door) -> None:
    save_file({f"l{i}.weight": np.ones((64, 64), np.float32) for i in range(4)}, "in.safetensors")
    out, _ = door("in.safetensors", "out", "--shard-size", "40kB")
    assert "out: 2 files of weights: 66" in out or "out: 2 files of weights: 65" in out


def test_quantized_weights_are_verified(door: Door) -> None:
    torch.manual_seed(0)
    torch.save(nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32)).eval(), "in.pt")
    out, _ = door("in.pt", "out", "--codegen", "--verify", "-q", "--q-bits", "8")
    assert "`torch2mlx verify` compares what was written" in out
    check = json.loads(door("verify", "in.pt", "out", "--json", "--tol", "0.05")[0])
    assert 1e-4 < check["max_rel_diff"] < 0.05
    door("verify", "in.pt", "out", check=1)


def test_shards_are_verified(door: Door, module: Path) -> None:
    door("in.pt", "out", "--codegen", "--shard-size", "300")
    assert len(list(Path("out").glob("model-*.safetensors"))) > 1
    assert "passed" in door("verify", "in.pt", "out")[0]
    next(Path("out").glob("model-*.safetensors")).unlink()
    assert "no such file" in door("verify", "in.pt", "out", check=1)[1]


def test_a_note_says_one_thing_once() -> None:
    class Doubles(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for _ in range(9):
                x = (x * 1.5).sin()
            return x

    code = torch2mlx.generate(Doubles().double(), (torch.randn(2, 3).double(),))
    (note,) = [text for text in code.assumptions if "float64" in text]
    assert note.startswith("float64 is held as float32: ")
    assert re.search(r" and \d+ more$", note)


def test_code_prints_as_a_summary() -> None:
    code = torch2mlx.generate(nn.Sequential(nn.Linear(4, 3)), (torch.randn(2, 4),))
    assert "class Sequential" in str(code)
    assert "passed" in str(code)
    assert "import mlx" not in str(code) + repr(code)
    assert "\n" not in repr(code)
    assert len(repr(code)) < 200


OWN = """
import torch
from transformers import PretrainedConfig, PreTrainedModel


class OwnConfig(PretrainedConfig):
    model_type = "own_thing"

    def __init__(self, width=8, **more):
        super().__init__(**more)
        self.width = width


class OwnModel(PreTrainedModel):
    config_class = OwnConfig

    def __init__(self, config):
        super().__init__(config)
        self.fc = torch.nn.Linear(config.width, config.width)
        self.post_init()

    def forward(self, x):
        return torch.relu(self.fc(x))
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Hugging Face folder whose class is code in the folder."""
    monkeypatch.setenv("HF_MODULES_CACHE", str(tmp_path / "modules"))
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "modeling_own.py").write_text(OWN)
    auto = {"AutoConfig": "modeling_own.OwnConfig", "AutoModel": "modeling_own.OwnModel"}
    config = {"model_type": "own_thing", "width": 8, "architectures": ["OwnModel"], "auto_map": auto}
    (folder / "config.json").write_text(json.dumps(config))
    weights = {"fc.weight": np.random.randn(8, 8), "fc.bias": np.random.randn(8)}
    save_file({key: value.astype(np.float32) for key, value in weights.items()}, folder / "model.safetensors",
              {"format": "pt"})  # fmt: skip
    return folder


def test_code_in_a_folder_runs_when_it_is_trusted(door: Door, own: Path) -> None:
    inputs = ("--input", "x=f32[2,8]")
    (own / "modeling_own.py").write_text(f"open({str(own / 'ran')!r}, 'w')\n" + OWN)
    _, err = door(own, "out", "--codegen", *inputs, check=1)
    assert "modeling_own.OwnModel" in err
    assert "--trust-remote-code" in err
    assert not (own / "ran").exists()
    assert not Path("out").exists()
    with pytest.raises(torch2mlx.UnsupportedError, match="trust_code=True"):
        torch2mlx.generate(own, (torch.randn(2, 8),))
    out, _ = door(own, "out", "--codegen", "--verify", "--trust-remote-code", *inputs)
    assert "passed" in out
    assert (own / "ran").exists()
    assert "passed" in door("verify", own, "out", "--trust-remote-code", *inputs)[0]
    assert torch2mlx.generate(own, (torch.randn(2, 8),), trust_code=True).verified
    assert torch2mlx.verify(own, (torch.randn(2, 8),), trust_code=True).passed
    door(own, "weights")  # need no code


def test_code_of_another_repository_is_refused(door: Door, own: Path) -> None:
    config = json.loads((own / "config.json").read_text())
    config["auto_map"] = {name: f"someone/else--{value}" for name, value in config["auto_map"].items()}
    (own / "config.json").write_text(json.dumps(config))
    err = door(own, "out", "--codegen", "--trust-remote-code", "--input", "x=f32[2,8]", check=1)[1]
    assert "another repository: someone/else--modeling_own.OwnModel" in err
    shutil.rmtree(own)
