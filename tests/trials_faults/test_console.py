"""The staff book cannot be asked: who works at the console is told so, and keeps what was typed."""

from pathlib import Path

from tests.console_frame.visitors import a_console, an_office

TYPED = "Grace Example"


async def test_while_the_book_is_away_what_was_typed_stays_and_nobody_has_to_sign_in_anew(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with a_console(an_office(data)) as console:
        anna = await console.someone("Anna", "administrator")
        token = anna.token
        aside = data.rename(data.with_name("aside"))
        page = await anna.get("/", status=503)
        assert "This cannot be kept now" in page
        answer = await anna.post("/people", name=TYPED, role="editor")
        said = await answer.text()
        assert answer.status == 503
        assert "This cannot be kept now" in said
        assert TYPED in said
        assert "Traceback" not in said
        aside.rename(data)
        assert anna.token == token
        assert "Anna" in await anna.get("/")
