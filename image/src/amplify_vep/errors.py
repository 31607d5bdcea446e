"""Typed errors and the exhaustive list of their codes.

A caller of the server gets `{"error_code": ..., "message": ..., "details": {...}?}`; the message names the value and
the mend, and never holds a whole sequence.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

QUOTED = 24
"""Most characters of the caller's text that a message repeats: never a whole protein."""

LISTED = 5
"""Most items that a message lists; the others are counted."""

LONGEST_MESSAGE = 1000
"""Bytes of UTF-8 after which a message is cut, so that an error always stays under 2 kB."""


def shortened(text: str, longest: int = QUOTED) -> str:
    """The text, cut after `longest` characters."""
    return text if len(text) <= longest else f"{text[:longest]}..."


def quoted(text: str, longest: int = QUOTED) -> str:
    """The text in quotation marks, cut after `longest` characters."""
    return repr(shortened(text, longest))


def listed(items: Sequence[str], separator: str = "; ") -> str:
    """The first `LISTED` items, and how many more there are."""
    more = f" and {len(items) - LISTED} more" if len(items) > LISTED else ""
    return separator.join(items[:LISTED]) + more


class ErrorCode(str, Enum):
    """Every code an error of this package can carry."""

    INVALID_INPUT = "INVALID_INPUT"
    """The body cannot be read, or an argument is missing, unknown, or of the wrong type."""
    UNSUPPORTED_CONTENT_TYPE = "UNSUPPORTED_CONTENT_TYPE"
    """The body is neither JSON, plain text nor FASTA."""
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    """The body has more bytes than the server takes."""
    NOT_TEXT = "NOT_TEXT"
    """The sequence is binary data, not text."""
    EMPTY_SEQUENCE = "EMPTY_SEQUENCE"
    """The sequence holds no residue."""
    SEQUENCE_TOO_LONG = "SEQUENCE_TOO_LONG"
    """The sequence is longer than the service takes."""
    INVALID_RESIDUE = "INVALID_RESIDUE"
    """The sequence holds something other than the 20 standard amino acids."""
    MULTIPLE_SEQUENCES = "MULTIPLE_SEQUENCES"
    """More than one FASTA record where one protein is expected."""
    INVALID_VARIANT = "INVALID_VARIANT"
    """A variant cannot be read, or is of a kind that is not scored."""
    WILD_TYPE_MISMATCH = "WILD_TYPE_MISMATCH"
    """A variant's wild-type residue is not the one in the sequence."""
    INVALID_POSITIONS = "INVALID_POSITIONS"
    """A position or range cannot be read, or lies outside the protein."""
    JOINT_NOT_POSSIBLE = "JOINT_NOT_POSSIBLE"
    """Sites cannot be masked together: no masking in this scoring, or no window holds them all."""
    NOT_FOUND = "NOT_FOUND"
    """The server has no such path."""
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    """The path exists, but not with this method."""
    QUEUE_FULL = "QUEUE_FULL"
    """More requests wait than the server keeps; send it again later."""
    NOT_READY = "NOT_READY"
    """The model is not loaded, or the device is lost; send it again later."""
    SHUTTING_DOWN = "SHUTTING_DOWN"
    """The server finishes what runs and takes no new work."""
    TIMED_OUT = "TIMED_OUT"
    """The request took longer than the server's limit."""
    WORKER_LOST = "WORKER_LOST"
    """The process that scored the request died twice."""
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    """Not even one masked copy fits into the device's memory."""
    NON_FINITE_SCORE = "NON_FINITE_SCORE"
    """The model gave NaN or infinity in float32 too."""
    INTERNAL_ERROR = "INTERNAL_ERROR"
    """A fault of this package."""
    MODEL_NOT_FOUND = "MODEL_NOT_FOUND"
    """The folder or the hub holds no such model or revision."""
    HUB_UNREACHABLE = "HUB_UNREACHABLE"
    """The Hugging Face hub does not answer."""
    CONFIG_INVALID = "CONFIG_INVALID"
    """config.json is missing, unreadable, contradictory, or asks for what is not supported."""
    CHECKPOINT_INVALID = "CHECKPOINT_INVALID"
    """The weights do not fit the architecture, or cannot be read."""
    MODEL_IMPLAUSIBLE = "MODEL_IMPLAUSIBLE"
    """The weights load, but predict natural proteins no better than residue frequencies."""
    DEVICE_UNSUITABLE = "DEVICE_UNSUITABLE"
    """The asked-for precision or device does not exist on this machine."""
    USAGE = "USAGE"
    """The command line asks for something contradictory or impossible."""


class AmplifyError(Exception):
    """An error with a code, a message that names the value and the mend, and optional machine-readable details."""

    status = 500
    """HTTP status of the answer that carries this error."""
    exit_code = 1
    """Exit code of the command line (sysexits.h)."""

    def __init__(self, code: ErrorCode, message: str, details: Mapping[str, Any] | None = None) -> None:
        encoded = message.encode("utf-8", "replace")
        if len(encoded) > LONGEST_MESSAGE:
            message = encoded[: LONGEST_MESSAGE - 3].decode("utf-8", "ignore") + "..."
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = dict(details) if details else None

    def body(self) -> dict[str, Any]:
        """The JSON object that a caller of the server gets."""
        body: dict[str, Any] = {"error_code": self.code.value, "message": self.message}
        if self.details is not None:
            body["details"] = self.details
        return body


class InputError(AmplifyError):
    """A fault in what the caller sent: nothing was computed for it."""

    status = 400
    exit_code = 65


class UnavailableError(AmplifyError):
    """The server cannot take the request now: the caller waits `retry_after_s` seconds and sends it again."""

    status = 503
    exit_code = 75
    retry_after_s = 5


class ModelError(AmplifyError):
    """The model cannot be found, loaded or trusted."""

    exit_code = 78


class HubUnreachableError(ModelError):
    """The Hugging Face hub does not answer: a caller may fall back, loudly."""

    exit_code = 69


class ScoringError(AmplifyError):
    """A fault of ours, or of the device, while a request was scored."""

    exit_code = 70


class UsageError(AmplifyError):
    """The command line was used wrongly."""

    status = 400
    exit_code = 64


def error_from_body(body: Mapping[str, Any], status: int) -> AmplifyError:
    """Gives back an error that crossed a process boundary as its body and HTTP status."""
    kinds: dict[int, type[AmplifyError]] = {400: InputError, 503: UnavailableError}
    kind = kinds.get(status, ScoringError)
    return kind(ErrorCode(body["error_code"]), body["message"], body.get("details"))
