"""What the directory as a whole shows, and what is carried without a network."""
