"""The shape of `pack.yaml`, `places.yaml` and `taxonomy.yaml`: what holds beyond one listing."""

from typing import Annotated, Literal

from pydantic import Field

from referral_directory.pack import Language, Shape, Text, Word, YesNo, Zone


class HolidayShape(Shape):
    """A public holiday, every year (`08-24`) or once (`2026-04-13`)."""

    day: Annotated[str, Field(pattern=r"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$")]
    names: Text = Field(default_factory=dict)


Aliases = dict[Language, tuple[Word, ...]]


class CountryFile(Shape):
    """`pack.yaml`: what holds for a whole country, or for help that is in none (`INT`)."""

    country: Annotated[str, Field(pattern=r"^([A-Z]{2}|INT)$")]
    names: Text
    aliases: Aliases = Field(default_factory=dict)
    zone: Zone
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """In which every listing has its names and summary."""
    spoken: tuple[Language, ...] = ()
    """Languages that point to this country when nobody said where they are; left out:
    `languages` but English."""
    holidays: tuple[HolidayShape, ...] = ()


class HostShape(Shape):
    """A country that took people in."""

    names: Text
    aliases: Aliases = Field(default_factory=dict)
    zone: Zone
    holidays: tuple[HolidayShape, ...] = ()


class HostsFile(Shape):
    """`pack.yaml` of a pack for people of one country in others."""

    home: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    hosts: Annotated[
        dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], HostShape], Field(min_length=1)
    ]


class PlaceShape(Shape):
    """A place that a person can name."""

    kind: Literal["region", "abroad", "occupied"] = "region"
    names: Text
    aliases: Aliases = Field(default_factory=dict)
    online_only: bool = False
    """Calls do not work there: help comes online or by messenger."""
    zone: Zone | None = None
    """Where its clocks are not those of the country."""


class PlacesFile(Shape):
    """`places.yaml`: the places of a country, by code."""

    places: dict[str, PlaceShape]


class NeedShape(Shape):
    """A need, with its names."""

    en: Word
    uk: Word
    urgent_hours: Annotated[int, Field(gt=0)] | None = None
    visibility: Literal["public", "restricted"] = "public"
    pick: YesNo = "no"
    beside: tuple[str, ...] = ()
    """Needs that this one stands above or near without asking for them: who meets only these
    comes after all others."""


class TaxonomyFile(Shape):
    """`taxonomy.yaml`: the needs there are, by code."""

    needs: dict[str, NeedShape]
