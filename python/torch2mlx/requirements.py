"""What a trace relied on of the data: a graph's assertions on symbols of numbers become checks on arrays, which
generated code makes where the model asked; those that sizes decide become guards."""

from __future__ import annotations

import contextlib
import dataclasses
import operator
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sympy
import torch
from torch.export import ExportedProgram
from torch.fx import Graph, Node
from torch.utils._sympy import functions
from torch.utils._sympy.symbol import SymT, symbol_is_type

from . import constants
from .answers import ITEMS, TORCH
from .errors import UnsupportedError
from .positions import exact, expression, is_tensor

aten = torch.ops.aten
CHECK = aten._assert_async.msg


@dataclasses.dataclass
class Requirements:
    """Of one program."""

    guards: list[str] = dataclasses.field(default_factory=list)  # on sizes, as torch.export writes them
    lines: list[str] = dataclasses.field(default_factory=list)  # "model.py:12: if x.sum() > 0:", what is checked


def require(program: ExportedProgram, held: Sequence[tuple[str, torch.Tensor]] = ()) -> Requirements:
    """Replaces the program's assertions on sizes and values by checks of what the trace relied on.

    `held`: (placeholder, value) of inputs that are to have these very values, and are constants of the program.
    Raises UnsupportedError where what it relied on has no form as a check.
    """
    graph = program.graph_module.graph
    found = Requirements()
    before = list(graph.nodes)
    writer = _Writer(program)
    problems: list[tuple[str, list[Node]]] = []
    for assertion in _assertions(program):
        try:
            writer.require(assertion, found)
        except _UnwritableError as error:
            problems.append((f"{error}: {assertion}", writer.asked(assertion)))
    for node in before:
        if node.target in (aten._assert_scalar.default, CHECK):
            graph.erase_node(node)
    known = constants.hold(program, held) if held else set()
    left = [problem for problem, nodes in problems if not nodes or not known.issuperset(nodes)]
    _clean(program)
    if left and not sizes_of_data(program):  # else the operators that have them are refused by name
        raise UnsupportedError("the trace relied on values that cannot be checked", details=left)
    return found


def drop_ranges(program: ExportedProgram) -> None:
    """What tracing once more asserts of numbers that are left, which says no more than the checks."""
    for node in program.graph_module.graph.find_nodes(op="call_function", target=aten._assert_scalar.default):
        program.graph_module.graph.erase_node(node)
    _clean(program)


def _clean(program: ExportedProgram) -> None:
    program.graph_module.graph.eliminate_dead_code()
    program.graph_module.graph.lint()
    program.graph_module.recompile()


def asks(program: ExportedProgram) -> bool:
    """Does it read numbers from data, or have sizes that data decides?"""
    return any(node.target in ITEMS or _decides_sizes(node) for node in program.graph.nodes)


def sizes_of_data(program: ExportedProgram) -> bool:
    """Does data decide the size of some tensor in it?"""
    return any(
        _decides_sizes(node) or any(_is_of_data(symbol) for symbol in _symbols(node, sizes=True))
        for node in program.graph.nodes
    )


def _decides_sizes(node: Node) -> bool:
    """Does it give a tensor whose size the values of another decide?"""
    if node.target is aten.index.Tensor:
        return any(_is_boolean(index) for index in node.args[1])
    if torch.Tag.dynamic_output_shape in getattr(node.target, "tags", ()):
        return True
    fresh = _symbols(node).difference(*map(_symbols, node.all_input_nodes))
    return any(isinstance(value, torch.Tensor) for value in _values(node)) and any(map(_is_of_data, fresh))


def _is_of_data(symbol: Any) -> bool:
    return symbol_is_type(symbol, (SymT.UNBACKED_INT, SymT.UNBACKED_FLOAT))


def _values(node: Node) -> Sequence[Any]:
    values = node.meta.get("val")
    return values if isinstance(values, tuple | list) else [values]


def _symbols(node: Node, *, sizes: bool = False) -> set[Any]:
    """Of the number that it gives as it was made, and of the sizes of the tensors; `sizes`: of those alone, as they are
    known now."""
    found: set[Any] = set()
    for value in _values(node):
        tensor = isinstance(value, torch.Tensor)
        for size in value.shape if tensor else [] if sizes else [value]:
            if isinstance(size, torch.SymInt | torch.SymFloat | torch.SymBool):
                found |= (size.node.expr if sizes else size.node._expr).free_symbols
    return found


def deciding(program: ExportedProgram) -> list[int]:
    """Places, among the leaves of the call, of integer and boolean inputs on which alone numbers and sizes of data
    depend; none where something else decides one."""
    names = list(program.graph_signature.user_inputs)
    found: set[str] = set()
    for node in program.graph.nodes:
        if node.target not in ITEMS and not _decides_sizes(node):
            continue
        sources = _sources(node)
        users = {source.name for source in sources if source.name in names}
        if users and not any(source.meta["val"].is_floating_point() for source in sources if is_tensor(source)):
            found |= users
    return sorted(names.index(name) for name in found)


def _sources(node: Node) -> set[Node]:
    """Placeholders that it is computed from."""
    seen: set[Node] = set()
    pending = [node]
    while pending:
        for source in pending.pop().all_input_nodes:
            if source not in seen:
                seen.add(source)
                pending.append(source)
    return {source for source in seen if source.op == "placeholder"}


def _environment(program: ExportedProgram) -> Any:
    for node in program.graph.nodes:
        value = node.meta.get("val")
        sizes = value.shape if isinstance(value, torch.Tensor) else [value]
        for size in sizes:
            if isinstance(size, torch.SymInt | torch.SymFloat | torch.SymBool):
                return size.node.shape_env
    return None


def _assertions(program: ExportedProgram) -> list[Any]:
    """What torch.export deferred to run time, each once; ranges of symbols are not among it."""
    env = _environment(program)
    if env is None or not asks(program):
        return []
    every = [assertion.expr for held in env.deferred_runtime_asserts.values() for assertion in held]
    return list(dict.fromkeys(expr for expr in every if any(map(_is_of_data, expr.free_symbols))))


class _UnwritableError(Exception):
    """An expression, or the operator that gave its symbol, has no form in tensors."""


def _is_rounded(assertion: Any) -> bool:
    """Is a floating number of the data required to be a fraction? No other rounding than the trace's would give it."""
    if not isinstance(assertion, sympy.Eq):
        return False
    sides: dict[bool, list[Any]] = {True: [], False: []}
    for side in assertion.args:
        sides[side.is_number is True].append(side)
    floating = any(symbol_is_type(symbol, SymT.UNBACKED_FLOAT) for side in sides[False] for symbol in side.free_symbols)
    return floating and any(side != int(side) for side in sides[True])


class _Writer:
    def __init__(self, program: ExportedProgram) -> None:
        self._program = program
        self._graph: Graph = program.graph_module.graph
        self._bound: dict[Any, Node] = {}  # symbol -> the node that gives it
        self._order = {node: place for place, node in enumerate(self._graph.nodes)}
        for node in self._graph.nodes:
            if node.target in ITEMS or _decides_sizes(node):
                for symbol in filter(_is_of_data, _symbols(node)):
                    self._bound.setdefault(symbol, node)

    def asked(self, assertion: Any) -> list[Node]:
        """The nodes that give the numbers of an assertion."""
        return [self._bound[symbol] for symbol in assertion.free_symbols if symbol in self._bound]

    def require(self, assertion: Any, found: Requirements) -> None:
        env = _environment(self._program)
        nodes = self.asked(assertion)
        if not all(symbol in self._bound for symbol in assertion.free_symbols if _is_of_data(symbol)):
            raise _UnwritableError("nothing of the graph tells a number")
        if _is_rounded(assertion):
            raise _UnwritableError("a Python float of the data")
        last = max(nodes, key=self._order.__getitem__)
        if (sizes := self._by_sizes(assertion)) is not None:
            found.guards += [] if sizes is sympy.true else [self._guard(sizes, env)]
            return
        tail = _Tail(self._graph, last)
        condition = tail.tensor(self._written(assertion, tail))
        tail.call(CHECK, condition, "")
        if line := _line(last):
            found.lines.append(line)

    # --- by sizes alone

    def _by_sizes(self, expr: Any) -> Any:
        """The condition with what sizes decide in place of its symbols; None where data decides."""
        known = {}
        for symbol in expr.free_symbols:
            if symbol in self._bound:
                value = exact(_operand(self._bound[symbol]))
                if value is None or self._bound[symbol].target not in ITEMS:
                    return None
                known[symbol] = expression(value)
        boolean = {symbol: value for symbol, value in known.items() if isinstance(value, sympy.logic.boolalg.Boolean)}
        if not boolean:
            return expr.xreplace(known)
        ((symbol, value),) = boolean.items()
        if expr == sympy.Eq(symbol, 1):
            return value
        return sympy.Not(value) if expr == sympy.Ne(symbol, 1) else None

    @staticmethod
    def _guard(expr: Any, env: Any) -> str:
        from torch.utils._sympy.printers import PythonPrinter

        text = PythonPrinter().doprint(expr)
        for symbol in expr.free_symbols:
            sources = env.var_to_sources.get(symbol)
            if not sources:
                raise _UnwritableError("no input has the size")
            name = sources[0].name() if callable(sources[0].name) else sources[0].name
            text = name.join(re.split(rf"\b{symbol}\b", text))
        return text

    # --- in tensors

    def _written(self, expr: Any, tail: _Tail) -> Any:
        """A node of a tensor without axes, or of a size, or a number."""
        if isinstance(expr, sympy.Symbol):
            return self._symbol(expr, tail)
        if expr.is_Integer or expr in (sympy.true, sympy.false):
            return bool(expr) if expr in (sympy.true, sympy.false) else int(expr)
        if expr.is_number:
            return float(expr)
        truth = self._truth(expr, tail)
        if truth is not None:
            return truth
        arguments = [self._written(argument, tail) for argument in expr.args]
        write = _FORMS.get(expr.func)
        if write is None:
            raise _UnwritableError(f"{expr.func.__name__} of a number of the data")
        result = arguments[0]
        if len(arguments) == 1:
            return write(tail, result)
        for argument in arguments[1:]:
            result = write(tail, result, argument)
        return result

    def _truth(self, expr: Any, tail: _Tail) -> Any:
        """A boolean's symbol is a number; compared with 1 it is the boolean itself."""
        if expr.func not in (sympy.Eq, sympy.Ne) or expr.args[1] != 1 or expr.args[0] not in self._bound:
            return None
        operand = _operand(self._bound[expr.args[0]])
        if operand is None or operand.meta["val"].dtype != torch.bool:
            return None
        return operand if expr.func is sympy.Eq else tail.call(aten.logical_not.default, operand)

    def _symbol(self, symbol: Any, tail: _Tail) -> Any:
        node = self._bound.get(symbol)
        if node is None:
            return self._size(symbol, tail)
        if node.target in ITEMS:
            return _operand(node)
        if node.target in (aten.nonzero.default, aten.masked_select.default):
            mask = node.args[0] if node.target is aten.nonzero.default else node.args[1]
            return tail.call(aten.sum.default, tail.call(aten.ne.Scalar, mask, 0))
        if node.target in (aten.repeat_interleave.Tensor, aten.repeat_interleave.self_Tensor):
            repeats = node.args[0 if node.target is aten.repeat_interleave.Tensor else 1]
            return tail.call(aten.sum.default, repeats)
        if node.target is aten.index.Tensor:
            masks = [index for index in node.args[1] if index is not None and index.meta["val"].dtype == torch.bool]
            if len(masks) == 1:
                return tail.call(aten.sum.default, masks[0])
        raise _UnwritableError(f"the size of what {node.target} gives")

    def _size(self, symbol: Any, tail: _Tail) -> Any:
        for node in self._graph.find_nodes(op="placeholder"):
            value = node.meta.get("val")
            if not isinstance(value, torch.Tensor):
                continue
            for axis, size in enumerate(value.shape):
                if isinstance(size, torch.SymInt) and size.node.expr == symbol:
                    return tail.call(aten.sym_size.int, node, axis)
        raise _UnwritableError("no input has the size")


class _Tail:
    """Appends nodes behind a node of a graph, one after another."""

    def __init__(self, graph: Graph, last: Node) -> None:
        self._graph, self._last, self._meta = graph, last, dict(last.meta)

    def call(self, target: Any, *args: Any) -> Node:
        with self._graph.inserting_after(self._last):
            node = self._graph.call_function(target, args)
        node.meta = {key: self._meta[key] for key in ("nn_module_stack", "stack_trace") if key in self._meta}
        values = [argument.meta.get("val") if isinstance(argument, Node) else argument for argument in args]
        mode = next((value.fake_mode for value in values if hasattr(value, "fake_mode")), contextlib.nullcontext())
        with mode:
            node.meta["val"] = None if target is CHECK else target(*values)
        self._last = node
        return node

    def tensor(self, value: Any) -> Node:
        if isinstance(value, Node) and isinstance(value.meta.get("val"), torch.Tensor):
            return value
        raise _UnwritableError("a condition on sizes")


def _form(tensors: Any, number_first: Any, number_second: Any, plain: Callable[..., Any]) -> Callable[..., Any]:
    """How an operator of two numbers is written where one of them or both are tensors."""

    def write(tail: _Tail, a: Any, b: Any) -> Any:
        if is_tensor(a) and is_tensor(b):
            return tail.call(tensors, a, b)
        if is_tensor(a):
            return tail.call(number_second, a, b)
        if is_tensor(b):
            return number_first(tail, a, b)
        return tail.call(plain, a, b) if isinstance(a, Node) or isinstance(b, Node) else plain(a, b)

    return write


def _swapped(overload: Any) -> Callable[..., Any]:
    return lambda tail, a, b: tail.call(overload, b, a)


def _comparison(name: str, mirrored: str) -> Callable[..., Any]:
    overloads, other = getattr(aten, name), getattr(aten, mirrored)
    return _form(overloads.Tensor, _swapped(other.Scalar), overloads.Scalar, getattr(operator, name))


def _unary(overload: Any) -> Callable[..., Any]:
    return lambda tail, a: tail.call(overload, a)


def _whole_division(tail: _Tail, a: Any, b: Any) -> Any:
    if not (is_tensor(a) or is_tensor(b)):
        return tail.call(operator.floordiv, a, b)
    if not is_tensor(a):
        raise _UnwritableError("a division by a number of the data")
    return tail.call(aten.floor_divide.default, a, b)


_ADD = _form(aten.add.Tensor, _swapped(aten.add.Scalar), aten.add.Scalar, operator.add)
_MULTIPLY = _form(aten.mul.Tensor, _swapped(aten.mul.Scalar), aten.mul.Scalar, operator.mul)
_FORMS: dict[Any, Callable[..., Any]] = {
    sympy.Add: _ADD,
    sympy.Mul: _MULTIPLY,
    functions.FloorDiv: _whole_division,
    functions.ToFloat: lambda tail, a: a,
    functions.FloatTrueDiv: _form(
        aten.div.Tensor,
        lambda tail, a, b: tail.call(aten.mul.Scalar, tail.call(aten.reciprocal.default, b), a),
        aten.div.Scalar,
        operator.truediv,
    ),
    functions.TruncToInt: _unary(aten.trunc.default),
    sympy.Eq: _comparison("eq", "eq"),
    sympy.Ne: _comparison("ne", "ne"),
    sympy.Lt: _comparison("lt", "gt"),
    sympy.Le: _comparison("le", "ge"),
    sympy.Gt: _comparison("gt", "lt"),
    sympy.Ge: _comparison("ge", "le"),
    sympy.And: lambda tail, a, b: tail.call(aten.logical_and.default, a, b),
    sympy.Or: lambda tail, a, b: tail.call(aten.logical_or.default, a, b),
    sympy.Not: _unary(aten.logical_not.default),
}


def _operand(node: Node) -> Any:
    """The tensor of one element that a number was read from; of a boolean that `bool` compared with 0, the boolean."""
    operand = node.args[0] if node.args else None
    if not isinstance(operand, Node) or node.target not in ITEMS:
        return None
    if operand.target is aten.ne.Scalar and operand.args[1] == 0 and _is_boolean(operand.args[0]):
        return operand.args[0]
    return operand


def _is_boolean(node: Any) -> bool:
    return is_tensor(node) and node.meta["val"].dtype == torch.bool


def _line(node: Node) -> str:
    """ "model.py:12: if x.sum() > 0:", the user's line that the node comes from."""
    frames = re.findall(r'File "([^"]+)", line (\d+)[^\n]*\n\s*(.*)', node.meta.get("stack_trace") or "")
    users = [frame for frame in frames if not frame[0].startswith(TORCH)]
    if not users:
        return ""
    file, line, code = users[-1]
    return f"{Path(file).name}:{line}: {code.strip()}"
