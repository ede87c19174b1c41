"""Find names of persons, only after a title, and only where a word reads as a name.

«خانم» and «آقای» are also how one speaks to somebody ("خانم خسته نباشید") and stand before trades
("آقای پستچی"). A mask over a plain word costs more than a name missed, so a word must be a listed
name, be built like a family name, or (after آقای, an ezafe) at least end like one.
"""

import re
from collections.abc import Iterator

from search.personal.checks import PersonalKind, PersonalSpan

_LETTERS = "[\u0621-\u063a\u0641-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]"
_WORD = rf"{_LETTERS}+(?:\u200c+{_LETTERS}+)*"
_TITLE = re.compile(
    rf"(?<![\w\u200c])(?P<title>[اآ]قای|خانو?م|اینجانب)(?=[ \u200c]+(?P<words>{_WORD}(?: {_WORD}){{0,4}}))"
)
_ENGLISH = re.compile(
    r"(?<!The )(?<!the )\bM(?:rs?|iss|s)\.? "
    r"(?P<name>[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?: [A-Z][a-z]+(?:-[A-Z][a-z]+)?)?)"
)


def _words(listed: str) -> frozenset[str]:
    """Words as they read once folded and joined."""
    return frozenset(listed.replace("\u200c", "").replace("ئ", "ی").split())


_ENGLISH_ROLES = _words(
    """
    Agent Boss Customer Chairman Chairwoman Courier Director Doorman Driver Guard Manager Minister
    Neighbor Neighbour Postman President Principal Seller Support Technician World Right Wrong
    """
)
_ENGLISH_STARTS = _ENGLISH_ROLES | _words("The This That He She It They We You And But Is Was My Our Your")
_INDEFINITE = re.compile(r"(?:\A|[^\w])(?:یه|یک|این|اون|آن|همون|همین)[ \u200c]+\Z")
_CLITIC = re.compile(r"\u200c(?:ا?م|ایم|اینا|اند|ست|ها|رو|ه)\Z")

_HONORIFICS = _words("دکتر مهندس حاج حاجی سید سیده استاد سرهنگ کربلایی مشهدی")
#: Given names that are no everyday words, so that they are safe behind a vocative «خانم».
_GIVEN = _words(
    """
    آرش آرمان آرمین آریا آیدا آیدین آیلین آتنا آناهیتا ابراهیم ابوالفضل احسان احمد اردشیر اردلان ارسلان
    ارشیا اسماعیل اشکان افسانه افشین اکبر الناز الهام الهه الیاس امیر امیرحسین امیرعلی امیرمحمد امین
    انوشه اعظم بابک باقر بهاره بهرام بهروز بهزاد بهنام بیژن پارسا پرستو پرهام پروین پریسا پژمان پوریا
    پویا پیمان تینا ثریا جابر جعفر جلال جمال جمشید جواد حامد حبیب حسام حسن حسین حمزه حمید حمیده حمیدرضا
    حوریه حیدر خدیجه خسرو داریوش داود داوود دانیال رامین رحمان رحیم رسول رضا رقیه رویا روح‌اله زکریا
    زهرا زهره زینب ژاله ژیلا سارا ساره ساسان سامان سامیار سپیده سجاد سعید سعیده سکینه سلمان سلیمان سمانه
    سمیرا سمیه سهراب سهیل سهیلا سوسن سیامک سیاوش سیما سینا سیمین شاپور شاهین شاهرخ شایان شبنم شراره
    شروین شهاب شهرام شهره شهرزاد شهلا شهناز شیدا شیما شیوا صادق صالح صدیقه صغری طاهره طیبه عادل عاطفه
    عباس عبدالله عرفان عزت علی علیرضا علی‌اکبر غزاله غلام غلامرضا فاطمه فائزه فرامرز فرانک فرزاد فرزانه
    فرشاد فرشید فرناز فرهاد فروغ فریبا فرید فریده فریدون فهیمه قاسم کاظم کامبیز کامران کاوه کبری کریم
    کسری کوروش کیان کیانا کیوان لادن لاله لیدا لیلا مازیار مبینا مجتبی مجید محبوبه محدثه محسن محمد
    محمدحسین محمدرضا محمدعلی محمود مرتضی مرجان مرضیه مریم مسعود مصطفی معصومه ملیحه ملیکا منصور منصوره
    منوچهر منیژه منیره مهدی مهدیه مهران مهرداد مهرناز مهری مهسا مهشید مهناز مهین میترا میثم میلاد مینا
    مژگان نادر نازنین ناصر ناهید نجمه نرگس نسترن نسرین نسیم نعیمه نفیسه نوشین نیلوفر نیما هادی هاشم
    هانیه هوشنگ وحید ویدا یاسر یاسمن یاسین یحیی یعقوب یوسف یونس
    """
)
_FAMILY = _words(
    """
    آقایی اسدی اسکندری افشار اکبری امانی امیری امینی انصاری ایزدی باقری بختیاری بهرامی بیات پناهی ترابی
    تقوی توکلی جباری جلالی جعفری جمشیدی چراغی حاتمی حیدری حسنی حسینی حکیمی خالقی خسروی خلیلی داوودی
    درویشی دهقان ذوالفقاری رئوفی رجبی رحمانی رحمتی رحیمی رستمی رضایی رضائی رفیعی رنجبر روحانی روستایی
    زارع زارعی زمانی ساعدی سلطانی سلیمانی سمیعی شاکری شجاعی شریفی شفیعی شکوهی شیخی صابری صادقی صالحی
    صفایی صفری صمدی ضیایی طالبی طاهری عابدی عباسی عبدی عزیزی عسگری عسکری عطایی علوی غفاری غلامی فاضلی
    فتاحی فتحی فراهانی فرجی فلاح فلاحی قاسمی قربانی قنبری کاظمی کرمی کریمی کمالی کیانی گودرزی لطفی محبی
    محمدی محمودی مرادی مرتضوی مظفری معینی ملکی منصوری موسوی مولایی میرزایی نادری نجفی نظری نعمتی نوروزی
    نوری هاشمی هدایتی واعظی وحیدی یزدانی یعقوبی یوسفی زمانیان شهبازی شیرزاد شعبانی قدیری نصیری نیکزاد
    بهشتی حسنوند کاکاوند بیرانوند پولادوند احمدوند خورشیدی فرهادی سهرابی کاوسی کاویانی گلزاری ایمانی
    بهمنی ستاری نگینی سپهری
    """
)
#: Second halves of family names that are also written apart: حسن زاده, قلی پور.
_TAILS = _words("زاده پور نژاد نیا فر وند")
_STRONG = re.compile(r".{3,}(?:نژاد|زاده|پور|نیا)\Z|.{4,}(?:یان|فر)\Z")
#: Trades, roles and plain words that end like names.
_NEVER = _words(
    """
    پستچی پیکی پشتیبانی نگهبانی فروشنده رانندگی مشتری مشتریان قبلی بعدی فعلی فوری جدیدی قدیمی دیگری
    دیگه‌ای محترمی خوبی بدی مهربونی مهربانی عصبانی راضی ناراضی مسنی پیری جوونی جوانی میانسالی ایرانی
    خارجی افغانی ناشناسی ناشناس همسایه‌ای همکاری آقایان میان جریان پایان مسافر خیاطی نجاری نانوایی قصابی
    بقالی نصابی تعمیراتی تعمیرکاری مدیری معاونی رئیسی خیلی یعنی وقتی کسی چیزی جایی حتی ولی باقی بقیه
    اصلی واقعی شخصی حقوقی حقیقی قانونی اداری مالی فنی بانکی پستی تلفنی تحویلی ارسالی دریافتی مرجوعی
    حسابی حساسی کاری تنهایی پولی یکی دومی اولی آخری بالایی پایینی کناری روبرویی بغلی وسطی خونگی بازرسی
    بازاری دولتی نظامی انتظامی شهری روستاییان همگی منشی قاضی باربری کارگری دانشجویی دانشجویان مسئولی
    وکیلی طرفی موتوری ماشینی شاکی متقاضی ضامنی مجازی حضوری عادی معمولی عزیزی‌ام گرامی سلامی خواهشی
    ببخشیدی مرسی چی کی نمی می بی شاید دنیا رضایت اضافی انباری پذیرشی مغازه‌ای سوپری داروسازی مربی مجری
    قاری بازی
    """
)


def find_names(text: str, folded: str) -> Iterator[PersonalSpan]:
    """Names behind Persian and English titles, without the title; `text` and `folded` share their offsets."""
    for match in _TITLE.finditer(folded):
        vague = _INDEFINITE.search(folded, max(0, match.start() - 6), match.start()) is not None
        loose = match["title"].endswith("قای") and not vague
        at = match.start("words")
        words = [(at + w.start(), at + w.end()) for w in re.finditer("[^ ]+", match["words"])]
        while words and folded[slice(*words[0])] in _HONORIFICS:
            words.pop(0)
        count = _name_words([_bare(folded[slice(*word)]) for word in words], loose=loose)
        if count:
            start, end = words[0][0], words[count - 1][1]
            clitic = _CLITIC.search(folded, start, end)
            yield PersonalSpan(PersonalKind.NAME, start, clitic.start() if clitic else end)
    for match in _ENGLISH.finditer(text):
        first, _, second = match["name"].partition(" ")
        if first not in _ENGLISH_ROLES:
            # a second capital word may open the next clause: "Mr Karimi The parcel"
            end = (
                match.end() if second and second not in _ENGLISH_STARTS else match.start("name") + len(first)
            )
            yield PersonalSpan(PersonalKind.NAME, match.start("name"), end)


def _bare(word: str) -> str:
    return _CLITIC.sub("", word).replace("\u200c", "")


def _name_words(words: list[str], *, loose: bool) -> int:
    """How many of the words after a title are a name, 0 to 4: given names, then a family name."""
    given = 0
    while given < min(2, len(words)) and words[given] in _GIVEN:
        given += 1
    rest = words[given:]
    count = given
    if rest:
        ending = (loose or given > 0) and _ends_like_family(rest[0])
        halves = loose and len(rest) > 1 and rest[1] in _TAILS and rest[0] not in _NEVER
        count += ending or halves or _is_family(rest[0])
    if count and count < len(words) and words[count] in _TAILS:
        count += 1
    return count


def _is_family(word: str) -> bool:
    if word in _NEVER:
        return False
    if word.endswith("یه"):  # "it is Karimi", in spoken spelling
        word = word[:-1]
    from_given = word.endswith("ی") and len(word) > 4 and word[:-1] in _GIVEN
    return word in _FAMILY or from_given or _STRONG.match(word) is not None


def _ends_like_family(word: str) -> bool:
    return len(word) >= 4 and word.endswith("ی") and word not in _NEVER
