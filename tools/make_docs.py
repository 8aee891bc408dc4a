"""Writes docs/support.md from the program's own tables, their case files and the last sweep over model types, and
checks the links between our pages."""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import sweep
from tiny.building import NO_CLASS
from zoo import record

ROOT = Path(__file__).resolve().parent.parent
SUPPORT = ROOT / "docs" / "support.md"
CASES = ROOT / "tests"
SWEEP = ROOT / "tools" / "sweep.json"
ZOO = ROOT / "tools" / "zoo.json"
NO_MODEL = ("has no AutoModel", NO_CLASS)
HEADER = """# What is supported

`make docs` writes this page from the tables in the program and their case files, so edits are lost. The program prints
the same tables: `torch2mlx ops`, `torch2mlx ops --layers`, `torch2mlx ops --dtypes`, each with `--json`.

What is not listed, or is refused below, is an error that names operator, module and source line; nothing is
approximated.
"""
OPERATORS = """## Operators

{count} ATen overloads, as `torch.export` writes them. *Example* and *becomes* are one case of
[tests/ops](../tests/ops), after all passes; *refused* is what the operator does not take.
"""
LAYERS = """## Layers

{count} classes whose parameters and layouts are known. Modules of any other class convert too where their
operators do; a file of weights alone needs its convolutions here or named by `--layer-type`.
"""
DTYPES = """## Element types

float64 becomes float32, since MLX computes float64 on the CPU alone; `--strict-dtypes` refuses that.
"""
MODELS = """## Model types

What `make sweep` found: model types of transformers {transformers}, the AutoModel of each shrunk and with fixed random
weights, generated and compared with PyTorch {torch} at the traced and at other sizes (mlx {mlx}). {types} of its {of}
types were run so far. {absent} of them have no AutoModel, being parts of others, and are left out below; {built} could
be built and run on inputs made up for them, torch.export captures {captured} of those, and {match} of these match
({percent:.1f} %).

*traced*: matches at the traced sizes, and others are refused by name. *refused*: cannot be done exactly, and says so.
*differs*: `generate` itself finds that the numbers part, and says so. *silent*: nothing said so.
"""
NETS = """## Nets of other packages

What `make zoo` found: nets of PyPI's packages (`requirements/zoo.txt`) with fixed random weights, generated and
compared with PyTorch {torch} as traced, at another batch and at other sizes (mlx {mlx}). {match} of the {run} that were
run so far match ({percent:.1f} %).

*match*: every call; sizes other than those traced may be refused by name, another batch may not. *refused*: cannot be
done exactly, and says so. *differs*: `generate` itself finds that the numbers part, and says so. *silent*: nothing
said so. *crashed*: an error that is not made on purpose. *slow*: more than two minutes of computing.
"""
IGNORED = re.compile(
    r", (?:Layout|Device|MemoryFormat|bool)\??\s(?:layout|device|memory_format|pin_memory|non_blocking)[^,)]*"
)
NODE = re.compile(r"^(?:[\w, ]+ = )?(aten\.\w+\.\w+)\((.*)\)(?: : .*)?$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""


def table(columns: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def ask(*options: str) -> Any:
    """One of the program's tables."""
    # The package, not the native program: only it has the graph library, which holds the operators.
    command = [sys.executable, "-m", "torch2mlx", "ops", *options, "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {run.stderr.strip()}")
    return json.loads(run.stdout)


def cases(folder: str, section: str) -> dict[str, list[tuple[str, str]]]:
    """{operator: [(its call, text of that section)]} of the case files with one operator, by name of the file."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((CASES / folder).glob("*.t"), key=lambda path: (len(path.name), path.name)):
        graph, *sections = re.split(r"^---- (\w+)\n", path.read_text(), flags=re.MULTILINE)
        nodes = [match for line in graph.splitlines() if (match := NODE.match(line))]
        texts = dict(zip(sections[::2], sections[1::2], strict=True))
        if len(nodes) == 1 and section in texts:
            call = f"{short(nodes[0][1])}({nodes[0][2]})"
            found.setdefault(nodes[0][1], []).append((call, texts[section].strip()))
    return found


def short(op: str) -> str:
    """ "aten.add.Tensor" -> "add.Tensor", "aten.relu.default" -> "relu"."""
    return op.removeprefix("aten.").removesuffix(".default")


def shown(schema: str) -> str:
    """A schema without the parameters that say nothing about a lazily computed array's values."""
    return re.sub(r", \*(?=\))", "", IGNORED.sub("", schema))


def operators() -> str:
    schemas = ask()["aten"]
    becomes, errors = cases("ops", "python"), cases("errors", "error")
    rows = []
    for op, schema in schemas.items():
        call, text = becomes.get(op, [("", "")])[0]  # of the shortest file name: no special case
        lines = [code(line.removeprefix("return ")) for line in text.splitlines()]
        lines = ["nothing"] if schema.endswith("-> ()") else lines
        refused = dict.fromkeys(error.partition(f"{op}: ")[2] for _, error in errors.get(op, []))
        rows.append([code(shown(schema)), code(call), "<br>".join(lines), "<br>".join(refused).replace("|", "\\|")])
    columns = ["operator", "example", "becomes", "refused"]
    return OPERATORS.format(count=len(rows)) + "\n" + table(columns, rows)


def layers() -> str:
    rows = []
    for row in ask("--layers"):
        package, _, short = row["torch"].rpartition(".")
        name = f"nn.{short}" if package.startswith("torch.nn.") else row["torch"]
        axes = [f"{code(key)} {tuple(order)}" for key, order in row["parameters"].items() if order]
        notes = [f"no {code(name)}" for name in row.get("dropped", [])]
        notes += [f"where {code(row['needs'])}"] if "needs" in row else []
        bare = "bare parameters" if row["parameters"] else "functions"
        rows.append([code(name), code(row["mlx"]) or bare, "<br>".join(axes), ", ".join(notes)])
    columns = ["PyTorch", "MLX", "axes in MLX's order", "notes"]
    return LAYERS.format(count=len(rows)) + "\n" + table(columns, rows)


def dtypes() -> str:
    rows = [[code(row["torch"]), code(row["mlx"]), str(row["size"])] for row in ask("--dtypes")]
    return DTYPES + "\n" + table(["PyTorch", "MLX", "bytes in PyTorch"], rows)


def models() -> str:
    """The sweep's table, what needs a word first."""
    swept = json.loads(SWEEP.read_text())
    types = {name: result for name, result in swept["types"].items() if result.get("why") not in NO_MODEL}
    counts = Counter(result["outcome"] for result in types.values())
    built = len(types) - counts["not run"]
    captured = built - counts["not captured"]
    order = sorted(
        types.items(),
        key=lambda item: (item[1]["outcome"] == "match", sweep.OUTCOMES.index(item[1]["outcome"]), item[0]),
    )
    rows = [
        [code(name), code(result.get("class", "")), result["outcome"], result.get("why", "").replace("|", "\\|")]
        for name, result in order
    ]
    text = MODELS.format(
        **swept["versions"],
        of=swept["of"],
        types=len(swept["types"]),
        absent=len(swept["types"]) - len(types),
        built=built,
        captured=captured,
        match=counts["match"],
        percent=100 * counts["match"] / captured,
    )
    return text + "\n" + table(["type", "class", "outcome", "why"], rows)


def nets() -> str:
    """The zoo's table: packages, then what does not match by its cause."""
    recorded = json.loads(ZOO.read_text())
    results = {name: result for name, result in recorded["nets"].items() if result["outcome"] != "not run"}
    families: dict[str, Counter[str]] = {}
    for name, result in results.items():
        families.setdefault(name.partition("/")[0], Counter())[result["outcome"]] += 1
    shown = [outcome for outcome in record.OUTCOMES if outcome != "not run"]
    rows = [[code(family), *(str(counts[o] or "") for o in shown)] for family, counts in sorted(families.items())]
    match = sum(counts["match"] for counts in families.values())
    text = NETS.format(**recorded["versions"], match=match, run=len(results), percent=100 * match / len(results))
    why = [
        [outcome, cause.replace("|", "\\|"), ", ".join(code(name) for name in names)]
        for outcome, cause, names in record.causes(results)
    ]
    return "\n".join([text, table(["nets of", *shown], rows), table(["outcome", "cause", "nets"], why)])


def support() -> str:
    """The text of docs/support.md."""
    return "\n".join([HEADER, models(), nets(), operators(), layers(), dtypes()])


def anchors(page: Path) -> set[str]:
    """The fragments a page offers, as GitHub makes them from headings."""
    headings = re.findall(r"^#+\s+(.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    problems = []
    for target in LINK.findall(FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        if not linked.exists():
            problems.append(f"{page.relative_to(ROOT)}: {target} does not exist")
        elif fragment and linked.suffix == ".md" and fragment not in anchors(linked):
            problems.append(f"{page.relative_to(ROOT)}: {target} names no heading")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links-only", action="store_true", help="leave docs/support.md as it is")
    if not parser.parse_args().links_only:
        SUPPORT.write_text(support())
        print(f"wrote {SUPPORT.relative_to(ROOT)}")
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
    problems = [problem for page in pages for problem in broken_links(page)]
    print("\n".join(problems) if problems else f"links of {len(pages)} pages resolve")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
