"""The page while a human answers."""
