"""Pages as browsers take them."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """A page as a browser takes it: its elements with their attributes, where these lead to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[tuple[str, tuple[tuple[str, str | None], ...]]] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add((tag, tuple(sorted(attrs))))

    def handle_data(self, data: str) -> None:
        self.text += data
