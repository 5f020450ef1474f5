"""The Telegram simulator of the demo: a page that looks and behaves like a Telegram chat, on our
own Bot API server, so that anyone can try the bot without a token and without Telegram.

It stands on the tests' Bot API server and so runs from a checkout only. It must not reach the
network, and nothing of it is loaded by the service.
"""

from bot.cli.simulator.site import Simulator, is_here

__all__ = ["Simulator", "is_here"]
