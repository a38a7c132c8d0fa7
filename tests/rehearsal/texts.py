"""What the members of the rehearsal write: notice, assessment, facts of a device."""

NOTICE = {
    "purpose_method_zh": "只用来给同意的住户开门，一对一和一对多比对。",
    "purpose_method_en": "Only to open doors for residents who agreed, 1:1 and 1:N.",
    "retention_zh": "最多 180 天，居住结束当天删除。",
    "retention_en": "At most 180 days; deleted on the day the stay ends.",
    "necessity_effect_zh": "方便忘带门禁卡的住户。不同意没有影响。",
    "necessity_effect_en": "For residents who forgot their card. Saying no has no effect.",
    "rights_zh": "随时可以停止、查阅、更正、删除，也可以投诉。",
    "rights_en": "Stop, see, correct or delete at any time; or complain.",
}
ASSESSMENT = {
    "lawfulness": "只用来给同意的住户开门；住户双手提物时不便刷卡。",
    "alternative_considered": "考虑过门禁卡，仍然可用，免费。",
    "least_impact": "能一对一就一对一，不存照片，最多 180 天。",
    "rights_impact": "不同意的人走同一扇门。每季度回访一次。",
    "harm": "人脸泄露后不能更换，可能被人冒用。",
    "safeguards": "一人一密钥，撤回即删，按角色授权。",
    "conclusion": "acceptable",
    "officer_comment": "同意。",
}
# What the law wants to know of a device before it is switched on; the photo of its sign comes by its page.
