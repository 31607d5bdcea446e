"""Typed errors and the complete list of their codes.

The server returns `{"error_code": ..., "message": ..., "details": {...}?}`. The message names the value and the fix,
and never contains a whole sequence.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

QUOTED = 24
"""Most characters of the caller's text that a message repeats: never a whole protein."""

LISTED = 5
"""Most items in a list of a message; the others are counted."""

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
    """All error codes of this package."""

    INVALID_INPUT = "INVALID_INPUT"
    """The body cannot be read, or an argument is missing, unknown, or of the wrong type."""
    UNSUPPORTED_CONTENT_TYPE = "UNSUPPORTED_CONTENT_TYPE"
    """The body is neither JSON, plain text nor FASTA."""
    UNSUPPORTED_ENCODING = "UNSUPPORTED_ENCODING"
    """The body is compressed, or in a charset other than UTF-8."""
    INVALID_HTTP = "INVALID_HTTP"
    """The request is not valid HTTP/1.1."""
    RECEIVE_TIMED_OUT = "RECEIVE_TIMED_OUT"
    """The headers or the body of the request did not arrive in time."""
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    """The body has more bytes than the server accepts."""
    NOT_TEXT = "NOT_TEXT"
    """The sequence is binary data, not text."""
    EMPTY_SEQUENCE = "EMPTY_SEQUENCE"
    """The sequence has no residues."""
    SEQUENCE_TOO_LONG = "SEQUENCE_TOO_LONG"
    """The sequence is longer than the maximum."""
    INVALID_RESIDUE = "INVALID_RESIDUE"
    """The sequence has a character that is not one of the 20 standard amino acids."""
    MULTIPLE_SEQUENCES = "MULTIPLE_SEQUENCES"
    """The text has more than one FASTA record; one protein is expected."""
    INVALID_VARIANT = "INVALID_VARIANT"
    """A variant cannot be read, or is of a type that is not scored."""
    WILD_TYPE_MISMATCH = "WILD_TYPE_MISMATCH"
    """A variant's wild-type residue is not the one in the sequence."""
    INVALID_POSITIONS = "INVALID_POSITIONS"
    """A position or range cannot be read, or is outside the protein."""
    JOINT_NOT_POSSIBLE = "JOINT_NOT_POSSIBLE"
    """Sites cannot be masked together: the scoring masks no sites, or they do not fit into one window."""
    OTHER_MODEL_VERSION = "OTHER_MODEL_VERSION"
    """The request is for another version of the model than the one that this server has."""
    NOT_FOUND = "NOT_FOUND"
    """The server has no such path."""
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    """The path does not support this method."""
    QUEUE_FULL = "QUEUE_FULL"
    """The queue of the server is full; send the request again later."""
    NOT_READY = "NOT_READY"
    """The model is not loaded; send the request again later."""
    SHUTTING_DOWN = "SHUTTING_DOWN"
    """The server is shutting down and accepts no requests."""
    TIMED_OUT = "TIMED_OUT"
    """The request took longer than the time limit of the server."""
    WORKER_LOST = "WORKER_LOST"
    """Two worker processes died while they scored the request."""
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    """A single masked copy does not fit into the memory of the device."""
    NON_FINITE_SCORE = "NON_FINITE_SCORE"
    """The model returned NaN or infinity in float32 too."""
    INTERNAL_ERROR = "INTERNAL_ERROR"
    """An error in this package."""
    MODEL_NOT_FOUND = "MODEL_NOT_FOUND"
    """There is no such folder, or no such model or revision on the hub."""
    HUB_UNREACHABLE = "HUB_UNREACHABLE"
    """The Hugging Face hub does not respond."""
    CONFIG_INVALID = "CONFIG_INVALID"
    """config.json is missing, cannot be read, is contradictory, or needs something that is not supported."""
    CHECKPOINT_INVALID = "CHECKPOINT_INVALID"
    """The weights do not match the architecture, or cannot be read."""
    WEIGHTS_CHANGED = "WEIGHTS_CHANGED"
    """The weights are not those that were deployed."""
    MODEL_IMPLAUSIBLE = "MODEL_IMPLAUSIBLE"
    """The weights predict natural proteins no better than residue frequencies."""
    DEVICE_UNSUITABLE = "DEVICE_UNSUITABLE"
    """This machine does not have the requested precision or device."""
    USAGE = "USAGE"
    """The arguments of the command line are contradictory or cannot be used."""


class AmplifyError(Exception):
    """An error with a code, a message and optional details.

    Args:
        code: one of `ErrorCode`.
        message: names the value and the fix; cut after `LONGEST_MESSAGE` bytes.
        details: JSON values for programs.

    """

    status = 500
    """HTTP status of the response."""
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
        """The JSON object in the response of the server."""
        body: dict[str, Any] = {"error_code": self.code.value, "message": self.message}
        if self.details is not None:
            body["details"] = self.details
        return body


class InputError(AmplifyError):
    """An error in the request: nothing was computed."""

    status = 400
    exit_code = 65


class ReceiveTimeoutError(InputError):
    """The request did not arrive in time."""

    status = 408


class UnavailableError(AmplifyError):
    """The server cannot accept the request now. The caller should send it again after `retry_after_s` seconds."""

    status = 503
    exit_code = 75
    retry_after_s = 5


class ModelError(AmplifyError):
    """The model cannot be found, loaded or verified."""

    exit_code = 78


class HubUnreachableError(ModelError):
    """The Hugging Face hub does not respond."""

    exit_code = 69


class ScoringError(AmplifyError):
    """An error of this package or of the device while a request was scored."""

    exit_code = 70


class UsageError(AmplifyError):
    """Wrong usage of the command line."""

    status = 400
    exit_code = 64


def error_from_body(body: Mapping[str, Any], status: int) -> AmplifyError:
    """Restores an error that another process sent as its body and HTTP status."""
    kinds: dict[int, type[AmplifyError]] = {400: InputError, 503: UnavailableError}
    kind = kinds.get(status, ScoringError)
    return kind(ErrorCode(body["error_code"]), body["message"], body.get("details"))
