"""The pages of duplicates, coverage, paper and web addresses."""
