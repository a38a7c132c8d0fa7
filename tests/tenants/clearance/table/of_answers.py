"""Each way in which a yes can be missing, for each of the two consents: that face stops, the door goes on."""

from django.utils import timezone

from tenants.organizations.services.properties import set_retention
from tenants.people.kinds import ConsentDecision, ConsentPurpose
from tests.tenants.clearance.scene import Scene
from tests.tenants.clearance.table.begins import about_a_child, about_somebody_new
from tests.tenants.clearance.table.of_people import withdraw_by_link
from tests.tenants.clearance.table.row import AFTER_GRACE, AT_ONCE, FACE_STOPS, Row

RECOGNITION, TRANSMISSION = ConsentPurpose.RECOGNITION, ConsentPurpose.TRANSMISSION
OTHER = {RECOGNITION: TRANSMISSION, TRANSMISSION: RECOGNITION}


def somebody_new_answers_only(purpose: ConsentPurpose, scene: Scene) -> None:
    about_somebody_new(scene)
    scene.answers(to=purpose)


def say_no_to(purpose: ConsentPurpose, scene: Scene) -> None:
    """The notice changed, everybody is asked again, and this is the answer."""
    scene.publishes(retention_zh="三十天之后删除")
    scene.answers(ConsentDecision.DECLINE, to=purpose)


def half_a_year_passes(scene: Scene) -> None:
    """A yes holds as long as the property kept faces when it was given; since then it keeps them longer."""
    set_retention(tenant=scene.tenant, face_days=365, event_days=90)
    scene.clock.passes(days=181)


def rows_about(purpose: ConsentPurpose, article: str) -> list[Row]:
    code = f"consent_{purpose.value}"
    return [
        Row(
            f"{code}_unanswered",
            article,
            breaks=lambda s: somebody_new_answers_only(OTHER[purpose], s),
            leaves=FACE_STOPS,
            enrolment=f"{code}_unanswered",
            mends=Scene.answers,
            returns=False,
        ),
        Row(
            f"{code}_declined",
            article,
            breaks=lambda s: say_no_to(purpose, s),
            leaves=FACE_STOPS,
            enrolment=f"{code}_declined",
            mends=Scene.answers,
            returns=False,
        ),
        Row(
            f"{code}_withdrawn",
            article,
            breaks=withdraw_by_link,
            leaves=FACE_STOPS,
            enrolment=f"{code}_withdrawn",
            mends=Scene.answers,
            returns=False,
        ),
        Row(
            f"{code}_stale",
            article,
            breaks=lambda s: s.publishes(retention_zh="三十天之后删除"),
            leaves=FACE_STOPS,
            enrolment=f"{code}_stale",
            erased=(AFTER_GRACE, "consent_lost"),
            mends=Scene.answers,
        ),
        Row(
            f"{code}_expired",
            article,
            by="day",
            breaks=half_a_year_passes,
            leaves=FACE_STOPS,
            enrolment=f"{code}_expired",
            erased=(AT_ONCE, "consent_over"),
            mends=Scene.answers,
        ),
        Row(
            f"{code}_needs_person",
            "Art 7",
            by="day",
            begins=lambda s: about_a_child(s, birthday=timezone.localdate()),
            breaks=lambda s: s.clock.passes(days=1),
            leaves=FACE_STOPS,
            enrolment=f"{code}_needs_person",
            erased=(AFTER_GRACE, "consent_lost"),
            mends=Scene.answers,
        ),
    ]


ROWS = rows_about(RECOGNITION, "Art 6") + rows_about(TRANSMISSION, "Art 8")
