"""Attacks on a running service: by time, by guessing, by every id, form, header and slow hand."""
