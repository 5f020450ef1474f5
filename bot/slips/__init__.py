"""Referral slips: one-time words that a service redeems, and nothing of who was given them."""
