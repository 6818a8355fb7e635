"""Errors of conversations.

RapportError
├── Conflict
│   └── WrongOwner       somebody else owns the conversation by now
└── InvalidInput
    ├── NotAnswerable    the message takes no such answer
    ├── FileTooLarge     a file holds more than this installation takes
    ├── UnsupportedFile  not a photo, a PDF or plain text
    └── TooManyFiles     more than one message, or one conversation, may carry
"""

from __future__ import annotations

from rapport.kernel.errors import Conflict, InvalidInput


class WrongOwner(Conflict):
    """Somebody else owns this conversation by now; read it again."""

    code = "wrong_owner"


class NotAnswerable(InvalidInput):
    """This message cannot be answered with these values; the facts name what it offers."""

    code = "not_answerable"


class FileTooLarge(InvalidInput):
    """A file holds more than this installation takes; the facts name it and the limit."""

    code = "file_too_large"


class UnsupportedFile(InvalidInput):
    """Customers may send photos (JPEG, PNG, GIF, WebP, HEIC), PDF and plain text; the facts name the file."""

    code = "unsupported_file"


class TooManyFiles(InvalidInput):
    """More files than one message, or one conversation, may carry; the facts name the limit."""

    code = "too_many_files"
