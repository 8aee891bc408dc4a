"""What torch.export relied on beside the ranges of sizes: branches of the model, mostly. The library reads such
conditions (src/graph/condition.h); here is at what sizes to try them, and what they mean for a graph."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import itertools
import math
import operator
import random
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .errors import InputError

_MOST = 100  # sizes drawn at random
_FAR = 8  # times that sizes are taken four times as large


class Sizes:
    """The open sizes of an imported graph's inputs."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.ranges = {name: (max(1, least), most) for name, least, most, _ in graph.symbols}
        self.example = {name: size or max(2, least) for name, least, _, size in graph.symbols}

    def others(self) -> list[dict[str, int]]:
        """Sizes near those of the example and far from them, one by one and several at a time, the nearest first. Sizes
        of one axis that are equal in the example, as of tokens and their mask, stay equal."""
        draw = random.Random(0)
        groups = self._groups()
        near = {group: self._near(group) for group in groups}
        far = {group: [self._within(group, self.example[group[0]] * 4**n) for n in range(2, _FAR)] for group in groups}
        alone = [{group: size} for sizes in (near, far) for group in groups for size in sizes[group]]
        together = [{group: draw.choice(sizes) for group, sizes in near.items() if sizes} for _ in range(_MOST)]
        grown = [{group: far[group][n] for group in groups} for n in range(_FAR - 2)]
        changes = [
            {**self.example, **{name: size for group, size in change.items() for name in group}}
            for change in [*alone, *together, *grown]
        ]
        return sorted(changes, key=self._distance)

    def _distance(self, symbols: Mapping[str, int]) -> float:
        """From the example: in doublings, of all sizes."""
        return sum(abs(math.log2(symbols[name] / size)) for name, size in self.example.items())

    def _within(self, group: tuple[str, ...], size: int) -> int:
        least, most = self._range(group)
        return max(least, min(size, most))

    def _range(self, group: tuple[str, ...]) -> tuple[int, int]:
        return max(self.ranges[name][0] for name in group), min(self.ranges[name][1] for name in group)

    def _groups(self) -> list[tuple[str, ...]]:
        groups: dict[tuple[int, int], list[str]] = {}
        places = {size: axis for _, _, sizes in self.graph.inputs for axis, size in enumerate(sizes)}
        for name, size in self.example.items():
            groups.setdefault((places.get(name, -1), size), []).append(name)
        return [tuple(names) for names in groups.values()]

    def _near(self, group: tuple[str, ...]) -> list[int]:
        least, most = self._range(group)
        size = self.example[group[0]]
        wanted = [*range(size - 9, size + 10), *range(least, least + 9), size // 2, 2 * size, 2 * size + 1, 3 * size]
        return sorted({n for n in wanted if least <= n <= most}, key=lambda n: abs(n - size))


@dataclasses.dataclass
class Doubts:
    """Conditions that the ranges of sizes leave open. Sets of them are numbers whose bits stand for their places."""

    conditions: list[Any]
    unknown: list[Any]  # nobody can tell where they hold
    points: list[tuple[dict[str, int], int]]  # sizes, and the conditions that do not hold there; the nearest first

    def __bool__(self) -> bool:
        return bool(self.points or self.unknown)


def doubts(graph: Any, sizes: Sizes) -> Doubts:
    """Of an imported graph's conditions."""
    if not graph.guards:
        return Doubts([], [], [])
    known = [holds is True for holds in graph.guards_at(sizes.example)]
    conditions = [guard for guard, holds in zip(graph.guards, known, strict=True) if holds]
    points = []
    for symbols in sizes.others():
        with contextlib.suppress(InputError):  # beyond 64 bits
            if any(size < 1 for shape in graph.shapes_at(symbols).values() for size in shape):
                continue  # an axis whose size is computed of another's, which is too small for it
            answers = [answer for answer, holds in zip(graph.guards_at(symbols), known, strict=True) if holds]
            points.append((symbols, sum(1 << place for place, answer in enumerate(answers) if answer is False)))
    unknown = [guard for guard, holds in zip(graph.guards, known, strict=True) if not holds]
    return Doubts(conditions, unknown, [(symbols, broken) for symbols, broken in points if broken])


def needed(
    doubts: Doubts,
    agree: Callable[[dict[str, int]], bool | None],
    most: int,
    triable: Callable[[dict[str, int]], bool] = lambda _: True,
    same_way: Callable[[dict[str, int]], bool] = lambda _: False,
) -> list[Any]:
    """Conditions without which a graph would compute what the model does not: few and short ones that keep away all
    sizes of which `agree` says False. It says None where one of the two does not run. It is asked at most `most` times,
    of sizes that are `triable`: until each condition was broken twice without harm, or is needed, or there are no other
    sizes. Conditions that could not be tried are needed, unless the model goes the `same_way` where they are broken."""
    once, twice, asked = 0, 0, 0  # broken so often without harm; broken at all
    wrong: list[int] = []
    right: list[int] = []
    untried = [(symbols, broken) for symbols, broken in doubts.points if triable(symbols)]
    while True:
        chosen = _covering(doubts, wrong, right)
        untried = [(symbols, broken) for symbols, broken in untried if broken & ~twice and not broken & chosen]
        if not untried or most == 0:
            break
        # Each condition once, with as few others as can be, then the nearest sizes.
        fresh = [place for place, (_, broken) in enumerate(untried) if broken & ~asked]
        at = min(fresh, key=lambda place: untried[place][1].bit_count()) if fresh else 0
        symbols, broken = untried.pop(at)
        asked |= broken
        most -= 1
        answer = agree(symbols)
        if answer is False:
            wrong.append(broken)
            continue
        if answer:
            right.append(broken)
        once, twice = once | broken, twice | (once & broken)
    for symbols, broken in doubts.points:
        if broken & ~once and not broken & chosen and not triable(symbols) and same_way(symbols):
            once |= broken
    unknown = [broken & ~once for _, broken in doubts.points if broken & ~once and not broken & chosen]
    chosen |= _covering(doubts, unknown, right)
    return [condition for place, condition in enumerate(doubts.conditions) if chosen >> place & 1]


def _covering(doubts: Doubts, wrong: list[int], right: list[int]) -> int:
    """Conditions of which one is in each of `wrong`, few of them in `right`."""
    chosen = 0
    while wrong:
        places = _places(functools.reduce(operator.or_, wrong))
        best = min(
            places,
            key=lambda place: (
                sum(broken >> place & 1 for broken in right),
                -sum(broken >> place & 1 for broken in wrong),
                len(str(doubts.conditions[place])),
            ),
        )
        chosen |= 1 << best
        wrong = [broken for broken in wrong if not broken >> best & 1]
    return chosen


def _places(bits: int) -> list[int]:
    return [place for place in range(bits.bit_length()) if bits >> place & 1]


def fix_sizes(graphs: Sequence[Any], unknown: Sequence[Any]) -> list[str]:
    """Where nobody can tell the sizes at which conditions hold, those of the example that they speak of are the only
    ones."""
    if not unknown:
        return []
    for graph in graphs:
        example = Sizes(graph).example
        axes = [(name, axis, size) for name, _, sizes in graph.inputs for axis, size in enumerate(sizes)]
        axes = [axis for axis in axes if axis[2] in example]
        fixed = [_speaks_of(str(condition), axes) or axes for condition in unknown]
        for name, axis, size in dict.fromkeys(itertools.chain(*fixed)):
            graph.require_size(name, axis, example[size])
    return [f"sizes are those of the example inputs, since it is not known where this holds: {told(unknown)}"]


def _speaks_of(condition: str, axes: Sequence[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Open axes that a condition of torch.export names, L['x'].size()[1]; nothing where it names others too."""
    named = re.findall(r"L\['(\w+)'\]\.size\(\)\[(\d+)\]", condition)
    found = [axis for axis in axes if (axis[0], str(axis[1])) in named]
    return found if named and len(named) == condition.count("L[") and len(set(named)) == len(found) else []


def require(graphs: Sequence[Any], conditions: Sequence[Any]) -> list[str]:
    """Gives what the report is to say."""
    if not conditions:
        return []
    for condition in conditions:
        for graph in graphs:
            graph.require(condition)
    return [f"sizes are those at which the model goes the way that it was traced: {told(conditions)}"]


def dependent_axes(mismatches: Sequence[str], graph: Any) -> list[tuple[str, int]]:
    """(input, axis) of open sizes in shapes that should be one: "gives shape [s0, 16] where PyTorch has [s0, s1]"."""
    symbols: set[str] = set()
    for text in mismatches:
        ours, theirs = map(_sizes, re.findall(r"\[[^\[\]]*\]", text)[-2:])
        for one, other in zip(ours, theirs, strict=False):
            if one != other:
                symbols |= _names(f"{one} {other}")
    return [
        (name, axis) for name, _, sizes in graph.inputs for axis, size in enumerate(sizes) if symbols & _names(size)
    ]


def _sizes(shape: str) -> list[str]:
    """Of "[s0, floordiv(s1, 2)]"; nothing where they cannot be read."""
    try:
        parsed = ast.parse(shape, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [ast.unparse(size) for size in parsed.elts] if isinstance(parsed, ast.List) else []


def _names(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", text))


def told(conditions: Sequence[Any]) -> str:
    """For the report."""
    rest = f" and {len(conditions) - 3} more" if len(conditions) > 3 else ""
    return ", ".join(f"`{textwrap.shorten(str(condition), 120)}`" for condition in conditions[:3]) + rest


def elements(shapes: Mapping[str, Sequence[int]]) -> int:
    """How much inputs of these shapes hold."""
    total = 0
    for shape in shapes.values():
        count = 1
        for size in shape:
            count *= size
        total += count
    return total
