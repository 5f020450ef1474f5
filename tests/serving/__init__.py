"""What people are given follows the ledger."""
