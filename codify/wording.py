"""How support texts word conditions, questions, examples and what is past; what a statement may leave unsaid.

Patterns are of folded text with spaces for ZWNJ.
"""

#: a fact near one of these was true once
PAST = (
    r"قبلا|سابقا?|سابق|در گذشته|(?:سال|ماه|هفته|دوره) (?:ی )?گذشته|پیشین|پیش از این|پیشتر|پیش تر|پارسال"
    r"|قیمت قدیم|تا پیش از|تا قبل از|دیگر معتبر نیست|بود|بودند|می ?کردیم|می ?دادیم"
    r"|previously|formerly|(?<!is )(?<!are )(?<!be )used to|in the past|last year|old price|until recently"
    # a fact that "was" is blanked out when this is looked for
    r"|(?:was|were)(?: only| just)? ?\x00|before the change|historically|originally|prior to"
)
#: از ۵۰ به ۶۰ changed: the first is past
CHANGED = (
    "افزایش|کاهش|تغییر|رسید|رساند|شد|increas|rais|rose|chang|drop|reduc|lower|went|gone|cut|extend|shorten"
)
#: a fact near one of these is an example, not a rule
EXAMPLE = (
    "می ?گویند|گفته می ?شود|به اشتباه|تازه ?کارها|مثلا|برای مثال|برای نمونه|نمونه|به عنوان مثال|فرض کنید"
    r"|for example|for instance|e\.g\.?|example|suppose|say,|imagine|mistakenly|wrongly|some people say"
)
#: what a question asks for; two questions that ask for different things are not the same question
ASKED = {
    "why": r"چرا|به چه دلیل|علت|why|what causes|how come",
    "time": r"کی|چه زمانی|چه وقت|چه موقع|چند (?:روز|ساعت|دقیقه|هفته|ماه)|چند وقت|تا چند"
    r"|when|how (?:long|soon|quickly)|what time",
    "amount": r"چقدر|چقد|چند تومان|چند تومن|چند درصد|how much|how many|what does .{0,40} cost",
    "way": r"چطور|چطوری|چگونه|چه ?جوری|چه طور|روش|نحوه"
    r"|how (?:do|can|to|should|would|could)|steps to|way to",
    "place": r"کجا|where",
    "who": r"چه کسی|کی باید|who|whom",
}
#: what begins a condition
CONDITION = (
    r"اگر|اگه|چنانچه|در صورتی ?که|در صورت|به شرط(?: ان ?که|ی ?که)?|مشروط(?: به)?|وقتی(?: که)?"
    r"|هنگام(?:ی ?که)?|زمانی ?که|مگر(?: ان ?که| این ?که)?|به ?جز|به ?غیر از|غیر از"
    r"|if|unless|when|whenever|provided(?: that)?|in case|in the event|except(?: for| when| if)?|as long as"
    r"|once|where"
)
UNLESS = r"مگر(?: ان ?که| این ?که)?|unless"
YES = r"بله|بلی|اری|اره|yes|yep|sure|certainly|of course"
NO = r"خیر|نه|نخیر|no|nope|unfortunately not"

#: concepts that make a quantity beside them an edge
EDGES = {"=maximum": "at_most", "=limit": "at_most", "=minimum": "at_least"}
#: concepts that make a duration beside them the longest: 7 days to return it are days up to the seventh
LONGEST = frozenset(("=deadline", "=validity", "=warranty", "=expire", "=trial"))
#: what a statement may leave unsaid without being about something else
VAGUE = frozenset(
    (
        "=plan",
        "=team",
        "day",
        "hour",
        "date",
        "روز",
        "ساعت",
        "تاریخ",
        "week",
        "هفته",
        "=file",
        "=counted",
        "=money",
        "=goods",
        "=order",
        "=customer",
        "=request",
        "=person",
        "=company",
        "=service",
        "=duration",
        "=deadline",
        "=placed",
        "=maximum",
        "=minimum",
        "=limit",
        "=business",
        "=problem",
        "=solve",
    )
)
#: by kind, what only says that a fact of that kind follows
CARRIERS = {
    "money": frozenset(["=cost", "=fee_of", "=pay"]),
    "duration": frozenset(["=duration", "=deadline", "=validity", "=keep", "=age", "=expire", "=night"]),
    "phone": frozenset(["=call", "=answer"]),
    "email": frozenset(["=email_word", "=address", "=send", "=message", "=call"]),
    "link": frozenset(["=site", "=address"]),
    "date": frozenset(["=last_day", "=duration", "=deadline"]),
    "time": frozenset(("=hours_open", "=duration", "=answer", "per day")),
    "weekdays": frozenset(("=hours_open", "=duration", "=answer", "per week")),
    "size": frozenset(["=size_of", "=weight", "=limit"]),
    "version": frozenset(["=app", "=install", "=use"]),
    "count": frozenset(
        ["گنجایش", "ظرفیت", "capac", "=limit", "=receive", "=maximum", "=minimum", "include", "join", "allow"]
    ),
    "percentage": frozenset(["=cost", "=receive", "=rate_of", "=invoice", "=interest"]),
    "code": frozenset(["=call", "=code_word"]),
}
