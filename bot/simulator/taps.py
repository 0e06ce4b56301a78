"""What can be tapped in a message of the business, and what the phone sends when it is."""

from collections.abc import Iterator
from typing import Any

from bot.simulator.chats import Message
from bot.simulator.inbound import BadRequest

Json = dict[str, Any]


def tap(messages: list[Message], request: Json) -> tuple[Message, Json]:
    """The newest message that offers the `id` or `title` asked for, and the request it becomes.

    `message_id` in the request chooses the message.
    """
    wanted = request.get("message_id")
    for message in reversed(messages):
        if message.sender != "business" or wanted not in (None, message.id):
            continue
        for choice in _choices(message):
            if _is_wanted(choice, request):
                return message, choice
    raise BadRequest(f"no message offers {request.get('id') or request.get('title')!r} to tap")


def _is_wanted(choice: Json, request: Json) -> bool:
    identifier = choice.get("id", choice.get("payload"))
    title = choice.get("title", choice.get("text"))
    if "id" in request:
        return bool(request["id"] == identifier)
    return "title" in request and request["title"] == title


def _choices(message: Message) -> Iterator[Json]:
    if message.type == "interactive":
        yield from _interactive_choices(message.content)
    elif message.type == "template":
        yield from _template_choices(message.content)


def _interactive_choices(content: Json) -> Iterator[Json]:
    action = content.get("action", {})
    for button in action.get("buttons", []):
        yield {"type": "button_reply", **button["reply"]}
    for section in action.get("sections", []):
        for row in section["rows"]:
            yield {"type": "list_reply", **row}


def _template_choices(content: Json) -> Iterator[Json]:
    for component in content.get("components", []):
        if component.get("type") == "button" and component.get("sub_type") == "quick_reply":
            payload = component["parameters"][0]["payload"]
            yield {"type": "button", "payload": payload, "text": payload}
