"""One error tree with stable codes and messages in both languages; no HTTP.

KbError
├── InvalidInput          what was sent cannot be used (names the field)
│   ├── EmptyText, TextTooLong, FileTooLarge, VersionMissing, WeakPassword
│   └── ConversionError   (kb.conversion) what was uploaded cannot be read
├── NotSignedIn           no, unknown, expired or revoked credentials
│   └── WrongPassword, UnknownKey, ExpiredKey, RevokedKey
├── Forbidden             known caller, not allowed
│   └── AudienceTooNarrow, OwnReview; SchedulerLacksRight   (kb.article.refusals)
│   └── OldPasswordWrong, SecretRefused, AccountDisabled, AccountExists, PersonUnknown   (kb.user.refusals)
├── NotFound              absent, or not visible to this caller
├── Conflict              the record moved on
│   └── StaleEdit, ImpossibleMove, NothingToRelease, IncompleteArticle, ReleaseBreaks, CheckPending,
│       CyclicMerge, FlaggedEnough, AlreadyExists, KeyReused, LastAdmin, VectorsMissing; RevisionOvertaken   (kb.article.refusals)
├── Unavailable           a part of the installation is not there just now
│   └── IndexUnavailable, EmbeddingUnavailable, RerankerUnavailable, GenerationUnavailable,
│       DataDirectoryInUse, StorageFull
├── JobGaveUp             a job that ended its worker too often
└── BrokenRecord          the record contradicts itself (audit chain, schema)
    └── NewerRecord
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from kb.reasons import in_persian

MessageLanguage = Literal["fa", "en"]


class KbError(Exception):
    """Something a person can act on: a stable `code`, a message in both languages, and data.

    Subclasses set `code`, `en` and `fa`; the templates are filled from `data` (`{name}`).
    """

    code: ClassVar[str] = "error"
    en: ClassVar[str] = "Something went wrong."
    fa: ClassVar[str] = "خطایی رخ داد."

    def __init__(self, **data: Any) -> None:
        self.data: dict[str, Any] = data
        super().__init__(self.message("en"))

    def message(self, language: MessageLanguage = "en") -> str:
        """The sentence for a person, in `language`."""
        return (self.fa if language == "fa" else self.en).format(**self.data)


class InvalidInput(KbError):
    code = "invalid_input"
    en = "{field} cannot be used: {reason}."
    fa = "مقدار {field} پذیرفتنی نیست: {reason}."

    def __init__(self, *, field: str, reason: str, **data: Any) -> None:
        super().__init__(field=field, reason=reason, **data)

    def message(self, language: MessageLanguage = "en", *, field: str | None = None) -> str:
        """The sentence with its reason, both in `language`; `field` as the reader knows it."""
        data = self.data | ({"field": field} if field is not None else {})
        if language == "fa":
            return self.fa.format(**data | {"reason": in_persian(data["reason"])})
        return self.en.format(**data)


class EmptyText(InvalidInput):
    code = "empty_text"
    en = "{field} is empty. Write at least one word."
    fa = "{field} خالی است. دست‌کم یک کلمه بنویسید."

    def __init__(self, *, field: str) -> None:
        super().__init__(field=field, reason="empty")


class TextTooLong(InvalidInput):
    code = "text_too_long"
    en = "{field} has {length} characters; the limit is {limit}. Shorten it."
    fa = "{field} {length} نویسه دارد؛ بیشینه {limit} است. کوتاه‌ترش کنید."

    def __init__(self, *, field: str, length: int, limit: int) -> None:
        super().__init__(field=field, reason="too long", length=length, limit=limit)


class FileTooLarge(InvalidInput):
    code = "file_too_large"
    en = "{filename} is larger than {limit_mib} MiB. Split it, or raise KB_UPLOAD_LIMIT_MIB."
    fa = "پروندهٔ {filename} از {limit_mib} مبی‌بایت بزرگ‌تر است. آن را بخش‌بخش کنید یا KB_UPLOAD_LIMIT_MIB را بالا ببرید."

    def __init__(self, *, filename: str, limit_mib: int) -> None:
        super().__init__(field="file", reason="too large", filename=filename, limit_mib=limit_mib)


class VersionMissing(InvalidInput):
    code = "version_missing"
    en = "Say which version you are changing: send the ETag you read as If-Match."
    fa = "بگویید کدام نسخه را تغییر می‌دهید: ETag خوانده‌شده را در If-Match بفرستید."

    def __init__(self) -> None:
        super().__init__(field="If-Match", reason="missing")


class WeakPassword(InvalidInput):
    code = "weak_password"
    en = "Choose a password of {least} to {most} characters that is not the login."
    fa = "گذرواژه‌ای با {least} تا {most} نویسه برگزینید که همان نام کاربری نباشد."

    def __init__(self, *, least: int, most: int) -> None:
        super().__init__(field="password", reason="too weak", least=least, most=most)


class NotSignedIn(KbError):
    code = "not_signed_in"
    en = "Sign in, or send an API key in the Authorization header (Bearer)."
    fa = "وارد شوید یا کلید API را در سرآیند Authorization (Bearer) بفرستید."


class WrongPassword(NotSignedIn):
    code = "wrong_password"
    en = "The login or the password is wrong."
    fa = "نام کاربری یا گذرواژه نادرست است."


class UnknownKey(NotSignedIn):
    code = "unknown_key"
    en = "This API key is not known here. Check it, or create one with `kb key create`."
    fa = "این کلید API شناخته نشد. آن را بررسی کنید یا با `kb key create` کلیدی بسازید."


class ExpiredKey(NotSignedIn):
    code = "expired_key"
    en = "This API key expired on {expired_at}. Ask an administrator for a new one."
    fa = "اعتبار این کلید API در {expired_at} پایان یافته است. از مدیر سامانه کلید تازه بخواهید."


class RevokedKey(NotSignedIn):
    code = "revoked_key"
    en = "This API key was revoked. Ask an administrator for a new one."
    fa = "این کلید API باطل شده است. از مدیر سامانه کلید تازه بخواهید."


class Forbidden(KbError):
    code = "forbidden"
    en = "You may not do this; it needs {needs}."
    fa = "اجازهٔ این کار را ندارید؛ لازم است: {needs}."

    def __init__(self, *, needs: str, **data: Any) -> None:
        super().__init__(needs=needs, **data)


class AudienceTooNarrow(Forbidden):
    """A key or visitor asked beyond its audience ceiling."""

    code = "audience_not_allowed"
    en = "You may not see {audience} knowledge; your ceiling is {ceiling}."
    fa = "دانش «{audience}» برای شما دیدنی نیست؛ سقف دسترسی شما {ceiling} است."

    def __init__(self, *, audience: str, ceiling: str) -> None:
        super().__init__(needs=f"audience {audience}", audience=audience, ceiling=ceiling)


class OwnReview(Forbidden):
    code = "own_review"
    en = "Whoever wrote a revision does not approve it. Ask a colleague, or a manager."
    fa = "نویسندهٔ ویرایش، خودش آن را تأیید نمی‌کند. از همکار یا مدیر بخواهید."

    def __init__(self) -> None:
        super().__init__(needs="somebody who did not write it")


class NotFound(KbError):
    code = "not_found"
    en = "There is no {what} {id} here, or you may not see it."
    fa = "{what} با شناسهٔ {id} این‌جا نیست یا برای شما دیدنی نیست."

    def __init__(self, *, what: str, id: str) -> None:
        super().__init__(what=what, id=id)


class Conflict(KbError):
    code = "conflict"
    en = "This cannot be done now: {reason}."
    fa = "اکنون شدنی نیست: {reason}."


class StaleEdit(Conflict):
    code = "stale_edit"
    en = "Somebody changed this since you read it (you have version {expected}, it is now {current}). Read it again and repeat your change."
    fa = "از زمانی که آن را خواندید کسی تغییرش داده است (نسخهٔ شما {expected}، نسخهٔ کنونی {current}). دوباره بخوانید و تغییر را تکرار کنید."

    def __init__(self, *, expected: str, current: str) -> None:
        super().__init__(reason="stale edit", expected=expected, current=current)


class ImpossibleMove(Conflict):
    code = "impossible_move"
    en = "{what} is {state}; it cannot be moved with {verb}."
    fa = "{what} در حالت {state} است؛ با {verb} جابه‌جا نمی‌شود."

    def __init__(self, *, what: str, state: str, verb: str) -> None:
        super().__init__(reason="impossible move", what=what, state=state, verb=verb)


class NothingToRelease(Conflict):
    code = "nothing_to_release"
    en = "Article {id} has no working revision; everything is released."
    fa = "مقالهٔ {id} ویرایش منتشرنشده‌ای ندارد؛ همه‌چیز منتشر شده است."

    def __init__(self, *, id: str) -> None:
        super().__init__(reason="nothing to release", id=id)


class IncompleteArticle(Conflict):
    code = "incomplete_article"
    en = "Article {id} does not say yet what to do. Write its resolution, then release it."
    fa = "مقالهٔ {id} هنوز نمی‌گوید چه باید کرد. راه‌حل را بنویسید، سپس منتشرش کنید."

    def __init__(self, *, id: str) -> None:
        super().__init__(reason="no resolution", id=id)


class ReleaseBreaks(Conflict):
    code = "release_breaks"
    en = "Releasing article {id} would leave {count} questions without their answer; see its check {check_id}. A publisher may release it nevertheless, with a reason."
    fa = "انتشار مقالهٔ {id} پاسخ {count} پرسش را از میان می‌برد؛ بررسی {check_id} را ببینید. ناشر می‌تواند با نوشتن دلیل منتشرش کند."

    def __init__(self, *, id: str, check_id: str, count: int) -> None:
        super().__init__(reason="release breaks", id=id, check_id=check_id, count=count)


class CheckPending(Conflict):
    code = "check_pending"
    en = "The check before the release of article {id} is not done yet. Try again in a moment; if it stays so, is a worker running?"
    fa = "بررسی پیش از انتشار مقالهٔ {id} هنوز تمام نشده است. کمی دیگر دوباره بکوشید؛ اگر همین ماند، ببینید کارگری در کار است یا نه."

    def __init__(self, *, id: str) -> None:
        super().__init__(reason="check pending", id=id)


class CyclicMerge(Conflict):
    code = "cyclic_merge"
    en = "Article {id} cannot be merged into {into_id}: that would lead readers in a circle."
    fa = "مقالهٔ {id} در {into_id} ادغام نمی‌شود: خواننده در دایره می‌ماند."

    def __init__(self, *, id: str, into_id: str) -> None:
        super().__init__(reason="cyclic merge", id=id, into_id=into_id)


class FlaggedEnough(Conflict):
    code = "flagged_enough"
    en = "Readers have flagged this {count} times already, and somebody will look at it. Thank you."
    fa = "خوانندگان تا کنون {count} بار این را گزارش کرده‌اند و رسیدگی خواهد شد. سپاسگزاریم."

    def __init__(self, *, count: int) -> None:
        super().__init__(reason="flagged enough", count=count)


class AlreadyExists(Conflict):
    code = "already_exists"
    en = "There is already a {what} named {name}."
    fa = "{what} با نام {name} از پیش هست."

    def __init__(self, *, what: str, name: str) -> None:
        super().__init__(reason="already exists", what=what, name=name)


class KeyReused(Conflict):
    code = "idempotency_key_reused"
    en = "This Idempotency-Key was already used for a different request. Use a new one."
    fa = "این Idempotency-Key پیش‌تر برای درخواستی دیگر به‌کار رفته است. مقدار تازه‌ای بفرستید."

    def __init__(self) -> None:
        super().__init__(reason="key reused")


class LastAdmin(Conflict):
    code = "last_admin"
    en = "{login} is the last active administrator. Make somebody else one first."
    fa = "{login} تنها مدیر فعال سامانه است. نخست کس دیگری را مدیر کنید."

    def __init__(self, *, login: str) -> None:
        super().__init__(reason="last administrator", login=login)


class VectorsMissing(Conflict):
    """A worker left out vectors that it had seen in the record and that were pruned meanwhile."""

    code = "vectors_missing"
    en = "{count} passages have no vector of {model_id} in the record. Compute them and try again."
    fa = "{count} بند در پیشینه بردار {model_id} ندارند. آن‌ها را بسازید و دوباره بکوشید."

    def __init__(self, *, count: int, model_id: str) -> None:
        super().__init__(reason="vectors missing", count=count, model_id=model_id)


class Unavailable(KbError):
    code = "unavailable"
    en = "{what} is not available: {reason}."
    fa = "{what} در دسترس نیست: {reason}."

    def __init__(self, *, what: str, reason: str, **data: Any) -> None:
        super().__init__(what=what, reason=reason, **data)


class IndexUnavailable(Unavailable):
    code = "index_unavailable"
    en = "The index cannot answer: {reason}. `kb doctor` says more; `kb reindex` rebuilds it from the record."
    fa = "نمایه پاسخ نمی‌دهد: {reason}. `kb doctor` بیشتر می‌گوید و `kb reindex` آن را از نو می‌سازد."

    def __init__(self, *, reason: str) -> None:
        super().__init__(what="index", reason=reason)


class EmbeddingUnavailable(Unavailable):
    code = "embedding_unavailable"
    en = "Texts cannot be embedded: {reason}."
    fa = "بردارسازی متن ممکن نیست: {reason}."

    def __init__(self, *, reason: str) -> None:
        super().__init__(what="embedder", reason=reason)


class RerankerUnavailable(Unavailable):
    code = "reranker_unavailable"
    en = "Hits cannot be reordered: {reason}."
    fa = "بازچینی نتیجه‌ها ممکن نیست: {reason}."

    def __init__(self, *, reason: str) -> None:
        super().__init__(what="reranker", reason=reason)


class GenerationUnavailable(Unavailable):
    code = "generation_unavailable"
    en = "An answer cannot be written: {reason}."
    fa = "نوشتن پاسخ ممکن نیست: {reason}."

    def __init__(self, *, reason: str) -> None:
        super().__init__(what="generation", reason=reason)


class DataDirectoryInUse(Unavailable):
    code = "data_directory_in_use"
    en = "{directory} is in use by process {pid}{address}. Stop it first, or set KB_DATA_DIR to another directory."
    fa = (
        "پوشهٔ {directory} در دست پردازهٔ {pid} است{address}. نخست آن را متوقف کنید یا KB_DATA_DIR را عوض کنید."
    )

    def __init__(self, *, directory: str, pid: int, address: str = "") -> None:
        super().__init__(what=directory, reason="in use", directory=directory, pid=pid, address=address)


class StorageFull(Unavailable):
    code = "storage_full"
    en = "The disk is full; nothing was changed. Free some space and try again."
    fa = "دیسک پر است؛ چیزی تغییر نکرد. کمی جا باز کنید و دوباره بکوشید."

    def __init__(self) -> None:
        super().__init__(what="storage", reason="no space left")


class JobGaveUp(KbError):
    code = "job_gave_up"
    en = "The work was given up: it ended its worker {losses} times. `kb doctor` and the log say more."
    fa = "این کار رها شد: {losses} بار کارگر خود را از کار انداخت. `kb doctor` و گزارش‌ها بیشتر می‌گویند."

    def __init__(self, *, losses: int) -> None:
        super().__init__(losses=losses)


class BrokenRecord(KbError):
    code = "broken_record"
    en = "The record contradicts itself: {reason}."
    fa = "در پیشینه تناقض هست: {reason}."

    def __init__(self, *, reason: str, **data: Any) -> None:
        super().__init__(reason=reason, **data)


class NewerRecord(BrokenRecord):
    code = "newer_record"
    en = "The record was written by a newer version (schema {revision}). Run that version, or restore a backup."
    fa = "این پیشینه با نسخه‌ای تازه‌تر نوشته شده است (طرح {revision}). همان نسخه را اجرا کنید یا پشتیبان را برگردانید."

    def __init__(self, *, revision: str) -> None:
        super().__init__(reason="newer schema", revision=revision)


def known_error(code: str | None, data: Mapping[str, Any] | None) -> KbError | None:
    """An error that was kept as its code and data; None where no module that is loaded knows such a one."""
    kinds = [KbError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        if vars(kind).get("code") == code:
            error = kind.__new__(kind)
            try:
                KbError.__init__(error, **(data or {}))
            except KeyError:  # kept by a version whose message said less
                return None
            return error
    return None
