"""What a browser makes of a page: the fields that a form would send, and what is text in it."""

from html.parser import HTMLParser


class Sent(HTMLParser):
    """The fields of one form of a page, as a browser would send them, without its buttons."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._action, self._here = action, False
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[str], list[str]] | None = None
        self.found = False
        self.feed(page)
        assert self.found, f"the page has no form for {action}"

    @property
    def fields(self) -> dict[str, str]:
        """By name, without the token."""
        return {name: value for name, value in self.pairs if name != "token"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "form":
            self._here = has.get("action") == self._action
            self.found = self.found or self._here
        elif not self._here:
            return
        elif tag == "input" and name:
            if has.get("type") != "checkbox" or "checked" in has:
                self.pairs.append((name, value))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [], [])
        elif tag == "option" and self._select:
            (self._select[2] if "selected" in has else self._select[1]).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = False
        elif tag == "textarea" and self._area:
            # The first line end of a text field is the template's.
            self.pairs.append((self._area[0], "".join(self._area[1]).removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select:
            name, others, chosen = self._select
            if value := (chosen or others)[:1]:
                self.pairs.append((name, value[0]))
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)


class Seen(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._text: list[str] = []
        self.feed(page)

    @property
    def text(self) -> str:
        """All text, in one line."""
        return " ".join(" ".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self._text.append(data)
