"""The application of the API: its routes, its OpenAPI document, and how long a body may be."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dsar_export.web.access_log import TEMPLATE
from dsar_export.web.api.login_routes import add_login_routes
from dsar_export.web.api.problems import explain
from dsar_export.web.api.progress_routes import add_progress_routes
from dsar_export.web.api.routes import Requests, add_routes
from dsar_export.web.api.shapes import Problem
from dsar_export.web.asking import body_of
from dsar_export.web.limits import Limits
from dsar_export.web.place import Place
from dsar_export.wiring.login import login_in

API_PATH: Final = "/api/v1"
VERSION: Final = "1.0"
"""Of the API; the first number stands in its address."""
LARGEST_BODY: Final = 65_536


class _Bounded:
    """Takes a body whole, if it is short and comes in time, before anything looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, taken = await body_of(Request(scope, receive), LARGEST_BODY), False

        async def whole() -> Message:
            nonlocal taken
            if taken:
                return await receive()
            taken = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, whole, send)


def beside(pages: ASGIApp, api: ASGIApp) -> ASGIApp:
    """Both; the framework's own mount passes addresses with a line break by."""

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{API_PATH}/"):
            inner = {**scope, "root_path": API_PATH}
            try:
                await api(inner, receive, send)
            finally:
                if isinstance(path := getattr(inner.get("route"), "path", None), str):
                    scope[TEMPLATE] = f"{API_PATH}{path}"
        else:
            await pages(scope, receive, send)

    return either


def api_app(place: Place) -> FastAPI:
    """The API for a place, to be mounted at `API_PATH`."""
    app = FastAPI(title="dsar-export", version=VERSION, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    requests = Requests(place, Limits(place.settings.api_requests_per_minute))
    add_routes(app.router, requests)
    add_login_routes(app.router, requests, login_in(place.settings))
    add_progress_routes(app.router, requests)
    explain(app)

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            made["servers"] = [{"url": API_PATH}]
            schemas = made["components"]["schemas"]
            schemas["Problem"] = Problem.model_json_schema()
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # as FastAPI's documentation does it
    app.router.middleware_stack = _Bounded(app.router.middleware_stack)
    return app
