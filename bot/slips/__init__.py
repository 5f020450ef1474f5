"""Referral slips: one-time words that a service redeems, and nothing of who was given them."""

from bot.slips.keys import SlipKeys
from bot.slips.slips import SAID, Found, Slips
from bot.slips.words import WORDS, Lists

__all__ = ["SAID", "WORDS", "Found", "Lists", "SlipKeys", "Slips"]
