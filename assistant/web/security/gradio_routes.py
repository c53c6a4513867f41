"""The routes of Gradio that the page uses; all its others stay closed.

The others serve files, fetch foreign addresses, take uploads, or run handlers without the queue.
"""

from assistant.web.routing import OPEN, Route

JOIN_PATH = "/gradio_api/queue/join"
STREAM_PATH = "/gradio_api/queue/data"

GRADIO_ROUTES = (
    Route("GET", "/"),
    Route("GET", "/config"),
    Route("GET", "/config/"),
    Route("GET", "/theme.css"),
    Route("GET", "/manifest.json"),
    Route("GET", "/favicon.ico", OPEN),
    Route("GET", "/robots.txt", OPEN),
    Route("GET", "/assets/{rest}"),
    Route("GET", "/static/{rest}"),
    Route("GET", "/svelte/{rest}"),
    Route("GET", STREAM_PATH),
    Route("GET", "/gradio_api/heartbeat/{session}"),
    Route("GET", "/gradio_api/startup-events"),
    Route("GET", "/gradio_api/theme.css"),
    Route("GET", "/gradio_api/app_id"),
    Route("GET", "/gradio_api/app_id/"),
    Route("POST", JOIN_PATH),
    Route("POST", "/gradio_api/reset"),
    Route("POST", "/gradio_api/reset/"),
    Route("POST", "/gradio_api/cancel"),
)
