"""SageMaker's four functions: load a model, read a request, score it, write the result.

This package's server uses `input_fn`. Another server can use all four.
"""

import json
import os
from typing import TYPE_CHECKING, Any

from amplify_vep.errors import ErrorCode, InputError, quoted
from amplify_vep.scoring.request import ScoreRequest, parse_request
from amplify_vep.scoring.result import encode_result

if TYPE_CHECKING:
    from amplify_vep.scorer import Scorer

JSON = "application/json"
_CHARSETS = ("utf-8", "utf8", "us-ascii", "ascii")
PLAIN_TEXT = ("text/plain", "application/x-fasta", "text/x-fasta")


def model_fn(model_dir: str) -> "Scorer":
    """Loads the model in a folder.

    The environment variables `AMPLIFY_DTYPE` (default `auto`) and `AMPLIFY_COMPILE` (default `off`) are the arguments
    `dtype` and `compiling` of `Scorer.load`.
    """
    # Imported here: reading requests and writing results must not import PyTorch.
    from amplify_vep.scorer import Scorer  # noqa: PLC0415

    dtype, compiling = os.environ.get("AMPLIFY_DTYPE", "auto"), os.environ.get("AMPLIFY_COMPILE", "off")
    return Scorer.load(model_dir, dtype=dtype, compiling=compiling)


def input_fn(request_body: bytes | str, request_content_type: str | None = JSON) -> ScoreRequest:
    """Reads a request body: JSON, or a plain sequence or FASTA record as text.

    Raises:
        InputError: UNSUPPORTED_CONTENT_TYPE, UNSUPPORTED_ENCODING, NOT_TEXT, INVALID_INPUT, and the errors of
            `parse_request`.

    """
    kind, *parameters = (part.strip().lower() for part in (request_content_type or JSON).split(";"))
    if kind != JSON and kind not in PLAIN_TEXT:
        message = f"Content type {quoted(kind)} is not supported; send {JSON}, text/plain or application/x-fasta."
        raise InputError(ErrorCode.UNSUPPORTED_CONTENT_TYPE, message)
    _check_charset(parameters)
    try:
        text = request_body if isinstance(request_body, str) else request_body.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The body is binary data; send text in UTF-8."
        raise InputError(ErrorCode.NOT_TEXT, message) from None
    if kind in PLAIN_TEXT:
        return parse_request({"sequence": text})
    try:
        raw = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        where = (
            f"line {error.lineno}, column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else "nested too deep, or a number with too many digits"
        )
        message = f'The body is not JSON ({where}); send an object such as {{"sequence": "MKTV..."}}.'
        raise InputError(ErrorCode.INVALID_INPUT, message) from None
    if not isinstance(raw, dict):
        message = f'The body is a JSON {type(raw).__name__}; send an object such as {{"sequence": "MKTV..."}}.'
        raise InputError(ErrorCode.INVALID_INPUT, message)
    return parse_request(raw)


def _check_charset(parameters: list[str]) -> None:
    """Refuses a charset that is not UTF-8 or its subset ASCII."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"')
        if name.strip() == "charset" and charset not in _CHARSETS:
            message = f"Charset {quoted(charset)} is not supported; send text in UTF-8."
            raise InputError(ErrorCode.UNSUPPORTED_ENCODING, message)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The JSON object of these keys and values, each key once: readers differ in which of two values they use."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise InputError(ErrorCode.INVALID_INPUT, f"The key {quoted(twice)} is given twice; send it once.")
    return found


def predict_fn(input_data: ScoreRequest, model: "Scorer") -> dict[str, Any]:
    """Scores a checked request and returns the result object."""
    return model.score_request(input_data)


def output_fn(prediction: dict[str, Any], accept: str = JSON) -> bytes:
    """Encodes a result object as JSON. `accept` is ignored: there is no other format."""
    del accept
    return encode_result(prediction)
