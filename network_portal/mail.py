"""The demo's post: letters become text files a person can open."""

import re
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class OutboxFolder(BaseEmailBackend):
    """Each letter is one readable file in `EMAIL_FILE_PATH`, the newest last by name."""

    def __init__(self, *args, file_path=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages):
        sent = 0
        for message in email_messages:
            if message.recipients():
                self._write(message)
                sent += 1
        return sent

    def _write(self, message) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        first = re.sub(r"[^\w.@+-]", "_", message.recipients()[0])[:80]
        stem = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{first}"
        draft = self.folder / f".{stem}.part"
        draft.write_text(_as_text(message), encoding="utf-8")
        return draft.rename(self.folder / f"{stem}.txt")


def _as_text(message) -> str:
    headers = {
        "From": message.from_email,
        "To": ", ".join(message.recipients()),
        "Subject": message.subject,
        "Date": timezone.now().isoformat(timespec="seconds"),
    }
    names = [_attachment_name(attachment) for attachment in message.attachments]
    if names:
        headers["Attachments"] = ", ".join(names)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\n".join([*lines, "", message.body, ""])


def _attachment_name(attachment) -> str:
    if isinstance(attachment, tuple):
        return attachment[0] or "?"
    return attachment.get_filename() or "?"
