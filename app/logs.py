"""Structured logs without personal data: what happened and how long it took, never who."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

access_log = structlog.get_logger("sarn.access")
security_log = structlog.get_logger("sarn.security")


def init_app(app: Flask, level: str) -> None:
    """Write one JSON line for each request, with the route's rule instead of the address typed."""
    configure(level)
    app.before_request(_begin)
    app.after_request(_end)


def configure(level: str) -> None:
    """Send standard logging and structlog to standard error as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger("sarn")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


def security_event(event: str, **facts: str | int) -> None:
    """Note what somebody who guards the site wants to see; facts are codes, never who or what."""
    route = str(request.url_rule) if request.url_rule else "unknown"
    security_log.warning(event, method=request.method, route=route, **facts)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    started = g.get("started")
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    if started is not None and request.endpoint != "static":
        access_log.info(
            "request",
            method=request.method,
            route=str(request.url_rule) if request.url_rule else "unknown",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
    return response
