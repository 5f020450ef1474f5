"""What Telegram refuses, in Telegram's own words. A bot's error handling meets these texts."""

from typing import Final


class Refused(Exception):
    """A call that is answered with `ok: false`."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        """`retry_after`: seconds to wait, for a 429."""
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after

    def answer(self) -> dict[str, object]:
        """The body of the answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad(reason: str) -> Refused:
    """A call that Telegram cannot make sense of, or does not allow."""
    return Refused(400, f"Bad Request: {reason}")


def too_many(retry_after: int) -> Refused:
    """Too many calls; `retry_after` in seconds."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after)


BLOCKED: Final = "Forbidden: bot was blocked by the user"
DEACTIVATED: Final = "Forbidden: user is deactivated"
NOT_STARTED: Final = "Forbidden: bot can't initiate conversation with a user"
UNAUTHORIZED: Final = "Unauthorized"
NOT_FOUND: Final = "Not Found"
NO_METHOD: Final = "Not Found: method not found"
WEBHOOK_ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
ANOTHER_POLL: Final = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OLD_QUERY: Final = "query is too old and response timeout expired or query ID is invalid"
