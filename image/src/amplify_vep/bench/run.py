"""`amplify-vep bench`: measures, prints a table, writes JSON; the exit code is 0 whatever the figures say."""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from amplify_vep.backend.device import default_device, has_matrix_units
from amplify_vep.bench.clients import client_figures
from amplify_vep.bench.figure import Figure
from amplify_vep.bench.sharing import sharing_figures
from amplify_vep.bench.speed import share_figure, speed_figures, wt_figure
from amplify_vep.bench.start import start_figure
from amplify_vep.checkpoint import load_state
from amplify_vep.config import load_config
from amplify_vep.reference import load_reference
from amplify_vep.scorer import Scorer
from amplify_vep.synthesize import synthesize

BASIC_GOALS = {128: 3.0}
FULL_GOALS = {64: 5.0, 256: 4.0, 1024: 3.0}
COMPILED_GOALS = {**FULL_GOALS, 256: 5.5}
_TUNING_S = 20.0


def bench(kind: str, shapes: list[str], dtype: str, out: Path | None, compiling: str = "off") -> list[Figure]:
    """Measures on synthetic checkpoints of the published shapes.

    Args:
        kind: `basic` (speed-up at L = 128) or `full`.
        shapes: names in `synthesize.SHAPES`.
        dtype: see `Scorer.load`.
        compiling: see `Scorer.load`; the figures say `compiled` where the model is.
        out: file for `{"figures": [...], "environment": {...}}`.

    """
    figures: list[Figure] = []
    environment: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for shape in shapes:
            folder = Path(scratch) / shape
            synthesize(folder, shape=shape)
            scorer = Scorer.load(folder, dtype=dtype, tuning_s=_TUNING_S, compiling=compiling)
            environment[shape] = scorer.facts()
            config = load_config(folder)
            reference = load_reference(load_state(folder, config), config, default_device())
            compiled = scorer.compilation.compiled
            label = f"{shape} compiled" if compiled else shape
            _show(figures, speed_figures(scorer, reference, label, _goals(kind, compiled)))
            if kind == "full":
                _show(figures, [share_figure(scorer), wt_figure(scorer), *sharing_figures(scorer, label)])
                del scorer, reference
                _show(figures, [start_figure(folder, label, compiling), *client_figures(folder, label, compiling)])
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        content = {"figures": [figure.to_json() for figure in figures], "environment": environment}
        out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return figures


def _goals(kind: str, compiled: bool) -> dict[int, float]:
    """Least speed-up by length: without matrix units the full figures ask only not to be slower than the naive loop."""
    if kind == "basic":
        return BASIC_GOALS
    if not has_matrix_units(default_device()):
        return dict.fromkeys(FULL_GOALS, 1.0)
    return COMPILED_GOALS if compiled else FULL_GOALS


def _show(figures: list[Figure], new: Iterable[Figure]) -> None:
    for figure in new:
        figures.append(figure)
        mark = {True: "holds", False: "missed", None: ""}[figure.holds]
        print(f"{figure.name:<88} {figure.value:10.3f} {figure.unit:<7} {figure.goal:<7} {mark}", flush=True)
