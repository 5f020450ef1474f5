"""The ledger: every listing, its drafts, its history, and what is published of it."""
