"""`python -m model_bench bench`: measures figures, prints them as a table and writes them as JSON."""

import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from amplify_vep.backend.device import default_device, has_matrix_units
from amplify_vep.backend.reference import ReferenceModel, load_reference
from amplify_vep.checkpoint.config import load_config
from amplify_vep.checkpoint.synthesize import synthesize
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.errors import ModelError
from amplify_vep.scorer import Scorer
from model_bench.clients import client_figures
from model_bench.figure import Figure
from model_bench.sharing import sharing_figures
from model_bench.speed import share_figure, speed_figures, wt_figure
from model_bench.start import start_figure

BASIC_GOALS = {128: 3.0}
FULL_GOALS = {64: 5.0, 256: 4.0, 1024: 3.0}
COMPILED_GOALS = {256: 5.5}


def bench(kind: str, shapes: list[str], dtype: str, out: Path | None) -> list[Figure]:
    """Measures figures on synthetic checkpoints.

    Args:
        kind: `basic` (speed-up at L = 128) or `full` (all figures, also of the compiled model if it compiles).
        shapes: names in `synthesize.SHAPES`.
        dtype: see `Scorer.load`.
        out: file for `{"figures": [...], "environment": {...}}`; None for no file.

    """
    figures: list[Figure] = []
    environment: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for shape in shapes:
            folder = Path(scratch) / shape
            synthesize(folder, shape=shape)
            _show(figures, _shape_figures(kind, folder, shape, dtype, environment))
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        content = {"figures": [figure.to_json() for figure in figures], "environment": environment}
        out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return figures


def _shape_figures(kind: str, folder: Path, shape: str, dtype: str, environment: dict[str, object]) -> Iterator[Figure]:
    config = load_config(folder)
    reference = load_reference(load_state(folder, config), config, default_device())
    scorer = Scorer.load(folder, dtype=dtype)
    environment[shape] = scorer.facts()
    if kind == "basic":
        yield from speed_figures(scorer, reference, shape, BASIC_GOALS)
        return
    yield from speed_figures(scorer, reference, shape, _applicable(FULL_GOALS))
    yield share_figure(scorer, shape)
    yield wt_figure(scorer, shape)
    yield from sharing_figures(scorer, shape)
    del scorer
    yield from _compiled_figures(folder, reference, shape, dtype, environment)
    del reference
    yield start_figure(folder, shape)
    yield from client_figures(folder, shape)


def _compiled_figures(
    folder: Path, reference: ReferenceModel, shape: str, dtype: str, environment: dict[str, object]
) -> Iterator[Figure]:
    label = f"{shape} compiled"
    started = time.perf_counter()
    try:
        scorer = Scorer.load(folder, dtype=dtype, compiling="on")
    except ModelError as error:
        print(f"{label}: not measured: {error.message}", flush=True)
        return
    start_s = time.perf_counter() - started
    environment[label] = scorer.facts()
    yield from speed_figures(scorer, reference, label, _applicable(COMPILED_GOALS))
    yield share_figure(scorer, label)
    yield Figure(f"{label}: seconds to load and compile", start_s, "s")


def _applicable(goals: dict[int, float]) -> dict[int, float]:
    """Smallest speed-up by length. Without matrix units the goal is only to be as fast as the naive loop."""
    return goals if has_matrix_units(default_device()) else dict.fromkeys(goals, 1.0)


def _show(figures: list[Figure], new: Iterable[Figure]) -> None:
    for figure in new:
        figures.append(figure)
        mark = {True: "holds", False: "missed", None: ""}[figure.holds]
        print(f"{figure.name:<88} {figure.value:10.3f} {figure.unit:<7} {figure.goal:<7} {mark}", flush=True)
