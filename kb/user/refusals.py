"""Why somebody is not let in; each says what to do. Part of the tree in `kb.errors`."""

from kb.errors import Forbidden


class OldPasswordWrong(Forbidden):
    code = "old_password_wrong"
    en = "Your old password is missing or wrong: whoever changes their own password gives the old one, too. If you have forgotten it, ask an administrator for a one-time code."
    fa = "گذرواژهٔ کنونی‌تان را ننوشته‌اید یا نادرست است: برای تغییر گذرواژهٔ خودتان آن را هم بنویسید. اگر فراموشش کرده‌اید، از مدیر سامانه کد یک‌بارمصرف بخواهید."

    def __init__(self) -> None:
        super().__init__(needs="the old password")


class SecretRefused(Forbidden):
    code = "secret_refused"
    en = "This one-time code does not work: it was used, is over, or belongs to another login. Ask an administrator for a new one."
    fa = "این کد یک‌بارمصرف کار نمی‌کند: استفاده شده، مهلتش گذشته یا برای نام کاربری دیگری است. از مدیر سامانه کد تازه بخواهید."

    def __init__(self) -> None:
        super().__init__(needs="a one-time code")


class AccountDisabled(Forbidden):
    code = "account_disabled"
    en = "Your account here is switched off. Ask an administrator."
    fa = "حساب شما در این‌جا غیرفعال است. با مدیر سامانه صحبت کنید."

    def __init__(self) -> None:
        super().__init__(needs="an active account")


class AccountExists(Forbidden):
    """An identity is not connected, and an account that could be the same person's must not be given away."""

    code = "account_exists"
    en = "An account with your login or e-mail address is here already. Sign in with its password and connect it on your account page, or ask an administrator."
    fa = "حسابی با نام کاربری یا رایانامهٔ شما از پیش هست. با گذرواژهٔ همان حساب وارد شوید و در صفحهٔ «حساب من» آن را وصل کنید، یا از مدیر سامانه بخواهید."

    def __init__(self) -> None:
        super().__init__(needs="a connected account")


class PersonUnknown(Forbidden):
    code = "person_unknown"
    en = "You have no account here yet. Ask an administrator for one."
    fa = "هنوز در این‌جا حسابی ندارید. از مدیر سامانه بخواهید برایتان بسازد."

    def __init__(self) -> None:
        super().__init__(needs="an account")
