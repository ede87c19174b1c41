"""What can go wrong between here and the identity provider, as people read it."""

from typing import Literal

from kb.errors import Forbidden, MessageLanguage, Unavailable


class ProviderUnavailable(Unavailable):
    """Down, unreachable, or not speaking the protocol; `reason` is for the administrator."""

    code = "identity_provider_unavailable"
    en = "Sign-in with {what} does not work just now. Try again in a moment, or sign in with a password."
    fa = "ورود با {what} اکنون ممکن نیست. کمی دیگر دوباره بکوشید یا با گذرواژه وارد شوید."


class ProviderRefused(Forbidden):
    """The provider answered with an error instead of a sign-in."""

    code = "identity_provider_refused"
    en = "{name} did not sign you in (it answered: {error}). Try again; if it stays so, ask an administrator."
    fa = "ورود با {name} انجام نشد (پاسخ آن: {error}). دوباره بکوشید؛ اگر همین ماند، از مدیر سامانه بپرسید."

    def __init__(self, *, name: str, error: str) -> None:
        super().__init__(needs="a sign-in at the provider", name=name, error=error)


class SignInNotBegun(Forbidden):
    """No attempt of that state: never begun, over, used, or another browser's."""

    code = "sign_in_not_begun"
    en = "This sign-in was not begun in this browser, took too long, or was used already. Begin again."
    fa = "این ورود در همین مرورگر آغاز نشده، زیاد طول کشیده یا پیش‌تر به کار رفته است. از نو آغاز کنید."

    def __init__(self) -> None:
        super().__init__(needs="a sign-in that was begun here")


Fault = Literal["issuer", "audience", "nonce", "expired", "early", "algorithm", "signature", "malformed"]

_FAULTS: dict[Fault, tuple[str, str]] = {
    "issuer": ("it is from somebody else", "صادرکنندهٔ آن کس دیگری است"),
    "audience": ("it is for another service", "برای سرویس دیگری صادر شده است"),
    "nonce": ("it belongs to another sign-in", "از آنِ ورود دیگری است"),
    "expired": ("it has expired; compare the clocks of both sides", "مهلتش گذشته است؛ ساعت دو طرف را بسنجید"),
    "early": (
        "it is from the future; compare the clocks of both sides",
        "تاریخش در آینده است؛ ساعت دو طرف را بسنجید",
    ),
    "algorithm": ("it is not signed as it must be", "به روش پذیرفته‌شده امضا نشده است"),
    "signature": ("its signature is wrong", "امضای آن درست نیست"),
    "malformed": ("it cannot be read", "خواندنی نیست"),
}


class TokenRefused(Forbidden):
    """What the provider sent does not prove who somebody is."""

    code = "identity_token_refused"

    def __init__(self, *, name: str, fault: Fault) -> None:
        super().__init__(needs="a valid token", name=name, fault=fault)

    def message(self, language: MessageLanguage = "en") -> str:
        """Which of the checks failed, and what to do."""
        english, persian = _FAULTS[self.data["fault"]]
        name = self.data["name"]
        if language == "fa":
            what_to_do = "دوباره بکوشید؛ اگر همین ماند، از مدیر سامانه بپرسید"
            return f"آنچه {name} فرستاد پذیرفته نشد: {persian}. {what_to_do}."
        return f"What {name} sent was refused: {english}. Try again; if it stays so, ask an administrator."
