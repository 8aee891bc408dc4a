from collections.abc import Callable, Mapping, Sequence
import os
import pathlib


def register_layer(torch: str, mlx: str, permute: Mapping[str, Sequence[int]], replace: bool) -> None:
    """Adds a row to the table of layers."""

version: str = '0.1.0'

mlx_version: str = '0.32.4'

class Checkpoint:
    """Named tensors in place, and what else a file tells."""

    @property
    def format(self) -> str: ...

    @property
    def path(self) -> pathlib.Path: ...

    @property
    def metadata(self) -> dict[str, str]: ...

    @property
    def notes(self) -> list[str]: ...

    @property
    def modules(self) -> list[tuple[str, str]]:
        """[(path, class)], depth first; empty where the file tells none"""

    @property
    def tensors(self) -> list[tuple[str, str, tuple[int, ...]]]:
        """[(key, torch dtype, shape)] in file order"""

    def bytes(self, name: str) -> object:
        """A tensor's elements, row-major."""

class Request:
    """The parsed command line of the main form."""

    @property
    def input(self) -> str: ...

    @property
    def output(self) -> pathlib.Path: ...

    @property
    def key(self) -> str: ...

    @property
    def example_inputs(self) -> list[str]: ...

    @property
    def inputs(self) -> str: ...

    @property
    def report(self) -> str: ...

    @property
    def strict_dtypes(self) -> bool: ...

    @property
    def tolerance(self) -> float | None: ...

    @property
    def seed(self) -> int: ...

    @property
    def codegen(self) -> bool: ...

    @property
    def verify(self) -> bool: ...

    @property
    def mlxfn(self) -> bool: ...

    @property
    def mlxfn_shapes(self) -> list[str]: ...

    @property
    def mlxfn_device(self) -> str: ...

    @property
    def mlxfn_weights(self) -> str: ...

    @property
    def json(self) -> bool: ...

    @property
    def quiet(self) -> bool: ...

    @property
    def trust_code(self) -> bool: ...

def open(path: str | os.PathLike, key: str = '') -> Checkpoint:
    """Opens any supported file or folder."""

def prepare(checkpoint: Checkpoint, adapter: str | os.PathLike, only: Sequence[str], skip: Sequence[str]) -> Checkpoint:
    """With a LoRA merged, and the keys that are wanted alone."""

def is_adapter(checkpoint: Checkpoint) -> bool:
    """Whether it holds an adapter rather than a model."""

def mlx_lm_adapter(checkpoint: Checkpoint, skip: Sequence[str]) -> tuple[Checkpoint, str]:
    """
    An adapter as mlx-lm takes it, and the text of its adapter_config.json.
    """

def from_tensors(tensors: list, modules: list = []) -> Checkpoint:
    """A checkpoint of live tensors."""

def convert(checkpoint: Checkpoint, path: str | os.PathLike, options: dict = {}, progress: Callable[[int, int], None] | None = None) -> str:
    """Writes MLX safetensors; gives the report as JSON."""

def restore(checkpoint: Checkpoint, path: str | os.PathLike, options: dict = {}, progress: Callable[[int, int], None] | None = None) -> str:
    """Writes PyTorch's weights again; gives the report as JSON."""

def quantize(matrix: bytes, dtype: str, columns: int, mode: str, bits: int, group_size: int) -> tuple:
    """
    Rows of a matrix as (words, scales, biases), all bytes; what mx.quantize gives.
    """

def dequantize(words: bytes, scales: bytes, biases: bytes, dtype: str, mode: str, bits: int, group_size: int) -> bytes:
    """The reverse, as mx.dequantize gives it."""

def record(checkpoint: Checkpoint, options: dict = {}) -> str:
    """What restore needs of an original, as JSON."""

def planned(checkpoint: Checkpoint, options: dict = {}) -> list[tuple[str, list[int]]]:
    """[(key, shape)] that convert would write."""

def mlx_key(key: str) -> str:
    """What mlx.nn calls a key or path of PyTorch's."""

def torch_key(key: str) -> str:
    """What PyTorch calls a key or path of mlx.nn's."""

def analyze(checkpoint: Checkpoint, options: dict = {}) -> str:
    """What convert would do, as JSON."""

def optimizer(path: str | os.PathLike, model: Sequence[tuple[str, Sequence[int]]], key: str = '', torch_class: str = '') -> object:
    """
    ([{class, constructor, step, learning_rate, parameters, slots}], notes) of the optimizer in a file, None where it holds none; `model` is [(name, shape)] of the model's parameters.
    """

def convert_optimizer(model: Checkpoint, input: str | os.PathLike, output: str | os.PathLike, options: dict = {}, torch_class: str = '') -> str:
    """
    Writes the state of the optimizer in `input` for mlx.optimizers; the report as JSON.
    """

def optimizers() -> list:
    """[(class of torch.optim, class of mlx.optimizers or '')]"""

def run(args: Sequence[str], hooks: object) -> int:
    """The command line; gives the exit status."""
