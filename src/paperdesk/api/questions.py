"""Questions: which ones count as confirmed, and answers to order prompts."""

from typing import Final

from paperdesk.api.leniency import LenientInt, LenientText
from paperdesk.api.route import (
    Answer,
    BackendRefused,
    BadRequest,
    Call,
    Empty,
    Evidence,
    Routes,
    Tier,
    Wire,
)

routes = Routes(Tier.BROKERAGE)

MESSAGE_IDS_MAX: Final = 51
MESSAGE_ID_LENGTH_MAX: Final = 16


class Suppression(Wire):
    """Message ids that need no confirmation from now on."""

    message_ids: list[LenientText] | None = None


class Submitted(Wire):
    """The wish has been taken."""

    status: str = "submitted"


class PromptAnswer(Wire):
    """The answer to a prompt that came over the stream."""

    order_id: LenientInt | None = None
    req_id: LenientText | None = None
    text: LenientText | None = None


@routes.post("/iserver/questions/suppress", body=Suppression, evidence=Evidence.RECORDED)
def suppress(call: Call[Suppression]) -> Submitted:
    """Count questions as confirmed until the brokerage session ends; unknown ids do no harm."""
    message_ids = call.body.message_ids
    if message_ids is None:
        raise BadRequest("Bad Request: body can't be empty")
    if not message_ids or len(message_ids) > MESSAGE_IDS_MAX:
        raise BackendRefused("There was an error processing the request. Please try again.")
    for message_id in message_ids:
        if len(message_id) <= MESSAGE_ID_LENGTH_MAX:
            _remember(call.session.suppressed, message_id)
    return Submitted()


SUPPRESSED_MAX: Final = 500


def _remember(suppressed: dict[str, None], message_id: str) -> None:
    """Keep an id; a session that invents ids without end keeps the first few hundred."""
    if len(suppressed) < SUPPRESSED_MAX:
        suppressed[message_id] = None


@routes.post("/iserver/questions/suppress/reset", evidence=Evidence.RECORDED)
def reset(call: Call[Empty]) -> Submitted:
    """Ask every question again."""
    call.session.suppressed.clear()
    return Submitted()


@routes.post("/iserver/notification", body=PromptAnswer, evidence=Evidence.DOCUMENTED)
def answer_prompt(call: Call[PromptAnswer]) -> Answer:
    """Answer an order prompt of the stream. None is ever open here: the desk sends no prompts."""
    if call.body.req_id is None or call.body.text is None:
        raise BadRequest("Bad Request: orderId, reqId and text are required")
    return Answer(body=b"Success", content_type="text/plain;charset=utf-8")
