"""What each method of the Bot API does here, and what it refuses.

A method gets the parameters with everything that was sent as JSON already read, and gives the
`result` or raises `Refused`. Names are looked up without regard to capitals, as Telegram does.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from tests.botapi.people import Chat, Message
from tests.botapi.profile import PROFILE
from tests.botapi.refusals import (
    BLOCKED,
    DEACTIVATED,
    NOT_MODIFIED,
    NOT_STARTED,
    OLD_QUERY,
    Refused,
    bad,
)
from tests.botapi.text import checked_keyboard, checked_text

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

DELETABLE_SECONDS: Final = 48 * 3600
"""How old a message may be that a bot deletes."""
QUERY_SECONDS: Final = 60
"""How long a pressed button waits for its answer."""
MOST_DELETED: Final = 100
MOST_TOAST: Final = 200
ACTIONS: Final = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
        *("upload_document", "choose_sticker", "find_location", "record_video_note"),
        "upload_video_note",
    }
)

Params = dict[str, Any]
Method = Callable[["BotApi", Params], Awaitable[Any]]


async def get_me(api: "BotApi", params: Params) -> Any:
    return api.me() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(api: "BotApi", params: Params) -> Any:
    _take_allowed(api, params)
    limit = min(100, max(1, _whole(params, "limit", 100)))
    seconds = min(50, max(0, _whole(params, "timeout", 0)))
    offset = _whole(params, "offset", 0)
    return await api.updates.poll(offset, limit, seconds, webhook=lambda: api.webhook.is_set)


async def set_webhook(api: "BotApi", params: Params) -> Any:
    api.webhook.set(params)
    _take_allowed(api, params)
    _drop(api, params)
    return True


async def delete_webhook(api: "BotApi", params: Params) -> Any:
    api.webhook.unset()
    _drop(api, params)
    return True


async def get_webhook_info(api: "BotApi", params: Params) -> Any:
    return api.webhook.info()


async def send_message(api: "BotApi", params: Params) -> Any:
    chat = _chat(api, params)
    _no_parse_mode(params)
    text, entities = checked_text(params.get("text"), params.get("entities"))
    keyboard = checked_keyboard(params.get("reply_markup"))
    message = Message(0, 0, text, from_bot=True, entities=entities, keyboard=keyboard)
    message.silent = bool(params.get("disable_notification"))
    message.protected = bool(params.get("protect_content"))
    message.previews = _previews(params)
    return _shown(api, chat, api.keep(chat, message))


async def edit_message_text(api: "BotApi", params: Params) -> Any:
    chat = _chat(api, params)
    message = _own(chat, params)
    _no_parse_mode(params)
    text, entities = checked_text(params.get("text"), params.get("entities"))
    keyboard = checked_keyboard(params.get("reply_markup"))
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad(NOT_MODIFIED)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.previews = _previews(params)
    message.edited += 1
    return _shown(api, chat, message)


async def edit_message_reply_markup(api: "BotApi", params: Params) -> Any:
    chat = _chat(api, params)
    message = _own(chat, params)
    keyboard = checked_keyboard(params.get("reply_markup"))
    if keyboard == message.keyboard:
        raise bad(NOT_MODIFIED)
    message.keyboard = keyboard
    message.edited += 1
    api.bell.ring()
    return api.shape(chat, message)


async def answer_callback_query(api: "BotApi", params: Params) -> Any:
    query = str(params.get("callback_query_id") or "")
    text = str(params.get("text") or "")
    if len(text) > MOST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    asked = api.queries.pop(query, None)
    if asked is None or api.clock() - asked[1] > QUERY_SECONDS:
        raise bad(OLD_QUERY)
    if text:
        api.chats[asked[0]].toasts.append(text)
    api.bell.ring()
    return True


async def delete_message(api: "BotApi", params: Params) -> Any:
    chat = _chat(api, params)
    message = chat.messages.get(_whole(params, "message_id", 0))
    if message is None:
        raise bad("message to delete not found")
    _deletable(api, message)
    del chat.messages[message.id]
    api.bell.ring()
    return True


async def delete_messages(api: "BotApi", params: Params) -> Any:
    """All or none: one that is too old keeps the others. Those that are gone are passed over."""
    chat = _chat(api, params)
    ids = params.get("message_ids")
    if not isinstance(ids, list) or any(not isinstance(one, int) for one in ids):
        raise bad("can't parse message identifiers JSON array")
    if not ids:
        raise bad("message identifiers are not specified")
    if len(ids) > MOST_DELETED:
        raise bad("too many message identifiers specified")
    found = [chat.messages[one] for one in ids if one in chat.messages]
    for message in found:
        _deletable(api, message)
    for message in found:
        chat.messages.pop(message.id, None)
    api.bell.ring()
    return True


async def send_chat_action(api: "BotApi", params: Params) -> Any:
    chat = _chat(api, params)
    if params.get("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat.actions.append(params["action"])
    chat.acted_at = api.clock()
    api.bell.ring()
    return True


async def get_chat(api: "BotApi", params: Params) -> Any:
    return _chat(api, params).json() | {"accent_color_id": 0, "max_reaction_count": 11}


METHODS: Final[dict[str, Method]] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "answercallbackquery": answer_callback_query,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "sendchataction": send_chat_action,
    "getchat": get_chat,
    **PROFILE,
}


def _chat(api: "BotApi", params: Params) -> Chat:
    named = str(params.get("chat_id") or "")
    if not named:
        raise bad("chat_id is empty")
    chat = api.chats.get(int(named)) if named.lstrip("-").isdigit() else None
    if chat is None:
        raise bad("chat not found")
    if chat.deactivated:
        raise Refused(403, DEACTIVATED)
    if chat.blocked:
        raise Refused(403, BLOCKED)
    if not chat.known:
        raise Refused(403, NOT_STARTED)
    return chat


def _own(chat: Chat, params: Params) -> Message:
    message = chat.messages.get(_whole(params, "message_id", 0))
    if message is None:
        raise bad("message to edit not found")
    if not message.from_bot:
        raise bad("message can't be edited")
    return message


def _deletable(api: "BotApi", message: Message) -> None:
    if api.clock() - message.at > DELETABLE_SECONDS:
        raise bad("message can't be deleted for everyone")


def _shown(api: "BotApi", chat: Chat, message: Message) -> Any:
    chat.sends += 1
    chat.acted_at = 0.0
    api.bell.ring()
    return api.shape(chat, message)


def _no_parse_mode(params: Params) -> None:
    if params.get("parse_mode"):
        raise bad("unsupported parse_mode: here only entities are read")


def _previews(params: Params) -> bool:
    options = params.get("link_preview_options")
    off = isinstance(options, dict) and options.get("is_disabled")
    return not (off or params.get("disable_web_page_preview"))


def _take_allowed(api: "BotApi", params: Params) -> None:
    allowed = params.get("allowed_updates")
    if isinstance(allowed, list):
        api.updates.allowed = [str(one) for one in allowed]


def _drop(api: "BotApi", params: Params) -> None:
    if params.get("drop_pending_updates"):
        api.updates.forget_all()


def _whole(params: Params, name: str, otherwise: int) -> int:
    try:
        return int(params.get(name, otherwise))
    except (TypeError, ValueError):
        raise bad(f"wrong parameter {name} in request") from None
