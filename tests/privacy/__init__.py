"""The privacy notice: reached on every channel and in every language, and true to the settings."""
