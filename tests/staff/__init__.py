"""Staff accounts, without a console before them."""
