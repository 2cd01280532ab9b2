"""XML of strangers: parsed without entities, external files or huge nodes. Pure."""

from __future__ import annotations

from lxml import etree

from worker.intake.unreadable import UnreadableError


def parse_xml(data: bytes) -> etree._Element:
    """A document's tree. Raises UnreadableError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError("broken document") from error
    if root is None:
        raise UnreadableError("broken document")
    return root
