"""The gate's expected scores, recorded beside the weights.

They do not depend on the device, and to compute them takes half of a start.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from amplify_vep.backend.gate import GATE_COLUMNS, GATE_PROTEIN, reference_llr
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.checkpoint.provenance import ModelIdentity

RECORD_FILE = "gate.json"


def expected_llr(folder: Path, identity: ModelIdentity, reference: Callable[[], ReferenceModel]) -> NDArray[np.float64]:
    """The llr of `GATE_COLUMNS` by the naive float32 loop: from the record if it is of these weights, else computed.

    Args:
        folder: of the checkpoint.
        identity: of the checkpoint.
        reference: builds the reference model; called only if there is no such record.

    """
    try:
        record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        llr = np.array(record["llr"], dtype=np.float64)
        if record["of"] == _key(identity) and llr.shape == (len(GATE_COLUMNS), 20):
            return llr
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no record, or one that cannot be used
    return reference_llr(reference(), GATE_COLUMNS)


def record_expected(folder: Path, identity: ModelIdentity, reference: ReferenceModel) -> None:
    """Writes the record of a checkpoint."""
    record = {"of": _key(identity), "llr": reference_llr(reference, GATE_COLUMNS).tolist()}
    (folder / RECORD_FILE).write_text(json.dumps(record) + "\n", encoding="utf-8")


def _key(identity: ModelIdentity) -> dict[str, object]:
    return {"model_version": identity.model_version, "protein": GATE_PROTEIN, "columns": GATE_COLUMNS}
