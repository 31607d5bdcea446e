"""The OpenAPI description of the two paths. The fuzz test of the server reads it."""

from typing import Any

from amplify_vep.errors import ErrorCode
from amplify_vep.scoring.request import RequestBody

_ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error_code", "message"],
    "properties": {
        "error_code": {"type": "string", "enum": [code.value for code in ErrorCode]},
        "message": {"type": "string"},
        "details": {"type": "object"},
    },
}

_RESULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["schema_version", "model", "scoring", "sequence", "heatmap", "outliers", "variants", "timing"],
}

_RETRY_AFTER = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}


def _response(description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}, **more}


_ERRORS: dict[int | str, dict[str, Any]] = {
    400: _response("The request cannot be scored; see the message.", _ERROR_SCHEMA),
    408: _response("The request did not arrive in time.", _ERROR_SCHEMA),
    500: _response("An internal error of the server.", _ERROR_SCHEMA),
    503: _response(
        "The model is not loaded, the queue is full, or the server is shutting down.",
        _ERROR_SCHEMA,
        headers=_RETRY_AFTER,
    ),
}

_PLAIN_BODY = {"schema": {"type": "string", "description": "One protein, plain or FASTA."}}

PING: dict[str, Any] = {
    "summary": "Health check: 200 after the model has scored a protein",
    "responses": {200: _response("Ready.", {"type": "object"}), 503: _ERRORS[503]},
}
"""Keyword arguments of the route."""

INVOCATIONS: dict[str, Any] = {
    "summary": "Score one protein",
    "responses": {200: _response("The result object.", _RESULT_SCHEMA), **_ERRORS},
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": RequestBody.model_json_schema()},
                "text/plain": _PLAIN_BODY,
                "application/x-fasta": _PLAIN_BODY,
            },
        }
    },
}
"""Keyword arguments of the route."""
