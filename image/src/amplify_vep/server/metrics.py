"""Metrics in the CloudWatch embedded metric format: one JSON object per line, on stdout.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

NAMESPACE = "AmplifyVep"

UNITS = {
    "Copies": "Count",
    "BatchSize": "Count",
    "QueueWait": "Seconds",
    "ComputeTime": "Seconds",
    "OomRetries": "Count",
    "Float32Recomputes": "Count",
    "DeviceMemory": "Bytes",
    "StartTime": "Seconds",
    "Failures": "Count",
}
"""Every metric and its CloudWatch unit."""

_OF_A_JOB = {
    "copies": "Copies",
    "batch_size": "BatchSize",
    "queue_s": "QueueWait",
    "compute_s": "ComputeTime",
    "oom_retries": "OomRetries",
    "float32_recomputes": "Float32Recomputes",
    "device_memory_bytes": "DeviceMemory",
}


def emit(values: Mapping[str, float], device: str | None) -> None:
    """Writes one line with values of metrics in `UNITS`, with the dimension Device."""
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in values]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["Device"]], "Metrics": metrics}
    line = {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
        "Device": device or "default",
        **values,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def job_metrics(figures: Mapping[str, Any]) -> dict[str, float]:
    """The metrics of a scored request, from the figures of its worker."""
    return {name: figures[figure] for figure, name in _OF_A_JOB.items() if figure in figures}
