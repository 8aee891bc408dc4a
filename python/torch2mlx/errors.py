"""Every error that this package raises on purpose: where, what, and what to do about it."""

from __future__ import annotations

import functools
import importlib
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
# What some of our functions need, and how it is installed.
PACKAGES = {
    "torch": "pip install 'torch2mlx[torch]'",
    "transformers": "pip install 'torch2mlx[hf]'",
    "mlx": "pip install 'torch2mlx[mlx]'",
    "numpy": "pip install 'torch2mlx[mlx]'",
}


class Torch2MLXError(Exception):
    """What went wrong, with its place.

    `place` names a file, node or argument and may be empty, `hint` says what to do; `details` has one line for each of
    several problems found in one go.
    """

    kind = 0  # of the C++ library's errors, in the order of torch2mlx::ErrorKind

    def __init__(self, message: str, place: str = "", hint: str = "", details: Sequence[str] = ()) -> None:
        self.message = message
        self.place = place
        self.hint = hint
        self.details = list(details)
        first = f"{place}: {message}" if place else message
        if hint:
            first += f" (hint: {hint})"
        super().__init__("\n  ".join([first, *self.details]))


class InputError(Torch2MLXError):
    """A file that is unreadable, damaged or refused; an argument that does not fit."""

    kind = 0


class UnsupportedError(Torch2MLXError):
    """An op, layer or dtype that cannot be converted exactly. `captured`: torch.export could trace the model."""

    kind = 1
    captured = True


class InternalError(Torch2MLXError):
    """A fault of torch2mlx itself. `source` is the generated source that it is about."""

    kind = 1

    def __init__(self, message: str, place: str = "", details: Sequence[str] = (), source: str = "") -> None:
        super().__init__(message, place, "this is a fault of torch2mlx: please report it, with the model", details)
        self.source = source


class VerificationError(Torch2MLXError):
    """PyTorch and MLX disagree."""

    kind = 2


def first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


def missing_package(error: BaseException, place: str = "") -> UnsupportedError | None:
    """An error that says what to install, of an import that failed for want of one of PACKAGES; None for any other."""
    name = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if name not in PACKAGES:
        return None
    return UnsupportedError(f"needs {name}, which is not installed", place=place, hint=PACKAGES[name])


def require_packages(*names: str, place: str = "") -> None:
    """Raises UnsupportedError for one of PACKAGES that is not installed."""
    for name in names:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch's own of missing NumPy
                importlib.import_module(name)
        except ModuleNotFoundError as error:
            raise missing_package(error, place) or error from error


def needs_packages(function: F) -> F:
    """A function of ours whose imports may fail: then Torch2MLXError says what to install."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except ModuleNotFoundError as error:
            told = missing_package(error, f"torch2mlx.{function.__qualname__}")
            if told is None:
                raise
            raise told from error

    return call  # type: ignore[return-value]
