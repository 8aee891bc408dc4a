"""Ultralytics' detectors, one a generation, and heads of other tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, image

# configuration -> class of ultralytics.nn.tasks
ROWS = {
    "yolov3-tiny": "DetectionModel",
    "yolov5n": "DetectionModel",
    "yolov6n": "DetectionModel",
    "yolov8n": "DetectionModel",
    "yolov9t": "DetectionModel",
    "yolov10n": "DetectionModel",
    "yolo11n": "DetectionModel",
    "yolo12n": "DetectionModel",
    "yolo26n": "DetectionModel",
    "yolov8n-seg": "SegmentationModel",
    "yolov8n-pose": "PoseModel",
    "yolov8n-obb": "OBBModel",
    "yolov8n-cls": "ClassificationModel",
    "yolov8-rtdetr": "RTDETRDetectionModel",
    "rtdetr-l": "RTDETRDetectionModel",
}


def nets() -> list[Net]:
    return [image(name, maker(name, cls), 64, 96) for name, cls in ROWS.items()]


def maker(name: str, cls: str) -> Callable[[], Any]:
    def make() -> Any:
        from ultralytics.nn import tasks

        return getattr(tasks, cls)(f"{name}.yaml", verbose=False)

    return make
