"""Where our databases are: files and schemas of a server."""
