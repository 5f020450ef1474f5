"""One's own account: how one signs in, where one is signed in, and the language of the pages.

It decides nothing. Whatever changes how somebody signs in needs a fresh proof of who asks.
"""

from http import HTTPStatus

from aiohttp import web
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from bot.console.frame import Route, Visit
from bot.console.host import site_of
from bot.console.passkeys import need_site
from bot.console.reading import safe_path
from bot.console.said import N_
from bot.console.set_up import DIGITS, WEAK, square
from bot.staff import WeakPassword, WrongProof
from bot.staff.passwords import check_password


async def me(visit: Visit) -> web.StreamResponse:
    """All about one's own account."""
    someone, book = visit.staff.id, visit.book
    keys = await visit.run(book.passkeys.of, someone)
    return visit.page(
        "me.html",
        ways=await visit.run(book.accounts.ways, someone),
        keys=[(bytes_to_base64url(key.id), key) for key in keys],
        sessions=await visit.run(book.sessions.of, someone),
        mine=visit.signed_in.mark,
        site=site_of(visit),
    )


async def language(visit: Visit) -> web.StreamResponse:
    """Pages in another language from now on."""
    asked = visit.form.get("language")
    if asked in visit.desk.words:
        await visit.run(visit.book.accounts.set_language, visit.staff.id, asked)
    return visit.see_other(safe_path(visit.form.get("next", "/")))


async def password_page(visit: Visit) -> web.StreamResponse:
    """Another password."""
    return visit.page("me_password.html", fault="")


async def password(visit: Visit) -> web.StreamResponse:
    """Another password from now on; everywhere else one is signed out."""
    given = visit.staff, visit.form.whole("password"), visit.holds
    try:
        await visit.desk.slowly(visit.book.signing_in.change_password, *given)
    except WeakPassword as weak:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return visit.page("me_password.html", status=status, fault=visit.words(WEAK[weak.code]))
    note = N_("Your password is another one now. Everywhere else you are signed out.")
    return visit.see_other("/me", note=visit.words(note))


async def authenticator_page(visit: Visit) -> web.StreamResponse:
    """Another authenticator; where there is no password yet, one as well."""
    return await _authenticator(visit, HTTPStatus.OK)


async def authenticator(visit: Visit) -> web.StreamResponse:
    """Another authenticator from now on; everywhere else one is signed out."""
    ways = await visit.run(visit.book.accounts.ways, visit.staff.id)
    signing_in, secret = visit.book.signing_in, visit.holds
    given = visit.signed_in, visit.form.get("digits"), secret
    chosen = visit.form.whole("password")
    try:
        if not ways.password:
            check_password(chosen, (visit.staff.name,))
        await visit.run(signing_in.change_authenticator, *given)
        if not ways.password:
            await visit.desk.slowly(signing_in.change_password, visit.staff, chosen, secret)
    except WeakPassword as weak:
        return await _authenticator(visit, password=WEAK[weak.code])
    except WrongProof:
        return await _authenticator(visit, digits=DIGITS)
    note = N_("Your authenticator is another one now. Everywhere else you are signed out.")
    return visit.see_other("/me", note=visit.words(note))


async def recovery_codes(visit: Visit) -> web.StreamResponse:
    """Ten new codes; the old ones count no more."""
    codes = await visit.run(visit.book.signing_in.new_recovery_codes, visit.staff)
    return visit.page("me_codes.html", codes=codes, first=False)


async def passkey(visit: Visit) -> web.StreamResponse:
    """One more passkey."""
    form, browser = visit.form, visit.holds
    given = visit.signed_in, browser, form.get("credential"), form.get("label")
    try:
        await visit.run(visit.book.passkeys.add, *given, need_site(visit))
    except WrongProof:
        note = N_("The passkey did not come through. Try again.")
        return visit.see_other("/me", note=visit.words(note))
    return visit.see_other("/me", note=visit.words("The passkey is added."))


async def drop_passkey(visit: Visit) -> web.StreamResponse:
    """One passkey less."""
    try:
        key = base64url_to_bytes(visit.form.get("key"))
    except ValueError:
        return visit.see_other("/me")
    await visit.run(visit.book.passkeys.drop, visit.staff, key)
    return visit.see_other("/me", note=visit.words("The passkey is taken away."))


async def sign_out_elsewhere(visit: Visit) -> web.StreamResponse:
    """Everywhere but here one is signed out."""
    await visit.run(visit.book.sessions.end_others, visit.staff.id, visit.holds)
    return visit.see_other("/me", note=visit.words("Everywhere else you are signed out."))


async def _authenticator(
    visit: Visit, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY, **faults: str
) -> web.Response:
    secret = await visit.run(visit.book.signing_in.authenticator, visit.signed_in)
    return visit.page(
        "me_authenticator.html",
        status=status,
        faults={name: visit.words(fault) for name, fault in faults.items()},
        ways=await visit.run(visit.book.accounts.ways, visit.staff.id),
        square=square(visit, secret),
        letters=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


ROUTES = (
    Route("GET", "/me", "me", me, "me"),
    Route("POST", "/me/language", "me", language, "my_language"),
    Route("GET", "/me/password", "me", password_page, "my_password_page", step_up=True),
    Route("POST", "/me/password", "me", password, "my_password", step_up=True),
    Route("GET", "/me/authenticator", "me", authenticator_page, "my_codes_page", step_up=True),
    Route("POST", "/me/authenticator", "me", authenticator, "my_authenticator", step_up=True),
    Route("POST", "/me/recovery-codes", "me", recovery_codes, "my_recovery_codes", step_up=True),
    Route("POST", "/me/passkeys", "me", passkey, "my_passkey", step_up=True),
    Route("POST", "/me/passkeys/drop", "me", drop_passkey, "my_passkey_drop", step_up=True),
    Route("POST", "/me/sessions/end", "me", sign_out_elsewhere, "my_sessions_end"),
)
