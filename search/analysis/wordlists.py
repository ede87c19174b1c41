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
        "من=من ما=ما تو=تو شما=شما اون=ان این=این اونا=انها اینا=اینها ایشون=ایشان همه=همه"
        " خودم=خود خودت=خود خودش=خود"
    )
    return {word + particle: whole for word, whole in pronouns.items() for particle in ("رو", "را", "و")}


def _predicates() -> dict[str, str]:
    """مهمه, گرونه: a frequent adjective with the spoken است is the adjective."""
    nouns = _words("تازه ساده دوره پیشه کنده نرمه پره بزرگه کوچکه سبکه بلنده پیره امنه")
    adjectives = [word for word in COMMON_ADJECTIVES if word[-1] not in "اه"]
    return {word + "ه": word for word in adjectives if word + "ه" not in nouns}


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
    باشد باشم باشند باشی باشید باشیم ببرم برم بره برو بروم بشه بوده بکنم دادم دادند دادی دادید دادیم
    دارد دارم دارند دارید داریم داشتم داشتند داشته داشتی داشتید داشتیم دهد دهند دهید دهیم شدم شدند شده
    شدی شدیم شود شوم شوند شوی شوید شویم میتوان میشه میکنه ندارد ندارم ندارند نداری ندارید نداریم نشه
    نموده نمیتوان نمیشه نمیکنه کردم کردند کرده کردی کردید کردیم کند کنم کنن کنند کنه کنی کنید کنیم کنین
    گردیده
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
    "بدن بدی نرم برین نگین نگون نشون بران نرد بند برد برید نبرد نشان نزد بزم بخار نخی نرو بدهی ندیم برون ندا"
)

#: Nouns and names that look like a prefixed or inflected verb.
NEVER_VERBS = _words(
    """
    بار باران بازار باشگاه بان باید بخش بدن بدنه بدنی برادر برام بران برد بردار برمی برنامه برند بزم
    بستر بسته بسیار بند بها بهار بهتر بیان بیانی بیانیه بیرون بیست بیستم بیش بیشتر بیم بیمار بیمه دهم
    دهن رسید شاید میان میانه میخ میدان میراث میز میزان میش میل میلاد میلی میلیارد میلیون مینا میهمان
    میهن میوه میکرو ناز نام نان نبات نباید نبرد ندا نرم نشان نشانی نشون نما نماد نماز نمیرا نوید نیرو
    نیز نیست
    """
)

#: Words that end like an inflected one but are not.
WHOLE_WORDS = _words(
    """
    ارمان انتها انها ایران اینها برتر برترین بها بهتر بهترین بیشتر بیشترین تنها درمان دفتر رها زمان
    سازمان ساعت فرمان قیمت منتها مهمان همان پرداخت پیامک پیمان کارت کمتر کمترین گمان
    """
)

#: Adjectives whose comparative is so frequent that word lists hold it.
COMMON_ADJECTIVES = _words(
    """
    ارزان اسان امن بالا بد بزرگ بلند تازه تند جدید جوان دقیق دور راحت روشن زیاد زیبا ساده سبک سخت سرد
    سریع سنگین ضعیف عالی عمیق قدیم قدیمی قوی مناسب مهم نرم نزدیک پایین پر پیر پیش کامل کند کوتاه کوچک
    گران گرم
    """
)

#: Pieces that carry no meaning of their own; a compound is not found by them.
BOUND_PIECES = _words(
    """
    از الله ان انه ای این با باز بان بر به بی تا تک خود دار داری در دو دیگر را روی زار زیر ساز سازی ستان
    سه شده شونده ضد طور غیر فرا فرو مند مندی نا ناک نده نیم هر هم هیچ و وار وش پذیر پذیری پر پس پیش چند
    چه چی کار کاری کم کننده که گاه گاهی گر گری گون گونه یک
    """
)

#: Second halves that make compounds freely; with the word before them they are one term.
PRODUCTIVE_LAST = _words(
    """
    آفرینی آموز آموزی افرینی افزا افزایی اموز اموزی بردار برداری بندی خوانی دهنده رسان رسانی زدایی سازی
    سنج سنجی سپاری شناس شناسی شونده محور مند مندی ناپذیر ناپذیری نویس نویسی وار پذیر پذیری پرداز پردازی
    کننده گذاری گرا گرایانه گرایی گری گستر گستری گشایی گونه گیرنده گیری یاب یابی یافته
    """
)
#: First halves that do, before a word that is no stop word.
PRODUCTIVE_FIRST = _words("غیر شبه فوق ضد فرا پیش نیم بی")
#: First halves that writers fuse with any word, though apart they are words of their own: بهعنوان, چندمنظوره.
FUSED_FIRST = PRODUCTIVE_FIRST | _words("به تک چند دو سه بین هم خود پر کم نا باز")

#: Spoken and fused words that the lists of hazm and shekar lack.
INFLECTED_PREPOSITIONS = _inflected_prepositions()
SPOKEN = (
    INFLECTED_PREPOSITIONS
    | _pronouns_with_object()
    | _predicates()
    | _pairs(
        """
    اجازس=اجازه ازون=ان ازین=این اس=است اصا=اصلا اصن=اصلا الانم=الان انجاست=انجا انقد=انقدر اون=ان
    اونا=انها اونجاس=انجا اونجاست=انجا اونجور=انطور اونجوری=انطور اونطور=انطور اونطوری=انطور اونقد=انقدر
    اونم=ان اونه=ان اونو=ان اونوقت=انوقت اونکارو=انکار اونی=انی اگ=اگر اینا=اینها اینجاس=اینجا
    اینجاست=اینجا اینجور=اینطور اینجوری=اینطور اینطوری=اینطور اینقد=اینقدر اینم=این اینه=این اینو=این
    اینکارو=اینکار ب=به بایستی=باید براتون=برای براشون=برای بش=به بطوریکه=بطوری بم=به بهم=بهم تو=در
    توی=در خرابه=خراب درحالیکه=درحالی درسته=درست درصورتیکه=درصورتی دیگ=دیگر دیگه=دیگر راجب=راجعبه
    راجبه=راجعبه رو=را زمانیکه=زمانی زیاده=زیاد صب=صبح عجیبه=عجیب عه=هست قشنگه=قشنگ لازمه=لازم مث=مثل
    مثه=مثل ممکنه=ممکن منم=من منو=من میباید=باید میبایست=باید میبایستی=باید نمیبایست=نباید
    نمیبایستی=نباید نکنه=نکند نگا=نگاه نیس=نیست نیستش=نیست نیستم=نیست نیستن=نیست نیستند=نیست نیستی=نیست
    نیستید=نیست نیستیم=نیست نیستین=نیست نیسم=نیست نیسن=نیست نیسی=نیست هرچی=هرچه هرکی=هرکس هس=هست
    هستش=هست هستم=هست هستن=هست هستند=هست هستی=هست هستید=هست هستیم=هست هستین=هست همتون=همه همش=همه
    همشون=همه هممون=همه همونجوری=همانطور همونم=همان همونه=همان همچین=همچنین همینجوری=همینطور
    همینطوری=همینطور همینم=همین همینه=همین هنوزم=هنوز هنگامیکه=هنگامی هیشکی=هیچکس هیچکی=هیچکس واجبه=واجب
    واستون=برای وقتیکه=وقتی چجوری=چگونه چجوریه=چگونه چطوره=چطور چطوری=چطور چقد=چقدر چنده=چند چکار=چکار
    چی=چه چیا=چه چیست=چه چیه=چه چیو=چه چیکار=چکار چیکارمیکنید=چکار ک=که کافیست=کافی کافیه=کافی کجاس=کجا
    کجاست=کجا کجان=کجا کجاها=کجا کدوما=کدام کیست=کی کیه=کی یبار=یکبار یخورده=کمی یدونه=یک یذره=کمی
    یهکم=کمی یکمی=کمی
    """
    )
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

#: Tokens that a full stop follows without ending the sentence. Initials (ق. م.) are told by their form.
ABBREVIATIONS = _words(
    """
    dr mr mrs ms prof st vs etc eg ie e.g i.e a.m p.m u.s no nos fig figs cf al inc ltd co approx dept tel ext
    ج.ا ه.ش ه.ق ق.م ب.م ر.ک ص.ص صص ش.ه
    """
)

#: Words that make a text a question and are no part of what answers it.
QUESTION_WORDS = _words(
    """
    کی کجا کجاست چه چی چیست چیه کیست کیه چطور چهطور چگونه چند چنده چندم چقدر چهقدر کدام چرا ایا
    what how when where which who whom whose why do doe does did can could should would will may must
    am have has there i me my we us our you your
    """
)
