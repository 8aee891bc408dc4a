"""A convolutional network for handwritten digits: Conv2d, MaxPool2d, Linear.

PYTHONPATH=python .venv/bin/python examples/validate_mnist.py [folder]
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from validate import main


class DigitNet(nn.Module):
    """Log-probabilities of ten digits for images (batch, 1, 28, 28)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(0.25)
        self.fc1 = nn.Linear(64 * 7 * 7, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = self.dropout(F.relu(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)


if __name__ == "__main__":
    torch.manual_seed(0)
    main(DigitNet(), [torch.randn(batch, 1, 28, 28) for batch in (4, 1, 7, 32)])
