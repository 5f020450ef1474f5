"""Reads a page as a person's program does: what is said, what can be pressed, how it is built."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

EMPTY = {"meta", "link", "input", "br", "img", "hr"}


@dataclass(slots=True)
class Element:
    tag: str
    attrs: dict[str, str]
    inside: tuple[str, ...]
    text: str = ""


@dataclass(slots=True)
class FormOnPage:
    fields: dict[str, str] = field(default_factory=dict)
    label: str = ""
    options: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """A page, taken apart. Raises when its elements are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.forms: list[FormOnPage] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, tuple(up.tag for up in self._open))
        self.elements.append(element)
        if tag not in EMPTY:
            self._open.append(element)
        if tag == "form":
            self.forms.append(FormOnPage())
        if tag == "input" and self.forms:
            form = self.forms[-1]
            if element.attrs["type"] == "submit":
                form.label = element.attrs["value"]
            else:
                form.fields[element.attrs["name"]] = element.attrs.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"closed but never opened: {tag}"
        closed = self._open.pop()
        assert closed.tag == tag, f"{closed.tag} closed by {tag}"
        if tag == "option" and self.forms:
            self.forms[-1].options[closed.text] = closed.attrs["value"]

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    @property
    def text(self) -> str:
        return " ".join(self.all("body")[0].text.split())

    def button(self, label: str) -> dict[str, str]:
        """What pressing the button sends."""
        return next(form.fields for form in self.forms if form.label == label)

    @property
    def choices(self) -> list[FormOnPage]:
        """The buttons of the present step, without the bar."""
        inside = [e for e in self.all("form") if "main" in e.inside]
        return [form for form in self.forms[: len(inside)] if "c" in form.fields]
