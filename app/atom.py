"""Writes Atom feeds (RFC 4287). Pure: text in, bytes out; all escaping is the XML writer's."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

_ATOM: Final = "http://www.w3.org/2005/Atom"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
#: Characters that XML 1.0 cannot hold, however they are written.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Makes the lasting names of feeds and entries; must never change.
_NAMES: Final = uuid.UUID("5a0f1f52-5d0e-4b59-9c26-6a4d1f0a7c11")


@dataclass(frozen=True)
class Entry:
    """One piece of news; ``key`` tells it from all others for good."""

    key: str
    title: str
    text: str
    href: str
    author: str
    updated: datetime


@dataclass(frozen=True)
class Feed:
    """A feed and its entries, the newest first."""

    key: str
    title: str
    subtitle: str
    language: str
    href: str
    own_href: str
    entries: Sequence[Entry]
    #: When there is no entry to tell.
    since: datetime

    @property
    def updated(self) -> datetime:
        """When the newest entry came."""
        return max((entry.updated for entry in self.entries), default=self.since)


def written(feed: Feed) -> bytes:
    """Return the feed as a document in UTF-8; the same feed gives the same bytes."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {_LANG: feed.language})
    _head(root, feed.key, feed.title, feed.updated)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.own_href)
    _add(root, "link", rel="alternate", type="text/html", href=feed.href)
    for entry in feed.entries:
        element = _add(root, "entry")
        _head(element, entry.key, entry.title, entry.updated)
        _add(_add(element, "author"), "name", entry.author)
        _add(element, "link", rel="alternate", type="text/html", href=entry.href)
        _add(element, "summary", entry.text, type="text")
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _head(element: ET.Element, key: str, title: str, updated: datetime) -> None:
    _add(element, "id", uuid.uuid5(_NAMES, key).urn)
    _add(element, "title", title, type="text")
    _add(element, "updated", updated.isoformat(timespec="seconds"))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", clean)
    if text:
        element.text = _NOT_XML.sub("", text)
    return element
