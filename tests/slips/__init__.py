"""Referral slips: the words, the keys, the room, the page, and a person who takes one along."""
