"""What of the directory can be carried without a network: on paper, and as a signed file."""
