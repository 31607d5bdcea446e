"""The command line: serve, score, download, synthesize, describe."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from amplify_vep import __version__
from amplify_vep.errors import AmplifyError, ErrorCode, UsageError
from amplify_vep.threads import wait_without_spinning

MODEL_VARIABLE = "AMPLIFY_MODEL_DIR"
PORT_VARIABLE = "SAGEMAKER_BIND_TO_PORT"
_DEFAULT_PORT = 8080


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code tells (0 good, 64 usage, 65 input, 69 hub unreachable, 78 model)."""
    wait_without_spinning()
    options = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except AmplifyError as error:
        print(f"amplify-vep: {error.code.value}: {error.message}", file=sys.stderr)
        return error.exit_code


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="amplify-vep", description="Protein variant effect prediction with AMPLIFY.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_serve(commands)
    _add_score(commands)
    _add_download(commands)
    _add_prove(commands)
    _add_synthesize(commands)
    _add_describe(commands)
    _add_bench(commands)
    return parser


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("serve", help="serve GET /ping and POST /invocations")
    _add_model(command)
    command.add_argument("--host", help="address to listen on (default 127.0.0.1; AMPLIFY_HOST)")
    command.add_argument("--port", type=int, help=f"default ${PORT_VARIABLE}, else {_DEFAULT_PORT}")
    command.set_defaults(run=_serve)


def _add_score(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("score", help="score proteins from the command line")
    _add_model(command)
    command.add_argument("--sequence", required=True, help="one protein, plain or FASTA")
    command.add_argument("--out", "-o", type=Path, required=True, help="file for the result object (JSON)")
    command.add_argument("--scoring", choices=["masked-marginals", "wt-marginals"], default="masked-marginals")
    command.add_argument("--variants", help="such as K10A,p.Lys10Ala,K10A;L12V")
    command.add_argument("--positions", help="only these, such as 10-25,40")
    command.add_argument("--joint", action="store_true", help="mask all sites of a multiple mutant at once")
    command.add_argument("--numbering-offset", type=int, default=0, help="added to the 1-based index")
    command.set_defaults(run=_score)


def _add_download(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("download", help="fetch and prove a pinned revision of a published checkpoint")
    command.add_argument("folder", type=Path)
    command.add_argument("--model", required=True, help="hub id, such as chandar-lab/AMPLIFY_350M")
    command.add_argument("--revision", default="main", help="branch, tag or commit (default main)")
    command.set_defaults(run=_download)


def _add_prove(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("prove", help="hold fetched weights against natural proteins")
    command.add_argument("folder", type=Path)
    command.set_defaults(run=_prove)


def _add_synthesize(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("synthesize", help="write a deterministic random checkpoint for tests")
    command.add_argument("folder", type=Path)
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--shape", choices=["tiny", "120M", "350M"], default="tiny", help="default 64 wide x 4 layers")
    command.set_defaults(run=_synthesize)


def _add_describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("describe", help="print what a checkpoint is, as JSON")
    _add_model(command, with_dtype=False)
    command.set_defaults(run=_describe)


def _add_bench(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("bench", help="measure speed-ups on synthetic weights of the published shapes")
    command.add_argument("--figures", choices=["basic", "full"], default="basic", help="default basic: L = 128 only")
    command.add_argument("--shape", action="append", choices=["tiny", "120M", "350M"], help="repeatable; default 350M")
    command.add_argument("--dtype", choices=["auto", "float32", "bfloat16", "float16"], default="auto")
    command.add_argument("--json", type=Path, help="file for {figures: [{name, value, unit, goal, holds}]}")
    command.set_defaults(run=_bench)


def _add_model(command: argparse.ArgumentParser, with_dtype: bool = True) -> None:
    command.add_argument("--model", help=f"folder or hub id (default ${MODEL_VARIABLE})")
    if with_dtype:
        choices = ["auto", "float32", "bfloat16", "float16"]
        command.add_argument("--dtype", choices=choices, help="default auto: the fastest that passes the fidelity gate")


def _model(options: argparse.Namespace) -> str:
    model = options.model or os.environ.get(MODEL_VARIABLE)
    if not model:
        message = f"No model is named: give --model DIR_OR_ID, or set {MODEL_VARIABLE}."
        raise UsageError(ErrorCode.USAGE, message)
    return str(model)


# Each command imports what it needs: PyTorch costs seconds that `describe` and `synthesize` need not wait.


def _serve(options: argparse.Namespace) -> int:
    from amplify_vep.server.run import serve  # noqa: PLC0415
    from amplify_vep.server.settings import settings_from_environment  # noqa: PLC0415

    port = options.port
    if port is None:
        text = os.environ.get(PORT_VARIABLE, str(_DEFAULT_PORT))
        if not text.isdecimal():
            raise UsageError(ErrorCode.USAGE, f"{PORT_VARIABLE}={text!r} is no port number.")
        port = int(text)
    host = options.host or os.environ.get("AMPLIFY_HOST")
    return serve(settings_from_environment(model=_model(options), host=host, port=port, dtype=options.dtype))


def _score(options: argparse.Namespace) -> int:
    from amplify_vep.request import parse_request  # noqa: PLC0415
    from amplify_vep.result import encode_result  # noqa: PLC0415

    fields = ("sequence", "scoring", "variants", "positions", "joint", "numbering_offset")
    request = parse_request({name: getattr(options, name) for name in fields})
    from amplify_vep.scorer import Scorer  # noqa: PLC0415 - after the request: bad input is told at once

    scorer = Scorer.load(_model(options), dtype=options.dtype or "auto")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(encode_result(scorer.score_request(request)))
    return 0


def _download(options: argparse.Namespace) -> int:
    from amplify_vep.download import download  # noqa: PLC0415

    print(download(options.model, options.revision, options.folder))
    return 0


def _prove(options: argparse.Namespace) -> int:
    from amplify_vep.download import prove  # noqa: PLC0415

    print(prove(options.folder))
    return 0


def _synthesize(options: argparse.Namespace) -> int:
    from amplify_vep.synthesize import synthesize  # noqa: PLC0415

    synthesize(options.folder, options.seed, options.shape)
    return 0


def _describe(options: argparse.Namespace) -> int:
    from amplify_vep.provenance import identify  # noqa: PLC0415
    from amplify_vep.source import find_model  # noqa: PLC0415

    print(json.dumps(identify(find_model(_model(options))).to_json()))
    return 0


def _bench(options: argparse.Namespace) -> int:
    from amplify_vep.bench.run import bench  # noqa: PLC0415

    bench(options.figures, options.shape or ["350M"], options.dtype, options.json)
    return 0
