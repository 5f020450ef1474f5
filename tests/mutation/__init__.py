"""Whether the tests notice: small faults are put into the code, one at a time, and tests are run.

`./quietline mutation` starts `python -m tests.mutation`.
"""
