"""What people call the columns of a table of listings, in English, Ukrainian and otherwise.

Tables of words, and of what each column holds. Nothing is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from referral_directory.codes import (
    Answer,
    CapacityState,
    Confidence,
    Cost,
    HolidayPolicy,
    RunBy,
    Status,
    Vetting,
    Visibility,
)

Reads = Literal[
    "text",
    "answer",
    "choice",
    "needs",
    "areas",
    "languages",
    "who",
    "list",
    "flag",
    "date",
    "url",
    "address",
    "whole",
    "pairs",
    "counts",
    "hours",
    "rules",
    "closures",
    "received",
    "id",
    "revision",
    "delete",
]
"""How a cell of a column is read."""


@dataclass(frozen=True, slots=True)
class Named:
    """A column: how it is read, what it is called."""

    reads: Reads
    en: str
    uk: str
    others: str = ""
    """What else people call it, with commas."""
    codes: tuple[str, ...] = ()
    """The words there are, of a choice."""
    words: str = ""
    """Where other words for them are in `vocabulary.CHOICES`."""


# fmt: off
FIXED: Final[Mapping[str, Named]] = {
    "id": Named("id", "Id", "Код", "identifier, listing id, ідентифікатор"),
    "revision": Named("revision", "Revision", "Редакція", "base revision, версія"),
    "delete": Named("delete", "Delete", "Видалити", "remove, вилучити, видалення"),
    "status": Named("choice", "Status", "Стан", "статус, state", get_args(Status), "status"),
    "needs": Named("needs", "Needs", "Потреби", "need, потреба, services, послуги, послуга"),
    "area": Named("areas", "Area", "Територія",
                  "areas, region, регіон, область, області, oblast, охоплення"),
    "occupied": Named("answer", "From occupied territory", "З окупованої території",
                      "occupied", ("yes", "no")),
    "who": Named("received", "Who", "Кого приймають", "for whom, для кого, цільова група"),
    "only": Named("who", "Only for", "Лише для", "only"),
    "welcomes": Named("who", "Welcomes", "Запрошують", "especially for, особливо для"),
    "hours": Named("hours", "Hours", "Години роботи",
                   "opening hours, години, графік, графік роботи, schedule, години прийому, "
                   "режим роботи"),
    "hours_rules": Named("rules", "Hours as rules", "Години правилом", "hours rules"),
    "hours_zone": Named("text", "Time zone", "Часовий пояс", "hours zone, zone"),
    "hours_holidays": Named("choice", "On holidays", "У свята",
                            "hours holidays, holidays", get_args(HolidayPolicy), "holidays"),
    "hours_closed": Named("closures", "Closed on", "Зачинено в дні", "hours closed, closures"),
    "cost": Named("choice", "Cost", "Вартість", "price, fee, ціна, оплата", get_args(Cost), "cost"),
    "anonymous": Named("answer", "Anonymous", "Анонімно", "", get_args(Answer)),
    "no_id": Named("answer", "No papers needed", "Без документів", "no id", get_args(Answer)),
    "walk_in": Named("answer", "Without appointment", "Без запису", "walk in", get_args(Answer)),
    "accessible": Named("answer", "Step-free", "Безбар'єрно",
                        "accessible, accessibility, доступність", get_args(Answer)),
    "languages": Named("languages", "Languages", "Мови", "language, мова"),
    "interpreted": Named("languages", "Through an interpreter", "Через перекладача", "interpreted"),
    "windows": Named("counts", "Within hours", "Протягом годин", "windows"),
    "address_line": Named("text", "Address", "Адреса", "street, address line, вулиця"),
    "address_city": Named("text", "City", "Місто", "town, address city, населений пункт"),
    "address_region": Named("text", "Address region", "Адреса: область"),
    "address_postal_code": Named("text", "Postal code", "Поштовий індекс", "postcode, zip, індекс"),
    "address_visibility": Named("choice", "Who sees the address", "Хто бачить адресу",
                                "address visibility", get_args(Visibility), "visibility"),
    "visibility": Named("choice", "Visibility", "Видимість",
                        "who sees it, хто бачить", get_args(Visibility), "visibility"),
    "vetting": Named("choice", "Vetting", "Перевірка організації", "vetted", get_args(Vetting)),
    "run_by": Named("choice", "Run by", "Ким утримується",
                    "type of organisation, тип організації", get_args(RunBy), "run_by"),
    "reports_to_police": Named("answer", "Reports to the police", "Повідомляє поліцію",
                               "", get_args(Answer)),
    "priority": Named("whole", "Priority", "Пріоритет"),
    "pair": Named("text", "Pair", "Пара"),
    "source_url": Named("url", "Source", "Джерело", "source url, посилання на джерело"),
    "source_date": Named("date", "Source date", "Дата джерела", "date of source"),
    "source_printed": Named("text", "Source date in words", "Дата джерела словами",
                            "source printed"),
    "also": Named("list", "Other sources", "Інші джерела", "also"),
    "recheck": Named("flag", "Check again", "Перевірити ще раз", "recheck"),
    "confidence": Named("choice", "Confidence", "Певність", "", get_args(Confidence)),
    "capacity_state": Named("choice", "Room", "Наявність місць",
                            "capacity, capacity state", get_args(CapacityState)),
    "capacity_as_of": Named("text", "Room as of", "Наявність місць станом на", "capacity as of"),
    "accepted": Named("pairs", "Accepted doubts", "Прийняті сумніви", "accepted"),
    "notes": Named("text", "Notes", "Нотатки", "note, примітки, примітка, comment, коментар"),
}
"""By key, in the order in which a person reads them."""
TEXTS: Final[Mapping[str, Named]] = {
    "name": Named("text", "Name", "Назва", "en: service, title; uk: послуга назва, назва послуги"),
    "organization": Named("text", "Organisation", "Організація",
                          "en: organization, provider, ngo; uk: установа, надавач, заклад"),
    "summary": Named("text", "Summary", "Опис",
                     "en: description, about; uk: про послугу, анотація"),
}
"""By the first word of their key; a language follows it. Other names say which they mean."""
WHO_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "woman": ("Women", "Жінки"),
    "man": ("Men", "Чоловіки"),
    "other_gender": ("Other genders", "Інші гендери"),
    "adult": ("Adults", "Дорослі"),
    "under18": ("Under 18", "До 18 років"),
    "captivity": ("After captivity", "Після полону"),
    "lgbtqi": ("LGBTQI", "ЛГБТКІ"),
    "disability": ("People with disabilities", "Люди з інвалідністю"),
    "displaced": ("Displaced people", "Переселенці"),
    "family": ("Families", "Родини"),
    "military": ("Military", "Військові"),
}
KINDS_OF_CONTACT: Final[Mapping[str, Named]] = {
    "phone": Named("address", "Phone", "Телефон",
                   "telephone, tel, phone number, hotline, mobile, тел, номер, "
                   "номер телефону, телефони, контактний телефон, гаряча лінія, contact"),
    "sms": Named("address", "SMS", "СМС"),
    "telegram": Named("address", "Telegram", "Телеграм", "телеграм"),
    "whatsapp": Named("address", "WhatsApp", "Вотсап", "ватсап"),
    "viber": Named("address", "Viber", "Вайбер"),
    "signal": Named("address", "Signal", "Сигнал"),
    "web": Named("address", "Website", "Сайт",
                 "web, site, url, link, web page, вебсайт, веб сайт, посилання"),
    "chat": Named("address", "Chat", "Чат", "web chat"),
    "email": Named("address", "Email", "Пошта", "e mail, mail, електронна пошта, ел пошта, емейл"),
}
PARTS_OF_CONTACT: Final[Mapping[str, Named]] = {
    "hours": Named("hours", "hours", "години"),
    "hours_rules": Named("rules", "hours as rules", "години правилом"),
    "hours_zone": Named("text", "time zone", "часовий пояс"),
    "hours_holidays": Named("choice", "on holidays", "у свята",
                            "", get_args(HolidayPolicy), "holidays"),
    "hours_closed": Named("closures", "closed on", "зачинено в дні"),
    "languages": Named("languages", "languages", "мови"),
    "free": Named("answer", "free of charge", "безкоштовно", "", get_args(Answer)),
    "abroad": Named("answer", "from abroad", "з-за кордону", "", get_args(Answer)),
    "country": Named("text", "country", "країна"),
    "shown": Named("text", "as shown", "як показано"),
    "visibility": Named("choice", "who sees it", "хто бачить",
                        "", get_args(Visibility), "visibility"),
    "confidence": Named("choice", "confidence", "певність", "", get_args(Confidence)),
    "recheck": Named("flag", "check again", "перевірити ще раз"),
    "source_url": Named("url", "source", "джерело"),
    "source_date": Named("date", "source date", "дата джерела"),
    "source_printed": Named("text", "source date in words", "дата джерела словами"),
    "notes": Named("text", "notes", "нотатки"),
}
# fmt: on
