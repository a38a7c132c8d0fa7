"""The table of the gate: a row for each rule."""

from tests.tenants.clearance.table import of_answers, of_devices, of_people, of_places, of_the_property

ROWS = [*of_the_property.ROWS, *of_places.ROWS, *of_devices.ROWS, *of_people.ROWS, *of_answers.ROWS]
