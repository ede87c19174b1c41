"""The words of the pages about articles, in both languages."""

from collections.abc import Mapping
from typing import Final

#: key -> (Persian, English), as in `api.web.texts`
ARTICLE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "article_issue": ("پرسش‌ها به زبان پرسنده", "The requester’s own words"),
    "article_environment": ("کجا و چه زمانی", "Where and when"),
    "article_resolution": ("راه‌حل", "Resolution"),
    "article_cause": ("علت", "Cause"),
}
