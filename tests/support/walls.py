"""Every route of the page with its wall, as it has to be: a security wall that is changed on purpose only.

Bytes: how many a POST may send, "any" where the route itself counts them as they come.
"""

from dataclasses import dataclass

from assistant.web.routing import OPEN, Route


@dataclass(frozen=True)
class Wall:
    """A row of the table, as text."""

    method: str
    path: str
    role: str
    bytes: str
    use: str


TABLE = """
GET  /                                  reader   -        -
GET  /account                           reader   -        -
GET  /api/account                       reader   -        -
GET  /api/audit                         manager  -        -
GET  /api/conversation                  reader   -        -
POST /api/conversation/delete           reader   64000    -
POST /api/conversation/rename           reader   64000    -
GET  /api/conversations                 reader   -        -
POST /api/documents/add                 manager  any      upload
GET  /api/documents/compare             reader   -        read
POST /api/documents/describe            manager  64000    -
GET  /api/documents/details             reader   -        read
POST /api/documents/preview             manager  any      upload
POST /api/documents/reindex             manager  64000    -
POST /api/documents/remove              manager  64000    -
GET  /api/documents/removed             manager  -        -
POST /api/documents/restore             manager  64000    -
GET  /api/documents/split               reader   -        read
GET  /api/documents/state               reader   -        -
GET  /api/documents/table               reader   -        -
GET  /api/examples                      reader   -        -
POST /api/export                        reader   64000    -
POST /api/feedback                      reader   64000    -
POST /api/groups/remove                 manager  64000    -
POST /api/groups/set                    manager  64000    -
POST /api/login                         open     4000     -
POST /api/logout                        reader   4000     -
POST /api/next                          reader   64000    read
POST /api/password                      reader   4000     -
POST /api/quiz/again                    reader   64000    answer
POST /api/quiz/attempt                  reader   64000    answer
POST /api/quiz/change                   trainer  64000    answer
POST /api/quiz/hand                     reader   500000   answer
POST /api/quiz/listed                   reader   64000    answer
POST /api/quiz/mark                     trainer  64000    answer
GET  /api/quiz/paper                    trainer  -        answer
POST /api/quiz/publish                  trainer  64000    answer
POST /api/quiz/remove                   trainer  64000    answer
GET  /api/quiz/results                  trainer  -        answer
POST /api/quiz/save                     reader   500000   answer
POST /api/quiz/start                    reader   64000    answer
GET  /api/scope                         reader   -        -
POST /api/source                        reader   64000    read
POST /api/source/paragraphs             reader   64000    read
POST /api/source/search                 reader   64000    read
GET  /api/status                        reader   -        -
POST /api/study/again                   trainer  64000    question
POST /api/study/build                   trainer  64000    question
POST /api/study/change                  trainer  64000    read
GET  /api/study/job                     trainer  -        -
GET  /api/study/map                     trainer  -        read
GET  /api/study/pack                    trainer  -        read
GET  /api/study/packs                   trainer  -        read
POST /api/study/remove                  trainer  64000    -
POST /api/study/rename                  trainer  64000    -
POST /api/study/restore                 trainer  64000    -
GET  /api/study/sections                trainer  -        read
POST /api/study/stop                    trainer  64000    -
GET  /api/study/version                 trainer  -        read
GET  /api/testing/compare               trainer  -        -
POST /api/testing/explain               trainer  64000    question
GET  /api/testing/job                   trainer  -        -
POST /api/testing/remove                trainer  64000    -
GET  /api/testing/result                trainer  -        -
POST /api/testing/run                   trainer  64000    -
GET  /api/testing/set                   trainer  -        -
GET  /api/testing/sets                  trainer  -        -
POST /api/testing/stop                  trainer  64000    -
POST /api/testing/upload                trainer  3000000  upload
GET  /api/users                         manager  -        -
POST /api/users/add                     manager  64000    -
POST /api/users/password                manager  64000    -
POST /api/users/remove                  manager  64000    -
POST /api/users/set                     manager  64000    -
POST /api/users/unlock                  manager  64000    -
GET  /assets/{rest}                     reader   -        -
GET  /config                            reader   -        -
GET  /config/                           reader   -        -
GET  /documents                         reader   -        -
GET  /favicon.ico                       open     -        -
GET  /gradio_api/app_id                 reader   -        -
GET  /gradio_api/app_id/                reader   -        -
POST /gradio_api/cancel                 reader   64000    -
GET  /gradio_api/heartbeat/{session}    reader   -        -
GET  /gradio_api/queue/data             reader   -        -
POST /gradio_api/queue/join             reader   64000    -
POST /gradio_api/reset                  reader   64000    -
POST /gradio_api/reset/                 reader   64000    -
GET  /gradio_api/startup-events         reader   -        -
GET  /gradio_api/theme.css              reader   -        -
GET  /healthz                           open     -        -
GET  /login                             open     -        -
GET  /manifest.json                     reader   -        -
GET  /page/base.css                     open     -        -
GET  /page/icon.svg                     open     -        -
GET  /page/lib.js                       open     -        -
GET  /page/login.css                    open     -        -
GET  /page/login.js                     open     -        -
GET  /page/theme.js                     open     -        -
GET  /page/{name}                       reader   -        -
GET  /quiz                              reader   -        -
GET  /quiz/results.xlsx                 trainer  -        answer
GET  /robots.txt                        open     -        -
GET  /static/{rest}                     reader   -        -
GET  /study                             reader   -        -
GET  /study/export                      trainer  -        question
GET  /svelte/{rest}                     reader   -        -
GET  /testing                           reader   -        -
GET  /testing/result.xlsx               trainer  -        -
GET  /testing/template.xlsx             trainer  -        -
GET  /theme.css                         reader   -        -
GET  /users                             reader   -        -
"""
WALLS = [Wall(*line.split()) for line in TABLE.split("\n") if line]


def wall_of(route: Route) -> Wall:
    """Return a route as a row of the table."""
    size = "-" if route.method == "GET" else "any" if route.limit is None else str(route.limit)
    role = "open" if route.role is OPEN else str(route.role)
    return Wall(route.method, route.path, role, size, str(route.use or "-"))


def written_out(path: str) -> str:
    """Return a path that a route serves, "x" for what stands in braces."""
    return path.replace("{name}", "x").replace("{session}", "x").replace("{rest}", "x")
