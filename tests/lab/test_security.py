"""Nobody is answered but the lab's own page: hostile requests are told so, and reach nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from lbpsim.lab.security import LARGEST, NO_MESSAGE, NOT_ALLOWED, Guard

PORT, TOKEN = 8000, "a-token"
HOST, OWN = {"host": f"127.0.0.1:{PORT}"}, {"origin": f"http://127.0.0.1:{PORT}"}
PAGE = f"/{TOKEN}/"


class Behind:
    """Stands for the lab: it notes what reaches it."""

    def __init__(self) -> None:
        self.reached: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.append((scope["path"], await receive()))
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"the page"})


def asked(
    path: str = PAGE, *, kind: str = "http", method: str = "GET", message: Any = None, **headers: str
) -> tuple[Behind, list[Any]]:
    """What reaches the lab of a request, and what is answered."""
    behind, answers = Behind(), []
    named = {name.replace("_", "-"): value for name, value in {**HOST, **headers}.items()}
    scope = {
        "type": kind,
        "path": path,
        "method": method,
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }

    async def receive() -> Any:
        return message or {"type": f"{kind}.request", "body": b""}

    async def send(answer: Any) -> None:
        answers.append(answer)

    asyncio.run(Guard(behind, PORT, TOKEN)(scope, receive, send))
    return behind, answers


def test_the_page_is_answered_with_headers_that_guard_it() -> None:
    behind, (start, body) = asked()
    assert behind.reached[0][0] == "/"
    assert (start["status"], body["body"]) == (200, b"the page")
    headers = dict(start["headers"])
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert b"default-src 'self'" in headers[b"content-security-policy"]
    assert headers[b"referrer-policy"] == b"no-referrer"


def test_its_own_script_and_localhost_are_answered() -> None:
    assert asked(f"{PAGE}lib/shiny.js", sec_fetch_site="same-origin", **OWN)[0].reached
    assert asked(host=f"localhost:{PORT}", origin=f"http://localhost:{PORT}")[0].reached


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param({"host": "evil.example"}, 421, id="foreign host"),
        pytest.param({"host": "127.0.0.1"}, 421, id="host without port"),
        pytest.param({"host": f"127.0.0.1.evil.example:{PORT}"}, 421, id="host that looks alike"),
        pytest.param({"host": f"localhost:{PORT + 1}"}, 421, id="other port"),
        pytest.param({"origin": "http://evil.example"}, 403, id="foreign origin"),
        pytest.param({"origin": "null"}, 403, id="origin of a sandbox"),
        pytest.param({"origin": f"https://127.0.0.1:{PORT}"}, 403, id="origin of another scheme"),
        pytest.param({"origin": f"http://127.0.0.1:{PORT + 1}"}, 403, id="origin of another port"),
        pytest.param({"sec_fetch_site": "cross-site"}, 403, id="a link on another site"),
        pytest.param({"path": "/"}, 403, id="no token"),
        pytest.param({"path": "/another-token/"}, 403, id="wrong token"),
        pytest.param({"path": f"/{TOKEN}x/"}, 403, id="token that looks alike"),
        pytest.param({"path": f"/{TOKEN[:-1]}/"}, 403, id="token cut short"),
        pytest.param({"path": "/?token=a-token"}, 403, id="token in the query"),
        pytest.param({"path": f"{PAGE}results/../../study.yaml"}, 400, id="path outside"),
        pytest.param({"path": f"{PAGE}results/..\\study.yaml"}, 400, id="path outside, of Windows"),
        pytest.param({"path": f"{PAGE}results/a\0b"}, 400, id="path with a zero"),
        pytest.param({"method": "POST", **OWN}, 405, id="post"),
        pytest.param({"method": "PUT", **OWN}, 405, id="put"),
        pytest.param({"content_length": str(10_000_000)}, 413, id="10 MB body"),
        pytest.param({"content_length": "-1"}, 413, id="senseless length"),
        pytest.param({"transfer_encoding": "chunked"}, 413, id="body without length"),
    ],
)
def test_hostile_requests_reach_nothing_and_are_told(request_: dict[str, Any], status: int) -> None:
    behind, (start, body) = asked(**request_)
    assert behind.reached == []
    assert start["status"] == status
    assert body["body"].decode().strip().endswith(".")


@pytest.mark.parametrize(
    "request_",
    [{}, {"origin": "http://evil.example"}, {"path": "/websocket/", **OWN}, {"host": "evil.example", **OWN}],
)
def test_a_foreign_websocket_is_closed(request_: dict[str, Any]) -> None:
    """A page of another site can open one without asking; browsers name its origin."""
    behind, (close,) = asked(**{"path": f"{PAGE}websocket/", "kind": "websocket", **request_})
    assert behind.reached == []
    assert (close["type"], close["code"]) == ("websocket.close", NOT_ALLOWED)
    assert close["reason"]


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", "7", '"set"', "", "[" * 50_000, '{"a": "' + "x" * LARGEST + '"}', None]
)
def test_what_is_no_message_ends_the_connection(text: str | None) -> None:
    message = {"type": "websocket.receive", "text": text, "bytes": None if text is not None else b"\0"}
    behind, _ = asked(f"{PAGE}websocket/", kind="websocket", message=message, **OWN)
    (_, reached) = behind.reached[0]
    assert (reached["type"], reached["code"]) == ("websocket.disconnect", NO_MESSAGE)


def test_a_message_passes() -> None:
    message = {"type": "websocket.receive", "text": '{"method": "update"}'}
    behind, _ = asked(f"{PAGE}websocket/", kind="websocket", message=message, **OWN)
    assert behind.reached[0][1] == message


def test_a_longer_body_than_was_told_is_cut_off() -> None:
    behind, _ = asked(message={"type": "http.request", "body": b"x" * (LARGEST + 1)})
    assert behind.reached[0][1] == {"type": "http.disconnect"}


def test_tokens_are_long_and_each_is_another() -> None:
    tokens = {Guard(Behind(), PORT).token for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 32
