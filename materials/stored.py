"""Files under their hash: written before the row that names them, dropped after the last one."""

import errno

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from materials.files import FileRefused

FOLDER = "materials"


def lock(name):
    """Hold a file name until the end of the transaction: it is neither doubled nor dropped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def keep(content, *, folder, sha256, size, ending=""):
    """Store the bytes under their hash, once for all who have the same; return the name.

    To be called in the transaction that makes the row.
    """
    name = f"{folder}/{sha256[:2]}/{sha256}{ending}"
    lock(name)
    if default_storage.exists(name):
        if default_storage.size(name) == size:
            return name
        default_storage.delete(name)  # a process died while it wrote
    try:
        return default_storage.save(name, File(content))
    except OSError as error:
        default_storage.delete(name)
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        raise FileRefused(
            _("There is no room left on the portal’s disk. Tell the methodist and try later.")
        ) from error


def drop_unused(name, *, is_used):
    """Remove a stored file unless `is_used(name)` finds a row for it."""
    with transaction.atomic():
        lock(name)
        if is_used(name):
            return False
        default_storage.delete(name)
        return True
