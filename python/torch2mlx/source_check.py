"""Is generated source sound? It is compiled and instantiated; nothing is computed."""

from __future__ import annotations

import builtins
import dis
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from . import _native
from .errors import InternalError, Torch2MLXError

if TYPE_CHECKING:
    from .generation import GeneratedCode


def require_sound(code: GeneratedCode) -> None:
    """Raises InternalError if the source does not compile, does not make an instance, uses names that nothing defines,
    or has other parameters than the weights that are converted for it."""
    problems: list[str] = []
    try:
        problems = _problems(code)
    except Torch2MLXError:
        raise
    except Exception as error:  # whatever the source raises
        problems = [f"{type(error).__name__}: {error}"]
    if problems:
        raise InternalError(f"the source is not sound: {problems[0]}", code.class_name, problems[1:], code.source)


def instance(code: GeneratedCode, folder: Path) -> Any:
    """A new instance of the source's class, whose file and constants lie in `folder`; its arrays are lazy."""
    namespace = _run(code, folder)
    return namespace[code.class_name]()


def _run(code: GeneratedCode, folder: Path) -> dict[str, Any]:
    path = folder / "model.py"
    namespace: dict[str, Any] = {"__name__": "model", "__file__": str(path)}
    exec(compile(code.source, str(path), "exec"), namespace)
    return namespace


def _problems(code: GeneratedCode) -> list[str]:
    from mlx.utils import tree_flatten

    compiled = compile(code.source, "model.py", "exec")
    with tempfile.TemporaryDirectory() as folder:
        code.write_code(Path(folder))  # constants are read when the source is run
        namespace = _run(code, Path(folder))
        flat: Any = tree_flatten(namespace[code.class_name]().parameters())
        declared = {key: tuple(array.shape) for key, array in flat}
    known = {*namespace, *vars(builtins)}
    problems = [f"name '{name}' is not defined" for name in sorted({*_globals(compiled)} - known)]
    written = {key: tuple(shape) for key, shape in _native.core().planned(code.weights, code.conversion_options)}
    for key in sorted({*declared, *written}):
        if declared.get(key) != written.get(key):
            problems.append(f"{key}: {_of(declared.get(key))} in the source, {_of(written.get(key))} in the weights")
    return problems


def _globals(compiled: CodeType) -> Iterator[str]:
    """Names that functions of the source look for in the module and in Python itself."""
    for instruction in dis.get_instructions(compiled):
        if instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
    for constant in compiled.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals(constant)


def _of(shape: tuple[int, ...] | None) -> str:
    return "missing" if shape is None else str(list(shape))
