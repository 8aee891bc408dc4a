"""Quantized matrices as PyTorch's libraries store them, bit by bit."""

from __future__ import annotations

import numpy as np

AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]  # output that stands in the lowest 4 bits, the next ...


def in_bits(codes: np.ndarray, bits: int) -> np.ndarray:
    """Codes [n, m] behind each other along axis 0 as int32 [n * bits / 32, m]."""
    n, m = codes.shape
    every = (codes[:, None, :] >> np.arange(bits)[None, :, None]) & 1  # n, bits, m
    runs = every.reshape(n * bits // 32, 32, m).astype(np.uint64)
    return (runs << np.arange(32, dtype=np.uint64)[None, :, None]).sum(1).astype(np.uint32).view(np.int32)


def in_awq_words(codes: np.ndarray) -> np.ndarray:
    n, m = codes.shape
    eights = codes.reshape(n, m // 8, 8)[:, :, AWQ_ORDER].astype(np.uint64)
    return (eights << (4 * np.arange(8, dtype=np.uint64))).sum(-1).astype(np.uint32).view(np.int32)
