"""Whole addresses of the site's pages, for paper, feeds, calendars and other sites."""

from typing import Any

from flask import current_app, url_for


def public_url(endpoint: str, **values: Any) -> str:
    """Return a page's whole address under ``SARN_SITE_URL``.

    What a request calls the site is never used: these addresses are copied, printed and kept by
    caches, and whoever asks can write anything into the ``Host`` header.
    """
    site: str = current_app.config["SARN"].site_url
    return site.rstrip("/") + url_for(endpoint, **values)
