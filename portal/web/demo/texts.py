"""The demonstration's notices, as a careful property company would write them."""

from tenants.organizations.models import Handler

COMPOUND = {
    "purpose_method_zh": "只用来给同意的住户开门。您站到门口的设备前，设备拍一张照片，与您自己录入的人脸特征比对（一对一），"
    "比对完照片马上删除。不用于考勤、收费、营销，也不交给别人。",
    "purpose_method_en": "Only to open doors for residents who agreed. When you stand at the device it takes one photo and "
    "compares it with the face you enrolled yourself (1:1); the photo is deleted at once. It is not used for attendance, "
    "fees or marketing, and is given to nobody.",
    "retention_zh": "录入后最多保存 180 天；租约或居住结束、或您说停止，当天删除。删除后有回执，可以查。",
    "retention_en": "At most 180 days after enrolment. It is deleted on the day your lease or stay ends, or you say stop. "
    "You can look up the receipt of the deletion.",
    "necessity_effect_zh": "方便双手提物或忘带门禁卡的住户。人脸一旦泄露不能更换，所以我们只存加密的特征，不存照片。"
    "不同意没有任何影响：门禁卡、密码开同样的门，免费。",
    "necessity_effect_en": "It helps residents whose hands are full or who forgot their card. A face cannot be changed if it "
    "leaks, so only an encrypted template is stored, never a photo. Saying no has no effect: card and PIN open the same "
    "doors, free of charge.",
    "rights_zh": "随时可以停止、查阅、更正、删除：在您的个人页面按一下，或到物业服务中心，或在本页提出请求，15 个工作日内答复。"
    "不满意可以向当地网信部门投诉。",
    "rights_en": "You can stop, see, correct or delete at any time: one press on your personal page, at the service desk, or "
    "with a request on this page, answered within 15 working days. You may also complain to the local cyberspace "
    "administration.",
}

HOTEL = COMPOUND | {
    "purpose_method_zh": "只用来给同意的客人开大堂门。人脸只存在门口的设备里，不上传网络（一对一比对）。",
    "purpose_method_en": "Only to open the lobby door for guests who agreed. The face stays in the device at the door and is "
    "not sent over the internet (1:1 comparison).",
    "retention_zh": "退房当天删除，最长不超过 30 天。",
    "retention_en": "Deleted on the day of check-out, and after 30 days at the latest.",
}


def notice_texts(texts: dict[str, str], handler: Handler) -> dict[str, str]:
    """Add the first item, which names the handler."""
    return texts | {
        "handler_contact_zh": f"{handler.name}，{handler.contact_name}，电话 {handler.contact_phone}",
        "handler_contact_en": "Hangzhou Anju Property Services (demonstration), "
        f"{handler.contact_name}, phone {handler.contact_phone}",
    }
