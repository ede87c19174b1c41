"""Uploaded files, no longer than the settings allow."""

from fastapi import UploadFile

from api.service import Service
from kb.article.media import clean_filename
from kb.errors import FileTooLarge


def read_upload(file: UploadFile, service: Service) -> bytes:
    """The bytes of one file.

    Raises:
        FileTooLarge.
    """
    limit = service.settings.upload_limit_bytes
    data = file.file.read(limit + 1)
    if len(data) > limit:
        name, limit_mib = clean_filename(file.filename or ""), service.settings.upload_limit_mib
        raise FileTooLarge(filename=name, limit_mib=limit_mib)
    return data
