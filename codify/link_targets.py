"""What the links of an article lead to, looked up in the record for all of its readers."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from codify.hyperlinks import Known, Target, TargetKind, anchors_of
from kb.hyperlink import attachment_owners, served_origins, served_texts
from kb.visibility import Guarded


def known_targets(session: Session, linking: Guarded, targets: Sequence[Target]) -> Known:
    """What is there of `targets` for everybody who reads `linking`."""
    article_ids = {one.id for one in targets if one.kind is TargetKind.ARTICLE}
    article_ids |= {one.owner_id for one in targets if one.kind is TargetKind.ATTACHMENT}
    files = {one.id for one in targets if one.kind is TargetKind.ATTACHMENT}
    origins = {one.id for one in targets if one.kind is TargetKind.ORIGIN}
    texts = served_texts(session, article_ids, like=linking)
    return Known(
        articles={one.article_id: anchors_of(one.text) for one in texts},
        attachments=attachment_owners(session, files),
        origins=served_origins(session, origins, like=linking),
    )
