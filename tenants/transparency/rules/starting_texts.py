"""What a first draft says already: facts that the portal knows, in short sentences. A manager checks and adds.

Purpose and necessity stay empty: they are the handler's own decision and reason (Measures Arts 4, 5(3)).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.transparency.rules.notices import FIELDS, lines

NO_CHILDREN = {
    "minors_zh": "这里不使用未满 14 周岁儿童的人脸。孩子用别的方式进门。",
    "minors_en": "The faces of children under 14 are not used here. Children come in another way.",
}


@dataclass(frozen=True)
class PropertyFacts:
    handler: str
    contact_name: str
    contact_phone: str
    kind: str
    storage_mode: str
    face_days: int
    event_days: int
    allows_under_14: bool


def starting_texts(facts: PropertyFacts) -> dict[str, str]:
    """Return a text for every field, empty where only the handler can know."""
    return (
        dict.fromkeys(FIELDS, "") | _who(facts) | _how_long(facts) | storage_texts(facts.storage_mode) | _minors(facts)
    )


def _who(facts: PropertyFacts) -> dict[str, str]:
    desk_zh, desk_en = (
        ("酒店前台", "the front desk") if facts.kind == PropertyKind.HOTEL else ("物业", "the service desk")
    )
    return {
        "handler_contact_zh": f"{facts.handler}，{facts.contact_name}，{facts.contact_phone}",
        "handler_contact_en": f"{facts.handler}, {facts.contact_name}, {facts.contact_phone}",
        "rights_zh": "您随时可以说停止，也可以要求查看、更正、删除。"
        f"在您的个人页面按一下，或在本页提出请求，或到{desk_zh}办理。我们最迟 15 个工作日内答复。",
        "rights_en": "You can say stop at any time, and ask to see, correct or delete what is held. "
        f"Press once on your personal page, send a request on this page, or go to {desk_en}. "
        "We answer within 15 working days.",
        "complaint_zh": f"有不满意的，请打 {facts.contact_phone} 找{facts.contact_name}。"
        "也可以拨打 12377，或向当地网信部门投诉。",
        "complaint_en": f"If something is wrong, call {facts.contact_name} at {facts.contact_phone}. "
        "You can also call 12377 or complain to the local cyberspace administration.",
    }


def _how_long(facts: PropertyFacts) -> dict[str, str]:
    end_zh, end_en = ("退房", "you check out") if facts.kind == PropertyKind.HOTEL else ("搬走", "you move out")
    return {
        "retention_zh": f"人脸最多保存 {facts.face_days} 天。您{end_zh}或说停止，马上开始删除。"
        f"开门记录保存 {facts.event_days} 天，里面没有照片。到期都会删除，您可以查到删除回执。",
        "retention_en": f"A face is kept for at most {facts.face_days} days. "
        f"When {end_en} or say stop, deletion starts at once. "
        f"Door records are kept for {facts.event_days} days and hold no photo. "
        "Then all is deleted, and you can look up the receipt.",
    }


def other_storage_texts(texts: Mapping[str, str], *, storage_mode: str) -> list[str]:
    """Return the fields that still say what the portal wrote for another place of storage: untrue here."""
    now = storage_texts(storage_mode)
    others = [storage_texts(mode) for mode in StorageMode if mode != storage_mode]
    return [field for field in now if any(lines(texts.get(field, "")) == lines(other[field]) for other in others)]


def storage_texts(storage_mode: str) -> dict[str, str]:
    """Return what is collected and who gets it, which is all that the place of storage decides."""
    if storage_mode == StorageMode.PORTAL:
        return {
            "collected_zh": "一张您的照片，算出人脸特征后马上删除\n人脸特征，是一串数字，加密保存\n"
            "开门记录：时间、哪个门、开没开\n您的姓名、电话和房号，用来联系您",
            "collected_en": "One photo of you, deleted as soon as the face template is made\n"
            "The face template, a row of numbers, kept encrypted\nDoor records: time, door, opened or not\n"
            "Your name, phone and room number, to reach you",
            "recipients_zh": "不给任何其他单位\n本系统的服务商受我们委托保管加密的人脸特征，自己不能用",
            "recipients_en": "No other organisation\n"
            "The provider of this portal stores the encrypted face template for us and may not use it",
        }
    return {
        "collected_zh": "人脸特征，是一串数字，只存在门口的设备里\n开门记录：时间、哪个门、开没开\n"
        "您的姓名、电话和房号，用来联系您",
        "collected_en": "The face template, a row of numbers, kept only in the device at the door\n"
        "Door records: time, door, opened or not\nYour name, phone and room number, to reach you",
        "recipients_zh": "不给任何人，人脸特征不离开门口的设备",
        "recipients_en": "Nobody: the face template does not leave the device at the door",
    }


def _minors(facts: PropertyFacts) -> dict[str, str]:
    """Where children's faces are used, their rules are the handler's own to write (Measures Art 7)."""
    return {} if facts.allows_under_14 else NO_CHILDREN
