"""The five minutes are for those who ask for them: `QUIETLINE_SUITE=1`."""

import os

collect_ignore = [] if os.environ.get("QUIETLINE_SUITE") else ["test_five_minutes.py"]
