"""What is written in a chat: who can read it, and the six words that lead back to it."""
