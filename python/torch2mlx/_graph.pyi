from collections.abc import Callable, Mapping, Sequence
import os

import mlx.core


class Source:
    """Text of model.py and what belongs to it."""

    @property
    def text(self) -> str: ...

    @property
    def class_name(self) -> str: ...

    @property
    def keys(self) -> list[str]: ...

    @property
    def undeclared(self) -> list[str]: ...

    @property
    def assumptions(self) -> list[str]: ...

    @property
    def large_constants(self) -> list[str]: ...

class Condition:
    """On the sizes of inputs."""

    def __str__(self) -> str: ...

class Graph:
    """An ATen graph as imported, or an MLX graph."""

    @staticmethod
    def import_program(model_json: str, constants: list, modules: list, state_keys: Sequence[str], tied: Mapping[str, str] = {}, guards: Sequence[str] = []) -> Graph:
        """From torch.export's JSON."""

    @staticmethod
    def open_archive(path: str | os.PathLike, model: str = '') -> Graph:
        """From a .pt2 file."""

    def analysis(self) -> str:
        """Coverage and blockers of an ATen graph, as JSON."""

    def lower(self, strict_dtypes: bool = False) -> Graph:
        """
        ATen to MLX; raises UnsupportedError listing every problem, of which float64 is one if types are strict.
        """

    def optimized(self) -> Graph:
        """An MLX graph after all passes."""

    def source(self, class_name: str = '', title: str = '', absent: Sequence[str] = [], parameters: Sequence[str] = [], fixed: Mapping[str, str] = {}) -> Source:
        """Python source of an MLX graph after the passes."""

    def constants(self, targets: Sequence[str]) -> dict[str, mlx.core.array]:
        """{target: array} of lifted tensors and non-persistent buffers"""

    @property
    def layouts(self) -> dict[str, list[int]]:
        """
        {key: torch axes in stored order} of parameters outside the table of layers
        """

    @property
    def modules(self) -> list[tuple[str, str, dict[str, object]]]:
        """[(path, class, {})], as far as modules or scopes tell"""

    @property
    def inputs(self) -> list[tuple[str, str, list[str]]]:
        """[(name, dtype, sizes)] of the user inputs"""

    def expose(self, names: Sequence[str]) -> Graph:
        """A copy in which these values are results too, behind the others."""

    def copy(self) -> Graph: ...

    def unenforced_sizes(self) -> list[tuple[str, int, str, int]]:
        """
        [(input, axis, size, minimum or 0)] at others of which MLX computes too
        """

    def open_minimum(self, symbol: str) -> None:
        """Smaller sizes were seen to do."""

    def require_size(self, input: str, axis: int, size: int) -> None:
        """Other sizes of this axis will not do."""

    def fix_sizes(self) -> None:
        """Other sizes than the example's will not do, as far as these are known."""

    def require(self, condition: Condition) -> None:
        """Sizes at which it does not hold will not do."""

    def shapes_at(self, symbols: Mapping[str, int]) -> dict[str, list[int]]:
        """{input: shape} at these sizes"""

    def accepts(self, symbols: Mapping[str, int]) -> bool:
        """Does MLX compute at these sizes, whatever is said of them?"""

    @property
    def symbols(self) -> list[tuple[str, int, int, int]]:
        """[(name, least, most, of the example or 0)] of the open sizes"""

    @property
    def guards(self) -> list[Condition]:
        """Of an imported graph: what torch.export relied on."""

    def guards_at(self, symbols: Mapping[str, int]) -> list[bool | None]:
        """Does each of them hold at these sizes? None: nobody knows."""

    def open_axis(self, input: str, axis: int) -> None:
        """The size is no rule any more: others were seen to do."""

    @property
    def written(self) -> list[str]:
        """Buffers and arguments that a call writes to, as far as the graph says"""

    @property
    def key(self) -> str | None:
        """The input that is a key of mx.random, or None"""

    @property
    def random_results(self) -> list[bool]:
        """Of each result that is no None: is it made of random numbers?"""

    @property
    def arg_names(self) -> list[str]: ...

    @property
    def notes(self) -> list[str]: ...

    def __str__(self) -> str: ...

class Executor:
    """Runs an MLX graph."""

    def __init__(self, graph: Graph) -> None: ...

    def run(self, parameters: dict, inputs: list, activations: bool = False) -> tuple: ...

def register_layer(torch: str, mlx: str, permute: Mapping[str, Sequence[int]], replace: bool) -> None:
    """Adds a row to the table of layers."""

class Value:
    """An array or a size of the graph that a lowering builds."""

    @property
    def shape(self) -> tuple:
        """
        Sizes of an array: integers where they are known, values where they vary.
        """

    @property
    def dtype(self) -> str:
        """MLX's name of it."""

    def __add__(self, arg: object, /) -> object: ...

    def __radd__(self, arg: object, /) -> object: ...

    def __sub__(self, arg: object, /) -> object: ...

    def __rsub__(self, arg: object, /) -> object: ...

    def __mul__(self, arg: object, /) -> object: ...

    def __rmul__(self, arg: object, /) -> object: ...

    def __floordiv__(self, arg: object, /) -> object: ...

    def __rfloordiv__(self, arg: object, /) -> object: ...

    def __truediv__(self, arg: object, /) -> object: ...

    def __rtruediv__(self, arg: object, /) -> object: ...

class Builder:
    """Appends nodes to an MLX graph: mx("softmax", x, axis=-1)."""

    def __call__(self, op: str, *args, **kwargs) -> object:
        """An op of the table of MLX ops, by name."""

    def axis(self, x: Value, axis: int) -> int:
        """Made non-negative; one out of range is refused."""

    def refuse(self, reason: str) -> None:
        """Raises UnsupportedError: this call has no exact form."""

    def note(self, text: str) -> None:
        """A remark for the report."""

def register_lowering(schema: str, lowering: Callable, replace: bool = False) -> None:
    """Adds a row to the table of lowerings."""

def export_mlxfn(executor: Executor, parameters: dict, path: str | os.PathLike, traces: Sequence[Mapping[str, Sequence[int]]] = [], gpu: bool = False, weights_as_inputs: bool = False) -> str:
    """
    Writes a .mlxfn file of an MLX graph; gives its metadata as JSON. `traces`: shapes by input, a function each.
    """

def mlxfn_devices(path: str | os.PathLike) -> list[tuple[str, str]]:
    """[(primitive, "cpu" or "gpu")] of a .mlxfn file."""

def ops() -> str:
    """
    Both op tables as JSON: {"aten": {op: schema}, "aliases": [op], "mlx": [op]}.
    """

def why_not(op: str) -> str:
    """
    Why an ATen operator has no lowering; empty if it has one, or if nobody wrote one yet.
    """

def verify_passes(on: bool) -> None:
    """
    Checks graphs after every pass from now on, in this process; for tests.
    """
