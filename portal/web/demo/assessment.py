"""The demonstration's impact assessment: the starting texts with their open places filled, as a careful firm would."""

from django.utils import translation

from tenants.organizations.models import Property, User
from tenants.transparency.models import Assessment, Conclusion
from tenants.transparency.rules.assessments import BLANK
from tenants.transparency.services import assessments

LANGUAGE = "zh-hans"
# What goes into the open places of each text, in their order.
ANSWERS = {
    "lawfulness": ["住户双手提物、推婴儿车或坐轮椅时不便掏卡，而门需要保持关闭以防外人尾随"],
    "alternative_considered": ["双手被占用或行动不便时，掏卡、输密码都比较困难"],
    "rights_impact": ["投诉数量、拒绝后仍正常通行的记录和老年住户回访", "3"],
    "safeguards": ["人脸泄露后不能更换，所以不存照片、一人一密钥、撤回即删，比只做口令保护更强"],
}
COMMENT = "同意。一对多设备须保持按键触发；每季度抽查一次老年住户的识别情况。"


def assess(tenant: Property, *, writer: User, signer: User) -> Assessment:
    """Draft and sign, by two members. Call it when the devices are registered: they are what it covers."""
    with translation.override(LANGUAGE):
        draft = assessments.start_draft(tenant=tenant, actor=writer)
        texts = {field: _filled(draft.texts[field], answers) for field, answers in ANSWERS.items()}
        assessments.edit(
            tenant=tenant,
            assessment=draft,
            actor=writer,
            conclusion=Conclusion.ACCEPTABLE,
            officer_comment=COMMENT,
            **texts,
        )
        return assessments.sign(tenant=tenant, assessment=draft, actor=signer, people_count=0)


def _filled(text: str, answers: list[str]) -> str:
    for answer in answers:
        text = text.replace(BLANK, answer, 1)
    return text
