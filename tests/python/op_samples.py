"""All rows of samples, by operator: those of every file in op_tables."""

from __future__ import annotations

import importlib
import pkgutil

import op_tables

FAMILIES = [importlib.import_module(f"op_tables.{module.name}") for module in pkgutil.iter_modules(op_tables.__path__)]
ROWS = {row.op: row for family in FAMILIES for row in family.ROWS}
assert len(ROWS) == sum(len(family.ROWS) for family in FAMILIES), "an operator has two rows"
