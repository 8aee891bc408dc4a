"""Nets of PyPI's packages for `make zoo`."""
