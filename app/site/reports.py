"""Where browsers tell what the content security policy stopped: counted in the log, never kept."""

import json
import re
from typing import Any

from flask import Blueprint, request

from app.extensions import csrf
from app.identity import ANYONE, access
from app.logs import security_event
from app.security import REPORTS

blueprint = Blueprint("reports", __name__)

#: Longest report that is read, in bytes.
_MOST = 16_384
_DIRECTIVE = re.compile(r"[a-z-]{1,40}")


# A browser sends it without a form of ours; nothing is changed by it.
@csrf.exempt
@blueprint.post(REPORTS)
@access(ANYONE, limit="report")
def take() -> tuple[str, int]:
    """Note which rule was broken, not where or by what: addresses may hold personal data."""
    if (request.content_length or 0) <= _MOST:
        for directive in _directives(request.get_data(cache=False)[:_MOST]):
            security_event("policy broken", directive=directive)
    return "", 204


def _directives(data: bytes) -> set[str]:
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return set()
    found = set()
    for report in given if isinstance(given, list) else [given]:
        body = _part(report, "csp-report") or _part(report, "body")
        name = body.get("effectiveDirective") or body.get("effective-directive")
        if isinstance(name, str) and _DIRECTIVE.fullmatch(name):
            found.add(name)
    return found


def _part(report: Any, name: str) -> dict[str, Any]:
    part = report.get(name) if isinstance(report, dict) else None
    return part if isinstance(part, dict) else {}
