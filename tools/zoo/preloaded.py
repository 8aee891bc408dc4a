"""Imported once by the process that the nets' processes part from: the packages of the family in hand."""

import os

from .building import prepare

FAMILY = "ZOO_FAMILY"

if FAMILY in os.environ:
    prepare(os.environ[FAMILY])
