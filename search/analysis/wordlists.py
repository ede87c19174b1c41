"""Word lists kept by hand, folded and without ZWNJ."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


def _latin_pairs(text: str) -> list[tuple[str, str]]:
    return [(first, second) for first, _, second in (pair.partition("=") for pair in text.split())]


def _inflected_prepositions() -> dict[str, str]:
    """بهش, ازتون, برامون: a preposition with a pronoun is the preposition."""
    pronouns = _words("م ت ش مون تون شون مان تان شان")
    stems = _pairs("به=به ب=به از=از برا=برای برای=برای باها=با واس=برای واسه=برای تو=در توی=در")
    fused = {stem + pronoun: whole for stem, whole in stems.items() for pronoun in pronouns}
    nouns = _words("ازمون ازمان بهمان بهتان بت بتون بمان تومان تومون تویت توت")
    return {word: whole for word, whole in fused.items() if word not in nouns}


def _pronouns_with_object() -> dict[str, str]:
    """مارو, شمارو, اینارو: a pronoun with the object's را is the pronoun."""
    pronouns = _pairs(
        "من=من ما=ما تو=تو شما=شما اون=ان این=این اونا=انها اینا=اینها ایشون=ایشان همه=همه خودم=خود خودت=خود خودش=خود"
    )
    return {word + particle: whole for word, whole in pronouns.items() for particle in ("رو", "را", "و")}


def _predicates() -> dict[str, str]:
    """مهمه, گرونه: a frequent adjective with the spoken است is the adjective."""
    nouns = _words("تازه ساده دوره پیشه کنده نرمه پره بزرگه کوچکه سبکه بلنده پیره امنه")
    return {word + "ه": word for word in COMMON_ADJECTIVES if word + "ه" not in nouns and word[-1] not in "اه"}


#: Dropped from a query when anything else remains; kept in the index.
STOP_WORDS = _words(
    """
    در به از که را این ان با برای و تا هم یا است هست نیست بود شد رو
    the a an of to in and or is are was were be been for on with by at as it this that
    """
)

#: Auxiliaries and light verbs, as verb keys: they say little (سفارش دادن is about سفارش).
LIGHT_VERBS = _words("@کرد @شد @داد @زد @گرفت @داشت @نمود @خواست @توانست @گشت")
STOP_VERBS = _words("@بود")

#: Verb forms so frequent as auxiliaries that a rarer noun spelt the same gives way.
AUXILIARY_FORMS = _words(
    """
    کند کنم کنی کنیم کنید کنند شود شوم شوی شویم شوید شوند دارد دارم داریم دارید دارند دهد دهیم دهید دهند
    باشد باشم باشی باشیم باشید باشند شده کرده بوده داشته نموده گردیده کردم کردی کردیم کردید کردند
    شدم شدی شدیم شدند داشتم داشتی داشتیم داشتید داشتند دادم دادی دادیم دادید دادند
    میتوان نمیتوان میشه نمیشه میکنه نمیکنه کنه بشه نشه کنین کنن بکنم ببرم برم
    ندارم نداری ندارد نداریم ندارید ندارند برو بروم بره
    """
)

#: Spoken present stems that the lists of hazm and shekar lack: میزاره, میشینه.
SPOKEN_STEMS: dict[str, tuple[str, ...]] = {
    "افتاد": ("وفت",),
    "ایستاد": ("وایس", "وایست"),
    "نشست": ("شین",),
    "گذاشت": ("زار",),
}
#: Spoken past stems that they lack.
SPOKEN_PASTS: dict[str, tuple[str, ...]] = {
    "افتاد": ("وفتاد",),
    "ایستاد": ("وایساد", "وایستاد"),
    "گذاشت": ("ذاشت", "زاشت"),
}

#: Verbs that nobody writes to a help desk; their forms would swallow other words (نگا for نگاه).
UNUSED_VERBS = _words("گایید گاد گاییده")

#: Verbs whose short spoken forms (بشه, بدم, برین, داره) outweigh nouns spelt the same.
FREQUENT_VERBS = _words("کرد شد داد رفت گفت داشت بود دانست توانست خواست گذاشت امد دید گرفت خرید فرستاد زد")
#: Except these.
STRONG_NOUNS = _words(
    "بدن بدی نرم برین نگین نگون نشون بران نرد بند برد برید نبرد نشان نزد بزم بخار نخی نرو"
    " بدهی ندیم برون ندا"
)

#: Nouns and names that look like a prefixed or inflected verb.
NEVER_VERBS = _words(
    """
    میدان میزان میان میوه میهن میراث میهمان میانه میلاد میلیون میلیارد میلی میکرو مینا میخ میش میز میل
    نمیرا نام نان نرم نبرد نبات ندا ناز نشان نشانی نماد نماز نما نوید بها بار باران بند بدن بدنی بدنه برد
    برند بران برام برمی بان بیان بیانی بیانیه بیش بیشتر بیمار بیم بیمه بستر بسته بسیار بهار بهتر بازار برنامه
    برادر بردار بزم دهم دهن رسید باشگاه بخش باید نباید شاید نشون بیست بیستم نیز نیست نیرو بیرون بیان
    """
)

#: Words that end like an inflected one but are not.
WHOLE_WORDS = _words(
    """
    تنها بها رها انها اینها منتها انتها بهتر بهترین بیشتر بیشترین کمتر کمترین برتر برترین کارت ساعت پیامک
    قیمت درمان دفتر مهمان پرداخت ایران زمان سازمان فرمان پیمان ارمان گمان همان
    """
)

#: Adjectives whose comparative is so frequent that word lists hold it.
COMMON_ADJECTIVES = _words(
    """
    مهم بزرگ کوچک بد پیش نزدیک دور زیبا قوی ضعیف سریع ارزان گران بلند کوتاه جدید قدیمی زیاد پایین بالا عمیق
    سبک سنگین جوان پیر ساده سخت اسان دقیق کامل قدیم عالی پر مناسب راحت امن روشن تازه تند کند گرم سرد نرم
    """
)

#: Pieces that carry no meaning of their own; a compound is not found by them.
BOUND_PIECES = _words(
    """
    بی نا هم پر کم باز پیش پس غیر ضد فرا فرو زیر روی در بر به از تا چند تک دو سه یک نیم هر هیچ خود گر گری
    مند مندی دار داری ساز سازی پذیر پذیری بان گاه گاهی نده زار ستان وار وش گون گونه انه ناک چی کار کاری
    شده کننده شونده و الله دیگر طور این ان چه که ای را با
    """
)

#: Second halves that make compounds freely; with the word before them they are one term.
PRODUCTIVE_LAST = _words(
    """
    پذیر پذیری ناپذیر ناپذیری گرا گرایی گرایانه زدایی سازی گذاری پردازی پرداز نویسی نویس بندی گیری شناسی شناس
    یابی یاب سنجی سنج رسانی رسان یافته کننده شونده دهنده گیرنده محور بردار برداری افزایی افزا گشایی سپاری
    گری گستر گستری آفرینی افرینی مند مندی وار گونه آموز اموز آموزی اموزی خوانی
    """
)
#: First halves that do, before a word that is no stop word.
PRODUCTIVE_FIRST = _words("غیر شبه فوق ضد فرا پیش نیم بی")
#: First halves that writers fuse with any word, though apart they are words of their own: بهعنوان, چندمنظوره.
FUSED_FIRST = PRODUCTIVE_FIRST | _words("به تک چند دو سه بین هم خود پر کم نا باز")

#: Spoken and fused words that the lists of hazm and shekar lack.
INFLECTED_PREPOSITIONS = _inflected_prepositions()
SPOKEN = INFLECTED_PREPOSITIONS | _pronouns_with_object() | _predicates() | _pairs(
    """
    چجوری=چگونه چطوری=چطور اینجوری=اینطور چیکار=چکار چکار=چکار دیگه=دیگر هنوزم=هنوز الانم=الان رو=را یدونه=یک کدوما=کدام
    اونا=انها اینا=اینها ب=به ک=که اون=ان اونو=ان اونم=ان اینو=این اینم=این منو=من منم=من همش=همه همشون=همه
    هممون=همه همتون=همه هستن=هست هستین=هست هستش=هست هستم=هست هستی=هست هستیم=هست هستید=هست هستند=هست
    نیستن=نیست نیستین=نیست نیستم=نیست نیستی=نیست نیستیم=نیست نیستید=نیست نیستند=نیست نیس=نیست
    زمانیکه=زمانی هنگامیکه=هنگامی وقتیکه=وقتی درصورتیکه=درصورتی درحالیکه=درحالی بطوریکه=بطوری میبایست=باید
    میبایستی=باید بایستی=باید میباید=باید نمیبایستی=نباید نمیبایست=نباید
    تو=در توی=در چی=چه چیه=چه چیست=چه چیا=چه چیو=چه کجاس=کجا کجاست=کجا کجان=کجا کجاها=کجا کیه=کی کیست=کی
    اینه=این اونه=ان همینه=همین همونه=همان همونه=همان چنده=چند چطوره=چطور چجوریه=چگونه ممکنه=ممکن درسته=درست
    خرابه=خراب لازمه=لازم زیاده=زیاد کافیه=کافی کافیست=کافی کافیه=کافی واجبه=واجب قشنگه=قشنگ عجیبه=عجیب
    مثه=مثل مث=مثل اصن=اصلا اصا=اصلا صب=صبح نیسم=نیست نیسی=نیست نیسن=نیست نیستش=نیست اینطوری=اینطور
    اونطوری=انطور اونجوری=انطور اونطور=انطور اینجور=اینطور اونجور=انطور همینجوری=همینطور همینطوری=همینطور
    همونجوری=همانطور همچین=همچنین اینقد=اینقدر انقد=انقدر اونقد=انقدر چقد=چقدر اونوقت=انوقت یبار=یکبار
    نگا=نگاه اجازس=اجازه یذره=کمی یکمی=کمی یخورده=کمی یهکم=کمی عه=هست نکنه=نکند اینجاس=اینجا اینجاست=اینجا
    اونجاس=انجا اونجاست=انجا انجاست=انجا اونم=ان همونم=همان همینم=همین بش=به بم=به بهم=بهم اگ=اگر دیگ=دیگر
    واستون=برای براشون=برای براتون=برای چیکارمیکنید=چکار هرچی=هرچه هیشکی=هیچکس هیچکی=هیچکس هرکی=هرکس
    راجب=راجعبه راجبه=راجعبه هس=هست اس=است اونی=انی ازین=این ازون=ان اینکارو=اینکار اونکارو=انکار
    """
)

#: English plurals in form only, and product names, that Porter2 would cut.
ENGLISH_WHOLE = _words(
    "windows sms gps dns https tls sas aws ios js css iss news bus gas lens canvas redis kubernetes"
)

#: English words written apart or joined; with a hyphen they are one term anyway.
_LATIN_PAIRS = _latin_pairs(
    "add=on back=up check=out data=base drop=down e=book e=commerce e=mail e=wallet home=page log=in log=off"
    " log=on log=out off=line on=line pass=code pass=word pay=pal plug=in pop=up set=up sign=in sign=out"
    " sign=up time=zone user=name wi=fi you=tube"
)
LATIN_COMPOUNDS = frozenset(first + second for first, second in _LATIN_PAIRS)
LATIN_HEADS = frozenset(first for first, _ in _LATIN_PAIRS)

#: Tokens that a full stop follows without ending the sentence.
ABBREVIATIONS = _words(
    "dr mr mrs ms prof st vs etc eg ie no fig inc ltd co approx e.g i.e a.m p.m u.s ق.م ه.ش ه.ق ر.ک ج.ا"
)
