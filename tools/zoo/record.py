"""Results of the zoo: their file, and what they come to."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

OUTCOMES = ("match", "refused", "differs", "silent", "crashed", "slow", "not run")
BATCH = "another batch"
OPERATOR = re.compile(r"(?:aten|prims|[a-z_]+)\.\w+\.(?:\w+)(?= has no MLX lowering|: )")
Results = dict[str, dict[str, Any]]


def versions() -> dict[str, str]:
    return {package: importlib.metadata.version(package) for package in ("torch", "mlx")}


def read(path: Path) -> Results:
    """Results of an earlier run with the same torch and MLX."""
    if not path.exists():
        return {}
    record = json.loads(path.read_text())
    return record["nets"] if record["versions"] == versions() else {}


def write(path: Path, results: Results) -> None:
    """A net a line, without what a reader of the table has no use for."""
    left_out = ("traceback", "assumptions", "refuses", "calls")
    kept = {name: {k: short(v) for k, v in result.items() if k not in left_out} for name, result in results.items()}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(kept[name])}" for name in sorted(kept))
    path.write_text(f'{{"versions": {json.dumps(versions())},\n "nets": {{\n{lines}\n}}}}\n')


def short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.2g}")
    return " ".join(value.split())[:300] if isinstance(value, str) else value


def cause(result: dict[str, Any]) -> str:
    """Why a net does not match, as one of few causes."""
    why = str(result.get("why", ""))
    if result["outcome"] == "refused" and "this model was traced with" in why:
        return BATCH
    if result["outcome"] == "refused" and (operators := OPERATOR.findall(why)):
        return ", ".join(sorted(set(operators)))
    why = re.sub(r"^.*\]: ", "", why)  # the call
    return re.sub(r"(?<!\w)\d[\d.]*(e[+-]?\d+)?", "N", " ".join(why.split()))[:120]


def causes(results: Results) -> list[tuple[str, str, list[str]]]:
    """(outcome, cause, its nets) of all that do not match, those of most nets first."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, result in sorted(results.items()):
        if result["outcome"] != "match":
            found.setdefault((result["outcome"], cause(result)), []).append(name)
    order = sorted(found.items(), key=lambda item: (-len(item[1]), OUTCOMES.index(item[0][0]), item[0][1]))
    return [(outcome, why, names) for (outcome, why), names in order]


def summary(results: Results) -> str:
    """Totals, and a table by cause."""
    counts = Counter(result["outcome"] for result in results.values())
    run = sum(counts[name] for name in OUTCOMES if name != "not run")
    lines = [", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts[name])]
    lines.append(f"{counts['match']} of {run} nets match ({100 * counts['match'] / max(1, run):.1f} %)")
    lines += [f"{len(names):4} {outcome:<8} {why}: {', '.join(names)}" for outcome, why, names in causes(results)]
    return "\n".join(lines)
