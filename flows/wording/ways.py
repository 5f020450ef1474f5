"""L01-L04, L07, L08, L10-L12, L31, L42: what every step must lead to, and what no step may do.

The engine adds the five commands to every state; so these rules hold the commands to what they
are for, and the steps to what a command cannot mend.
"""

from collections.abc import Iterator

from flows.contexts import command_context
from flows.grammar import HANDOFF_SLOT, RETURN, Condition, Step
from flows.ground import reach
from flows.wording.making import Found, ScriptRule
from flows.wording.phrases import is_question
from flows.wording.said import listed
from flows.wording.sentences import sentences
from flows.wording.view import View

MENU = "always/menu"
MOST_CHOICES = 5
IDENTIFYING = frozenset(
    {"name", "surname", "birth_date", "email", "phone", "telephone", "address", "street", "photo"}
    | {"passport", "id_number", "document_number", "account", "perpetrator", "unit", "location"}
)
"""Slots of these names would hold who somebody is."""
TOLD_BY_CHOICE = ("places", "regions", "languages", "countries")
"""Option sets that a person may be asked to pick from, also those of one country."""
WIDER = frozenset({"more", "other", "whole", "any", "menu"})
"""Choices that leave a question open: they lead to others, or to everything."""
SENDING = ("send", "share", "refer", "hand", "report", "submit", "ask_person")
"""An errand whose name begins so gives something about a person to somebody."""
LOOKING = frozenset({"desk", "in_line"})
"""Errands that only look whether somebody could answer: they lead nobody to anyone."""
REMINDING = ("remind", "notify", "push", "schedule", "follow_up")
ASKS_NEEDS = frozenset({"need", "time", "who_age", "captivity"})
"""Slots whose answers say something about what happened."""


def at(view: View, step: Step, message: str, mend: str, *rest: str) -> Found:
    """A finding at a step."""
    return Found(view.ground.at(step, message, mend, *rest), step.name.replace("/", "."))


def command(view: View, name: str, message: str, mend: str, language: str = "en") -> Found:
    """A finding at a command."""
    mistake = view.ground.mistake("always", ("commands", name), message, mend)
    return Found(mistake, f"always.commands.{name}", language)


def help_is_near(view: View) -> Iterator[Found]:
    """L01: the command for help leads to a way to be helped at once, with nothing asked before."""
    to = view.script.commands["help_now"].to
    for path in view.paths(to) if to else []:
        text = view.text(path)
        shows = any(step.shows for step in path)
        near = shows or any(map(str.isdigit, text)) or view.says("without_call", text)
        if not near and path[-1].waits:
            mend = "Name a number, or show lines, before anything is asked."
            yield at(view, path[-1], "help is not at hand here, though it was asked for", mend)


def exit_everywhere(view: View) -> Iterator[Found]:
    """L02: the exit has a label in every language. That it erases is seen to by the reader."""
    for language, spoken in view.ground.spoken.items():
        if not spoken.get(command_context("leave", "label")):
            message = f"the exit has no label in {language}"
            yield command(view, "leave", message, "Translate it.", language)


def safe_words(view: View) -> Iterator[Found]:
    """L03: every command can be written in every language, and no word means two of them."""
    for language, spoken in view.ground.spoken.items():
        means: dict[str, str] = {}
        for name, one in view.script.commands.items():
            words = listed(spoken.get(command_context(name, "words"), ""))
            if one.words and not words:
                message = f"nothing can be written for {name} in {language}"
                yield command(view, name, message, "Write the words people use.", language)
            for word in words:
                other = means.setdefault(word.casefold(), name)
                if other != name:
                    message = f"'{word}' means {other} as well ({language})"
                    yield command(view, name, message, "Keep it for one of them.", language)


def no_dead_end(view: View) -> Iterator[Found]:
    """L04: whatever holds, a person has a choice; and the menu can be come to from everywhere."""
    script = view.script
    for step in script.steps.values():
        if step.waits and not step.ask and all(choice.shown_if for choice in step.choices):
            mend = "Add a choice without a condition."
            yield at(view, step, "can leave a person without any choice", mend)
    if MENU not in script.steps:
        mistake = view.ground.mistake("always", ("steps",), "has no step 'menu'", "Add it.")
        yield Found(mistake, "always.menu")
        return
    commands = [one.to for one in script.commands.values() if one.to]
    if MENU not in reach(commands, view.ground.next):
        message = "the menu cannot be come to from the commands"
        yield at(view, script.steps[MENU], message, "Lead a way from 'human' or 'help_now' to it.")


def asks_from_lists(view: View) -> Iterator[Found]:
    """L07: questions are answered from lists that say nothing of what happened."""
    for step in view.script.steps.values():
        if step.ask and not step.ask.options.startswith(TOLD_BY_CHOICE):
            message = f"asks for one of '{step.ask.options}'"
            mend = f"Only {', '.join(TOLD_BY_CHOICE)} are asked for."
            yield at(view, step, message, mend, "ask")


def identifying_slots(view: View) -> Iterator[Found]:
    """L08: nothing is remembered that tells who somebody is."""
    for flow in view.script.flows.values():
        for name in flow.slots:
            if name in IDENTIFYING:
                message = f"remembers '{name}'"
                mistake = view.ground.mistake(flow.id, ("slots", name), message, "Do without it.")
                yield Found(mistake, f"{flow.id}.{name}")


def limits_first(view: View) -> Iterator[Found]:
    """L10: what is kept and passed on is said before it is asked, and before people are shown."""
    script, ground = view.script, view.ground

    def unsaid(state: str) -> list[str]:
        step = script.steps[state]
        return [] if view.says("limits", step.say) else list(ground.next(state))

    def unsaid_to_who_asks(state: str) -> list[str]:
        # Who waits or talks already heard it when they asked.
        asked = {one.way.to for one in script.steps[state].when if _has_asked(one.condition)}
        return [one for one in unsaid(state) if one not in asked]

    for state in sorted(reach([script.start], unsaid)):
        step = script.steps[state]
        asked = {slot for choice in step.choices for slot in choice.sets} & ASKS_NEEDS
        if asked and not view.says("limits", step.say):
            message = f"asks for '{min(asked)}' before it was said what is kept"
            yield at(view, step, message, "Say first what is kept and who can read along.")
    human = script.commands["human"].to
    for state in sorted(reach([human] if human else [], unsaid_to_who_asks)):
        step = script.steps[state]
        leads = step.call is not None and step.call.errand not in LOOKING
        if leads and not view.says("limits", step.say) and human:
            message = "leads to people before it was said what they may have to report"
            yield at(view, step, message, "Say the limits of secrecy before.")


def _has_asked(condition: Condition) -> bool:
    return condition.kind in ("set", "is") and condition.slot == HANDOFF_SLOT


def consent_first(view: View) -> Iterator[Found]:
    """L11: whatever sends something asks just before, and No is as easy as Yes."""
    for step in view.script.steps.values():
        if step.call is None or not step.call.errand.startswith(SENDING):
            continue
        for before in view.script.steps.values():
            if step.name not in view.ground.next(before.name):
                continue
            no = [c for c in before.choices if c.way.to not in {step.name, RETURN} or view.skips(c)]
            if not before.waits or not no:
                mend = "Ask just before: who receives what, for what, how to withdraw; with a No."
                yield at(view, before, f"sends something ({step.call.errand}) unasked", mend)


def way_round(view: View) -> Iterator[Found]:
    """L12: every question can be left unanswered."""
    for step in view.survivor_steps():
        kept = {
            (slot, value) for choice in step.choices for slot, value in choice.sets.items() if value
        }
        sets = [slot for slot, _ in kept]
        # Several choices may lead to several needs without asking anything, and may keep the same.
        same = any(sets.count(slot) > 1 for slot in sets if slot != "need")
        asks = step.ask is not None or same or any(map(is_question, sentences(step.say)))
        ways = (view.skips(choice) or choice.key in WIDER for choice in step.choices)
        if asks and step.waits and not any(ways):
            mend = "Add a choice such as 'Rather not say' or 'Skip'."
            yield at(view, step, "has no way round its question", mend)


def many_choices(view: View) -> Iterator[Found]:
    """L31: more choices than are taken in at a glance."""
    for step in view.script.steps.values():
        always = sum(choice.shown_if is None for choice in step.choices)
        if always > MOST_CHOICES:
            mend = f"Up to {MOST_CHOICES} are seen at a glance; put the rest behind 'More'."
            yield at(view, step, f"always shows {always} choices", mend, "choices")


def no_reminders(view: View) -> Iterator[Found]:
    """L42: nothing is sent later."""
    for step in view.script.steps.values():
        if step.call and step.call.errand.startswith(REMINDING):
            message = f"has something sent later ({step.call.errand})"
            yield at(view, step, message, "Only after a choice that asks for it.", "call")


FINDABLE = "Somebody in danger has no time to look (UNICEF Safer Chatbots)."
RULES = (
    ScriptRule("L01", "error", FINDABLE, help_is_near),
    ScriptRule(
        "L02",
        "error",
        "Somebody may come into the room at any moment (NNEDV Safety Net; Chayn).",
        exit_everywhere,
    ),
    ScriptRule(
        "L03", "error", "A word works when nothing else does (UNICEF Safer Chatbots).", safe_words
    ),
    ScriptRule("L04", "error", "Nobody is left standing (UNICEF Safer Chatbots).", no_dead_end),
    ScriptRule(
        "L07", "error", "What is not asked for cannot be found (Murad Code).", asks_from_lists
    ),
    ScriptRule(
        "L08",
        "error",
        "What is not known cannot be taken (Chayn; NNEDV Safety Net).",
        identifying_slots,
    ),
    ScriptRule(
        "L10",
        "error",
        "Limits of secrecy come before anybody tells (Open University; health-genderviolence.org).",
        limits_first,
    ),
    ScriptRule(
        "L11",
        "error",
        "Consent is for one receiver and one purpose (Murad Code; GBV case management guidelines).",
        consent_first,
    ),
    ScriptRule("L12", "error", "Not answering is an answer (Chayn: agency).", way_round),
    ScriptRule("L31", "warning", "Many choices are no choice (cognitive load).", many_choices),
    ScriptRule(
        "L42", "warning", "A notification can be read by others (NNEDV Safety Net).", no_reminders
    ),
)
