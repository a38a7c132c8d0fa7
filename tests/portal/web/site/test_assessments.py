"""The impact assessment in the browser: written by several, read through, signed, out of date."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import update_property
from tenants.premises.kinds import DeviceMode
from tenants.transparency.models import Assessment, AssessmentState
from tenants.transparency.rules.assessments import TEXTS
from tenants.transparency.services import assessments
from tests import factories

pytestmark = pytest.mark.django_db

At = Callable[..., str]
RISK = {"kind": "leak", "title": "泄露", "likelihood": "2", "impact": "5", "measure": "加密", "owner": "经理"}


def written(*risks: dict[str, str], seen: int = 0, **changes: str) -> dict[str, Any]:
    """What the page sends: every text, these risks and the empty row below them."""
    rows = [*(risks or (RISK,)), {"kind": "other", "likelihood": "2", "impact": "3"}]
    data = dict.fromkeys(TEXTS, "写好了") | {"seen": str(seen), "track": "full", "conclusion": "acceptable"}
    data |= {"risks-TOTAL_FORMS": str(len(rows)), "risks-INITIAL_FORMS": "0"}
    data |= {f"risks-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return data | changes


@pytest.fixture
def draft(tenant: Property, owner: User) -> Assessment:
    return assessments.start_draft(tenant=tenant, actor=owner)


def test_an_assessment_is_begun_and_written_by_one_and_signed_by_another(
    client: Client, tenant: Property, at: At, as_role: Callable[[Role], Client]
) -> None:
    begun = client.post(at("assessment_draft"))
    enter_tenant(tenant.pk)
    draft = Assessment.objects.get(tenant=tenant)
    assert begun["Location"] == at("assessment_edit", draft)
    blocked = client.get(at("assessment_sign", draft))
    assert blocked.context["missing"] > 0

    saved = client.post(at("assessment_edit", draft), written() | {"next": "finish"})
    assert saved["Location"] == at("assessment_sign", draft)
    alone = client.get(saved["Location"], HTTP_ACCEPT_LANGUAGE="en")
    assert alone.context["missing"] == 0
    assert "You wrote in this version" in alone.content.decode()
    officer = as_role(Role.PRIVACY_OFFICER)
    question = officer.get(saved["Location"])
    assert 'name="seen"' in question.content.decode()
    signed = officer.post(at("assessment_sign", draft), {"seen": "1"}, follow=True)
    assert signed.context["is_current"]
    assert signed.context["is_intact"]
    enter_tenant(tenant.pk)
    draft.refresh_from_db()
    assert draft.state == AssessmentState.SIGNED
    assert draft.content_hash in signed.content.decode()


def test_signing_what_was_not_read_is_refused(client: Client, tenant: Property, draft: Assessment, at: At) -> None:
    client.post(at("assessment_edit", draft), written())
    stale = client.post(at("assessment_sign", draft), {"seen": "0"}, HTTP_ACCEPT_LANGUAGE="en")
    assert "Read it again" in stale.content.decode()
    assert client.post(at("assessment_sign", draft)).status_code == 200
    enter_tenant(tenant.pk)
    assert assessments.current(tenant) is None


def test_the_second_to_save_sees_both_texts_and_then_decides(
    client: Client, tenant: Property, owner: User, draft: Assessment, at: At
) -> None:
    theirs = {"harm": "先保存的文字", "officer_comment": "先写的意见"}
    risks = [{"title": "先写的风险", "likelihood": 1, "impact": 1}]
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=risks, **theirs)
    late = client.post(at("assessment_edit", draft), written(harm="后保存的文字"))
    page = late.content.decode()
    assert all(text in page for text in (*theirs.values(), "先写的风险", "后保存的文字"))
    enter_tenant(tenant.pk)
    draft.refresh_from_db()
    assert draft.harm == "先保存的文字"

    seen = late.context["form"]["seen"].value()
    client.post(at("assessment_edit", draft), written(harm="后保存的文字", seen=int(seen)))
    enter_tenant(tenant.pk)
    draft.refresh_from_db()
    assert draft.harm == "后保存的文字"


def test_a_choice_and_every_cell_of_a_risk_that_somebody_else_saved_are_shown_in_words(
    client: Client, tenant: Property, owner: User, draft: Assessment, at: At
) -> None:
    client.post(at("assessment_edit", draft), written())
    enter_tenant(tenant.pk)
    days = {"due_on": date(2027, 5, 6), "done_on": date(2027, 4, 3)}
    risks = [
        {"kind": "children", "title": "泄露", "likelihood": 2, "impact": 5, "measure": "加密", "owner": "经理"} | days
    ]
    changed = {"conclusion": "not_acceptable", "track": "small"}
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=risks, **changed)
    late = client.post(at("assessment_edit", draft), written(seen=1), HTTP_ACCEPT_LANGUAGE="en")
    assert set(late.context["form"].theirs) == {"conclusion", "track", "risks"}
    theirs = [str(note) for note in BeautifulSoup(late.content, "html.parser").select(".note.is-due")]
    for said in (
        "Conclusion: The risk is not acceptable",
        "Form: Form for small handlers",
        "Children are enrolled as if they were adults",
        "Until: 6 May 2027",
        "Done: 3 April 2027",
    ):
        assert any(said in note for note in theirs), said


def test_a_draft_that_somebody_discarded_costs_nobody_their_text(
    client: Client, tenant: Property, owner: User, draft: Assessment, at: At
) -> None:
    assessments.discard_draft(tenant=tenant, assessment=draft)
    late = client.post(at("assessment_edit", draft), written(harm="我写了半天的文字"), HTTP_ACCEPT_LANGUAGE="en")
    page = late.content.decode()
    assert late.status_code == 404
    assert "我写了半天的文字" in page
    assert "Your text is still on this page" in page
    form = BeautifulSoup(page, "html.parser").select_one("main form[method=post]")
    assert form["action"] == at("assessment_draft")

    # What the button of that page sends arrives in the next draft.
    sent = client.post(form["action"], written(harm="我写了半天的文字"), follow=True)
    assert sent.status_code == 200
    enter_tenant(tenant.pk)
    assert Assessment.objects.get(tenant=tenant).harm == "我写了半天的文字"


def test_such_a_text_does_not_overwrite_the_draft_that_a_colleague_began_meanwhile(
    client: Client, tenant: Property, owner: User, draft: Assessment, at: At
) -> None:
    assessments.discard_draft(tenant=tenant, assessment=draft)
    theirs = assessments.start_draft(tenant=tenant, actor=owner)
    assessments.edit(tenant=tenant, assessment=theirs, actor=owner, harm="同事新写的")
    sent = client.post(at("assessment_draft"), written(harm="我写的"), follow=True)
    assert all(text in sent.content.decode() for text in ("同事新写的", "我写的"))
    enter_tenant(tenant.pk)
    theirs.refresh_from_db()
    assert theirs.harm == "同事新写的"


def test_rows_are_added_and_taken_out_without_a_script(
    client: Client, tenant: Property, draft: Assessment, at: At
) -> None:
    added = client.post(at("assessment_edit", draft), written(RISK, RISK | {"title": "二"}) | {"next": "row"})
    assert added["Location"].endswith("#risks")
    enter_tenant(tenant.pk)
    assert [risk.title for risk in draft.risks.all()] == ["泄露", "二"]
    client.post(at("assessment_edit", draft), written(RISK | {"DELETE": "on"}, RISK | {"title": "二"}, seen=1))
    enter_tenant(tenant.pk)
    assert [risk.title for risk in draft.risks.all()] == ["二"]


@pytest.mark.parametrize(
    "broken",
    [
        {"risks-0-impact": "9"},
        {"risks-0-due_on": "never"},
        {"risks-0-title": ""},
        {"risks-TOTAL_FORMS": "x"},
        {"risks-TOTAL_FORMS": "9999"},
        {"seen": "x"},
        {"track": "unheard_of"},
        {"harm": "长" * 8001},
        {"harm": "a\x00b"},
    ],
)
def test_a_broken_field_is_named_and_nothing_is_saved(
    client: Client, tenant: Property, draft: Assessment, at: At, broken: dict[str, str]
) -> None:
    answer = client.post(at("assessment_edit", draft), written(**broken))
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or answer.context["form"].errors
    enter_tenant(tenant.pk)
    draft.refresh_from_db()
    assert draft.revision == 0


def test_a_signed_assessment_cannot_be_changed(client: Client, tenant: Property, at: At) -> None:
    signed = factories.make_assessment(tenant)
    for page in ("assessment_edit", "assessment_sign", "assessment_discard"):
        assert client.get(at(page, signed))["Location"] == at("assessment", signed)
        assert client.post(at(page, signed), written()).status_code == 200
    enter_tenant(tenant.pk)
    assert assessments.current(tenant).harm == "text"


def test_a_manager_writes_and_does_not_sign(
    tenant: Property, draft: Assessment, at: At, as_role: Callable[[Role], Client]
) -> None:
    manager = as_role(Role.MANAGER)
    saved = manager.post(at("assessment_edit", draft), written() | {"next": "finish"})
    assert saved["Location"] == at("assessment", draft)
    assert at("assessment_sign", draft) not in manager.get(saved["Location"]).content.decode()
    assert manager.post(at("assessment_sign", draft), {"seen": "1"}).status_code == 403


def test_a_change_is_shown_with_its_reason_and_undone_with_it(client: Client, tenant: Property, at: At) -> None:
    signed = factories.make_assessment(tenant)
    update_property(tenant=tenant, storage_mode="on_device")
    for page in (at("assessments"), at("assessment", signed)):
        assert [row["code"] for row in client.get(page).context["reasons"]] == ["storage"]
    enter_tenant(tenant.pk)
    update_property(tenant=tenant, storage_mode="portal")
    assert client.get(at("assessments")).context["reasons"] == []


def test_a_new_device_is_named_until_it_is_covered(client: Client, tenant: Property, at: At) -> None:
    factories.make_assessment(tenant)
    device, _code = factories.make_device(tenant, mode=DeviceMode.IDENTIFY)
    assert [row["device"] for row in client.get(at("assessments")).context["uncovered"]] == [device]
    enter_tenant(tenant.pk)
    factories.make_assessment(tenant)
    assert client.get(at("assessments")).context["uncovered"] == []


def test_both_forms_are_offered_to_a_small_handler_with_the_warning(client: Client, draft: Assessment, at: At) -> None:
    page = client.get(at("assessment_edit", draft), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert 'value="small"' in page
    assert "Check its official text, Annex 2" in page


def test_people_of_all_properties_of_the_company_count(
    client: Client, tenant: Property, at: At, draft: Assessment
) -> None:
    before = client.get(at("assessment_edit", draft)).context["people"]
    sister = factories.make_property(handler=tenant.handler)
    factories.make_person(sister)
    stranger = factories.make_property()
    factories.make_person(stranger)
    assert client.get(at("assessment_edit", draft)).context["people"] == before + 1


def test_the_pages_ask_the_same_number_of_queries_with_many_devices(
    client: Client, tenant: Property, at: At, queries: Callable[[Callable[[], Any]], int]
) -> None:
    signed = factories.make_assessment(tenant)
    factories.make_device(tenant)
    draft = assessments.start_draft(tenant=tenant, actor=factories.make_member(tenant))
    pages = [at("assessments"), at("assessment", signed), at("assessment_edit", draft), at("assessment_sign", draft)]
    for page in pages:
        client.get(page)
    before = [queries(lambda page=page: client.get(page)) for page in pages]
    enter_tenant(tenant.pk)
    for _again in range(4):
        factories.make_device(tenant, mode=DeviceMode.IDENTIFY)
    assert [queries(lambda page=page: client.get(page)) for page in pages] == before


def test_a_draft_is_discarded(client: Client, tenant: Property, draft: Assessment, at: At) -> None:
    asked = client.get(at("assessment_discard", draft))
    client.post(at("assessment_discard", draft), {"seen": asked.context["form"]["seen"].value()})
    enter_tenant(tenant.pk)
    assert not Assessment.objects.filter(tenant=tenant).exists()


def test_what_was_written_since_the_question_is_not_discarded(
    client: Client, tenant: Property, owner: User, draft: Assessment, at: At
) -> None:
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, harm="刚写的")
    answer = client.post(at("assessment_discard", draft), {"seen": "0"}, HTTP_ACCEPT_LANGUAGE="en")
    assert "Read it again before you discard it" in answer.content.decode()
    enter_tenant(tenant.pk)
    assert Assessment.objects.filter(tenant=tenant).exists()


def test_what_both_wrote_alike_is_not_shown_as_a_difference(
    client: Client, tenant: Property, draft: Assessment, at: At
) -> None:
    client.post(at("assessment_edit", draft), written(harm="一\r\n二"))
    late = client.post(at("assessment_edit", draft), written(harm="一\r\n二", safeguards="另写"))
    assert late.context["form"].theirs == {"safeguards": "写好了"}
