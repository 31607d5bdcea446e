"""The HTTP interface: GET /ping and POST /invocations."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from amplify_vep import __version__
from amplify_vep.errors import AmplifyError, ErrorCode, InputError, UnavailableError, quoted, shortened
from amplify_vep.inference import JSON
from amplify_vep.server.messages import PackedRequest
from amplify_vep.server.openapi import INVOCATIONS, PING
from amplify_vep.server.pool import WorkerPool, error_of
from amplify_vep.server.settings import Settings

_CLIENT_GONE = 499
_ATTRIBUTES = "x-amzn-sagemaker-custom-attributes"
_WANTED = re.compile("model-version=(.+)")
_ROUTE_ERRORS = {404: ErrorCode.NOT_FOUND, 405: ErrorCode.METHOD_NOT_ALLOWED}
_log = logging.getLogger(__name__)


Parse = Callable[[bytes, str | None], Awaitable[PackedRequest]]
"""Checks a body of a content type, see `RequestParser.parse`."""


def create_app(settings: Settings, start_pool: Callable[[], WorkerPool], parse: Parse) -> FastAPI:
    """Creates the application.

    Args:
        settings: settings of the server.
        start_pool: starts the workers; called in the running event loop.
        parse: checks the body of a request.

    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = start_pool()
        try:
            yield
        finally:
            app.state.pool.close()

    app = FastAPI(title="amplify-vep", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    # /ping/ gets the 404 of every other unknown path, not a redirect that health checks do not follow.
    app.router.redirect_slashes = False

    @app.head("/ping", include_in_schema=False)
    @app.get("/ping", **PING)
    async def ping() -> Response:
        if app.state.pool.ready:
            return JSONResponse({"status": "ready", "busy": app.state.pool.busy})
        return _error_response(UnavailableError(ErrorCode.NOT_READY, "The model is not loaded."))

    @app.post("/invocations", **INVOCATIONS)
    async def invocations(request: Request) -> Response:
        _check_version(request, settings.model_version)
        _check_encoding(request)
        body = await _read_body(request, settings.max_body_bytes)
        # Before the body is parsed, which takes time that a full server does not have.
        app.state.pool.admit()
        packed = await parse(body, request.headers.get("content-type"))
        scoring = asyncio.ensure_future(app.state.pool.score(packed))
        gone = asyncio.ensure_future(_client_gone(request))
        try:
            await asyncio.wait({scoring, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not scoring.done():
                return Response(status_code=_CLIENT_GONE)
            return Response(scoring.result(), media_type=JSON)
        finally:
            gone.cancel()
            scoring.cancel()

    @app.exception_handler(AmplifyError)
    async def on_error(request: Request, error: AmplifyError) -> Response:
        return _error_response(error)

    @app.exception_handler(ClientDisconnect)
    async def on_disconnect(request: Request, error: ClientDisconnect) -> Response:
        return Response(status_code=_CLIENT_GONE)

    @app.exception_handler(HTTPException)
    async def on_unknown_route(request: Request, error: HTTPException) -> Response:
        code = _ROUTE_ERRORS.get(error.status_code, ErrorCode.INVALID_INPUT)
        route = f"{shortened(request.method)} {shortened(request.url.path)}"
        message = f"{route} is not supported; use GET /ping or POST /invocations."
        body = {"error_code": code.value, "message": message}
        return _json(body, error.status_code, error.headers)

    @app.exception_handler(Exception)
    async def on_exception(request: Request, error: Exception) -> Response:
        return _error_response(error_of(error))

    return app


def _error_response(error: AmplifyError) -> Response:
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, UnavailableError) else None
    return _json(error.body(), error.status, headers)


def _json(body: dict[str, Any], status: int, headers: Mapping[str, str] | None) -> Response:
    """A response in ASCII JSON: a message can repeat half of a surrogate pair, which UTF-8 cannot encode."""
    return Response(json.dumps(body), status, headers, JSON)


def _check_version(request: Request, own: str) -> None:
    """Refuses a request for another version, queued before an update: its answer would be stored as that version's.

    SageMaker forwards the attributes verbatim. Others than `model-version=...` are the caller's own.
    """
    wanted = _WANTED.fullmatch(request.headers.get(_ATTRIBUTES, ""))
    if own and wanted and wanted[1] != own:
        message = f"The request is for model version {quoted(wanted[1])}, this server has {quoted(own)}; submit again."
        raise InputError(ErrorCode.OTHER_MODEL_VERSION, message)


def _check_encoding(request: Request) -> None:
    """Refuses compressed bodies before they are read."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        message = f"Content encoding {quoted(encoding)} is not supported; send the body uncompressed."
        raise InputError(ErrorCode.UNSUPPORTED_ENCODING, message)


async def _read_body(request: Request, limit: int) -> bytes:
    """Reads the body, and stops when it is longer than the limit in bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            message = f"The body is longer than {limit} bytes; send fewer variants or a shorter protein."
            raise InputError(ErrorCode.BODY_TOO_LARGE, message, {"limit": limit})
    return bytes(body)


async def _client_gone(request: Request) -> None:
    """Returns when the client has closed the connection. Must be called after the body was read."""
    message: dict[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = dict(await request.receive())
