"""How an answer looks as a page. It says what it is given and adds only words from the catalogue.

Pages carry no foreign address, no word typed to the bot, and no script but ours, which a page does
without. A page that is there already is given a part: the same without its head.
All have one size on the wire, so that whoever counts bytes does not learn which page it was. It
must not know who reads.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.contract import SLIP_SAYINGS, SWITCH, Block, Outgoing, Slip, Spoken
from bot.channels.web_slip_words import SLIP_WORDS
from bot.channels.web_talk_words import TALK_WORDS, named, words_of_script

PAGE_WORDS: Final = (
    "title",
    "exit",
    "exit_hint",
    "choices",
    "list",
    "list_first",
    "pick",
    "write",
    "write_hint",
    "send",
    "bar",
    "languages",
    "now",
    "cookie",
    "privacy",
    "no_cookie",
    "demo",
    "home",
    "again",
    "gone",
    "emergency",
    "down",
    "sorry",
    "not_found",
    "not_allowed",
    "too_much",
    "unreadable",
    "refused",
    "slow",
    "many",
    "open",
    "keys",
    "exit_keys",
    "wait",
    "failed",
    "live",
    "look",
    *TALK_WORDS,
    *SLIP_WORDS,
)
"""Words of the pages themselves, as `page.…` in the catalogue."""
PAGE_BYTES: Final = 24 * 1024
"""Every page is filled up to a multiple of this."""
LIVE_BYTES: Final = 1024
"""The same for what comes into a live frame. Browsers show nothing before about as much came."""
SCRIPTS: Final = ("leave.js", "talk.js")
"""Each stands alone, so that leaving works whatever happens to the other."""
CHAT_SCRIPTS: Final = (
    "chat.js",
    *("believe.js", "carry.js", "lines.js", "sending.js", "steady.js", "typing.js"),
)
"""Asked for only by a page on which a human answers; they import what seals."""
SAFE_LINKS: Final = ("https://", "tel:")
TEMPLATES: Final = Path(__file__).parent / "templates"

Wording = Callable[[str, str], str]
"""(language, key) → words. Raises when there are none."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the pages speak."""

    code: str
    endonym: str
    """Its name in itself."""
    dir: Literal["ltr", "rtl"] = "ltr"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the deploying organisation decides about the page."""

    secure: Literal["auto"] | bool = "auto"
    """Whether people reach it by https. `auto` looks at each request."""
    behind_proxy: bool = False
    """Believe `X-Forwarded-Proto`. Only where a proxy of ours sets it on every request."""
    exit_url: str = "https://www.wikipedia.org/"
    """Where the quick exit leads: a page that anyone may have open."""
    demo: bool = False
    site: str = "web"
    """Which of our sites this is. Sessions belong to it; another name begins new ones."""
    onion_url: str = ""
    """Where Tor Browser finds the same pages, as `http://….onion`; empty when nowhere."""
    live_pages: int = 8192
    """How many live frames may stand open at once."""


class Pages:
    """The pages, in every language. Built once; a missing word stops the start and not a person."""

    def __init__(
        self,
        words: Wording,
        languages: Sequence[Language],
        settings: WebSettings,
        *,
        seals: bool = False,
        notice: bool = False,
    ) -> None:
        """`seals`: whether there are scripts by which a page can seal a chat by itself. `notice`:
        whether there is a page with the privacy notice.
        """
        self._settings = settings
        self._languages = {language.code: language for language in languages}
        self._words: Mapping[str, Mapping[str, str]] = {
            code: {name: words(code, f"page.{name}") for name in PAGE_WORDS}
            for code in self._languages
        }
        self._script_words = {code: words_of_script(said) for code, said in self._words.items()}
        css = (TEMPLATES / "page.css").read_text("utf-8")
        scripts = tuple(_lean((TEMPLATES / name).read_text("utf-8")) for name in SCRIPTS)
        self.style_source = _source(css)
        """The one style that the security policy lets in: ours, letter by letter."""
        self.script_sources = " ".join(_source(script) for script in scripts)
        """The same for what may run. `'self'`: of what we answer only `/chat/…` is a script."""
        if seals:
            self.script_sources += " 'self'"
        jinja = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        jinja.globals.update(
            css=Markup(css),  # nosec B704  # noqa: S704 - our own file, and its hash is in the policy
            scripts=tuple(Markup(script) for script in scripts),  # nosec B704  # noqa: S704 - as above
            away=settings.exit_url,
            demo=settings.demo,
            part=False,
            seals=seals,
            notice=notice,
            named=named,
            languages=tuple(languages),
            switch=SWITCH,
            safe=lambda href: href.startswith(SAFE_LINKS),
        )
        self._jinja = jinja

    def answer(self, out: Outgoing, *, part: bool = False, cookie_lost: bool = False) -> bytes:
        """The page for the present state: what was said and all that can be picked."""
        on_cards = [block.option for block in out.blocks if block.option]
        options = [option for option in out.options if option not in on_cards]
        return self._page(
            "answer.html",
            out.language,
            out=out,
            options=options,
            cookie_lost=cookie_lost,
            part=part,
            shown=max((one.number for one in out.chat.lines if one.by == "them"), default=0)
            if out.chat
            else 0,
            script_words=self._script_words[self._spoken(out.language)] if out.chat else "",
        )

    def gone(self, out: Outgoing, *, part: bool = False) -> bytes:
        """The last words, after everything was erased. Nothing on it can be answered."""
        return self._page("gone.html", out.language, out=out, part=part)

    def emergency(self, out: Outgoing, *, down: bool, part: bool = False) -> bytes:
        """Where to get help now. `down` says that this is shown because something broke."""
        return self._page("emergency.html", out.language, out=out, down=down, part=part)

    def privacy(self, language: str, said: tuple[Block, ...], *, part: bool = False) -> bytes:
        """The privacy notice, and the way to it in other languages."""
        here = self._languages[language]
        out = Outgoing(language, here.dir, said)
        return self._page("privacy.html", language, out=out, part=part)

    def refusal(self, language: str, reason: str, *, part: bool = False) -> bytes:
        """Why something was not taken, and the way back."""
        return self._page("refusal.html", language, reason=reason, part=part)

    def slip(
        self, language: str, *, slip: Slip | None = None, typed: str = "", done: bool = False
    ) -> bytes:
        """The page for services: a field for words, what they are, or thanks. `typed` stays."""
        return self._page(
            "slip.html", language, slip=slip, typed=typed, done=done, sayings=SLIP_SAYINGS
        )

    def live(
        self, language: str, *, soon: bool = False, streams: bool = False, after: int = 0
    ) -> bytes:
        """The beginning of a live frame, or all of one that nothing follows. `soon` goes on to the
        other by itself, once the page around it has loaded; `after`: see `web_frame`.
        """
        html = self._html("live.html", language, soon=soon, streams=streams, after=after)
        return _filled(html, LIVE_BYTES)

    def news(self, out: Outgoing, lines: Sequence[Spoken] = ()) -> bytes:
        """What came since, for a live frame: what a human wrote, else what the bot says now."""
        return _filled(self._html("news.html", out.language, out=out, lines=lines), LIVE_BYTES)

    def look_again(self, language: str) -> bytes:
        """The end of a live frame: the way to the page as it is now."""
        return _filled(self._html("again.html", language), LIVE_BYTES)

    def _page(self, template: str, language: str, **shown: object) -> bytes:
        return _filled(self._html(template, language, **shown), PAGE_BYTES)

    def _html(self, template: str, language: str, **shown: object) -> bytes:
        code = self._spoken(language)
        html = self._jinja.get_template(template).render(
            w=self._words[code], here=self._languages[code], **shown
        )
        return html.encode("utf-8", "replace")

    def _spoken(self, language: str) -> str:
        """The language of the page around words that may be in one it does not speak yet."""
        return language if language in self._words else next(iter(self._words))


def _filled(html: bytes, size: int) -> bytes:
    """The page with blanks after it, up to the next full size."""
    return html + b" " * (-len(html) % size)


def own_scripts() -> dict[str, str]:
    """The scripts of a page that seals, as they are served."""
    return {name: _lean((TEMPLATES / name).read_text("utf-8")) for name in CHAT_SCRIPTS}


def _lean(script: str) -> str:
    """A script without the lines that are only remarks, and without what stands before a line."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _source(text: str) -> str:
    """How the policy names a style or script that stands in the page: by its SHA-256."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
