"""Exits 0 when every requirement in the given files is installed at its pinned version."""

import re
import sys
from importlib import metadata
from pathlib import Path

PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,]+\])?==(?P<version>[^;\s]+)\s*(?:;\s*(?P<marker>.*))?$")
MARKER = re.compile(r'^(?P<variable>\w+) (?P<operator>==|<|>=) "(?P<value>[^"]+)"$')


def applies(marker: str) -> bool:
    """Evaluates the two kinds of markers our files use; `packaging` may not be installed yet."""
    match = MARKER.match(marker.strip())
    if not match:
        raise ValueError(f"marker not understood: {marker}")
    variable, operator, value = match.groups()
    if variable == "sys_platform":
        return sys.platform == value
    wanted = tuple(int(part) for part in value.split("."))
    return sys.version_info[:2] >= wanted if operator == ">=" else sys.version_info[:2] < wanted


def unmet(line: str) -> str | None:
    """What is wrong with one requirement line, or None."""
    line = line.split("#", 1)[0].strip()
    if not line:
        return None
    match = PIN.match(line)
    if not match:
        raise ValueError(f"not an exact pin: {line}")
    if match["marker"] and not applies(match["marker"]):
        return None
    try:
        installed = metadata.version(match["name"])
    except metadata.PackageNotFoundError:
        return f"{match['name']} is not installed"
    # A local label such as +cpu names a build of the same version.
    if installed.split("+", 1)[0] != match["version"]:
        return f"{match['name']} is {installed}, not {match['version']}"
    return None


def main(paths: list[str]) -> int:
    problems = [problem for path in paths for line in Path(path).read_text().splitlines() if (problem := unmet(line))]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
