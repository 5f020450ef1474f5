"""A Bot API server of our own, over HTTP: for tests, and to try the bot without a token.

async with BotApi() as telegram:
    chat = telegram.chat(language="uk")
    chat.say("/start")
    message = await chat.reply()
    chat.press("Так")
"""

from tests.botapi.faults import Fault
from tests.botapi.pace import Pace
from tests.botapi.people import Chat, Message
from tests.botapi.refusals import Refused
from tests.botapi.server import BotApi, Call
from tests.botapi.updates import Update

__all__ = ["BotApi", "Call", "Chat", "Fault", "Message", "Pace", "Refused", "Update"]
