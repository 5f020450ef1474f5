"""Words of the pages for tests, in Arabic too: a script from right to left is tried on it."""

from tests.channels import wording

ARABIC = {
    "page.title": "دليل",
    "page.exit": "مغادرة الآن",
    "page.exit_hint": "«مغادرة الآن» تمحو كل شيء هنا وتفتح صفحة أخرى. يبقى سجل المتصفح.",
    "page.exit_keys": "الضغط على Esc ثلاث مرات يفعل الشيء نفسه.",
    "page.choices": "الخيارات",
    "page.list": "الاختيار من القائمة",
    "page.list_first": "لم يتم الاختيار بعد",
    "page.pick": "اختيار",
    "page.write": "الكتابة هنا",
    "page.write_hint": "كلمة واحدة تكفي. لا يُحفظ ما يُكتب.",
    "page.keys": "مفتاح الرقم يختار.",
    "page.send": "إرسال",
    "page.bar": "متاح دائمًا",
    "page.languages": "اللغات",
    "page.now": "أرقام الطوارئ",
    "page.cookie": "ملف تعريف واحد يحفظ مكانك هنا.",
    "page.no_cookie": "لم يحفظ المتصفح ملف التعريف.",
    "page.demo": "هذا عرض توضيحي.",
    "page.home": "الصفحة الأولى",
    "page.again": "الصفحة الأولى",
    "page.gone": "تم",
    "page.emergency": "المساعدة الآن",
    "page.down": "يوجد عطل الآن. هذه الأرقام تعمل بدونه.",
    "page.sorry": "لم ينجح ذلك",
    "page.not_found": "لا توجد صفحة كهذه هنا.",
    "page.open": "فتح",
    "page.wait": "لحظة",
    "page.failed": "لم يصل جواب. يمكن المحاولة مرة أخرى.",
    "page.live": "رسائل جديدة",
    "page.look": "عرض الجديد",
}


def words(language: str, key: str) -> str:
    """A word in a language; English where the tests have no other."""
    if language == "ar" and key in ARABIC:
        return ARABIC[key]
    return wording.words(language, key)
