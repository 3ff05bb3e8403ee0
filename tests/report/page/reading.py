"""An HTML page read as a browser's tree would be, as far as its tests need: elements with attributes and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "img", "input", "br", "hr", "wbr", "col", "source", "base"})


@dataclass
class Element:
    """One element: its tag, attributes, the elements in it and all text in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def every(self, *tags: str) -> list[Element]:
        """Elements below with one of these tags (all without), in the order of the page."""
        found = []
        for child in self.children:
            if not tags or child.tag in tags:
                found.append(child)
            found += child.every(*tags)
        return found

    def within(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.within(tag))


@dataclass(frozen=True)
class Entry:
    """A cell of a table as it is read: its text, what stands below it, and the element itself."""

    text: str
    below: str
    element: Element

    @classmethod
    def of(cls, cell: Element) -> Entry:
        beside = {each.attributes.get("class"): each.text for each in cell.every("span")}
        below, sign = beside.get("below", ""), beside.get("sign", "")
        return cls(cell.text.removesuffix(below).removeprefix(sign).strip(), below, cell)


def sheets(tree: Element) -> dict[str, list[list[Entry]]]:
    """Rows of every table, by its name on the page."""
    return {
        sheet.attributes["id"]: [
            [Entry.of(cell) for cell in row.every("th", "td")] for row in sheet.every("tbody")[0].every("tr")
        ]
        for sheet in tree.every("div")
        if "sheet" in sheet.attributes.get("class", "").split()
    }


def forests(tree: Element) -> dict[str, list[list[str]]]:
    """Texts of the rows of every forest plot, by its name on the page."""
    return {
        figure.attributes["id"]: [
            [cell.text for cell in row.every("th", "td")] for row in figure.every("tbody")[0].every("tr")
        ]
        for figure in tree.every("figure")
        if figure.attributes["class"] == "forest"
    }


def texts(tree: Element) -> str:
    """Paragraphs and points."""
    return "\n".join(each.text for each in tree.every("p", "li"))


class Reader(HTMLParser):
    """Builds the tree, and keeps what is not well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = self.root
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.open))

    def handle_endtag(self, tag: str) -> None:
        if self.open.tag != tag:
            self.faults.append(f"</{tag}> closes <{self.open.tag}> at {self.getpos()}")
            return
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        element: Element | None = self.open
        while element is not None:
            element.texts.append(data)
            element = element.parent


def read(page: str) -> Element:
    """The root of a page; fails where tags do not close in the order in which they opened."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.faults == []
    assert reader.open is reader.root
    return reader.root
