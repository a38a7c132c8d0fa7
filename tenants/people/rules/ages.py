"""Pure rules about age. 周岁 counts from the day AFTER the birthday: on the birthday itself one is still younger."""

from datetime import date

from tenants.people.kinds import AgeBand

OWN_CONSENT_AT, ADULT_AT = 14, 18
OLDEST = 130
# Without the day on which it ends, such an age would never end: the date of birth is asked for it.
BANDS_THAT_END = frozenset({AgeBand.UNDER_14, AgeBand.TEEN})


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody has this birthday. Without a 29 February it is the month's last day."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 2, 28)


def band_of(birth_date: date, today: date) -> tuple[AgeBand, date | None]:
    """Turn a date of birth into the band today and the band's last day, so that the date itself can be dropped.

    Raises ValueError for a day to come and for one that nobody alive was born on.
    """
    if birth_date > today or birth_date.year < today.year - OLDEST:
        raise ValueError("Nobody alive was born on this day.")
    for age, band in ((OWN_CONSENT_AT, AgeBand.UNDER_14), (ADULT_AT, AgeBand.TEEN)):
        last_day = birthday(birth_date, age)
        if today <= last_day:
            return band, last_day
    return AgeBand.ADULT, None


def band_on(band: AgeBand | str, until: date | None, today: date) -> AgeBand:
    """Return the band on a day. Without `until` nobody grows up by themselves; an unknown band is the youngest."""
    if band not in AgeBand.values:
        return AgeBand.UNDER_14
    if until is None or today <= until:
        return AgeBand(band)
    if band == AgeBand.UNDER_14:
        return band_on(AgeBand.TEEN, next_until(AgeBand.UNDER_14, until), today)
    return AgeBand.ADULT


def next_until(band: AgeBand | str, until: date) -> date | None:
    """Return the last day of the band that follows, or None when it has none."""
    return birthday(until, ADULT_AT - OWN_CONSENT_AT) if band == AgeBand.UNDER_14 else None
