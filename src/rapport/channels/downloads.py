"""Sending a file to whoever may read it, so that nothing in it can run."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from rapport.conversations import api as conversations
from rapport.conversations.contracts import AttachmentInfo
from rapport.kernel.errors import NotFound

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
KEEP_S = 3600


def file_answer(attachment: AttachmentInfo) -> HttpResponseBase:
    """The content: photos may be shown in place, all else is saved. Raises NotFound."""
    is_shown = conversations.present_attachment(attachment)["file_type"] == "image"
    is_text = attachment.media_type == "text/plain"
    response = FileResponse(
        conversations.open_attachment(attachment),
        as_attachment=not is_shown,
        filename=attachment.name,
        content_type="text/plain; charset=utf-8" if is_text else attachment.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = f"private, max-age={KEEP_S}"
    return response


@require_safe
def show_signed_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """``/files/<token>``: the address in ``data_url``; it ends after an hour or two. Raises NotFound."""
    attachment = conversations.find_attachment_by_token(token)
    if attachment is None:
        raise NotFound("This address has ended; read the message again for a new one.")
    return file_answer(attachment)
