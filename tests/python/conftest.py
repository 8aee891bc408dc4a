"""Hypothesis draws the same examples every time where the seed is stated."""

from __future__ import annotations

from hypothesis import settings

import seeds

settings.register_profile("stated", derandomize=True)
if seeds.STATED:
    settings.load_profile("stated")
