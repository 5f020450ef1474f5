"""How a setting stands in docs/settings.md: made of the program, so that it says no other."""

from pydantic import SecretStr

from bot.settings import Settings


def row(name: str) -> str:
    """The line of the table: name, default, what it says."""
    field = Settings.model_fields[name]
    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, bool):
        default = "true" if default else "false"
    said = "none" if default in {None, ""} else f"`{default}`"
    return f"| `{name}` | {said} | {field.description} |"
