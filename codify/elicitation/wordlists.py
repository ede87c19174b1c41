"""Word lists of elicitation kept by hand, folded and without ZWNJ or apostrophes."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OPENERS = _words(
    """
    چون چونکه زیرا چراکه مگر مگه اگر اگه وقتی وقتیکه بعدش سپس بلکه درحالیکه هرچند وگرنه والا البته چنانچه
    هرگاه اخه because since unless if when whenever although though whereas otherwise except coz cos bc cuz
    excepting provided
    """
)

RUN_ON_OPENERS = OPENERS | _words(
    """
    ولی اما بعد پس هروقت فقط but so then until while also anyway forget always whoever usual
    """
)

#: After these words no opener opens.
NOT_BEFORE_OPENER = _words(
    """
    و and که حتی even only just not but ولی اما especially مخصوصا or یا تنها فقط
    """
)

CONDITIONS = _words(
    """
    اگر اگه چنانچه وقتی هرگاه هر هنگامی هنگام if when whenever once where were should
    """
)

VERBAL = _words("past part base ing 3rd")

#: What follows a verb is most often its object.
OBJECTS = _words("it you her his their my our the a an this that these those some no what")

PRONOUNS = _words("i we you u they he she it its im ive theres theyre")

DETERMINERS = _words("the his her their my our a an no this that those these some what")

#: After these words a subject begins no clause of its own.
BEFORE_SUBJECT = _words(
    """
    and n or but so because since if when whenever that what which who whos where why how as until while
    before after than then though although unless whatever everything thing all time way once think thought
    know knew let only even except for to with of by from at in on into onto over under about above below
    between through during without within per via against off up down out round around behind near w like
    not is was are were be been do does did has have had will would can could should make made get got give
    gave tell told ask asked see saw put keep kept send sent take took use used read show showed open opened
    check checked change changed swap swapped call called move moved set print printed scan scanned pour
    write wrote leave left find found hold the a an his her their my our this that these those both every
    each any no one very too just still
    """
)

#: Persian verbs whose object is the clause that follows.
OPEN_VERBS = _words(
    """
    @گفت @پرسید @دید @فهمید @دانست @خواست @توانست @گذاشت @بود @نوشت @شنید @داشت @فرمود
    """
)

JOINING = _words("که بود بودم بودند بودن بودیم است باشه باشد باشند شده را رو هم بشه بشود")

#: stressed on the last syllable, so that the last letter doubles
LONG_DOUBLED = _words("unplug refer prefer submit admit commit")

#: Words that tell a clause is about what may or must be; they have no forms.
MODALS = _words(
    """
    can could will would shall should may might must cant cannot couldnt wont wouldnt shouldnt mustnt
    """
)

SAYING_LEADING = _words(
    """
    و ولی اما پس که چون خلاصه بعدش سپس منم من ما منهم خب خوب اره اگه اگر وقتی چنانچه هرگاه and but so then
    because well also if when whenever i we
    """
)

SAYING_SUBJECTS = _words("i we")

RELATIVE = _words("what which that who whose how why until unless in")

CONTRACTED_SUBJECTS = _words("im ive id ill weve wed well were")

PREPOSITIONS_OWN = _words("بهم ازم برام برایم باهام واسم بهمون ازمون برامون باهامون واسمون پیشم دستم")

PREPOSITIONS = _words(
    """
    of in for with on at from by to into onto over under above below between during without within per via
    against about around near behind inside outside across through after before until since like as than up
    down off
    """
)

PERSIAN_PREPOSITIONS = _words(
    """
    در به از برای واسه با رو روی تو توی بر تا درباره میان بین کنار پیش نزد هنگام طبق پس ضمن سر طی
    """
)

DETERMINERS = _words(
    """
    the a an his her their my our your its this that these those some any no every each both all one two
    three
    """
)

LEADING = _words(
    """
    and but so then or yet however also n now first next finally otherwise instead only even just well ok oh
    right still again always usually often if when whenever where once because since as that which who whose
    while until unless although though whereas after before for not never
    """
)

PERSIAN_LEADING = _words(
    """
    و ولی اما پس که چون زیرا اگر اگه وقتی هرگاه چنانچه بعد سپس هم نیز البته حتی فقط تنها همیشه معمولا گاهی
    اغلب این آن ان همین همان یک یه هر هیچ چند دو سه دیگه دیگر خود تازه مگر بلکه تا هنوز الان امروز دیروز
    دیشب
    """
)

FIRST = _words("i we ive im id ill weve")

SECOND = _words("you u youll")

PERSONS = _words("he she hes shes him her")

IT = _words("it its this that these those which there here theres nothing none")

BE = _words("@be @have @do @get")
