"""Uploads: one file a request, its bytes as the body, written to disk as they arrive.

They are stored outside of what is served and counted on the way; nothing that the browser says of them is
trusted.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.base.errors import AssistantError, LimitError, ReadingError
from assistant.library.corpus_changes import Library
from assistant.web.endpoint import as_json
from assistant.web.routing import Route, Routes, refusal, visitor_of

if TYPE_CHECKING:
    from fastapi import Request, Response

TEXT_LIMIT = 500
TOO_MANY = "同时上传的文件太多：请稍等片刻再试。"
STALLED = "上传停住了：请检查网络后重新添加这份文件。"
AT_ONCE = 6
SILENT_SECONDS = 30.0


@dataclass(frozen=True)
class Upload:
    """A received file: its sender, its temporary path, and its metadata."""

    visitor: Visitor
    file: Path
    said: Mapping[str, str]


def upload_route(routes: Routes, route: Route, library: Library, handler: Callable[[Upload], Any]) -> None:
    """Serve `route`, to which a file is sent, with what `handler` returns, as JSON.

    Errors are those of `endpoint`, and 413 for a file that is too large.
    """
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import ClientDisconnect

    waiting = [0]

    async def handle(request: "Request") -> "Response":
        waiting[0] += 1
        try:
            if waiting[0] > AT_ONCE:
                raise LimitError(TOO_MANY)
            said = {name: value[:TEXT_LIMIT] for name, value in request.query_params.items()}
            with library.incoming() as file:
                if not await _received(request, file, library.limit):
                    return as_json({"error": _too_large(library.limit)}, 413)
                return as_json(await run_in_threadpool(handler, Upload(visitor_of(request.scope), file, said)))
        except AssistantError as error:
            return refusal(error, route)
        except ClientDisconnect:
            return as_json({"error": "上传中断了：请重新添加这份文件。"}, 400)
        finally:
            waiting[0] -= 1

    routes.add(route, handle)


async def _received(request: "Request", file: Path, limit: int) -> bool:
    """Write the body to `file`; return False as soon as it exceeds `limit` bytes.

    Raises `ReadingError` if nothing arrives for `SILENT_SECONDS`, and for an empty body.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        return False
    size = 0
    with file.open("xb") as out:
        async for part in _parts(request):
            size += len(part)
            if size > limit:
                return False
            out.write(part)
    if not size:
        raise ReadingError("文件是空的（0 字节），请重新保存或删除它。")
    return True


async def _parts(request: "Request") -> AsyncIterator[bytes]:
    stream = aiter(request.stream())
    try:
        while (part := await asyncio.wait_for(anext(stream, None), SILENT_SECONDS)) is not None:
            yield part
    except TimeoutError:
        raise ReadingError(STALLED) from None


def _too_large(limit: int) -> str:
    return f"文件超过 {limit / 1_000_000:g} MB 的上限，请拆成几份，或请管理员调大设置 max_file_mb。"
