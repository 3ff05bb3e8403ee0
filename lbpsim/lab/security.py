"""Who may speak to the lab: a browser on this machine, at the lab's own address. Others are told so, and get no more.

The address holds a token that only the user's terminal showed. A page of another site can neither know it nor, if it
did, speak from its own origin; names that others point at this machine are no name of the lab's.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost")
LARGEST = 64_000  # bytes that a browser may send at once
MOST_DROPPED, SILENCE = 20_000_000, 0.5  # bytes of what is refused that are read on over; seconds without any
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
NOT_ALLOWED, NO_MESSAGE = 1008, 1007  # codes with which a WebSocket is closed


@dataclass(frozen=True)
class Refusal:
    """Why something is not answered: a status of HTTP, and what is told."""

    status: HTTPStatus
    words: str


@dataclass(frozen=True)
class Guard:
    """Lets through to the `app` only what comes from the page at its `port`; the page stands below `/token/`."""

    app: ASGIApp
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def address(self) -> str:
        """What the user opens."""
        return f"http://{LOOPBACK}:{self.port}/{self.token}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refusal = self.refusal(scope)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(self._below(scope), _checked(receive), send)
        else:
            await self.app(self._below(scope), _limited(receive), _with_headers(send))

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why a request is not answered; None where it is."""
        headers = Headers(scope=scope)
        if headers.get("host") not in {f"{name}:{self.port}" for name in NAMES}:
            return Refusal(HTTPStatus.MISDIRECTED_REQUEST, "The lab answers at the address only that it showed.")
        if not self._own_origin(scope, headers):
            return Refusal(HTTPStatus.FORBIDDEN, "Another site asked for this; the lab answers its own page only.")
        if not self._knows_token(str(scope["path"])):
            return Refusal(
                HTTPStatus.FORBIDDEN, "Open the address that `lbpsim lab` showed, with all that stands in it."
            )
        return self._wrong_form(scope, headers)

    def _own_origin(self, scope: Scope, headers: Headers) -> bool:
        """Whether the lab's page asks: browsers name the origin wherever something could be changed."""
        origin = headers.get("origin")
        if origin is None:
            return scope["type"] == "http" and headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        return origin in {f"http://{name}:{self.port}" for name in NAMES}

    def _knows_token(self, path: str) -> bool:
        first = path.split("/")[1] if path.startswith("/") else ""
        return hmac.compare_digest(first.encode(), self.token.encode())

    @staticmethod
    def _wrong_form(scope: Scope, headers: Headers) -> Refusal | None:
        if ".." in str(scope["path"]).split("/") or "\\" in str(scope["path"]) or "\0" in str(scope["path"]):
            return Refusal(HTTPStatus.BAD_REQUEST, "This path leads elsewhere; the lab shows nothing but its own.")
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Nothing is sent to the lab in this way.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST or "transfer-encoding" in headers:
            words = f"At most {LARGEST:,} bytes are read, and how many there are has to be told."
            return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
        return None

    def _below(self, scope: Scope) -> Scope:
        """The request as it is for the app, which stands below the token."""
        root = f"/{self.token}"
        return {**scope, "path": str(scope["path"])[len(root) :] or "/", "raw_path": None, "root_path": ""}


def _limited(receive: Receive) -> Receive:
    """What a browser sends, as long as it is no more than is read."""

    async def receiving() -> Message:
        message = await receive()
        return {"type": "http.disconnect"} if len(message.get("body", b"")) > LARGEST else message

    return receiving


def _checked(receive: Receive) -> Receive:
    """What comes through a WebSocket, as long as it is a message; otherwise the connection ends."""

    async def receiving() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not _is_message(message.get("text")):
            reason = "This is no message of the lab's page."
            return {"type": "websocket.disconnect", "code": NO_MESSAGE, "reason": reason}
        return message

    return receiving


def _is_message(text: object) -> bool:
    if not isinstance(text, str) or len(text) > LARGEST:
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await WebSocketClose(NOT_ALLOWED, refusal.words)(scope, receive, send)
        return
    await _drop(receive)
    words = PlainTextResponse(f"{refusal.words}\n", refusal.status, {**HEADERS, "connection": "close"})
    await words(scope, receive, send)


async def _drop(receive: Receive) -> None:
    """Read on over what is sent, up to a bound: who is still sending when the connection ends hears no answer."""
    left, more = MOST_DROPPED, True
    while more and left > 0:
        try:
            message = await asyncio.wait_for(receive(), SILENCE)
        except TimeoutError:
            return
        left -= len(message.get("body", b""))
        more = bool(message.get("more_body"))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
