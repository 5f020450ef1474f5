"""From nothing to a running service: units, containers, the proxy, the guide, up and back."""
