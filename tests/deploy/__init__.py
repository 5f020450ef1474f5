"""From nothing to a running service: units, containers, the proxy, the guide, the way up and back."""
