"""The words that a notice may not use, and those that it need not use. A table; `plain_language` reads it."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Phrase:
    """Searched in one sentence at a time. A sentence that also matches `unless` is let through."""

    code: str
    pattern: re.Pattern[str]
    sentence: Promise
    suggestion: Promise
    unless: re.Pattern[str] | None = None


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_FACE = r"(?:刷脸|扫脸|录脸|人脸(?:识别|验证|认证|录入|采集|进出|开门)|录入人脸|面部识别)"
_FACE_EN = r"(?:face|faces|facial)\b"
_REWARD = r"(?:积分|优惠|折扣|打折|礼品|礼物|奖励|抽奖|红包|减免|优先通行|快速通道)"
_REWARD_EN = (
    r"\b(?:points?|discounts?|coupons?|rewards?|gifts?|bonus(?:es)?|vouchers?|fast(?:er)? (?:lane|track|queue))\b"
)
_NO_HARM = (
    r"(?:不会?(?:受到?|产生|有|造成|带来)?(?:任何|什么)?(?:不利)?影响|没有(?:任何)?影响|仍|照常|同样|也?可以|可用)"
)

FORBIDDEN = (
    Phrase(
        "must_use_face",
        _words(
            rf"(?<!不)(?<!不是)(?<!并非)(?<!没有)(?:必须|只能|只可|只许|仅限|仅可|一律|强制|务必)要?(?:先|统一)?"
            rf"(?:使用|通过|采用|进行|用|接受|凭|做)?{_FACE}",
            rf"(?<!not )(?<!never )\b(?:must|have to|has to|are required to|are obliged to) "
            rf"(?:use|scan|show|register|enrol|give|provide) (?:your |their |the |a )?{_FACE_EN}",
            r"(?<!no )\b(?:face|facial)(?: recognition| scan(?:ning)?)? is (?:mandatory|compulsory|required)",
            rf"\b(?:only|solely) (?:by|with|through) (?:your )?{_FACE_EN}",
        ),
        _("Nobody may be made to use their face (Measures Arts 10, 12)."),
        _("Say that it is a choice, and name the other ways: “You can use your face. A card opens the same doors.”"),
    ),
    Phrase(
        "no_way_without_face",
        _words(
            rf"不(?:使用|进行|愿意?|同意|接受|做|用|想)?{_FACE}(?:的|者)?(?:人|住户|业主|客人|住客)?[，,]?"
            r"(?:就|则|将|便|会|一律|也)?(?:无法|不能|不得|禁止|不予|不许|不准|拒绝|没法)",
            rf"\b(?:without|no) (?:a |your |the )?{_FACE_EN}[^.;]{{0,40}}?"
            r"\b(?:cannot|can't|may not|no entry|no access|denied|refused|not be (?:able|allowed|admitted))",
        ),
        _("Without a face the same door must open, too (Measures Art 10; PIPL 16)."),
        _("Say how the door opens without a face, at the same hours and free of charge."),
    ),
    Phrase(
        "threat",
        _words(
            rf"不同意(?:的|者)?(?:人|住户|业主|客人|住客)?[，,]?(?:就|则|将|便|即)(?!{_NO_HARM})",
            r"\b(?:if you|those who|people who|whoever) (?:do not|don't|does not|refuses?|declines?)[^.;]{0,40}?"
            r"\b(?:cannot|can't|may not|will not|won't|will be (?:denied|refused)) "
            r"(?:be (?:able|allowed|admitted)|enter|use|access|pass|come|live|stay|check)",
        ),
        _("A no may have no bad consequence (Measures Art 12; PIPL 16)."),
        _("Write: “Saying no has no disadvantage.” Then name the other ways."),
    ),
    Phrase(
        "better_service",
        _words(
            r"为了?(?:给您|向您|能)?(?:提供)?更(?:好|优质|便捷|贴心)的?(?:地)?(?:为您)?服务",
            r"(?:提升|提高|改善|优化)(?:我们的)?(?:服务|物业服务|入住)(?:质量|品质|水平|体验)",
            r"\b(?:for|to (?:provide|offer|give you)) (?:an? )?(?:better|best|improved) (?:service|experience)",
            r"\bto improve (?:the |our |your )?(?:services?|experience|quality)",
        ),
        _("“Better service” is not a purpose, and may not be a pretext (Measures Art 12)."),
        _("Name the one thing that the face does, such as: “to open the doors of building 3”."),
    ),
    Phrase(
        "authority_without_law",
        _words(
            r"(?:政府|公安|派出所|上级|主管|有关|国家|街道|社区|网信)(?:机关|部门)?(?:统一|明确|强制)?(?:要求|规定|强制|通知)",
            r"\b(?:required|demanded|ordered|requested) by (?:the )?(?:government|police|authorit|state)",
            r"\b(?:government|police|authorities) (?:requires?|demands?|orders?|wants?)\b",
        ),
        _("No authority is known to require a face here. Whoever says so must name the law (Measures Art 12)."),
        _("Name the law and its article, or leave the sentence out."),
        unless=_words(r"《[^》]+》", r"第[一二三四五六七八九十百零〇\d]+条", r"\bart(?:icle|\.)? ?\d"),
    ),
    Phrase(
        "for_ever",
        _words(
            r"(?<!不)(?<!不会)(?<!不得)永久(?!性?地?(?:删除|销毁|清除|抹))",
            r"(?<!not )\bpermanent(?:ly)?\b(?!\s+(?:delet|eras|destroy|remov))",
            r"\bperpetual(?:ly)?\b",
        ),
        _("A permission for ever is void (SPC 2021 No. 15 Art 11)."),
        _("Say for how many days."),
    ),
    Phrase(
        "irrevocable",
        _words(r"不可(?:以)?撤[销回]", r"不得撤[销回]", r"\birrevocabl[ey]\b", r"\bcannot be withdrawn\b"),
        _("Whoever agrees may always take it back (PIPL 15; SPC 2021 No. 15 Art 11)."),
        _("Say where to press, or whom to ask, to stop."),
    ),
    Phrase(
        "passed_on_freely",
        _words(
            r"(?<!不)(?<!不得)(?:任意|自由|随意)转(?:授权|让|许可)",
            r"可(?:以)?转授权",
            r"(?<!不)(?<!不得)再许可",
            r"(?<!not )\bsub-?licen[sc](?:e|es|able|ing)\b",
            r"\bfreely (?:transfer|assign)",
        ),
        _("A permission to pass a face on freely is void (SPC 2021 No. 15 Art 11; PIPL 23)."),
        _("List by name to whom it is given, or write that it is given to nobody."),
    ),
    Phrase(
        "bundled",
        _words(
            r"(?<!不)(?<!不得)(?<!不会)(?:视为|视同|默认|推定|即表示|即代表|就表示|就代表|等于)(?:您|其)?(?:已经?|为)?(?:同意|授权|接受)",
            r"默认(?:已)?勾选",
            r"(?<!not )\b(?:deemed|considered|taken|assumed) (?:to (?:have )?|as )?(?:agree|consent|accept)",
            r"\bby (?:entering|using|staying|living|continuing|checking)[^.;]{0,60}\byou (?:agree|consent|accept)",
            r"\b(?:agreed|consented|opted in) by default",
        ),
        _("Only a person's own, separate yes is a consent (Measures Art 6; PIPL 14)."),
        _("Leave it out: everybody is asked on a page of their own, and silence is a no."),
    ),
    Phrase(
        "reward",
        _words(
            rf"(?:{_FACE}|人脸)[^。；]*?{_REWARD}",
            rf"{_REWARD}[^。；]*?(?:{_FACE}|人脸)",
            rf"\b{_FACE_EN}[^.;]*?{_REWARD_EN}",
            rf"{_REWARD_EN}[^.;]*?\b{_FACE_EN}",
        ),
        _("A yes may not be bought: no points, discount or faster lane for a face (Measures Art 12)."),
        _("Leave it out, or give it to everybody alike."),
        unless=_words(
            rf"(?:没有|无|不(?![用必需]))[^，,]{{0,8}}{_REWARD}",
            rf"{_REWARD}[^，,]{{0,6}}无关",
            rf"\b(?:no|not|never|without)\b[^,]{{0,24}}{_REWARD_EN}",
        ),
    ),
)

# word: what to write instead
JARGON = {
    "zh": {
        "数据主体": "您",
        "个人信息主体": "您",
        "信息主体": "您",
        "个人信息处理者": "公司的名称",
        "数据控制者": "公司的名称",
        "敏感个人信息": "泄露后容易造成伤害的信息",
        "生物识别信息": "人脸",
        "生物特征": "人脸",
        "特征向量": "人脸特征（一串数字）",
        "特征值": "人脸特征（一串数字）",
        "去标识化": "去掉姓名",
        "匿名化": "去掉一切能认出您的内容",
        "存储期限": "保存多久",
        "行使权利": "您可以怎么做",
        "第三方": "别的公司，并写出名称",
        "不可抗力": "具体会发生什么",
        "予以": "直接写动作，如“删除”",
        "前述": "直接写出是什么",
        "上述": "直接写出是什么",
        "甲方": "我们",
        "乙方": "您",
        "之目的": "用来……",
        "告知同意": "先说明，再由您决定",
        "合法权益": "具体写出是什么",
    },
    "en": {
        "data subject": "you",
        "data controller": "the company's name",
        "personal information handler": "the company's name",
        "personal information processor": "the company's name",
        "sensitive personal information": "information that can hurt you if it leaks",
        "biometric data": "your face",
        "biometric information": "your face",
        "biometric identifier": "your face",
        "feature vector": "face template, a row of numbers",
        "pseudonymised": "without your name",
        "anonymised": "without anything that shows who you are",
        "pursuant to": "under",
        "hereby": "leave it out",
        "herein": "here",
        "thereof": "of it",
        "hereinafter": "leave it out",
        "aforementioned": "say it again",
        "notwithstanding": "even if",
        "prior to": "before",
        "in accordance with": "as … says",
        "legitimate interest": "the reason itself",
        "force majeure": "what can happen",
        "third parties": "the names of the companies",
        "third party": "the name of the company",
        "shall": "must",
    },
}
