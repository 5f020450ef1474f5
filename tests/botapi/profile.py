"""What a bot says about itself: its name, descriptions and commands, in each language."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from tests.botapi.refusals import bad

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

Params = dict[str, Any]
Method = Callable[["BotApi", Params], Awaitable[Any]]


async def set_my_commands(api: "BotApi", params: Params) -> Any:
    commands = params.get("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH" if commands else "can't parse commands")
    for one in commands:
        name, about = str(one.get("command", "")), str(one.get("description", ""))
        if not 1 <= len(name) <= 32 or not name.replace("_", "").isalnum() or name != name.lower():
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(about) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    api.profile["commands", _language(params)] = commands
    return True


async def get_my_commands(api: "BotApi", params: Params) -> Any:
    return api.profile.get(("commands", _language(params)), [])


async def delete_my_commands(api: "BotApi", params: Params) -> Any:
    api.profile.pop(("commands", _language(params)), None)
    return True


def _setter(name: str, most: int) -> Method:
    async def set_it(api: "BotApi", params: Params) -> Any:
        text = str(params.get(name) or "")
        if len(text) > most:
            raise bad(f"{name.replace('_', ' ')} is too long")
        api.profile[name, _language(params)] = text
        return True

    return set_it


def _getter(name: str) -> Method:
    async def get_it(api: "BotApi", params: Params) -> Any:
        return {name: api.profile.get((name, _language(params)), "")}

    return get_it


PROFILE: Final[dict[str, Method]] = {
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": _setter("name", 64),
    "getmyname": _getter("name"),
    "setmydescription": _setter("description", 512),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description", 120),
    "getmyshortdescription": _getter("short_description"),
}


def _language(params: Params) -> str:
    return str(params.get("language_code") or "")
