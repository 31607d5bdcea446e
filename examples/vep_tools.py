"""What the examples share: finding the tools' function, calling it, and waiting for a job. Needs only boto3."""

import json
import sys
import time
from typing import Any

import boto3
from botocore.config import Config

# Lambda answers within its own time limit of 30 s; a call must not be sent twice because the client gave up before.
CONFIG = Config(read_timeout=60, retries={"max_attempts": 3, "mode": "standard"})


class ToolError(Exception):
    """A tool refused the call, or its function failed; the message says why."""


def find_function(name: str | None) -> str:
    """The name of the tools' function: the one given, or the only one whose name has `async-endpoint`."""
    if name is not None:
        return name
    pages = boto3.client("lambda").get_paginator("list_functions").paginate()
    found = [item["FunctionName"] for page in pages for item in page["Functions"]]
    tools = [item for item in found if "async-endpoint" in item]
    if len(tools) != 1:
        raise SystemExit(f"{len(tools)} functions have async-endpoint in their name; name one with --function.")
    return str(tools[0])


class Tools:
    """The tools of one deployment."""

    def __init__(self, function: str) -> None:
        """Calls this function, in the region and with the credentials of the environment."""
        self._lambda = boto3.client("lambda", config=CONFIG)
        self._function = function

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The data of a tool's answer.

        Raises:
            ToolError: the tool refused the call, or the function failed.

        """
        event = {"tool_name": tool, **arguments}
        answer = self._lambda.invoke(FunctionName=self._function, Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise ToolError(f"The function failed: {payload}")
        if not payload["success"]:
            raise ToolError(f"{payload['error_code']}: {payload['message']}")
        data: dict[str, Any] = payload["data"]
        return data

    def wait(self, output_id: str, max_attempts: int, poll_interval: float | None = None) -> dict[str, Any]:
        """The last answer about a job: of a completed one, with the summary of its result.

        Args:
            output_id: from `invoke_endpoint`.
            max_attempts: number of times to ask.
            poll_interval: seconds between two times; None: what the last answer says.

        """
        data: dict[str, Any] = {}
        for attempt in range(max_attempts):
            if attempt > 0:
                time.sleep(data["retry_after_seconds"] if poll_interval is None else poll_interval)
            data = self.call("get_results", output_id=output_id, detail="summary")
            if data["status"] != "in_progress":
                return data
        raise ToolError(f"The job {output_id} is still {data.get('phase')}: ask again later, it goes on.")


def explain_scores(weights: str) -> None:
    """Says what the sign of a score means, and where random weights made the scores, which then mean nothing."""
    print("llr below 0: less likely than the wild type; above 0: likelier.", file=sys.stderr)
    if weights == "synthetic":
        print("Synthetic weights: the scores say nothing about this protein.", file=sys.stderr)
