"""The console answers to whoever is signed in, and to nobody else."""

from pathlib import Path

from tests.console_frame.visitors import Fields, a_console, an_office


async def test_a_member_of_staff_sees_the_first_page_and_signs_out(tmp_path: Path) -> None:
    async with a_console(an_office(tmp_path)) as console:
        anna = await console.someone("Anna Example", "editor")
        page = await anna.get("/")
        assert "Anna Example" in page
        answer = await anna.post("/sign-out")
        assert answer.status == 303
        await anna.get("/", status=303)


async def test_whoever_is_not_signed_in_is_asked_who_they_are(tmp_path: Path) -> None:
    async with a_console(an_office(tmp_path)) as console:
        nobody = console.browser()
        await nobody.get("/", status=303)
        page = await nobody.get("/sign-in?next=/listings")
        assert Fields(page).values["next"] == "/listings"
        form = {"name": "x", "password": "y", "second": "z", **Fields(page).values}
        async with nobody.http.post(f"{console.url}/sign-in", data=form) as answer:
            text = await answer.text()
            assert answer.status == 422, text
        await nobody.get("/no-such-page", status=404)
