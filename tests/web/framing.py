"""Lets a page stand in a frame: WebKit's window is never as narrow as a telephone, and its test frames the page."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def framed(app: ASGIApp) -> ASGIApp:
    """The application without the two headers that refuse frames, which tests/web/test_guard.py tries."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                policy = headers["content-security-policy"]
                assert "frame-ancestors 'none'; " in policy
                headers["content-security-policy"] = policy.replace("frame-ancestors 'none'; ", "")
                del headers["x-frame-options"]
            await send(message)

        await app(scope, receive, allowed)

    return answer
