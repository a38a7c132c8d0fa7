"""A table of devices: what a cell may say, and that all rows are registered or none."""

from datetime import date
from decimal import Decimal

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tenants.organizations import changes
from tenants.organizations.models import Property
from tenants.organizations.sheets import Unreadable, is_formula
from tenants.premises import pairing
from tenants.premises.kinds import DeviceMode, DeviceState, Passersby, ZoneKind, ZoneLevel
from tenants.premises.models import AccessPoint, Device
from tenants.premises.rules.sheets import DEVICES
from tenants.premises.services import imports
from tenants.premises.services.devices import retire
from tests import factories


class TestCells:
    @pytest.mark.parametrize(
        ("fact", "cell", "value"),
        [
            ("mode", "1:1", "verify"),
            ("mode", "１：Ｎ", "identify"),
            ("mode", "辨识", "identify"),
            ("mode", "", "verify"),
            ("purpose", "check_in", "check_in"),
            ("passersby", "按键", "button"),
            ("passersby", "", ""),
            ("false_accept_percent", "0.05%", Decimal("0.05")),
            ("false_accept_percent", "", None),
            ("tested_on", "2026年9月1日", date(2026, 9, 1)),
            ("tested_on", "2026/9/1", date(2026, 9, 1)),
            ("tested_on", "", None),
            ("name", "  东门终端 ", "东门终端"),
            ("serial", "-5", "-5"),
        ],
    )
    def test_a_cell_says_a_value(self, fact: str, cell: str, value: object) -> None:
        assert DEVICES.read(fact, cell) == value

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_words_of_an_export_are_read_in_either_language(self, language: str) -> None:
        for kinds, fact in ((DeviceMode, "mode"), (Passersby, "passersby")):
            with override(language):
                labels = {kind.value: str(kind.label) for kind in kinds}
            assert {value: DEVICES.read(fact, label) for value, label in labels.items()} == {
                value: value for value in labels
            }

    @pytest.mark.parametrize(
        ("fact", "cell"),
        [
            ("mode", "watch"),
            ("purpose", "training"),
            ("false_accept_percent", "nan"),
            ("false_accept_percent", "1e3"),
            ("false_accept_percent", "٣"),
            ("tested_on", "2026-02-30"),
            ("tested_on", "last week"),
            ("name", "a\x00b"),
        ],
    )
    def test_a_cell_that_says_nothing_is_refused(self, fact: str, cell: str) -> None:
        with pytest.raises(Unreadable):
            DEVICES.read(fact, cell)

    @pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "|x", "＝1", "  =HYPERLINK(1)"])
    @pytest.mark.parametrize("fact", DEVICES.columns)
    def test_a_formula_is_refused_in_every_column(self, fact: str, cell: str) -> None:
        with pytest.raises(Unreadable):
            DEVICES.read(fact, cell)

    @given(st.text(max_size=20), st.sampled_from(sorted(DEVICES.columns)))
    def test_no_cell_breaks_the_reading(self, cell: str, fact: str) -> None:
        try:
            value = DEVICES.read(fact, cell)
        except Unreadable:
            return
        assert not (isinstance(value, str) and is_formula(value))

    def test_columns_are_found_in_either_language_and_strange_ones_are_named(self) -> None:
        found, strange = DEVICES.columns_of(["设备名称", "door", "误识率(%)", "Photo", "名", "Name", "State", "device"])
        assert found == {"name": 0, "door": 1, "false_accept_percent": 2}
        assert strange == ["Photo", "名", "Name", "device"]


def rows(*cells: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
    return [(number, row) for number, row in enumerate(cells, start=2)]


class TestRegistering:
    def test_every_row_becomes_a_device_that_is_off_and_logged(self, tenant: Property) -> None:
        factories.make_door(tenant, name="东门")
        made = imports.import_devices(
            tenant=tenant, rows=rows({"name": "甲", "door": "东门", "mode": "1:N"}, {"name": "乙", "door": "东门"})
        )
        assert [(d.name, d.mode, d.state) for d in made] == [
            ("甲", "identify", DeviceState.REGISTERED),
            ("乙", "verify", DeviceState.REGISTERED),
        ]
        assert LogEntry.objects.filter(object_pk__in=[str(d.pk) for d in made]).count() == 2
        assert len({d.pairing_hash for d in made}) == 2
        assert not pairing.issue(tenant.pk, made[0].pk).proves(made[0].pairing_hash)

    @pytest.mark.parametrize(
        ("cells", "fact"),
        [
            ({"name": "", "door": "东门"}, "name"),
            ({"name": "甲", "door": ""}, "door"),
            ({"name": "甲", "door": "无此门"}, "door"),
            ({"name": "甲", "door": "浴区门"}, "door"),
            ({"name": "旧", "door": "东门"}, "name"),
            ({"name": "x" * 81, "door": "东门"}, "name"),
            ({"name": "甲", "door": "东门", "false_accept_percent": "101"}, "false_accept_percent"),
            ({"name": "甲", "door": "东门", "tested_on": "2999-01-01"}, "tested_on"),
            ({"name": "甲", "door": "东门", "mode": "1:N", "passersby": "presence"}, "passersby"),
        ],
    )
    def test_one_bad_row_keeps_all_from_being_registered(
        self, tenant: Property, cells: dict[str, str], fact: str
    ) -> None:
        bath = factories.make_zone(tenant, ZoneKind.BATH, level=ZoneLevel.FLOOR)
        factories.make_door(tenant, factories.make_zone(tenant, parent=bath), name="浴区门")
        imports.import_devices(
            tenant=tenant, rows=rows({"name": "旧", "door": factories.make_door(tenant, name="东门").name})
        )
        table = rows({"name": "好", "door": "东门"}, cells)
        good, bad = imports.check_devices(tenant=tenant, rows=table)
        assert good.is_good
        assert [name for name, _why in bad.errors] == [fact]
        with pytest.raises(ValidationError) as refused:
            imports.import_devices(tenant=tenant, rows=table)
        assert refused.value.code == "rows"
        assert Device.objects.filter(tenant=tenant).count() == 1

    def test_the_second_row_of_a_name_is_refused(self, tenant: Property) -> None:
        factories.make_door(tenant, name="东门")
        first, second = imports.check_devices(
            tenant=tenant, rows=rows({"name": "甲", "door": "东门"}, {"name": "甲", "door": "东门"})
        )
        assert first.is_good
        assert not second.is_good

    @pytest.fixture
    def two_doors(self, tenant: Property) -> dict[str, AccessPoint]:
        """Two doors of one name, each in its building."""
        made = {}
        for tower in ("1号楼", "2号楼"):
            building = factories.make_zone(tenant, name=tower, level=ZoneLevel.BUILDING)
            hall = factories.make_zone(tenant, name="大厅", parent=building)
            made[tower] = factories.make_door(tenant, hall, name="东门")
        return made

    @pytest.mark.parametrize("cell", ["东门", "大厅 › 东门", "大厅>东门"])
    def test_a_name_that_two_doors_have_is_refused_and_says_how_to_write_it(
        self, tenant: Property, two_doors: dict[str, AccessPoint], cell: str
    ) -> None:
        with override("en"):
            (row,) = imports.check_devices(tenant=tenant, rows=rows({"name": "甲", "door": cell}))
        assert row.errors == [
            ("door", "2 doors have this name. Write the zone before it, such as “1号楼 › 大厅 › 东门”.")
        ]

    @pytest.mark.parametrize("cell", ["2号楼 › 大厅 › 东门", "2号楼>大厅>东门", "2号楼›大厅 ›东门"])
    def test_a_door_is_found_by_the_zones_before_it(
        self, tenant: Property, two_doors: dict[str, AccessPoint], cell: str
    ) -> None:
        (row,) = imports.check_devices(tenant=tenant, rows=rows({"name": "甲", "door": cell}))
        assert (row.errors, row.values["access_point"]) == ([], two_doors["2号楼"])

    def test_the_name_of_a_retired_device_may_be_used_again(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant, factories.make_door(tenant, name="东门"))
        retire(tenant=tenant, device=device)
        made = imports.import_devices(tenant=tenant, rows=rows({"name": device.name, "door": "东门"}))
        assert [row.name for row in made] == [device.name]

    def test_a_door_of_another_property_is_not_known(self, tenant: Property) -> None:
        factories.make_door(factories.make_property(), name="别处的门")
        (row,) = imports.check_devices(tenant=tenant, rows=rows({"name": "甲", "door": "别处的门"}))
        assert [name for name, _why in row.errors] == ["door"]

    def test_5000_rows_are_checked_in_three_queries(self, tenant: Property) -> None:
        factories.make_door(tenant, name="东门")
        table = rows(*({"name": f"终端 {number}", "door": "东门"} for number in range(5000)))
        with CaptureQueriesContext(connection) as asked:
            checked = imports.check_devices(tenant=tenant, rows=table)
        assert all(row.is_good for row in checked)
        assert len(asked) == 3

    def test_a_row_costs_two_statements_and_the_whole_is_judged_once(self, tenant: Property) -> None:
        """The device and its log entry: 5,000 rows are ten thousand statements, some seconds."""
        factories.make_door(tenant, name="东门")
        told: list[Property] = []

        def listener(*, tenant: Property) -> None:
            told.append(tenant)

        changes.listen(listener)
        try:
            with CaptureQueriesContext(connection) as asked:
                imports.import_devices(
                    tenant=tenant, rows=rows(*({"name": f"终端 {n}", "door": "东门"} for n in range(200)))
                )
        finally:
            changes._listeners.remove(listener)
        assert told == [tenant]
        assert Device.objects.filter(tenant=tenant).count() == 200
        assert len(asked) <= 2 * 200 + 20
