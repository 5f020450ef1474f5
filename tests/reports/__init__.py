"""What is told of weeks, and what it tells of nobody."""
