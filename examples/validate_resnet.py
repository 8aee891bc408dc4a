"""A residual network: Conv2d, BatchNorm2d, skip connections, strided blocks with a projected skip.

PYTHONPATH=python .venv/bin/python examples/validate_resnet.py [folder]
"""

from __future__ import annotations

import torch
from torch import nn

from validate import main


class BasicBlock(nn.Module):
    def __init__(self, inplanes: int, planes: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inplanes != planes:
            projection = nn.Conv2d(inplanes, planes, 1, stride=stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(planes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu(out)


class ResNet(nn.Module):
    """Scores of ten classes for images (batch, 3, height, width)."""

    def __init__(self, widths: tuple[int, ...] = (32, 64, 128), blocks: int = 2) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        stages, inplanes = [], widths[0]
        for index, planes in enumerate(widths):
            stages.append(BasicBlock(inplanes, planes, stride=1 if index == 0 else 2))
            stages += [BasicBlock(planes, planes) for _ in range(blocks - 1)]
            inplanes = planes
        self.layers = nn.Sequential(*stages)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(widths[-1], 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.avgpool(self.layers(x))
        return self.fc(torch.flatten(x, 1))


if __name__ == "__main__":
    torch.manual_seed(0)
    model = ResNet()
    with torch.no_grad():
        for _ in range(3):  # in training mode, so that the running statistics are those of some data
            model(torch.randn(16, 3, 64, 64) * 2 + 1)
    main(model, [torch.randn(shape) for shape in ((2, 3, 64, 64), (1, 3, 64, 64), (5, 3, 64, 64), (3, 3, 96, 80))])
