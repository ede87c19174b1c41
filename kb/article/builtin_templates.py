"""The templates that every installation has: what an article of each kind needs, in both languages."""

from dataclasses import dataclass

from kb.vocabulary import Language


@dataclass(frozen=True, slots=True)
class BuiltinTemplate:
    """Words to begin with; what stands in square brackets is to be replaced."""

    id: str
    name: str
    language: Language
    title: str
    environment: str
    resolution: str
    cause: str = ""
    tags: tuple[str, ...] = ()


_FA, _EN = Language.PERSIAN, Language.ENGLISH

BUILTIN_TEMPLATES = (
    BuiltinTemplate(
        id="how-to-fa",
        name="راهنمای انجام کار",
        language=_FA,
        title="چگونه [کار] را انجام دهیم",
        environment="[برای چه کسی، در کجا و از کدام نسخه؛ مثلاً مشتری، برنامهٔ اندروید، از نسخهٔ ۵]",
        resolution="""\
[در یک جمله: با این کار چه به دست می‌آید.]

## پیش از شروع

- [آنچه باید آماده باشد؛ مثلاً شمارهٔ سفارش]

## گام‌ها

1. [نخستین کار، با فعل امر]
2. [کار بعدی و نام دقیق دکمه یا صفحه]
3. [آخرین کار]

## از کجا بفهمید درست شد

[آنچه در پایان باید ببینید]

## اگر نشد

[نخستین چیزی که باید بررسی شود و کسی که باید خبردار شود]""",
    ),
    BuiltinTemplate(
        id="how-to-en",
        name="How-to",
        language=_EN,
        title="How to [do something]",
        environment="[For whom, where, since which version; such as customers, Android app, from version 5]",
        resolution="""\
[One sentence: what this gets you.]

## Before you begin

- [What must be at hand, such as the order number]

## Steps

1. [The first thing to do, as an instruction]
2. [The next, with the exact name of the button or page]
3. [The last]

## How to tell that it worked

[What you should see in the end]

## If it did not

[What to check first, and whom to tell]""",
    ),
    BuiltinTemplate(
        id="problem-fa",
        name="مشکل و راه‌حل",
        language=_FA,
        title="[چه چیزی] کار نمی‌کند: [نشانهٔ مشکل یا متن خطا]",
        environment="[کجا و چه زمانی پیش می‌آید؛ دستگاه، نسخه، ساعت]",
        resolution="""\
## از کجا بفهمید مشکل همین است

- [نشانه‌ای که فقط در این مشکل دیده می‌شود]

## راه‌حل

1. [ساده‌ترین کاری که بیشتر وقت‌ها جواب می‌دهد]
2. [گام بعدی]

## کجا جواب نمی‌دهد

[حالتی که راه‌حل دیگری لازم دارد و پیوند آن]

## اشتباه رایج

[کاری که وضع را بدتر می‌کند]""",
        cause="[چرا پیش می‌آید؛ اگر معلوم نیست، همین را بنویسید]",
    ),
    BuiltinTemplate(
        id="problem-en",
        name="Problem and solution",
        language=_EN,
        title="[What] does not work: [symptom or error text]",
        environment="[Where and when it happens: device, version, time]",
        resolution="""\
## How to tell that it is this problem

- [A sign that only this problem shows]

## Solution

1. [The simplest thing that helps most of the time]
2. [The next step]

## When this does not hold

[A case that needs another solution, with a link to it]

## Common mistake

[What makes it worse]""",
        cause="[Why it happens; if nobody knows, say so]",
    ),
    BuiltinTemplate(
        id="policy-fa",
        name="سیاست و قاعده",
        language=_FA,
        title="قاعدهٔ [موضوع]",
        environment="[از چه تاریخی و برای کدام محصول‌ها یا مشتری‌ها]",
        resolution="""\
[قاعده در یک جمله، با عدد و مهلت دقیق.]

## شامل چه می‌شود

| وضعیت | قاعده |
| --- | --- |
| [وضعیت] | [عدد، مهلت یا سقف] |

## استثناها

- [چه زمانی این قاعده اجرا نمی‌شود]

## چه کسی تصمیم می‌گیرد

[نقش یا تیمی که می‌تواند از قاعده فراتر برود و راه درخواست از او]

## به مشتری چه بگوییم

> [جمله‌ای آماده، مؤدبانه و بی‌ابهام]""",
        cause="[دلیل این قاعده؛ کسی که دلیل را می‌داند آن را درست‌تر اجرا می‌کند]",
    ),
    BuiltinTemplate(
        id="policy-en",
        name="Policy",
        language=_EN,
        title="The rule on [subject]",
        environment="[Since when, and for which products or customers]",
        resolution="""\
[The rule in one sentence, with exact numbers and time limits.]

## What it covers

| Case | Rule |
| --- | --- |
| [Case] | [Number, time limit or ceiling] |

## Exceptions

- [When the rule does not apply]

## Who decides

[The role or team that may go beyond the rule, and how to ask]

## What to tell the customer

> [A sentence to use as it is: polite and clear]""",
        cause="[Why there is this rule: who knows the reason applies it better]",
    ),
    BuiltinTemplate(
        id="question-fa",
        name="پرسش و پاسخ",
        language=_FA,
        title="[پرسش، به زبان کسی که می‌پرسد]",
        environment="[این پاسخ برای چه کسی درست است]",
        resolution="""\
[پاسخ در یک یا دو جمله؛ نخست خود پاسخ، بعد توضیح.]

## بیشتر بدانید

- [نکته یا پیوندی که پرسش بعدی را پاسخ می‌دهد]""",
    ),
    BuiltinTemplate(
        id="question-en",
        name="Question and answer",
        language=_EN,
        title="[The question, in the asker's words]",
        environment="[For whom this answer is right]",
        resolution="""\
[The answer in a sentence or two: first the answer itself, then the explanation.]

## More

- [A point or a link that answers the next question]""",
    ),
)
