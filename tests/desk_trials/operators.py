"""Those who answer, at the real desk page, with keys that it made."""

import re

from playwright.async_api import Locator, Page, expect

from tests.console_desk_ui.conftest import begin_shift, typed
from tests.desk_trials.people import Person
from tests.desk_trials.world import World, until

WIDE = {"width": 1440, "height": 900}


class Operator:
    """Somebody at the desk."""

    def __init__(self, world: World, name: str, page: Page) -> None:
        self.world, self.name, self.page = world, name, page
        self.said: list[str] = []
        """What the browser complained of."""

    @classmethod
    async def sits(cls, world: World, name: str) -> "Operator":
        """Signs in, makes keys, begins a shift."""
        cookie = world.staff(name, "operator")
        context = await world.browser.new_context(viewport=WIDE, locale="en-GB")  # type: ignore[arg-type]
        await context.add_cookies([{"name": "desk", "value": cookie, "url": world.console}])
        page = await context.new_page()
        page.set_default_timeout(30_000)
        made = cls(world, name, page)
        world.ends.append(context.close)
        page.on("pageerror", lambda error: made.said.append(str(error.stack)))
        await page.goto(f"{world.console}/desk")
        # The first press leads to the proof of who sits here, which is fresh, and back.
        await page.click("text=Lock with seven words")
        await expect(page.locator(".phrase li")).to_have_count(7)
        await page.click("text=I wrote them down")
        await begin_shift(page, name)
        return made

    async def claims(self, person: Person) -> None:
        """Takes a chat out of the line."""
        await self.page.locator(f"[data-key-row='waits {person.chat.hex()}']").press("Enter")
        await person.is_taken(self.name)
        # The keyboard goes to the chat: who presses a key before that may press it there.
        await expect(self.pane(person).locator(":focus")).to_have_count(1)

    async def accepts(self, person: Person) -> None:
        """Takes what a colleague passes on."""
        await until(
            lambda: (step := person.now.transfer) is not None and step.step == "offered",
            f"{person.name} agreed: {person.now.told}",
        )
        await self.page.locator(f"[data-key-row='offer {person.chat.hex()}']").press("Enter")
        await expect(self.pane(person)).to_be_visible()

    def pane(self, person: Person) -> Locator:
        """The chat on the screen."""
        head = self.page.locator("h2", has_text=re.compile(f"^{person.known_as}$"))
        return self.page.locator("section.chat").filter(has=head)

    async def opens(self, person: Person) -> None:
        """Goes to a chat."""
        await self.page.locator(f"[data-key-row='mine {person.chat.hex()}']").press("Enter")

    async def reads(self, person: Person) -> list[str]:
        """Uncovers everything, and gives what the person wrote, in order."""
        pane = self.pane(person)
        await expect(pane.locator(".them")).to_have_count(len(person.said))
        while await pane.locator("button.cover").count():
            await pane.locator("button.cover").first.click()
        return await pane.locator(".them").all_inner_texts()

    async def begins(self, person: Person, text: str) -> None:
        """Writes, whether it gets through or not."""
        field = self.pane(person).locator("textarea")
        await field.fill(text)
        await field.press("Enter")

    async def writes(self, person: Person, text: str) -> None:
        """Writes, and it is kept."""
        number = person.now.number_out
        await self.begins(person, text)
        await until(lambda: person.now.number_out > number, f"{text} is kept")

    async def says(self, person: Person, text: str) -> None:
        """Writes, and the person has it."""
        await self.writes(person, text)
        await person.hears(text)

    async def passes_on(self, person: Person, to: str, *, warm: bool) -> None:
        """Asks for a transfer; the person is asked first."""
        await self.pane(person).locator("textarea").focus()
        await typed(self.page, "Escape", "t")
        await self.page.get_by_label(to).first.check()
        if not warm:
            await self.page.locator("dialog input[value=cold]").check()
        await typed(self.page, "Enter")

    async def leaves(self, person: Person) -> None:
        """Says goodbye in a warm transfer."""
        await self.pane(person).get_by_role("button", name=re.compile("^Leave")).click()
        await expect(self.pane(person)).to_have_count(0)

    async def ends(self, person: Person) -> None:
        """Ends a chat."""
        await self.pane(person).get_by_role("button", name=re.compile("^End")).click()
        await self.page.locator("dialog button:has-text('End')").last.click()
        await expect(self.pane(person)).to_have_count(0)

    async def parks(self, person: Person) -> None:
        """Answers later; the person is told."""
        await self.pane(person).get_by_role("button", name=re.compile("^Park")).click()
        await typed(self.page, "Enter")
        await until(lambda: person.now.state == "parked", "parked")

    async def unparks(self, person: Person) -> None:
        """Is back."""
        if person.now.state == "parked":
            pane = self.pane(person)
            # The same key does both: the button must have changed.
            await expect(pane.get_by_role("button", name=re.compile("^Park"))).to_have_count(0)
            await pane.locator(".acts button[aria-keyshortcuts=p]").click()
        await until(
            lambda: person.now.state == "claimed",
            f"back from a pause: {person.name}, {person.now.state}",
        )

    async def begins_again(self) -> None:
        """Another shift on the same page."""
        await begin_shift(self.page, self.name)

    async def goes_home(self) -> None:
        """Ends the shift."""
        await self.page.locator(".bar button", has_text="End shift").click()
        await expect(self.page.locator("dialog[open]")).to_have_count(1)
        await typed(self.page, "Enter")
        await expect(self.page.get_by_role("heading", name="Begin your shift")).to_be_visible()
        await typed(self.page, "Enter")  # what is good to think of before one goes
