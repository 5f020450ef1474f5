"""What the doctor asks of words, listings and people. It changes nothing."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from authored import did_you_mean
from bot.atlas import read_atlas
from bot.cli.database import newest_of, version_of
from bot.cli.doctor_model import Finding, Look, fail, ok, warn
from bot.cli.published import published_here
from bot.handoff.hours import Opening
from bot.handoff.settings import Settings as DeskSettings
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor
from bot.settings import Settings
from bot.slipping import unlisted
from bot.speech import read_speech
from bot.staff import Staff, StaffBook, may
from bot.staff.model import PROGRAM
from bot.storage import Store
from bot.wiring import LIBRARY, LOCALES, check_language, database_of, open_signing, vocabulary_of
from flows.reader import read_script

if TYPE_CHECKING:
    from telegram import WebhookInfo

    from bot.channels.telegram_request import Connection

PEOPLE: Final = 2
"""How many people it takes to change what survivors see."""
NIGHT_HOURS: Final = 14
MOST_PENDING: Final = 100


def words(known: Settings) -> Finding:
    """Whether what is said can be read."""
    atlas, speech = read_atlas(known.countries), read_speech(LOCALES)
    check_language(known.language, speech)
    script = read_script(LIBRARY, vocabulary_of(atlas, speech))
    spoken = ", ".join(one.code for one in speech.languages)
    return ok(f"{len(script.flows)} flows, {len(script.steps)} steps, in {spoken}")


def notice(known: Settings) -> Finding:
    """Whether the privacy notice has a name and an address in it."""
    unsaid = [name for name in ("organisation", "contact") if not getattr(known, name)]
    if unsaid:
        said = "people read in the privacy notice that nobody has put a name or an address there"
        return warn(said, f"Set {' and '.join(unsaid)} in the settings: docs/privacy.md")
    return ok("it names who runs this, and where to ask")


def lint(_: Settings) -> Finding:
    """The two judges of texts, as they are run by hand."""
    import subprocess
    import sys

    from bot.cli.check import ROOT

    for name in ("flows lint", "i18n check"):
        command = [sys.executable, "-P", "-m", "bot", *name.split()]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if done.returncode:
            return fail(f"'{name}' finds a fault", f"./quietline {name}")
    return ok("no fault")


def listings(known: Settings) -> Finding:
    """What is published, and how old it is."""
    directory = read_atlas(known.countries).served
    live = published_here(known, directory)
    if not len(live):
        mend = "./quietline directory waiting       (whom to ask first)"
        return fail("none is published: people are shown no service", mend)
    if unknown := unlisted(known.slips, live.ids()):
        near = did_you_mean(unknown[0], live.ids())
        said = f"slips: '{unknown[0]}' is no listing that is published"
        return warn(said, f"Correct it in the setting slips. {near}".strip())
    if live.unread:
        said = f"{len(live)} published, {len(live.unread)} cannot be read by this version"
        return warn(said, "./quietline directory verify")
    counts = _counts(known)
    late = counts["stale"] + counts["hidden"]
    if late:
        mend = "./quietline directory waiting       (or the console's first page)"
        said = f"{late} past the day of their review, {counts['unpublished']} never confirmed"
        return warn(f"{len(live)} published; {said}", mend)
    said = f"none past its day; {counts['unpublished']} of the packs were never confirmed"
    return ok(f"{len(live)} published, {said}")


def _counts(known: Settings) -> Mapping[str, int]:
    directory = read_atlas(known.countries).served
    signing = open_signing(known, create=False)
    ledger = Ledger.open(database_of(known, "directory"), signing, known=Known.of(directory))
    try:
        return ledger.counts(Actor(PROGRAM, (), restricted=True, vets=True))
    finally:
        ledger.close()


def crisis(known: Settings) -> Finding:
    """A line that always answers, for each country and language."""
    directory = read_atlas(known.countries).served
    live = published_here(known, directory)
    at, speech = datetime.now(UTC), read_speech(LOCALES)
    without = [
        f"{country}/{language.code}"
        for country in directory.country_codes
        for language in speech.languages
        if not live.open_lines(country, (language.code,), at)
    ]
    if without:
        said = f"no published line always answers for {len(without)} of countries and languages"
        mend = "./quietline directory waiting       (confirm and publish lines open day and night)"
        return warn(f"{said}: {', '.join(without[:5])}", mend)
    return ok("each country has a line in each language")


def staff(known: Settings) -> Finding:
    """Whether there are two people for what needs two."""
    mend = "./quietline staff add NAME --role editor       (and another: approver)"
    everyone = _everyone(known)
    if everyone is None:
        return warn("nobody has an account, so nothing can be published", mend)
    ready = [one for one in everyone if one.ready]
    first = {one.id for one in ready if may(one.roles, "directory.edit")}
    second = {one.id for one in ready if may(one.roles, "directory.approve")}
    said = f"{len(everyone)} accounts, {len(ready)} set up"
    # A change needs somebody who proposes it and another person who approves it.
    if not first or not second or len(first | second) < PEOPLE:
        return warn(f"{said}: a change needs one who edits and another who approves", mend)
    return ok(said)


def shifts(known: Settings) -> Finding:
    """Whether a timetable covers the next night, and anybody could work it."""
    everyone = _everyone(known) or []
    if not any(one.ready and may(one.roles, "desk.work") for one in everyone):
        mend = "./quietline staff add NAME --role operator"
        return warn("nobody can answer at the desk: people are told that it is closed", mend)
    database = database_of(known, "quietline")
    if version_of(database) != newest_of("quietline"):
        return warn("the desk was never opened", "./quietline serve")
    store = Store.open(database)
    try:
        opening = Opening(DeskSettings(store, open_signing(known)))
        spoken = [one.code for one in read_speech(LOCALES).languages]
        hours = [time.time() + 3600 * ahead for ahead in range(NIGHT_HOURS)]
        closed = [code for code in spoken if not any(opening.open_now(code, at) for at in hours)]
    finally:
        store.close()
    if closed:
        mend = "Set hours in the console: Desk, Opening hours (/desk/hours)"
        return warn(f"no hours in the next {NIGHT_HOURS} hours for {', '.join(closed)}", mend)
    return ok(f"hours in the next {NIGHT_HOURS} hours in every language")


def _everyone(known: Settings) -> list[Staff] | None:
    database = database_of(known, "staff")
    if version_of(database) is None:
        return None
    book = StaffBook.open(database, open_signing(known).secret("staff"))
    try:
        return [one for one in book.accounts.everyone() if one.active] or None
    finally:
        book.close()


def telegram(known: Settings) -> Finding:
    """The token alone; nobody is asked."""
    from bot.cli.telegram_link import token_in

    if token_in(known) is None:
        return ok("not set up")
    return ok(f"a token is there, updates by {known.telegram_mode}; --online asks Telegram")


def telegram_online(known: Settings) -> Finding:
    """What Telegram says. The token is in nothing that is said."""
    from telegram.error import TelegramError

    from bot.channels.telegram_reading import ALLOWED_UPDATES
    from bot.channels.telegram_request import Connection
    from bot.channels.telegram_webhook import path_of
    from bot.cli.telegram_link import token_in

    token = token_in(known)
    if token is None:
        return ok("not set up")
    connection = Connection(token, known.telegram_api_base)
    try:
        hook = asyncio.run(_asked(connection))
    except TelegramError as error:
        mend = "./quietline telegram info"
        return fail(f"Telegram was asked in vain ({type(error).__name__})", mend)
    setting = "./quietline telegram set-webhook"
    if known.telegram_mode == "polling":
        if hook.url:
            said = "updates go to a webhook, and this service asks for them"
            return fail(said, "./quietline telegram delete-webhook")
        return ok(f"updates are asked for, {hook.pending_update_count} wait")
    base = (known.telegram_webhook_url or known.public_url).rstrip("/")
    if hook.url != base + path_of(token):
        return fail("Telegram brings updates somewhere else", setting)
    if set(hook.allowed_updates or ()) != set(ALLOWED_UPDATES):
        return warn("Telegram brings other kinds of updates than are used", setting)
    recent = hook.last_error_date and datetime.now(UTC) - hook.last_error_date < timedelta(hours=1)
    if recent or hook.pending_update_count > MOST_PENDING:
        said = f"{hook.pending_update_count} updates wait; the last fault is of this hour"
        return warn(said, "./quietline telegram info")
    return ok(f"the webhook is ours, {hook.pending_update_count} updates wait")


async def _asked(connection: "Connection") -> "WebhookInfo":
    await connection.open()
    try:
        return await connection.bot.get_webhook_info()
    finally:
        await connection.close()


LOOKS: Final[dict[str, Look]] = {
    "words": words,
    "notice": notice,
    "lint": lint,
    "listings": listings,
    "crisis": crisis,
    "staff": staff,
    "shifts": shifts,
    "telegram": telegram,
}
