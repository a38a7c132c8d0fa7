"""Age: a band and its last day instead of a date of birth."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenants.organizations.models import Property
from tenants.people.kinds import AgeBand
from tenants.people.models import Person
from tenants.people.rules.ages import band_of, band_on, birthday
from tenants.people.services.persons import add_person, advance_bands, update_person
from tests import factories

TODAY = date(2026, 11, 24)
ONE_DAY = timedelta(days=1)
births = st.dates(date(1950, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2012, 11, 24), AgeBand.UNDER_14),  # 14 today: on the birthday itself still under 14
        (date(2012, 11, 23), AgeBand.TEEN),
        (date(2008, 11, 24), AgeBand.TEEN),  # 18 today
        (date(2008, 11, 23), AgeBand.ADULT),
        (TODAY, AgeBand.UNDER_14),
    ],
)
def test_a_birthday_today_counts_from_tomorrow(born: date, band: AgeBand) -> None:
    assert band_of(born, TODAY)[0] == band


def test_who_was_born_on_a_29th_of_february_turns_14_on_the_last_of_the_month() -> None:
    assert birthday(date(2012, 2, 29), 14) == date(2026, 2, 28)
    assert band_of(date(2012, 2, 29), date(2026, 2, 28))[0] == AgeBand.UNDER_14
    assert band_of(date(2012, 2, 29), date(2026, 3, 1)) == (AgeBand.TEEN, date(2030, 2, 28))


@given(born=births, later=st.integers(0, 9000))
def test_the_band_that_was_kept_says_on_any_later_day_what_the_date_of_birth_would_say(born: date, later: int) -> None:
    band, until = band_of(born, max(born, date(2014, 1, 1)))
    day = max(born, date(2014, 1, 1)) + timedelta(days=later)
    assert band_on(band, until, day) == band_of(born, day)[0]


@given(band=st.text(max_size=12), day=st.dates(), until=st.none() | st.dates())
def test_an_unknown_age_is_the_youngest(band: str, day: date, until: date | None) -> None:
    assert band in AgeBand.values or band_on(band, until, day) == AgeBand.UNDER_14


@pytest.mark.parametrize("band", AgeBand)
def test_without_a_last_day_nobody_grows_up_by_themselves(band: AgeBand) -> None:
    assert band_on(band, None, date.max) == band


@pytest.mark.parametrize("born", [TODAY + ONE_DAY, date(1895, 12, 31), date.min])
def test_an_impossible_birth_is_refused(born: date) -> None:
    with pytest.raises(ValueError, match="Nobody alive"):
        band_of(born, TODAY)


def test_the_day_is_beijings_wherever_the_clock_stands() -> None:
    """16:00 in London on the birthday is tomorrow in Beijing, where the child is now 14."""
    until = date(2026, 11, 24)
    evening, night = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (15, 16))
    assert band_on(AgeBand.UNDER_14, until, timezone.localdate(evening)) == AgeBand.UNDER_14
    assert band_on(AgeBand.UNDER_14, until, timezone.localdate(night)) == AgeBand.TEEN


def test_a_date_of_birth_becomes_a_band_and_is_not_kept(tenant: Property) -> None:
    today = timezone.localdate()
    person = add_person(tenant=tenant, name="小宝", age_band="under_14", birth_date=today - timedelta(days=5000))
    assert person.age_band == AgeBand.UNDER_14
    assert person.age_band_until == birthday(today - timedelta(days=5000), 14)
    born = str(today - timedelta(days=5000))
    assert born not in str(vars(Person.objects.get(pk=person.pk))) + str(vars(person.identity))


def test_a_date_of_birth_to_come_is_refused_beside_its_field(tenant: Property) -> None:
    with pytest.raises(ValidationError) as refused:
        add_person(tenant=tenant, name="小宝", age_band="under_14", birth_date=timezone.localdate() + ONE_DAY)
    assert list(refused.value.error_dict) == ["birth_date"]


def test_a_corrected_name_keeps_the_last_day_and_no_other_age_under_18_comes_without_one(tenant: Property) -> None:
    today = timezone.localdate()
    child = factories.make_child(tenant)
    until, facts = child.age_band_until, {"tenant": tenant, "person": child, "name": "大宝", "kind": "family"}
    assert update_person(**facts, age_band="under_14").age_band_until == until is not None
    with pytest.raises(ValidationError) as refused:
        update_person(**facts, age_band="teen")
    assert refused.value.error_dict["birth_date"][0].code == "required"
    changed = update_person(**facts, age_band="teen", birth_date=today - timedelta(days=366 * 15))
    assert changed.band == AgeBand.TEEN and changed.age_band_until
    assert update_person(**facts, age_band="adult").age_band_until is None
    # Back from a wrong correction: never without the day on which the age ends.
    with pytest.raises(ValidationError):
        update_person(**facts, age_band="under_14")
    back = update_person(**facts, age_band="under_14", birth_date=birthday(until, -14))
    assert (back.band, back.age_band_until) == (AgeBand.UNDER_14, until)


@pytest.mark.parametrize("band", [AgeBand.UNDER_14, AgeBand.TEEN])
def test_nobody_under_18_is_added_without_a_date_of_birth(tenant: Property, band: AgeBand) -> None:
    with pytest.raises(ValidationError) as refused:
        add_person(tenant=tenant, name="小宝", age_band=band)
    assert refused.value.error_dict["birth_date"][0].code == "required"
    assert not Person.objects.exists()


def test_nobody_is_taken_for_a_grown_up(tenant: Property) -> None:
    with pytest.raises(TypeError):
        add_person(tenant=tenant, name="小宝")
    with pytest.raises(ValidationError):
        add_person(tenant=tenant, name="小宝", age_band="")
    with pytest.raises(ValidationError):
        Person(tenant=tenant).full_clean()


def test_who_grew_up_is_written_down_once(tenant: Property) -> None:
    today = timezone.localdate()
    rows = {
        "today 14": (today, AgeBand.UNDER_14),
        "14 yesterday": (today - ONE_DAY, AgeBand.TEEN),
        "18 long ago": (today - timedelta(days=2000), AgeBand.ADULT),
    }
    for name, (until, _band) in rows.items():
        child = factories.make_child(tenant, name)
        child.age_band_until = until
        child.save()
    assert advance_bands(tenant=tenant) == 2
    assert advance_bands(tenant=tenant) == 0
    for person in Person.objects.select_related("identity"):
        assert person.age_band == person.band == rows[person.identity.name][1]
