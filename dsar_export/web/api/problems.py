"""Errors as problem details (RFC 9457): none quotes what was sent."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match, Route

from dsar_export import errors
from dsar_export.web.api.shapes import Problem
from dsar_export.web.asking import LateError, TooMuchError

PROBLEM_JSON: Final = "application/problem+json"
_UNAVAILABLE: Final = (
    "nothing is known to be done; try again later, and look into the log of `dsar-export serve`"
)
_STATUS: Final[tuple[tuple[type[errors.DsarExportError], HTTPStatus], ...]] = (
    (errors.KeyFileError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.DatabaseVersionError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.UnknownRequestError, HTTPStatus.NOT_FOUND),
    (errors.NotPermittedError, HTTPStatus.FORBIDDEN),
    (errors.StateError, HTTPStatus.CONFLICT),
    (errors.StaleError, HTTPStatus.CONFLICT),
    (errors.KeysReplacedError, HTTPStatus.CONFLICT),
    (errors.WrongUseError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
_log: Final = structlog.get_logger("dsar_export.web")


class ProblemResponse(JSONResponse):
    """An answer of the one form."""

    media_type = PROBLEM_JSON


def problem(
    status: HTTPStatus, detail: str, headers: Mapping[str, str] = MappingProxyType({})
) -> ProblemResponse:
    """An error with its status; its type is named by the status alone."""
    kind = f"urn:dsar-export:problem:{status.phrase.lower().replace(' ', '-')}"
    shown = Problem(type=kind, title=status.phrase, status=status, detail=detail)
    return ProblemResponse(shown.model_dump(), status, dict(headers))


def explain(app: FastAPI) -> None:
    """Answers every error of an application in this form."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_a_shape)
    app.add_exception_handler(errors.DsarExportError, _of_ours)
    app.add_exception_handler(Exception, _of_a_fault)
    app.add_exception_handler(TooMuchError, _of_size)
    app.add_exception_handler(LateError, _of_time)


async def _of_http(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 # registered for it
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return problem(status, error.detail, headers)


def _methods(request: Request) -> list[str]:
    """All that an address has; the framework names those of the first route alone."""
    routes: Sequence[BaseRoute] = request.app.router.routes
    found = [r for r in routes if isinstance(r, Route) and r.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in found for method in route.methods or ()})


async def _of_a_shape(_: Request, error: Exception) -> ProblemResponse:
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    places = dict.fromkeys(
        ".".join(map(str, each["loc"])) for each in found if each["type"] != "extra_forbidden"
    )
    detail = (
        f"these are missing or wrong: {', '.join(places)}" if places else "a key or parameter is not known"
    )
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{detail}; the OpenAPI document has the form")


async def _of_ours(_: Request, error: Exception) -> ProblemResponse:
    status = next((s for kind, s in _STATUS if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        _log.error("request failed", exception=type(error).__name__)
        return problem(status, _UNAVAILABLE, {"Retry-After": "300"})
    return problem(status, str(error))


async def _of_a_fault(_: Request, __: Exception) -> ProblemResponse:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _UNAVAILABLE)


async def _of_size(_: Request, __: Exception) -> ProblemResponse:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too long; send 64 KiB at most")


async def _of_time(_: Request, __: Exception) -> ProblemResponse:
    return problem(HTTPStatus.REQUEST_TIMEOUT, "the body did not come within 10 seconds; send it again")
