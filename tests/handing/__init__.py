"""A person is handed over to a human within their turn, and back."""
