"""Texts that try to run something in a reader's browser, and a look at HTML that tells whether one could."""

from html.parser import HTMLParser

#: after the OWASP filter evasion cheat sheet, with tricks of Markdown, of parsers, of directions of writing
HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://e.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror=&#97;lert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=x:x onerror\x0b=alert(1)>",
    "<img/src=`x`onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<applet code=x></applet>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a onmouseover=alert(1)>x</a>",
    "<a href='https://e.example' style='position:fixed;inset:0' onclick='alert(1)'>x</a>",
    "<body onload=alert(1)>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<style>@import 'https://e.example/x.css';</style>",
    "<style>*{background:url(https://e.example)}</style>",
    "<link rel=stylesheet href=https://e.example/x.css>",
    '<base href="https://e.example/">',
    '<meta http-equiv="refresh" content="0;url=https://e.example">',
    "<form action=https://e.example><input name=password></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<textarea autofocus onfocus=alert(1)></textarea>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<title><img src=x onerror=alert(1)></title>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "</article><script>alert(1)</script>",
    "</title></head><body><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](<javascript:alert(1)>)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    '![x](https://e.example/a.png "onerror=alert(1)")',
    '![x" onerror="alert(1)](https://e.example/a.png)',
    '[x](https://e.example "><script>alert(1)</script>")',
    "[x]: javascript:alert(1)\n\n[x]",
    "[x]: <data:text/html,x>\n\n[x][x]",
    "<javascript:alert(1)>",
    "<https://e.example/\"onmouseover='alert(1)'>",
    "```<script>alert(1)</script>\ncode\n```",
    '```"onmouseover="alert(1)\ncode\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    '## a" onclick="alert(1)',
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "- <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "a\u202e<script>alert(1)</script>",
    "\u2066<img src=x onerror=alert(1)>\u2069",
    "<img src=x onerror=alert(1)\u200c>",
    "＜script＞alert(1)＜/script＞",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "{{ 7 * 7 }}{% for x in () %}<script>alert(1)</script>",
    "${alert(1)}`${alert(1)}`",
    "متن\u200cفارسی <b onmouseover=alert(1)>پررنگ</b>",
]

_NEVER = {
    "iframe", "frame", "object", "embed", "applet", "style", "base", "svg", "math", "template", "noscript",
    "marquee", "video", "audio", "source", "xmp", "textarea", "details", "animate", "portal",
}  # fmt: skip
#: of what people write, nothing becomes anything else
WRITTEN = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "img", "table", "thead", "tbody", "tr", "th", "td", "div", "mark", "bdi",
}  # fmt: skip
_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "background", "xlink:href", "srcset"}


class _Look(HTMLParser):
    """Reads HTML as a browser would, and notes what could run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = {name: value or "" for name, value in attrs}
        if tag in _NEVER and not (tag == "svg" and given.get("aria-hidden") == "true"):
            self.wrong.append(f"<{tag}>")  # a hidden picture is one of our own icons
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.wrong.append(f"<script {given}>")
        if tag == "meta" and "http-equiv" in given:
            self.wrong.append(f"<meta {given}>")
        for name, value in given.items():
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.wrong.append(f"{tag} {name}={value}")
            if name in _ADDRESSES and not _is_harmless(value):
                self.wrong.append(f"{tag} {name}={value}")


def _is_harmless(address: str) -> bool:
    """Whether following an address runs nothing: relative, or of a known scheme."""
    seen = "".join(letter for letter in address if letter > " " and letter != "\x7f").lower()
    before = seen.split("/")[0].split("?")[0].split("#")[0]
    return ":" not in before or before.startswith(_SCHEMES)


def what_could_run(html: str, *, only: set[str] | None = None) -> list[str]:
    """Everything in `html` that could run or lead somewhere strange; empty where it is harmless.

    Args:
        only: the tags that may be there at all; any unless given.
    """
    look = _Look()
    look.feed(html)
    look.close()
    strange = sorted(look.tags - only) if only is not None else []
    return look.wrong + [f"<{tag}>" for tag in strange]
