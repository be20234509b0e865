"""The style sheet and images, read once at start: no path of a request ever reaches the file system."""

from pathlib import Path
from typing import NamedTuple

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.dashboard.problems import Problem

FOLDER = Path(__file__).resolve().parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png"}

routes = Blueprint("static_files")


class File(NamedTuple):
    """One file that everybody may read."""

    content: bytes
    kind: str


def load() -> dict[str, File]:
    """Every style sheet and image of the folder, by name."""
    return {path.name: File(path.read_bytes(), TYPES[path.suffix]) for path in FOLDER.iterdir() if path.suffix in TYPES}


@routes.get("/static/<name:str>", ctx_open=True, ctx_cached=True)
async def file(request: Request, name: str) -> HTTPResponse:
    """One of the files, by its exact name."""
    found = request.app.ctx.files.get(name)
    if found is None:
        raise Problem(404)
    return raw(found.content, content_type=found.kind)
