"""What torch.export relied on beside the ranges of sizes: branches of the model, mostly. It writes them down in Python,
"(L['x'].size()[1] % 4) == 0", and a file may hold anything there: they are parsed, never run."""

from __future__ import annotations

import ast
import operator
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Shapes = Mapping[str, Sequence[int]]  # of inputs, by the graph's names
_MOST = 100  # sizes drawn at random
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod, ast.Div: operator.truediv, ast.Pow: lambda a, b: _power(a, b),
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


class UnknownError(Exception):
    """The text says something else than how sizes compare."""


def _unknown() -> Any:
    raise UnknownError


def _power(base: Any, exponent: Any) -> Any:
    """Of sizes; towers of powers fill the memory."""
    return base**exponent if abs(base) < 2**32 and abs(exponent) < 8 else _unknown()


class Guard:
    """One condition on the shapes of inputs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tree = ast.parse(text, mode="eval").body

    def holds(self, shapes: Shapes) -> bool:
        """Raises UnknownError where it speaks of other things than these shapes."""
        try:
            return bool(_value(self._tree, shapes))
        except (ZeroDivisionError, IndexError, TypeError, OverflowError, RecursionError):
            raise UnknownError from None

    def __str__(self) -> str:
        """As the generated code would say it: x.shape[1] % 4 == 0."""
        try:
            return ast.unparse(_Readable().visit(ast.parse(self.text, mode="eval").body))
        except RecursionError:
            return "one that is too deep to be told"


def parsed(texts: Sequence[str]) -> list[Guard]:
    """Those that can be read."""
    found = []
    for text in texts:
        try:
            found.append(Guard(text))
        except _UNREADABLE:
            continue
    return found


def _value(node: ast.expr, shapes: Shapes) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() as value):
            return value
        case ast.BinOp(left, op, right):
            return _BINARY.get(type(op), lambda a, b: _unknown())(_value(left, shapes), _value(right, shapes))
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, shapes)
        case ast.UnaryOp(ast.Not(), operand):
            return not _value(operand, shapes)
        case ast.BoolOp(op, values):
            answers = (_value(part, shapes) for part in values)
            return all(answers) if isinstance(op, ast.And) else any(answers)
        case ast.Compare(left, [op], [right]):
            return _BINARY.get(type(op), lambda a, b: _unknown())(_value(left, shapes), _value(right, shapes))
        case ast.Call(ast.Name("max"), arguments):
            return max(_value(part, shapes) for part in arguments)
        case ast.Call(ast.Name("min"), arguments):
            return min(_value(part, shapes) for part in arguments)
        case ast.Subscript(ast.Call(ast.Attribute(tensor, "size"), []), ast.Constant(int() as axis)):
            name = _name(tensor)
            return shapes[name][axis] if name in shapes else _unknown()
    return _unknown()


def _name(tensor: ast.expr) -> str:
    """L['past'][0] as the graph calls it: past.0"""
    parts: list[str] = []
    while isinstance(tensor, ast.Subscript) and isinstance(tensor.slice, ast.Constant):
        parts.insert(0, str(tensor.slice.value))
        tensor = tensor.value
    name = ".".join(parts) if isinstance(tensor, ast.Name) and tensor.id == "L" else ""
    return name if re.fullmatch(r"[A-Za-z_][\w.]*", name, re.ASCII) else ""


class _Readable(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "size" and (name := _name(node.func.value)):
            return ast.Attribute(ast.Name(name), "shape")
        self.generic_visit(node)
        return node


class Sizes:
    """The open sizes of an imported graph's inputs."""

    def __init__(self, graph: Any) -> None:
        self._shapes = {name: _sizes(shape) for name, _, shape in graph.inputs}
        self.ranges = {name: (max(1, least), most) for name, least, most, _ in graph.symbols}
        self.example = {name: size or max(2, least) for name, least, _, size in graph.symbols}

    def shapes(self, symbols: Mapping[str, int]) -> dict[str, list[int]]:
        """Raises UnknownError for sizes that no symbols tell."""
        return {name: [_size(size, symbols) for size in shape] for name, shape in self._shapes.items()}

    def others(self) -> list[dict[str, int]]:
        """Sizes near those of the example and far from them, one by one and several at a time. Sizes of one axis that
        are equal in the example, as of tokens and their mask, stay equal."""
        draw = random.Random(0)
        near = {group: self._near(group) for group in self._groups()}
        alone = [{group: size} for group, sizes in near.items() for size in sizes]
        together = [{group: draw.choice(sizes) for group, sizes in near.items() if sizes} for _ in range(_MOST)]
        return [
            {**self.example, **{name: size for group, size in change.items() for name in group}}
            for change in [*alone, *together]
        ]

    def changed(self, symbols: Mapping[str, int]) -> list[tuple[str, ...]]:
        """Groups of symbols whose sizes are not the example's."""
        return [group for group in self._groups() if symbols[group[0]] != self.example[group[0]]]

    def interval(self, guard: Guard, group: tuple[str, ...]) -> tuple[int, int]:
        """(least, most): the sizes around the example's at all of which the guard holds, all others as they are. Far
        beyond the example it is taken to go on as it does there."""
        size = self.example[group[0]]
        least, most = self._range(group)
        end = min(most, 4 * size + 64)

        def holds(n: int) -> bool:
            try:
                return guard.holds(self.shapes({**self.example, **dict.fromkeys(group, n)}))
            except UnknownError:
                return False

        low = high = size
        while low > least and holds(low - 1):
            low -= 1
        while high < end and holds(high + 1):
            high += 1
        return low, most if high == end else high

    def _range(self, group: tuple[str, ...]) -> tuple[int, int]:
        return max(self.ranges[name][0] for name in group), min(self.ranges[name][1] for name in group)

    def _groups(self) -> list[tuple[str, ...]]:
        groups: dict[tuple[int, int], list[str]] = {}
        places = {
            size.id: axis
            for shape in self._shapes.values()
            for axis, size in enumerate(shape)
            if isinstance(size, ast.Name)
        }
        for name, size in self.example.items():
            groups.setdefault((places.get(name, -1), size), []).append(name)
        return [tuple(names) for names in groups.values()]

    def _near(self, group: tuple[str, ...]) -> list[int]:
        least, most = self._range(group)
        size = self.example[group[0]]
        wanted = [*range(size - 9, size + 10), *range(least, least + 9), size // 2, 2 * size, 2 * size + 1, 3 * size]
        return sorted({n for n in wanted if least <= n <= most}, key=lambda n: abs(n - size))


def _sizes(shape: str) -> list[ast.expr]:
    """Of "[s0, 2*s1, 3]"; nothing where they cannot be read."""
    try:
        parsed = ast.parse(shape, mode="eval").body
    except _UNREADABLE:
        return []
    return parsed.elts if isinstance(parsed, ast.List) else []


def _size(node: ast.expr, symbols: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(int() as value):
            return value
        case ast.Name(name):
            return symbols[name] if name in symbols else _unknown()
        case ast.BinOp(left, op, right):
            return _BINARY.get(type(op), lambda a, b: _unknown())(_size(left, symbols), _size(right, symbols))
        case ast.Call(ast.Name("floordiv"), [left, right]):
            return _size(left, symbols) // _size(right, symbols)
        case ast.UnaryOp(ast.USub(), operand):
            return -_size(operand, symbols)
    return _unknown()


def not_implied(guards: Sequence[Guard], sizes: Sizes) -> list[tuple[Guard, list[dict[str, int]]]]:
    """Guards that the ranges leave open, each with sizes at which it does not hold, the nearest to the example's first.
    A guard that cannot be read is one, without sizes."""
    candidates = []
    for symbols in sizes.others():
        try:
            candidates.append((symbols, sizes.shapes(symbols)))
        except UnknownError:
            continue
    found: list[tuple[Guard, list[dict[str, int]]]] = []
    for guard in guards:
        try:
            broken = [symbols for symbols, shapes in candidates if not guard.holds(shapes)]
        except UnknownError:
            found.append((guard, []))
            continue
        if broken:
            found.append((guard, broken))
    return found


def narrow(graphs: Sequence[Any], sizes: Sizes, guard: Guard, symbols: Mapping[str, int]) -> list[str]:
    """Limits the symbols that differ at this place to sizes at which the guard holds; gives their names. None where it
    does not hold at the example's sizes either, as far as these are known."""
    names: list[str] = []
    if not guard.holds(sizes.shapes(sizes.example)):
        return names
    for group in sizes.changed(symbols):
        least, most = sizes.interval(guard, group)
        for name in group:
            names.append(name)
            for graph in graphs:
                graph.limit_symbol(name, least, most)
    return names


def dependent_axes(mismatches: Sequence[str], graph: Any) -> list[tuple[str, int]]:
    """(input, axis) of open sizes in shapes that should be one: "gives shape [s0, 16] where PyTorch has [s0, s1*s2]".
    None of them where not all are axes of a tensor that is an argument itself."""
    symbols: set[str] = set()
    for text in mismatches:
        ours, theirs = (map(ast.unparse, _sizes(shape)) for shape in re.findall(r"\[[^\[\]]*\]", text)[-2:])
        for one, other in zip(ours, theirs, strict=False):
            if one != other:
                symbols |= set(re.findall(r"[A-Za-z_]\w*", f"{one} {other}"))
    axes = [
        (name, axis)
        for name, _, shape in graph.inputs
        for axis, size in enumerate(_sizes(shape))
        if symbols & {part.id for part in ast.walk(size) if isinstance(part, ast.Name)}
    ]
    return [] if any("." in name for name, _ in axes) else axes


def told(guards: Sequence[Guard]) -> str:
    """For the report."""
    rest = f" and {len(guards) - 3} conditions more" if len(guards) > 3 else ""
    return ", ".join(f"`{guard}`" for guard in guards[:3]) + rest
