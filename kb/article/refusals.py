"""Why a set time is not kept; each says what to do. Part of the tree in `kb.errors`."""

from kb.errors import Conflict, Forbidden


class RevisionOvertaken(Conflict):
    code = "revision_overtaken"
    en = "The text was changed after the time of its release was set, and is not released unseen. Set the time anew, or release it now: it is checked then."
    fa = "متن پس از تعیین زمان انتشار عوض شده است و متن تازه نادیده منتشر نمی‌شود. زمان را دوباره تعیین کنید یا همین حالا منتشرش کنید؛ آن‌گاه بررسی می‌شود."

    def __init__(self, *, id: str) -> None:
        super().__init__(reason="changed since it was scheduled", id=id)


class SchedulerLacksRight(Forbidden):
    code = "scheduler_lacks_right"
    en = "Whoever set the time may not do this any more: their account is not active, or their role changed. Set the time anew, or do it now."
    fa = "کسی که زمان را تعیین کرده دیگر اجازهٔ این کار را ندارد: حسابش فعال نیست یا نقشش عوض شده است. زمان را دوباره تعیین کنید یا همین حالا انجامش دهید."
