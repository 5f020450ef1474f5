"""`quietline staff`: who works at the console. The first account is made here.

A set-up code is printed once, and nothing else that is secret. It decides nothing: the staff room
does, and writes down that it was done by a command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from authored import Mistake, Mistakes, did_you_mean
from bot.settings import read_settings
from bot.staff import ROLES, Staff, StaffBook, StaffError
from bot.wiring import database_of, open_signing

staff_app = typer.Typer(
    help="Who works at the console, and what they may do.", no_args_is_help=True
)
Settings_ = Annotated[Path | None, typer.Option("--settings", help="A settings file in YAML.")]
Name = Annotated[str, typer.Argument(help="Their name, as colleagues know them.")]
Roles = Annotated[
    list[str], typer.Option("--role", help=f"One of {', '.join(ROLES)}; may be given again.")
]
Areas = Annotated[
    list[str],
    typer.Option("--area", help="A country or region they keep, like UA or UA-63; none: all."),
]


@staff_app.command()
def add(name: Name, role: Roles = [], area: Areas = [], settings: Settings_ = None) -> None:
    """Make an account. Prints the code with which they set it up, this once."""
    if not role:
        raise _mistake("an account needs a role", "Name one: --role editor")
    _look_at_areas(settings, area)
    with _book(settings) as book:
        staff, code = book.accounts.add(name, role, area)  # type: ignore[arg-type]  # looked at there
    print(f"{staff.name}: {', '.join(staff.roles)}; {', '.join(staff.areas) or 'all areas'}")
    _print_code(code)


@staff_app.command()
def reset(name: Name, settings: Settings_ = None) -> None:
    """Take away how they signed in, end their sessions, and print a new set-up code."""
    with _book(settings) as book:
        code = book.accounts.reset(_named(book, name).id)
    _print_code(code)


@staff_app.command()
def revoke(name: Name, settings: Settings_ = None) -> None:
    """Take the account away, and sign them out everywhere within a second."""
    with _book(settings) as book:
        book.accounts.revoke(_named(book, name).id)
    print("Revoked. The name stays in the history; `staff reset` opens the account again.")


@staff_app.command()
def roles(name: Name, role: Roles = [], area: Areas = [], settings: Settings_ = None) -> None:
    """Give them exactly these roles and areas. They are signed out and sign in again."""
    if not role:
        raise _mistake("an account needs a role", "Name one, or take it away: staff revoke NAME")
    _look_at_areas(settings, area)
    with _book(settings) as book:
        staff = book.accounts.set_roles(_named(book, name).id, role, area)  # type: ignore[arg-type]  # looked at there
    print(f"{staff.name}: {', '.join(staff.roles)}; {', '.join(staff.areas) or 'all areas'}")


@staff_app.command("list")
def list_(settings: Settings_ = None) -> None:
    """Show every account with its roles and areas."""
    with _book(settings) as book:
        everyone = book.accounts.everyone()
    for staff in everyone:
        state = "revoked" if not staff.active else "active" if staff.ready else "not set up yet"
        said = (staff.name, state, " ".join(staff.roles), " ".join(staff.areas) or "all areas")
        print(
            "  ".join(part.ljust(width) for part, width in zip(said, (28, 14, 30, 0), strict=True))
        )
    if not everyone:
        print("Nobody yet. Begin with: ./quietline staff add NAME --role administrator")


@contextmanager
def _book(file: Path | None) -> Iterator[StaffBook]:
    from bot.audit import Audit

    settings = read_settings(file)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = open_signing(settings)
    audit = Audit.open(database_of(settings, "audit"), keys)
    book = StaffBook.open(database_of(settings, "staff"), keys.secret("staff"), tell=audit.write)
    try:
        yield book
    except StaffError as error:
        raise _mistake(str(error), error.mend) from None
    finally:
        book.close()
        audit.close()


def _look_at_areas(file: Path | None, areas: list[str]) -> None:
    """Refuses a code that is no area's: who keeps only that could see nothing."""
    if not areas:
        return
    from bot.atlas import read_atlas
    from bot.ledger.known import Known

    there = Known.of(read_atlas(read_settings(file).countries).served).areas
    for code in areas:
        if code.strip().upper() not in there:
            mend = did_you_mean(code.upper(), there) or "Areas are written like UA or UA-63."
            raise _mistake(f"there is no area {code}", mend)


def _named(book: StaffBook, name: str) -> Staff:
    try:
        return book.accounts.named(name)
    except StaffError as error:
        names = [staff.name for staff in book.accounts.everyone()]
        raise _mistake(str(error), did_you_mean(name, names) or error.mend) from None


def _print_code(code: str) -> None:
    print(f"Set-up code: {code}")
    print("It counts for 24 hours and until they have chosen how to sign in. They open the")
    print("console at /sign-in/first. Hand it over by a way that only they can read.")


def _mistake(said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake("staff", 0, 0, said, mend)])
