"""`python -m model_bench bench` measures figures, `python -m model_bench soak` tests a server under load."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from amplify_vep.errors import AmplifyError
from amplify_vep.threads import wait_without_spinning

MODEL_VARIABLE = "AMPLIFY_MODEL_DIR"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. The exit code is 0 on success, 1 on failure and 2 on wrong usage."""
    wait_without_spinning()
    options = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except AmplifyError as error:
        print(f"model_bench: {error.code.value}: {error.message}", file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    """The two commands and their options."""
    parser = argparse.ArgumentParser(prog="model_bench", description="Measures and tests the model package.")
    commands = parser.add_subparsers(required=True, metavar="command")
    bench = commands.add_parser("bench", help="measure speed-ups on synthetic weights of the published shapes")
    bench.add_argument(
        "--figures",
        choices=["basic", "full"],
        default="basic",
        help="basic (default): only the speed-up at L = 128; full: all figures, eager and compiled",
    )
    bench.add_argument(
        "--shape", action="append", choices=["tiny", "120M", "350M"], help="can be repeated; default 350M"
    )
    bench.add_argument("--dtype", choices=["auto", "float32", "bfloat16", "float16"], default="auto")
    bench.add_argument("--json", type=Path, help="file to write {figures: [{name, value, unit, goal, holds}]} to")
    bench.set_defaults(run=_bench)
    soak = commands.add_parser("soak", help="send thousands of mixed requests to a server and check every response")
    model = os.environ.get(MODEL_VARIABLE)
    soak.add_argument(
        "--model", default=model, required=model is None, help=f"folder or hub id; default ${MODEL_VARIABLE}"
    )
    soak.add_argument("--requests", type=int, default=3000, help="number of requests; default 3000")
    soak.add_argument("--limit", type=float, default=600.0, help="seconds after which no more are sent; default 600")
    soak.set_defaults(run=_soak)
    return parser


def _bench(options: argparse.Namespace) -> int:
    # Imported here and below: PyTorch reads the environment, which `wait_without_spinning` sets, when it is imported.
    from model_bench.run import bench  # noqa: PLC0415

    bench(options.figures, options.shape or ["350M"], options.dtype, options.json)
    return 0


def _soak(options: argparse.Namespace) -> int:
    """Fails where a response was wrong or memory grew."""
    from amplify_vep.hub.source import find_model  # noqa: PLC0415
    from model_bench.soak import soak  # noqa: PLC0415

    report = soak(find_model(options.model), options.requests, options.limit)
    print(json.dumps(report.to_json()))
    return 0 if report.bounded and not report.faults else 1


if __name__ == "__main__":
    sys.exit(main())
