"""ASGI middleware before every route, and what it knows of a request.

`request_filter.py` (closed routes, headers), `own_host.py` (host names), `login_gate.py` (log-in, visitor),
`gradio_sessions.py` (sessions by visitor), `html_shell.py` (Gradio's page). `client_address.py` finds the
sender behind proxies; `gradio_routes.py` lists the routes of Gradio that stay open.
"""
