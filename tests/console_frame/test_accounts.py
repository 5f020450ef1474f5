"""What an administrator does to accounts and keys, and what anybody does to their own."""

import re

import pyotp

from tests.console_frame.test_frame import PASSWORD, fill, set_up, sign_in
from tests.console_frame.visitors import Clock, Console, Visitor


async def test_an_administrator_makes_an_account_and_hands_over_a_code_that_is_shown_once(
    console: Console,
) -> None:
    admin = await console.someone("Admin Example", "administrator")
    made = [("name", "Clara Example"), ("role", "editor"), ("role", "operator"), ("areas", "ua-63")]
    answer = await admin.post("/people", made)
    page = await admin.get(answer.headers["Location"])
    (code,) = re.findall(r"[a-z2-9]{5}(?:-[a-z2-9]{5}){3}", page)
    assert code not in await admin.get(answer.headers["Location"])
    clara, _, _ = await set_up(console, "Clara Example", code)
    assert "Clara Example" in await clara.get("/")
    staff = console.office.book.accounts.named("Clara Example")
    assert (staff.roles, staff.areas) == (("editor", "operator"), ("UA-63",))


async def test_what_was_typed_stays_beside_the_fault(console: Console) -> None:
    admin = await console.someone("Admin Example", "administrator")
    for made, fault in (
        ({"name": "Clara Example", "areas": "UA"}, "Pick at least one role."),
        ({"name": "Admin example", "areas": "UA", "role": "editor"}, "Somebody has that name"),
        ({"name": "Clara Example", "areas": "U*A", "role": "editor"}, "written like UA"),
    ):
        answer = await admin.post("/people", made)
        page = await answer.text()
        assert answer.status == 422
        assert fault in page
        assert f'value="{made["name"]}"' in page
        assert f'value="{made["areas"]}"' in page
    assert len(console.office.book.accounts.everyone()) == 1


async def test_an_act_that_needs_it_asks_again_who_one_is_and_loses_nothing(
    console: Console, clock: Clock
) -> None:
    _, code = console.office.book.accounts.add("Admin Example", ["administrator"])
    admin, secret, codes = await set_up(console, "Admin Example", code)
    clock.now += 301
    page = await admin.get("/people")
    made = {"name": "Clara <Example>", "role": "viewer", "areas": "UA"}
    status, _, asked = await fill(admin, page, "/people", **made)
    assert status == 401
    assert 'value="Clara &lt;Example&gt;"' in asked
    wrong = {"_proof_password": "wrong", "_proof_second": codes[0]}
    status, _, asked = await fill(admin, asked, "/people", **made, **wrong)
    assert status == 401
    before = _cookie(admin)
    right = {
        "_proof_password": PASSWORD,
        "_proof_second": pyotp.TOTP(secret).at(int(clock.now)),
    }
    status, where, _ = await fill(admin, asked, "/people", **made, **right)
    assert status == 303
    assert _cookie(admin) != before
    assert "Clara &lt;Example&gt;" in await admin.get(where)
    status, _, _ = await fill(admin, page, f"{where}/revoke")
    assert status == 303
    assert not console.office.book.accounts.named("Clara <Example>").active


async def test_a_page_that_needs_it_asks_again_and_leads_on(console: Console, clock: Clock) -> None:
    _, code = console.office.book.accounts.add("Anna Example", ["editor"])
    anna, secret, _ = await set_up(console, "Anna Example", code)
    clock.now += 301
    asked = await anna.get("/me/password", status=401)
    proof = {
        "next": "/me/password",
        "_proof_password": PASSWORD,
        "_proof_second": pyotp.TOTP(secret).at(int(clock.now)),
    }
    status, where, _ = await fill(anna, asked, "/prove", **proof)
    assert (status, where) == (303, "/me/password")
    page = await anna.get("/me/password")
    status, _, again = await fill(anna, page, "/me/password", password="short")
    assert status == 422
    assert "At least 15" in again
    status, _, _ = await fill(anna, page, "/me/password", password="nine grey geese fly home")
    assert status == 303
    clock.now += 60
    digits = pyotp.TOTP(secret).at(int(clock.now))
    other = console.browser()
    given = "Anna Example", "nine grey geese fly home", digits
    assert (await sign_in(other, *given))[0] == 303


async def test_new_recovery_codes_and_another_authenticator(console: Console, clock: Clock) -> None:
    _, code = console.office.book.accounts.add("Anna Example", ["editor"])
    anna, old, _ = await set_up(console, "Anna Example", code)
    _, _, page = await fill(anna, await anna.get("/me"), "/me/recovery-codes")
    codes = re.findall(r"<li>([a-z2-9-]{23})</li>", page)
    assert len(codes) == 10
    page = await anna.get("/me/authenticator")
    (letters,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
    fresh = letters.replace(" ", "")
    assert fresh != old
    status, _, _ = await fill(anna, page, "/me/authenticator", digits="000000")
    assert status == 422
    digits = pyotp.TOTP(fresh).at(int(clock.now))
    status, _, _ = await fill(anna, page, "/me/authenticator", digits=digits)
    assert status == 303
    clock.now += 60
    for secret, status in ((old, 422), (fresh, 303)):
        digits = pyotp.TOTP(secret).at(int(clock.now))
        assert (await sign_in(console.browser(), "Anna Example", PASSWORD, digits))[0] == status


async def test_signing_out_everywhere_else_leaves_this_browser_alone(console: Console) -> None:
    here = await console.someone("Anna Example", "editor")
    there = await console.someone("Anna Example")
    assert (await here.post("/me/sessions/end")).status == 303
    await there.get("/", status=303)
    assert "Everywhere else you are signed out." in await here.get("/me")


async def test_a_key_for_a_partner_is_shown_once_and_revoked(console: Console) -> None:
    admin = await console.someone("Admin Example", "administrator")
    page = await (await admin.post("/keys", name="Partner Example")).text()
    (text,) = re.findall(r"<code>(ql_[\w-]{43})</code>", page)
    keys = console.office.book.keys
    assert keys.verify(text) is not None
    listed = await admin.get("/keys")
    assert "Partner Example" in listed
    assert text not in listed
    (key,) = keys.every()
    await admin.post(f"/keys/{key.id}/revoke")
    assert keys.verify(text) is None


async def test_an_auditor_reads_who_did_what_to_accounts(console: Console) -> None:
    admin = await console.someone("Admin Example", "administrator")
    clara = await console.someone("Clara Example", "viewer")
    await admin.post(f"/people/{_id(clara)}/roles", role="lead", areas="UA")
    auditor = await console.someone("Audit Example", "auditor")
    page = await auditor.get("/audit")
    row = next(line for line in page.splitlines() if "roles changed" in line)
    for said in ("Admin Example", "Clara Example", "lead; UA"):
        assert said in row


async def test_nobody_revokes_or_promotes_themselves(console: Console) -> None:
    admin = await console.someone("Admin Example", "administrator")
    for act in ("roles", "reset", "revoke"):
        answer = await admin.post(f"/people/{_id(admin)}/{act}", role="lead")
        assert answer.status == 422
        assert "another administrator" in await answer.text()
    assert console.office.book.accounts.named("Admin Example").roles == ("administrator",)


def _id(visitor: Visitor) -> str:
    assert visitor.staff is not None
    return visitor.staff.id


def _cookie(visitor: Visitor) -> str:
    return next(cookie.value for cookie in visitor.http.cookie_jar)
