"""--report FILE.html: what was found out, on one page that needs no other file."""

from __future__ import annotations

import dataclasses
import html
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import InputError

if TYPE_CHECKING:
    from .analysis import Analysis
    from .generation import GeneratedCode
    from .verification import Verification

MOST_ROWS = 2000  # of a table: browsers are slow with more, and report.json has them all
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --good: #2e7d32; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; font-size: 13px; }
th { text-align: left; position: sticky; top: 0; background: Canvas; }
th, td { padding: .15rem .8rem .15rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.beyond td, .beyond { color: var(--bad); font-weight: 600; } .passed { color: var(--good); font-weight: 600; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); font-size: 13px; line-height: 1.35; }
code, td.name { font-family: ui-monospace, monospace; font-size: 13px; } small { opacity: .7; }
"""


@dataclasses.dataclass
class Findings:
    """Whatever is known of one run."""

    title: str
    analysis: Analysis | None = None
    code: GeneratedCode | None = None
    verification: Verification | None = None
    weights: dict[str, Any] | None = None  # report.json


def write(path: str | os.PathLike[str], findings: Findings) -> None:
    """Replaces the file at once. Raises InputError where it cannot be written."""
    target = Path(path)
    partial = target.with_name(target.name + ".partial")
    try:
        partial.write_text(page(findings), encoding="utf-8", errors="replace")
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise InputError(f"cannot be written: {error.strerror}", place=f"--report {target}") from error


def page(findings: Findings) -> str:
    """The HTML; everything in it that comes from the model is escaped."""
    parts = [
        *_summary(findings),
        *_problems(findings),
        *(_comparison(findings.verification) if findings.verification else []),
        *(_layers(findings.analysis) if findings.analysis else []),
        *(_weights(findings.weights) if findings.weights else []),
    ]
    if findings.code:
        parts += [_heading("Source"), f"<pre>{_text(findings.code.source)}</pre>"]
    title = _text(findings.title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}: torch2mlx</title>\n'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _text(value: Any) -> str:
    return html.escape(str(value))


def _heading(text: str) -> str:
    return f"<h2>{_text(text)}</h2>"


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in items) + "</ul>"


def _table(head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], total: int) -> list[str]:
    """`rows`: class of the row and its cells, of which the first is a name; `total` of them, the first are shown."""
    lines = ["<table><thead><tr>" + "".join(f"<th>{_text(cell)}</th>" for cell in head) + "</tr></thead><tbody>"]
    for count, (mark, cells) in enumerate(rows):
        if count == MOST_ROWS:
            break
        kinds = ["name", *("number" if _is_number(cell) else "" for cell in cells[1:])]
        row = "".join(
            f'<td class="{kind}">{_text(cell)}</td>' if kind else f"<td>{_text(cell)}</td>"
            for kind, cell in zip(kinds, cells, strict=True)
        )
        lines.append(f'<tr class="{mark}">{row}</tr>' if mark else f"<tr>{row}</tr>")
    lines.append("</tbody></table>")
    if total > MOST_ROWS:
        lines.append(f"<p><small>{total - MOST_ROWS} more are not shown.</small></p>")
    return lines


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _summary(findings: Findings) -> list[str]:
    lines = []
    check = findings.verification
    if check is not None:
        mark, word = ("passed", "Verified") if check.passed else ("beyond", "Differs")
        text = str(dataclasses.replace(check, assumptions=[])).partition(": ")[2]  # they are listed below
        lines.append(f'<p><span class="{mark}">{word}</span>: {_text(text).replace(chr(10), "<br>")}</p>')
    elif findings.code is not None:
        lines.append("<p>Not compared with PyTorch: <code>--verify</code> does.</p>")
    if findings.analysis is not None:
        lines.append(f"<p>{_text(str(findings.analysis).partition(chr(10))[0])}</p>")
    if findings.code is not None:
        code = findings.code
        lines.append(
            f"<p>class <code>{_text(code.class_name)}</code>: {len(code.source.splitlines())} lines of Python, "
            f"confidence {_text(code.call_confidence.replace('_', ' '))}</p>"
        )
    if findings.weights is not None:
        files = ", ".join(f"<code>{_text(name)}</code>" for name in findings.weights["files"])
        lines.append(f"<p>{files}: {findings.weights['bytes']:,} bytes, {len(findings.weights['tensors'])} tensors</p>")
    return lines


def _problems(findings: Findings) -> list[str]:
    blockers = [*(findings.analysis.blockers if findings.analysis else [])]
    blockers += findings.weights["problems"] if findings.weights else []
    notes = [*(findings.analysis.notes if findings.analysis else [])]
    notes += [*map(str, findings.code.assumptions), *findings.code.todos] if findings.code else []
    notes += findings.verification.assumptions if findings.verification else []
    skipped = findings.code.coverage_metrics.skipped_leaves if findings.code else []
    notes += [f"left out: {leaf}" for leaf in skipped]
    notes += findings.weights["notes"] if findings.weights else []
    lines = [_heading("Stands in the way"), _list(blockers)] if blockers else []
    return lines + ([_heading("Assumptions and notes"), _list(dict.fromkeys(notes))] if notes else [])


def _comparison(check: Verification) -> list[str]:
    rows = []
    for row, after in check.rows():
        good = row.passed and (after is None or after.passed)
        cells = (
            row.place,
            str(list(row.shape)),
            f"{row.max_abs_diff:.2e}",
            f"{row.max_rel_diff:.2e}",
            f"{after.max_rel_diff:.2e}" if after else "",
        )
        rows.append(("" if good else "beyond", cells))
    head = ("module call", "shape", "largest difference", "relative", "relative, operators fused")
    return [_heading("Compared with PyTorch"), *_table(head, rows, len(rows))]


def _layers(found: Analysis) -> list[str]:
    lines = [_heading("Layers"), *_table(("class", "count"), _counts(found.layers), len(found.layers))]
    if found.unmapped_layers:
        lines += ["<p>Without a counterpart:</p>", _list(found.unmapped_layers)]
    if found.ops:
        lines += [_heading("Operators"), *_table(("ATen", "nodes"), _counts(found.ops), len(found.ops))]
    return lines


def _counts(counts: dict[str, int]) -> Iterable[tuple[str, tuple[str, str]]]:
    return (("", (name, str(count))) for name, count in sorted(counts.items(), key=lambda item: -item[1]))


def _weights(report: dict[str, Any]) -> list[str]:
    def typed(side: dict[str, Any]) -> str:
        return f"{side['dtype']}{side['shape']}" if side else ""

    rows = []
    for tensor in report["tensors"]:
        axes = f"axes {tensor['permute']}" if tensor.get("permute") else ""
        outputs = ", ".join(tensor.get("outputs", []))
        cells = (tensor["name"], typed(tensor["torch"]), typed(tensor["mlx"]), axes, outputs, tensor["evidence"])
        rows.append(("", cells))
    lines = [
        _heading("Weights"),
        *_table(("key", "PyTorch", "MLX", "layout", "written as", "known by"), rows, len(rows)),
    ]
    if report["dropped"]:
        lines += ["<p>Left out:</p>", _list(f"{item['name']}: {item['reason']}" for item in report["dropped"])]
    return lines
