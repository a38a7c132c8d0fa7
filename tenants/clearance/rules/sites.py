"""Rules about the property: who is responsible, what people are told, what was assessed."""

from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Mend
from tenants.clearance.facts import SiteFacts
from tenants.clearance.rules.rule import CIVIL_CODE, PIPL, Rule, rule


@rule(
    code="faces_stopped",
    holds=_("Faces are not stopped"),
    broken=_("All faces are stopped here"),
    detail=_("Somebody stopped every face of this property, as a court or an inspector may order."),
    article="Civil Code 997",
    since=CIVIL_CODE,
    mend=Mend.SETTINGS,
)
def not_stopped(facts: SiteFacts) -> bool:
    """One switch serves an injunction (Civil Code 997; SPC 2021 No. 15 Art 9)."""
    return not facts.is_stopped


@rule(
    code="no_contact",
    holds=_("The company can be reached"),
    broken=_("The company has no contact"),
    detail=_("People need somebody to turn to."),
    article="Art 5",
    mend=Mend.PLATFORM,
)
def handler_can_be_reached(facts: SiteFacts) -> bool:
    """The handler's name and contact are the first item of the notice (Measures Art 5(1))."""
    return bool(facts.handler_contact.strip())


@rule(
    code="no_contract",
    holds=_("The processing contract is signed"),
    broken=_("No processing contract is signed"),
    detail=_("This portal works for the company under a contract; without it nothing may be processed."),
    article="PIPL 21",
    since=PIPL,
    mend=Mend.PLATFORM,
)
def contract_is_signed(facts: SiteFacts) -> bool:
    """The portal's provider is an entrusted processor (PIPL 21, 59)."""
    return facts.contract_signed_on is not None and facts.contract_signed_on <= facts.today


@rule(
    code="contract_over",
    holds=_("The processing contract runs"),
    broken=_("The processing contract has ended"),
    detail=_("After its end the portal may keep nothing: faces stop, and are erased after thirty days."),
    article="PIPL 21",
    since=PIPL,
    mend=Mend.PLATFORM,
    applies=contract_is_signed.test,
)
def contract_runs(facts: SiteFacts) -> bool:
    """At the end of the contract data is returned or deleted (PIPL 21)."""
    return facts.contract_ends_on is None or facts.today <= facts.contract_ends_on


@rule(
    code="no_notice",
    holds=_("The notice is published"),
    broken=_("No notice is published"),
    detail=_("Before a face is used, people are told who uses it, what for, how long, and how to say no."),
    article="Art 5",
    mend=Mend.NOTICE,
)
def notice_is_in_force(facts: SiteFacts) -> bool:
    """People are told first (Measures Art 5; PIPL 17)."""
    return facts.notice_version is not None


@rule(
    code="notice_other_storage",
    holds=_("The notice names where faces are stored"),
    broken=_("The notice names another place of storage"),
    detail=_("What people were told must be what happens. Publish a version that names the present place."),
    article="Art 8",
    mend=Mend.NOTICE,
    applies=lambda facts: facts.notice_version is not None,
)
def notice_names_the_storage(facts: SiteFacts) -> bool:
    """The storage people agreed to is the one in use (Measures Arts 5, 8)."""
    return facts.notice_version is None or facts.notice_storage_mode == facts.storage_mode


@rule(
    code="no_assessment",
    holds=_("The impact assessment is signed"),
    broken=_("No impact assessment is signed"),
    detail=_("Before any face is used, purpose, risk and protection are weighed, written down and signed."),
    article="Art 9",
    mend=Mend.ASSESSMENT,
)
def assessment_is_signed(facts: SiteFacts) -> bool:
    """A prior assessment (Measures Art 9; PIPL 55)."""
    return facts.assessment_version is not None


@rule(
    code="assessment_stale",
    holds=_("The impact assessment is up to date"),
    broken=_("The impact assessment is out of date"),
    detail=_("Purpose, method or vendor changed, or something serious happened. Assess again and sign."),
    article="Art 9",
    mend=Mend.ASSESSMENT,
    applies=lambda facts: facts.assessment_version is not None,
)
def assessment_is_fresh(facts: SiteFacts) -> bool:
    """A change of purpose or method, or a major incident, needs a new assessment (Measures Art 9)."""
    return facts.assessment_stale_since is None


RULES: tuple[Rule[SiteFacts], ...] = (
    not_stopped,
    contract_is_signed,
    contract_runs,
    assessment_is_signed,
    assessment_is_fresh,
    notice_is_in_force,
    notice_names_the_storage,
    handler_can_be_reached,
)
