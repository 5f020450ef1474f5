"""Quietline, the service: the dialogue, the vault, the store, the channels and the shell around
them.
"""
