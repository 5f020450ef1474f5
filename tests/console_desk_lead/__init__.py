"""What a lead sets at the desk, and what survivors read because of it."""
