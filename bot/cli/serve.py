"""`quietline serve` and `quietline demo`: the service with its channels, until it is told to
stop.
"""

import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from authored import Mistake, Mistakes, did_you_mean
from bot import report
from bot.app import Service
from bot.atlas import read_atlas
from bot.channels.web import LIVE, make_web
from bot.channels.web_page import Language, WebSettings
from bot.channels.web_server import WebRunner
from bot.cli.awaited import awaited
from bot.cli.console import Beside, free_port
from bot.cli.office import Kept, open_kept
from bot.cli.visitors import Visitors
from bot.cli.watching import Watching
from bot.clocks import clock_of
from bot.dialogue.hear import is_urgent
from bot.forgetting import forgets
from bot.privacy import notices
from bot.settings import Settings, read_settings
from bot.told import Told
from bot.wiring import database_of

if TYPE_CHECKING:
    from bot.cli.simulator import Simulator
    from bot.cli.telegram_link import TelegramLink

SCENARIOS: Final = ("", "queue")
SEALING: Final = Path(__file__).resolve().parents[1] / "sealing"
SEAL_SCRIPTS: Final = ("hpke.js", "sealing.js", "roster.js")
MARK = ".quietline-demo"
"""Names a folder as one that `demo --fresh` may empty."""
MOST_PORT: Final = 65535


def run_serve(file: Path | None) -> int:
    """Run until a signal ends it."""
    settings = read_settings(file)
    report.set_up(whole=True)
    _make_folder(settings.data)
    with ExitStack() as closing:
        service, kept = awaited(lambda: _opened(settings, closing))
        report.note("listings_ready", count=len(service.live))
        if not len(service.live):
            _say("No listing is published yet, so none is shown. Two people are needed for that:")
            _say("    ./quietline staff add NAME --role editor       (and another: approver)")
        asyncio.run(_run(service, settings.web_host, settings.web_port, kept))
    return 0


def _opened(settings: Settings, closing: ExitStack) -> tuple[Service, Kept]:
    """All parts, from where they are kept; `closing` closes them. A failure leaves nothing open."""
    with ExitStack() as opened:
        clock = clock_of(database_of(settings, "quietline"))
        opened.callback(clock.close)
        kept = open_kept(settings, read_atlas(settings.countries).served, clock=clock)
        opened.callback(kept.close)
        service = service_of(settings, kept, clock=clock)
        clock.start()
        closing.push(opened.pop_all())
    return service, kept


def run_demo(port: int, data: Path | None, *, fresh: bool, scenario: str = "") -> int:
    """Run on this machine alone, with keys of its own and everything that the packs hold.

    With the scenario `queue` made-up visitors ask for a person.
    """
    report.set_up()
    if scenario not in SCENARIOS:
        hint = did_you_mean(scenario, SCENARIOS) or "There is one: --scenario queue"
        raise Mistakes([Mistake("--scenario", 0, 0, f"there is no scenario '{scenario}'", hint)])
    if data is not None:
        _ready_folder(data, fresh=fresh)
        return _demo_in(data, port, scenario)
    with tempfile.TemporaryDirectory(prefix="quietline-demo-") as folder:
        return _demo_in(Path(folder), port, scenario)


def service_of(
    settings: Settings, kept: Kept, *, demo: bool = False, clock: Callable[[], float] = time.time
) -> Service:
    """The service with what the directory is kept with, and its desk. `clock`: of all its parts."""
    return Service(
        settings,
        demo=demo,
        clock=clock,
        shelf=kept.ledger,
        told=Told(kept.ledger),
        signing=kept.signing,
        audit=kept.audit.write,
    )


def _demo_in(folder: Path, port: int, scenario: str) -> int:
    asyncio.run(_demo(folder, port, scenario))
    return 0


async def _demo(folder: Path, port: int, scenario: str) -> None:
    """The page, and beside it the chat of a messenger where there is one to try."""
    known: dict[str, Any] = {
        "data": folder,
        "key_ring": folder / "keys",
        "signing_keys": folder / "signing",
        "staff_bind": "127.0.0.1:0",
        "api_bind": "127.0.0.1:0",
        "slips": "all",
    }
    kept: Kept | None = None
    if 0 < port < MOST_PORT - 3:
        known["public_url"] = f"http://127.0.0.1:{port}"
        known["staff_bind"] = f"127.0.0.1:{free_port(port + 2)}"
        known["api_bind"] = f"127.0.0.1:{free_port(port + 3)}"
    simulator = await _simulator(port)
    if simulator is not None:
        known |= {"telegram_token": simulator.token, "telegram_api_base": simulator.base}
    try:
        settings = Settings.model_validate(known)
        kept = open_kept(settings, read_atlas(settings.countries).served, demo=True)
        service = service_of(settings, kept, demo=True)
        visitors = Visitors(service) if scenario else None
        await _run(service, "127.0.0.1", port, kept, simulator, visitors)
    finally:
        if kept is not None:
            kept.close()
        if simulator is not None:
            await simulator.stop()


async def _simulator(port: int) -> "Simulator | None":
    """Runs beside the page, on the next port or any that is free; only in a checkout."""
    from bot.cli.simulator import Simulator, is_here

    if not is_here():
        return None
    simulator = Simulator()
    try:
        await simulator.start(port + 1 if 0 < port < MOST_PORT else 0)
    except OSError:
        await simulator.start(0)
    return simulator


def _ready_folder(folder: Path, *, fresh: bool) -> None:
    if fresh and folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).exists():
            mend = "Name another folder, or empty it by hand: --fresh empties only its own."
            raise Mistakes([Mistake(str(folder), 0, 0, "is not a folder of a demo", mend)])
        shutil.rmtree(folder)
    _make_folder(folder)
    (folder / MARK).touch()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        mend = "Name a folder that can be written: QUIETLINE_DATA, or `data` in the settings."
        raise Mistakes([Mistake(str(folder), 0, 0, f"{error.strerror}", mend)]) from None


async def _run(
    service: Service,
    host: str,
    port: int,
    kept: Kept,
    simulator: "Simulator | None" = None,
    visitors: Visitors | None = None,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await service.start()
    page = page_of(service)
    service.wake_on("web", page[LIVE].wake)
    service.sign_on("web", page[LIVE].sign)
    link = _telegram(service, page)
    watching = Watching(service)
    watching.attach(page)
    runner = WebRunner(page)
    await runner.setup()
    beside = Beside(service, kept, watching.attach)
    try:
        await watching.start()
        await listen(runner, host, port)
        name, bound = runner.addresses[0][:2]
        report.note("listening", port=bound)
        _say(f"Open http://{name}:{bound}/ in a browser. Ctrl-C ends it.")
        if link is not None:
            await link.start()
        if simulator is not None:
            _say(f"The same as a chat in a messenger, simulated here: {simulator.address}")
        console, api = await beside.start()
        if console:
            _say(f"Those who keep the directory work here: {console}")
        if api:
            _say(f"Partners with a key read it here, as HSDS 3.1: {api}")
        if service.demo:
            _say("This is a demonstration: listings come from public pages and are not confirmed.")
        if visitors is not None:
            visitors.start()
            _say(
                "Made-up visitors ask for a person. Open the desk: its sign-in page has buttons for"
            )
            _say("Demo Operator, Demo Operator Two and Demo Lead. Then /desk, and begin a shift.")
        forgetting = asyncio.create_task(forgets())
        await stop.wait()
        forgetting.cancel()
    finally:
        if visitors is not None:
            await visitors.stop()
        await runner.cleanup()
        await watching.stop()
        await beside.stop()
        if link is not None:
            await link.stop()
        await service.stop()


def _telegram(service: Service, page: web.Application) -> "TelegramLink | None":
    """The Telegram channel, where a token is set."""
    settings = service.settings
    if settings.telegram_token is None and settings.telegram_token_file is None:
        return None
    # Loaded only here: the library takes half a second, which nobody without a token should wait.
    from bot.cli.telegram_link import TelegramLink, token_in

    token = token_in(settings)
    if token is None:
        return None
    link = TelegramLink(service, token)
    link.attach(page)
    return link


async def listen(runner: WebRunner, host: str, port: int) -> None:
    """Listen there. Raises `Mistakes` where that cannot be."""
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        mend = "Name another: --port 0 takes any that is free."
        said = f"port {port} cannot be used: {error.strerror}"
        raise Mistakes([Mistake(host, 0, 0, said, mend)]) from None


def page_of(service: Service) -> web.Application:
    """The survivors' page, as the settings want it."""
    settings, speech = service.settings, service.speech
    secure = {"auto": "auto", "yes": True, "no": False}[settings.web_secure]
    return make_web(
        service,
        speech.words,
        tuple(Language(one.code, one.endonym, one.dir) for one in speech.languages),
        WebSettings(
            secure=secure,  # type: ignore[arg-type]  # one of the three, by the settings' own check
            behind_proxy=settings.web_behind_proxy,
            exit_url=settings.exit_url,
            demo=service.demo,
            onion_url=settings.onion_url,
        ),
        urgent=lambda text: is_urgent(service.lexicon, text),
        chat_scripts=None if service.human is None else _seal_scripts(),
        slips=service.slips,
        notices=notices(speech, settings),
    )


def _seal_scripts() -> dict[str, str]:
    """The scripts by which a page seals a chat: the very files that the console loads."""
    return {name: (SEALING / name).read_text("utf-8") for name in SEAL_SCRIPTS}


def _say(words: str) -> None:
    print(words, file=sys.stdout, flush=True)
