"""Telegram as people meet it: the whole service against a Bot API server of our own, over HTTP."""
