"""`python -m bot` is the command `quietline`."""

import gc

from bot.cli.main import main

# What is made at the start stays: to look through it again and again took a quarter of each start.
# Who runs for long looks as often as is usual once everything was built (`bot.forgetting`).
gc.set_threshold(50_000, 20, 50)

if __name__ == "__main__":
    main()
