"""The command line: serve, score, download, prove, synthesize, describe."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from amplify_vep import __version__, commands
from amplify_vep.errors import AmplifyError
from amplify_vep.threads import wait_without_spinning

EX_USAGE, EX_IOERR = 64, 74
"""Exit codes of sysexits.h for errors outside this package: wrong usage, and files."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0, 64 usage, 65 input, 69 hub unreachable, 74 files or 78 model."""
    wait_without_spinning()
    options = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except AmplifyError as error:
        print(f"amplify-vep: {error.code.value}: {error.message}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"amplify-vep: {error.filename or 'a file'} cannot be read or written: {error.strerror}", file=sys.stderr)
        return EX_IOERR


class _Parser(argparse.ArgumentParser):
    """Exits with the code of sysexits.h for wrong usage."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EX_USAGE, f"{self.prog}: error: {message}\n")


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands and options."""
    parser = _Parser(prog="amplify-vep", description="Protein variant effect prediction with AMPLIFY.")
    parser.add_argument("--version", action="version", version=__version__)
    parsers = parser.add_subparsers(required=True, metavar="command")
    _add_serve(parsers)
    _add_score(parsers)
    _add_download(parsers)
    _add_prove(parsers)
    _add_synthesize(parsers)
    _add_describe(parsers)
    return parser


def _add_serve(parsers: "argparse._SubParsersAction[_Parser]") -> None:
    command = parsers.add_parser("serve", help="serve GET /ping and POST /invocations")
    _add_model(command)
    command.add_argument("--host", help="address to listen on (default $AMPLIFY_HOST, else 127.0.0.1)")
    command.add_argument(
        "--port", type=int, help=f"port to listen on (default ${commands.PORT_VARIABLE}, else {commands.DEFAULT_PORT})"
    )
    command.set_defaults(run=commands.serve)


def _add_score(parsers: "argparse._SubParsersAction[_Parser]") -> None:
    command = parsers.add_parser("score", help="score proteins from the command line")
    _add_model(command)
    command.add_argument("fasta", nargs="?", type=Path, help="FASTA file of many proteins; existing results are kept")
    command.add_argument("--sequence", help="one protein instead of a file, plain or FASTA")
    command.add_argument(
        "--out", "-o", type=Path, required=True, help="folder for the results; with --sequence the JSON file"
    )
    command.add_argument(
        "--scoring",
        choices=["masked-marginals", "wt-marginals"],
        default="masked-marginals",
        help="default masked-marginals",
    )
    command.add_argument("--variants", help="variants to score, such as K10A,p.Lys10Ala,K10A;L12V")
    command.add_argument(
        "--positions",
        help="positions to score, such as 10-25,40 (default all); write --positions=-5-3 if the first is negative",
    )
    command.add_argument("--joint", action="store_true", help="mask all sites of a multiple mutant together")
    command.add_argument(
        "--numbering-offset",
        type=int,
        default=0,
        help="number that your numbering adds to the 1-based index (default 0)",
    )
    command.set_defaults(run=commands.score)


def _add_download(parsers: "argparse._SubParsersAction[_Parser]") -> None:
    command = parsers.add_parser("download", help="download and verify a revision of a published checkpoint")
    command.add_argument("folder", type=Path)
    command.add_argument("--model", required=True, help="hub id, such as chandar-lab/AMPLIFY_350M")
    command.add_argument("--revision", default="main", help="branch, tag or commit (default main)")
    command.set_defaults(run=commands.download)


def _add_prove(parsers: "argparse._SubParsersAction[_Parser]") -> None:
    command = parsers.add_parser("prove", help="verify downloaded weights on natural proteins")
    command.add_argument("folder", type=Path)
    command.set_defaults(run=commands.prove)


def _add_synthesize(parsers: "argparse._SubParsersAction[_Parser]") -> None:
    command = parsers.add_parser("synthesize", help="write a random, reproducible checkpoint for tests")
    command.add_argument("folder", type=Path)
    command.add_argument("--seed", type=_seed, default=0, help="seed of the random numbers (default 0)")
    command.add_argument(
        "--shape", choices=["tiny", "120M", "350M"], default="tiny", help="default tiny: hidden size 64, 4 layers"
    )
    command.set_defaults(run=commands.synthesize)


def _add_describe(parsers: "argparse._SubParsersAction[_Parser]") -> None:
    command = parsers.add_parser("describe", help="print the identity of a checkpoint as JSON")
    _add_model(command, with_dtype=False)
    command.set_defaults(run=commands.describe)


def _add_model(command: argparse.ArgumentParser, with_dtype: bool = True) -> None:
    command.add_argument("--model", help=f"folder or hub id (default ${commands.MODEL_VARIABLE})")
    if with_dtype:
        choices = ["auto", "float32", "bfloat16", "float16"]
        command.add_argument(
            "--dtype",
            choices=choices,
            help="precision (default $AMPLIFY_DTYPE, else auto: the first of the device that passes the gate)",
        )
        _add_compile(command)


def _add_compile(command: argparse.ArgumentParser) -> None:
    what = "use torch.compile (default $AMPLIFY_COMPILE, else off)"
    command.add_argument("--compile", choices=["off", "on"], help=what)
