"""What came of trying a link, in words."""

from api.web.texts import TEXTS, translate
from kb.errors import MessageLanguage


def outcome_words(outcome: str, language: MessageLanguage) -> str:
    """What a code of an outcome means."""
    key = f"link_{outcome}"
    return translate(key, language) if key in TEXTS else translate("link_status", language, status=outcome)
