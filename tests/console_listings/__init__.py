"""The pages of listings: found, changed, approved, stopped, and why they stand where they stand."""
