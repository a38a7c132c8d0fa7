"""Where things are: zones as a tree, access points with their methods."""

from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.premises.kinds import MethodKind, ZoneKind, ZoneLevel
from tenants.premises.rules.methods import Inconvenience, Terms, compare_methods
from tenants.premises.rules.places import is_private_place

# Between a place and what lies in it, wherever a place is written out.
STEP = " › "


class ZoneQuerySet(models.QuerySet["Zone"]):
    def in_tree(self) -> Self:
        """Order as a tree: each place behind the one around it, places side by side by their names."""
        names = [models.F("__".join(["parent"] * up + ["name"])) for up in range(len(ZoneLevel) - 1, -1, -1)]
        path = models.Func(models.Value("\t"), *names, function="concat_ws", output_field=models.TextField())
        return self.order_by(Collate(path, "C"), "pk")

    def within(self, zone: "Zone") -> Self:
        """Return a place and every place in it."""
        return self.filter(inside(zone))


def inside(zone: "Zone", path: str = "") -> models.Q:
    """Return the condition that a row lies in a place; `path` leads from the row to its zone, as `zone__`."""
    found = models.Q()
    for up in range(len(ZoneLevel)):
        found |= models.Q(**{path + "__".join(["parent"] * up + ["pk"]): zone.pk})
    return found


class Zone(TenantOwned):
    """区域: a place in a property. Its kind and those of the places around it decide whether a device may be there.

    A parent's level is above its own, so a tree has no cycle and at most four levels; a trigger keeps it so
    (portal/security/triggers.py).
    """

    # What `select_related` must follow so that `kinds` and `path` ask nothing more.
    CHAIN = "parent__parent__parent"

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Lies in")
    )
    level = models.CharField(_("Level"), max_length=10, choices=ZoneLevel, default=ZoneLevel.AREA)
    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind of place"), max_length=30, choices=ZoneKind)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "parent", "name"],
                nulls_distinct=False,
                name="zone_name_once_per_place",
                violation_error_code="name_taken",
                violation_error_message=_("There is already a zone of this name in the same place."),
            )
        ]

    @property
    def chain(self) -> "list[Zone]":
        """Return this place and those around it, the smallest first."""
        places: list[Zone] = []
        place: Zone | None = self
        while place is not None and len(places) < len(ZoneLevel):
            places.append(place)
            place = place.parent
        return places

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return its own kind first, then those of the places around it."""
        return tuple(place.kind for place in self.chain)

    @property
    def path(self) -> str:
        """Return where it is, the largest place first."""
        return STEP.join(place.name for place in reversed(self.chain))

    @property
    def is_private(self) -> bool:
        return is_private_place(self.kinds)


class AccessPoint(TenantOwned):
    """通行点: a door, gate, lift or front desk."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="access_points", verbose_name=_("zone"))
    name = models.CharField(_("Name"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    # What `select_related` must follow so that `path` asks nothing more.
    CHAIN = f"zone__{Zone.CHAIN}"

    class Meta:
        ordering = ["name"]
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "zone", "name"],
                name="door_name_once_per_zone",
                violation_error_code="name_taken",
                violation_error_message=_("There is already a door of this name in this zone."),
            )
        ]

    @property
    def path(self) -> str:
        """Return where it is and what it is called; names alone are not unique in a property."""
        return f"{self.zone.path}{STEP}{self.name}"

    @property
    def comparison(self) -> dict[str, tuple[Inconvenience, ...]]:
        """Return why each of its other ways is not as convenient as the face (Measures Art 10)."""
        return compare_methods(method.terms for method in self.methods.all())


class AccessMethod(TenantOwned):
    """验证方式: one way to pass a door, and whether it works today."""

    access_point = models.ForeignKey(
        AccessPoint, on_delete=models.CASCADE, related_name="methods", verbose_name=_("door")
    )
    kind = models.CharField(_("Method"), max_length=10, choices=MethodKind)
    is_live = models.BooleanField(_("Works today"), default=True)
    out_of_order_since = models.DateTimeField(_("Out of order since"), null=True, blank=True)
    opens_at = models.TimeField(_("From"), null=True, blank=True, help_text=_("Both empty: all day."))
    closes_at = models.TimeField(_("Until"), null=True, blank=True, help_text=_("May be after midnight."))
    fee = models.DecimalField(
        _("Cost (yuan)"), max_digits=6, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    steps = models.PositiveSmallIntegerField(_("Steps"), default=1, validators=[MinValueValidator(1)])
    distance_m = models.PositiveSmallIntegerField(
        _("Distance (m)"), default=0, help_text=_("0: at the same door."), validators=[MaxValueValidator(9999)]
    )
    extra_papers = models.BooleanField(_("Asks for papers that the face does not"), default=False)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("method")
        verbose_name_plural = _("methods")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True, closes_at__isnull=True)
                | models.Q(opens_at__isnull=False, closes_at__isnull=False) & ~models.Q(opens_at=models.F("closes_at")),
                name="method_hours_are_two_times_or_none",
                violation_error_code="hours",
                violation_error_message=_("Give two different times, or none for all day."),
            ),
            models.CheckConstraint(
                condition=models.Q(fee__gte=0, steps__gte=1),
                name="method_terms_are_possible",
                violation_error_message=_("A cost is not below zero, and there is at least one step."),
            ),
            models.UniqueConstraint(
                fields=["access_point", "kind"],
                name="method_once_per_door",
                violation_error_message=_("This door already has this method."),
            ),
        ]

    @property
    def terms(self) -> Terms:
        """Return what it asks of a person, as the rules compare it."""
        return Terms(
            kind=self.kind,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            fee=self.fee,
            steps=self.steps,
            distance_m=self.distance_m,
            extra_papers=self.extra_papers,
            is_live=self.is_live,
        )

    @property
    def inconveniences(self) -> tuple[Inconvenience, ...]:
        """Return why it is not as convenient as the face of its door; nothing for the face itself."""
        return self.access_point.comparison.get(self.kind, ())
