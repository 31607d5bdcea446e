#!/usr/bin/env python3
"""Measures latency and throughput of a deployment over lengths of proteins and numbers of callers.

The proteins are random, so no job is known before. A first protein wakes an endpoint that stands at zero; it is not
measured.
"""

import argparse
import json
import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vep_tools import ToolError, Tools, find_function

EXAMPLES = """examples:
  benchmark.py --lengths 100,300,1000 --concurrency 1,4,16 --requests 32
  benchmark.py --lengths 100 --concurrency 1 --requests 3 --json
"""

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"


def numbers(text: str) -> list[int]:
    """Whole numbers above 0, joined with commas."""
    found = [int(part) for part in text.split(",")]
    if min(found) < 1:
        raise ValueError(text)
    return found


def seconds_of(tools: Tools, length: int, options: argparse.Namespace) -> float:
    """Scores a random protein, and says how long it took from submission to result."""
    # Random proteins are no secret.
    sequence = "M" + "".join(random.choices(RESIDUES, k=length - 1))  # noqa: S311
    started = time.monotonic()
    job = tools.call("invoke_endpoint", sequence=sequence, scoring=options.scoring)
    answer = tools.wait(job["output_id"], options.max_attempts, options.poll_interval)
    if answer["status"] != "completed":
        raise ToolError(f"{answer['status']}: {answer.get('reason')}")
    return time.monotonic() - started


def measured(tools: Tools, length: int, callers: int, options: argparse.Namespace) -> dict[str, Any]:
    """Scores proteins of one length by so many callers at a time."""
    started = time.monotonic()
    with ThreadPoolExecutor(callers) as pool:
        times = sorted(pool.map(lambda _: seconds_of(tools, length, options), range(options.requests)))
    elapsed = time.monotonic() - started
    return {
        "length": length,
        "concurrency": callers,
        "requests": options.requests,
        "median_s": round(statistics.median(times), 3),
        "slowest_s": round(times[-1], 3),
        "proteins_per_minute": round(60 * options.requests / elapsed, 2),
        "residues_per_second": round(length * options.requests / elapsed, 1),
    }


def main() -> int:
    """Exit code 0 where all proteins were scored, 1 where one was not."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--function", help="name of the tools' function; default: the one with async-endpoint")
    parser.add_argument("--lengths", type=numbers, default=[100, 300], help="residues (default: 100,300)")
    parser.add_argument("--concurrency", type=numbers, default=[1, 4], help="callers at a time (default: 1,4)")
    parser.add_argument("--requests", type=int, default=8, help="proteins of each measurement (default: 8)")
    parser.add_argument("--scoring", choices=["masked-marginals", "wt-marginals"], default="masked-marginals")
    parser.add_argument("--max-attempts", type=int, default=600, help="number of times to ask for a job (default: 600)")
    parser.add_argument("--poll-interval", type=float, default=0.5, help="seconds between two times (default: 0.5)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    args = parser.parse_args()
    rows = []
    try:
        tools = Tools(find_function(args.function))
        seconds_of(tools, min(args.lengths), args)
        for length in args.lengths:
            for callers in args.concurrency:
                rows.append(measured(tools, length, callers, args))
                if not args.json:
                    if len(rows) == 1:
                        print("  ".join(rows[0]))
                    print("  ".join(f"{value:>{len(name)}}" for name, value in rows[-1].items()), flush=True)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
