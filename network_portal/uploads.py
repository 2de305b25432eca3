"""What is kept of an upload: nothing beyond the largest file the portal takes."""

import io

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep a file: they get no byte beyond `UPLOAD_LIMIT`.

    A larger file is read to its end without being kept and reaches the form empty, with the
    size it had: so the form can tell the size and what to do.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start + len(raw_data) <= settings.UPLOAD_LIMIT else None

    def file_complete(self, file_size):
        if file_size <= settings.UPLOAD_LIMIT:
            return None
        for keeper in self.request.upload_handlers[1:]:
            keeper.upload_interrupted()  # what was kept of the beginning goes
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, file_size)
