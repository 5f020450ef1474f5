"""What is to be done this week, tried through the pages."""
