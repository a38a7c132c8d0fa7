"""The words that a notice may not use. A table; `plain_language` reads it."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.transparency.rules.notices import NOT_ENDLESS


@dataclass(frozen=True)
class Phrase:
    """Searched in one sentence at a time, in Chinese without spaces.

    What matches `lawful` is taken out first: it says the contrary, and the rest of the sentence is still read. A
    sentence that also matches `unless` is let through as a whole.
    """

    code: str
    pattern: re.Pattern[str]
    sentence: Promise
    suggestion: Promise
    unless: re.Pattern[str] | None = None
    lawful: re.Pattern[str] | None = None

    def found_in(self, sentence: str) -> str | None:
        """Return the words that are forbidden, or None."""
        if self.unless and self.unless.search(sentence):
            return None
        match = self.pattern.search(self.lawful.sub("…", sentence) if self.lawful else sentence)
        return match.group() if match else None


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_FACE = (
    r"(?:刷脸|扫脸|录脸|人脸(?:识别|验证|认证|录入|采集|注册|登记|进出|开门)|"
    r"(?:录入|采集|注册|登记)(?:人脸|面部)|面部识别)"
)
_BARE_FACE = r"(?:人脸|面部|脸部)"
_FACE_EN = r"(?:face|faces|facial)\b"
_WHOSE = r"(?:您的|你的|本人的?|自己的)?"
_PEOPLE = r"(?:您|你|人员?|住户|业主|居民|访客|客人|住客|租户|大家|任何人)"
_MUST = r"(?:必须|必需|(?<![必无毋不])须|应当|应该|务必|强制|强迫|一律|(?<![不无如若所必])需要?)"
_ONLY = r"(?:只能|只可以?|只许|仅限|仅可|仅能|限于)"
_MUST_EN = r"(?:must|have to|has to|needs? to|(?:are|is|be) (?:required|obliged|forced) to)"
_WHOSE_EN = r"(?:(?:your|their|his|her|the|an?) )?(?:own )?"
_REWARD = r"(?:积分|优惠|折扣|打折|礼品|礼物|奖励|抽奖|红包|减免|优先通行|快速通道)"
_REWARD_EN = (
    r"\b(?:points?|discounts?|coupons?|rewards?|gifts?|bonus(?:es)?|vouchers?|fast(?:er)? (?:lane|track|queue))\b"
)
_OTHER_WAY = (
    r"(?:继续|改|请|还|都|而)?(?:可以?)?(?:使用|用(?!不)|凭|刷|持|走|找)[^，,]{0,6}?"
    r"(?:卡|密码|二维码|通行码|钥匙|前台|服务台|人工|保安|值班|方式|办法)"
)
_NO_HARM = (
    r"(?:不会?(?:受到?|产生|有|造成|带来)?(?:任何|什么)?(?:不利)?影响|没有(?:任何)?影响|仍|照常|同样|也?可以|可用|"
    rf"{_OTHER_WAY})"
)
_SHUT_OUT = r"(?:无法|不能|不得|禁止|不予|不许|不准|拒绝|没法|别想)"
_AUTHORITY = r"(?:政府|公安|派出所|上级|主管|有关|国家|网信|住建|文旅)(?:局|厅|部|委|办|机关|部门|单位)?"
_NEAR = r"(?:街道|社区|居委会?)(?:办事处|办)?"
_SAYS = r"的?(?:统一|明确|强制|相关|有关)?"

FORBIDDEN = (
    Phrase(
        "must_use_face",
        _words(
            rf"{_MUST}要?(?:先|统一|都)?{_PEOPLE}?(?:先|统一|都)?(?:使用|通过|采用|进行|用|接受|凭|做|完成)?{_FACE}(?![的时])",
            rf"{_MUST}要?(?:先|统一|都)?{_PEOPLE}?(?:使用|用|录入|采集|提供|登记|注册|上传|提交|凭|通过|以){_WHOSE}{_BARE_FACE}",
            rf"{_ONLY}(?:使用|通过|采用|进行|用|接受|凭|做|靠)?(?!录入|采集|注册|登记){_FACE}",
            rf"{_ONLY}(?:使用|通过|用|凭|刷|靠){_WHOSE}{_BARE_FACE}",
            rf"(?:{_FACE}|{_BARE_FACE})(?:成功|通过|了)?(?:之?后|了)?(?:才|方)(?:能|可|得|准|许|会|行)",
            rf"只有[^，,]{{0,12}}(?:{_FACE}|{_BARE_FACE})[^，,]{{0,8}}(?:才|方)",
            rf"\b{_MUST_EN} (?:use|scan|show|register|enrol|enroll|give|provide|present|submit|upload|record|have|pass|"
            rf"complete|undergo) {_WHOSE_EN}{_FACE_EN}",
            rf"\b{_FACE_EN}(?: (?:recognition|scan(?:s|ning)?|enrol?lment|registration|data|photos?|images?))? "
            r"(?:is|are) (?:mandatory|compulsory|obligatory|required)\b(?! to be (?:deleted|erased))",
            rf"\b(?:mandatory|compulsory|obligatory) {_FACE_EN}",
            r"\b(?:only|solely|exclusively)(?: (?:be|possible|available|granted|allowed|permitted|opened|opens?|works?|"
            r"enter|entry|access|pass|come|go|get|in))* "
            rf"(?:by|with|through|via|using) {_WHOSE_EN}{_FACE_EN}(?! templates?\b)",
        ),
        _("Nobody may be made to use their face (Measures Arts 10, 12)."),
        _("Say that it is a choice, and name the other ways: “You can use your face. A card opens the same doors.”"),
        lawful=_words(
            rf"(?:没有(?:任何)?人|无人|谁[都也]不|不|并非|禁止|没有|没)(?:会|是|得|能|可以?|应)?(?:被|要求|规定)?(?:只有|{_PEOPLE})?"
            rf"(?:{_MUST}|{_ONLY}|只有|{_FACE}(?:才|方))",
            rf"\b(?:nobody|no[ -]one|no (?:resident|guest|person|visitor|child)|not|never|\w+n['’]t)(?: ever)? "
            rf"(?:{_MUST_EN}|need\b|only|solely|exclusively)",
            rf"\b(?:no|not|without|never)(?: an?)? (?:(?:mandatory|compulsory|obligatory) )?{_FACE_EN}",
            rf"\b(?:if|when|whenever) you {_MUST_EN}",
        ),
    ),
    Phrase(
        "no_way_without_face",
        _words(
            rf"不(?:使用|进行|愿意?|同意|接受|做|用|想)?(?:{_FACE}|录?人脸)(?:的|者)?{_PEOPLE}?[，,]?(?:就|则|将|便|会|一律|也)?{_SHUT_OUT}",
            rf"\b(?:without|no) (?:a |your |the )?{_FACE_EN}[^.;]{{0,40}}?"
            r"\b(?:cannot|can't|may not|no entry|no access|denied|refused|not be (?:able|allowed|admitted))",
        ),
        _("Without a face the same door must open, too (Measures Art 10; PIPL 16)."),
        _("Say how the door opens without a face, at the same hours and free of charge."),
    ),
    Phrase(
        "threat",
        _words(
            rf"不同意(?:的|者)?{_PEOPLE}?[，,]?(?:就|则|将|便|即)(?!{_NO_HARM})",
            rf"不同意(?:的|者)?{_PEOPLE}?[，,]?{_SHUT_OUT}(?:进|入|出|通行|乘|办|使用(?!{_FACE}|{_BARE_FACE}))",
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
            rf"为了?(?:能够?)?[给向为]?{_PEOPLE}?们?(?:能够?)?(?:提供|带来|享受|享有)?到?更加?"
            rf"(?:好|优质|便捷|便利|贴心|周到|舒适)[的地]?(?:为{_PEOPLE})?(?:提供)?(?:服务|体验)",
            r"(?:提升|提高|改善|优化)(?:我们的)?(?:服务|物业服务|入住)(?:质量|品质|水平|体验)",
            r"\b(?:for|to (?:provide|offer|give you)) (?:an? )?(?:better|best|improved) (?:service|experience)",
            r"\bto (?:better serve\b|serve (?:you|everybody|everyone|our|the|all|residents|guests)\b"
            r"[^.;]{0,24}?\bbetter\b)",
            r"\bto improve (?:the |our |your )?(?:services?|experience|quality)",
        ),
        _("“Better service” is not a purpose, and may not be a pretext (Measures Art 12)."),
        _("Name the one thing that the face does, such as: “to open the doors of building 3”."),
    ),
    Phrase(
        "authority_without_law",
        _words(
            rf"{_AUTHORITY}{_SAYS}(?:要求|规定|强制|通知(?![栏书单群板]))",
            rf"{_NEAR}{_SAYS}(?:要求|规定|强制)",
            rf"(?:根据|按照?|依照?|依据|接到?|应){_NEAR}{_SAYS}通知(?![栏书单群板])",
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
            r"永久(?!性?地?(?:删除|销毁|清除|抹))",
            r"\bpermanent(?:ly)?\b(?!\s+(?:delet|eras|destroy|remov))",
            r"\bperpetual(?:ly)?\b",
        ),
        _("A permission for ever is void (SPC 2021 No. 15 Art 11)."),
        _("Say for how many days."),
        lawful=NOT_ENDLESS,
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
