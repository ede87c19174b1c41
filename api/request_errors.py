"""What can be wrong with a request itself, before any verb of the record sees it."""

from kb.errors import Forbidden, InvalidInput, KbError


class RouteNotFound(KbError):
    code = "route_not_found"
    en = "There is nothing at {path}. GET /docs lists what there is."
    fa = "در نشانی {path} چیزی نیست. فهرست نشانی‌ها در ‎/docs‎ است."


class MethodNotAllowed(KbError):
    code = "method_not_allowed"
    en = "{method} does not work on this address; it takes {allowed}."
    fa = "روش {method} روی این نشانی کار نمی‌کند؛ این‌ها را می‌پذیرد: {allowed}."


class InvalidJson(InvalidInput):
    code = "invalid_json"
    en = "The body is not valid JSON: {reason}."
    fa = "بدنهٔ درخواست JSON درستی نیست: {reason}."

    def __init__(self, *, reason: str) -> None:
        super().__init__(field="body", reason=reason)


class UnreadableBody(InvalidInput):
    code = "unreadable_body"
    en = "The body could not be read. Send UTF-8 JSON, or multipart/form-data where a file is asked for."
    fa = "بدنهٔ درخواست خوانده نشد. JSON با UTF-8 بفرستید، یا هر جا پرونده لازم است multipart/form-data."

    def __init__(self) -> None:
        super().__init__(field="body", reason="unreadable")


class BodyTooLarge(InvalidInput):
    code = "body_too_large"
    en = "The request is larger than {limit_kib} KiB, the limit here. Send less at once."
    fa = "درخواست از بیشینهٔ این‌جا، {limit_kib} کیبی‌بایت، بزرگ‌تر است. هر بار کمتر بفرستید."

    def __init__(self, *, limit_bytes: int) -> None:
        super().__init__(field="body", reason="too large", limit_kib=limit_bytes // 1024)


class PreconditionRequired(KbError):
    code = "precondition_required"
    en = "Send If-Match with the ETag you read, so that nobody's change is overwritten."
    fa = "سرآیند If-Match را با ETagی که خوانده‌اید بفرستید تا تغییر کسی پاک نشود."


class CsrfRefused(Forbidden):
    code = "csrf_token_missing"
    en = "A change made with a sign-in cookie needs this session's X-CSRF-Token (GET /v1/session gives it)."
    fa = "تغییر با کوکی ورود، X-CSRF-Token همین نشست را لازم دارد (GET /v1/session آن را می‌دهد)."

    def __init__(self) -> None:
        super().__init__(needs="X-CSRF-Token")


class TooManyAttempts(KbError):
    code = "too_many_attempts"
    en = "Too many failed sign-ins. Wait {seconds} seconds and try again."
    fa = "ورود ناموفق بیش از اندازه بود. {seconds} ثانیه صبر کنید و دوباره بکوشید."


class TooManyFlags(KbError):
    code = "too_many_flags"
    en = "Many reports came from here lately. Try again in {minutes} minutes, or tell a person."
    fa = "به‌تازگی گزارش‌های زیادی از این‌جا رسیده است. {minutes} دقیقهٔ دیگر دوباره بکوشید."


class HttpProblem(KbError):
    """Anything else the web framework refuses."""

    code = "bad_request"
    en = "The request was refused: {reason}."
    fa = "درخواست پذیرفته نشد: {reason}."


class InternalError(KbError):
    code = "internal_error"
    en = "Something went wrong on our side. Tell the administrator this request id: {request_id}."
    fa = "خطایی در سامانه رخ داد. این شناسهٔ درخواست را به مدیر سامانه بگویید: {request_id}."
