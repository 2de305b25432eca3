"""What is kept of an upload: of one request no more than the largest file, of guests nothing."""

import io

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep a file: they get no byte beyond `UPLOAD_LIMIT`.

    A larger file is read to its end without being kept and reaches the form empty, with the
    size it had: so the form can tell the size and what to do. The limit is that of all files
    of a request together: any address takes them, and they lie on the disk until it is answered.
    """

    received = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        person = getattr(self.request, "user", None)
        if person is not None and not person.is_authenticated:
            raise SkipFile  # no page takes files from guests

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        return raw_data if self.received <= settings.UPLOAD_LIMIT else None

    def file_complete(self, file_size):
        if self.received <= settings.UPLOAD_LIMIT:
            return None
        for keeper in self.request.upload_handlers[1:]:
            keeper.upload_interrupted()  # what was kept of the beginning goes
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, file_size)
