"""Writes docs/support.md from the program's own tables, then checks that every link between our pages resolves."""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPPORT = ROOT / "docs" / "support.md"
HEADER = """# What is supported

`make docs` writes this page from the tables in the program (`python -m torch2mlx ops --json`), so edits are lost.
"""
SECTIONS = {
    "Operators": ([], "ATen overloads that have a lowering."),
    "Layers": (["--layers"], "`torch.nn` classes that have a counterpart in `mlx.nn`."),
    "Dtypes": (["--dtypes"], "Element types and what becomes of each."),
}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def cell(value: object) -> str:
    if isinstance(value, dict):
        value = [f"{key}: {cell(item)}" for key, item in value.items()]
    if isinstance(value, list):
        return ", ".join(cell(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).replace("|", "\\|")


def table(rows: list[object]) -> str:
    """A Markdown table with one column a key; rows that are plain strings give one column."""
    records = [row if isinstance(row, dict) else {"name": row} for row in rows]
    columns = list(dict.fromkeys(key for record in records for key in record))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell(record.get(column)) for column in columns) + " |" for record in records]
    return "\n".join(lines)


def section(title: str) -> str:
    options, sentence = SECTIONS[title]
    # The package, not the native program: only it has the graph library, which holds the operators.
    command = [sys.executable, "-m", "torch2mlx", "ops", *options, "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {run.stderr.strip()}")
    content = json.loads(run.stdout)
    # Either the list itself or an object that holds it.
    lists = [content] if isinstance(content, list) else [value for value in content.values() if isinstance(value, list)]
    rows = lists[0]
    return f"## {title}\n\n{sentence} {len(rows)} rows.\n\n{table(rows)}\n"


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
        SUPPORT.write_text("\n".join([HEADER, *(section(title) for title in SECTIONS)]))
        print(f"wrote {SUPPORT.relative_to(ROOT)}")
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
    problems = [problem for page in pages for problem in broken_links(page)]
    print("\n".join(problems) if problems else f"links of {len(pages)} pages resolve")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
