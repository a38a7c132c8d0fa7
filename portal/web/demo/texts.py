"""The demonstration's notices, as a careful property company would write them."""

from tenants.organizations.models import Handler

COMPOUND = {
    "purpose_method_zh": "只用来给同意的住户开门。您站到门口的设备前，设备拍一张照片，与您自己录入的人脸特征比对（一对一），"
    "比对完照片马上删除。不用于考勤、收费、营销。",
    "purpose_method_en": "Only to open doors for residents who agreed. When you stand at the device it takes one photo and "
    "compares it with the face you enrolled yourself (1:1); the photo is deleted at once. It is not used for attendance, "
    "fees or marketing.",
    "retention_zh": "录入后最多保存 180 天；租约或居住结束、或您说停止，当天删除。删除后有回执，可以查。",
    "retention_en": "At most 180 days after enrolment. It is deleted on the day your lease or stay ends, or you say stop. "
    "You can look up the receipt of the deletion.",
    "necessity_effect_zh": "方便双手提物或忘带门禁卡的住户。人脸一旦泄露不能更换，所以我们只存加密的特征，不存照片。"
    "不同意没有任何影响：门禁卡、密码开同样的门，免费。",
    "necessity_effect_en": "It helps residents whose hands are full or who forgot their card. A face cannot be changed if it "
    "leaks, so only an encrypted template is stored, never a photo. Saying no has no effect: card and PIN open the same "
    "doors, free of charge.",
    "rights_zh": "随时可以停止、查阅、更正、删除。在您的个人页面按一下，或到物业服务中心，或在本页提出请求。最迟 15 个工作日内答复。",
    "rights_en": "You can stop, see, correct or delete at any time. Press once on your personal page, go to the service "
    "desk, or send a request on this page. We answer within 15 working days.",
    "complaint_zh": "先打 0571-0000 0000 找王经理。也可以拨打 12377，或向杭州市网信部门投诉。",
    "complaint_en": "Call Manager Wang at 0571-0000 0000 first. You can also call 12377 or complain to the cyberspace "
    "administration of Hangzhou.",
    "collected_zh": "录入时的一张照片，算出人脸特征后马上删除\n人脸特征，是一串数字，加密保存\n开门记录：时间、哪个门、开没开，保存 90 天\n"
    "您的姓名、电话和房号，用来联系您",
    "collected_en": "One photo when you enrol, deleted as soon as the face template is made\n"
    "The face template, a row of numbers, kept encrypted\nDoor records: time, door, opened or not, kept for 90 days\n"
    "Your name, phone and room number, to reach you",
    "recipients_zh": "不给任何其他单位\n知门平台（演示）受我们委托保管加密的人脸特征，自己不能用",
    "recipients_en": "No other organisation\nThe Consentry platform (demonstration) stores the encrypted face template for us "
    "and may not use it",
    "minors_zh": "这里不使用未满 14 周岁儿童的人脸。孩子用门禁卡或密码开同样的门。",
    "minors_en": "The faces of children under 14 are not used here. Children open the same doors with a card or PIN.",
}

HOTEL = COMPOUND | {
    "purpose_method_zh": "只用来给同意的客人开大堂门。人脸只存在门口的设备里，不上传网络（一对一比对）。",
    "purpose_method_en": "Only to open the lobby door for guests who agreed. The face stays in the device at the door and is "
    "not sent over the internet (1:1 comparison).",
    "retention_zh": "退房当天删除，最长不超过 30 天。",
    "retention_en": "Deleted on the day of check-out, and after 30 days at the latest.",
    "necessity_effect_zh": "方便双手提着行李的客人。人脸一旦泄露不能更换，所以只存在门口的设备里。不同意没有任何影响：房卡开同样的门，前台随时有人，都免费。",
    "necessity_effect_en": "It helps guests with luggage in both hands. A face cannot be changed if it leaks, so it stays in "
    "the device at the door. Saying no has no effect: the room card opens the same door, and the desk is always staffed, "
    "both free of charge.",
    "rights_zh": "随时可以停止、查阅、更正、删除。在您的个人页面按一下，或到前台，或在本页提出请求。最迟 15 个工作日内答复。",
    "rights_en": "You can stop, see, correct or delete at any time. Press once on your personal page, go to the front desk, "
    "or send a request on this page. We answer within 15 working days.",
    "collected_zh": "人脸特征，是一串数字，只存在门口的设备里\n开门记录：时间、哪个门、开没开，保存 30 天\n您的姓名、电话和房号，用来联系您",
    "collected_en": "The face template, a row of numbers, kept only in the device at the door\n"
    "Door records: time, door, opened or not, kept for 30 days\nYour name, phone and room number, to reach you",
    "recipients_zh": "不给任何人，人脸特征不离开门口的设备",
    "recipients_en": "Nobody: the face template does not leave the device at the door",
    "minors_zh": "这里不使用未满 14 周岁儿童的人脸。孩子用房卡，或请前台开门。",
    "minors_en": "The faces of children under 14 are not used here. Children use the room card, or the desk opens the door.",
}


def notice_texts(texts: dict[str, str], handler: Handler) -> dict[str, str]:
    """Add the first item, which names the handler."""
    return texts | {
        "handler_contact_zh": f"{handler.name}，{handler.contact_name}，电话 {handler.contact_phone}",
        "handler_contact_en": "Hangzhou Anju Property Services (demonstration), "
        f"{handler.contact_name}, phone {handler.contact_phone}",
    }
