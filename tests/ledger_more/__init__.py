"""Tests of what the ledger does besides records."""
