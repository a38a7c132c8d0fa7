"""A table of people, identity only: never a consent, never a photo. Pure."""

from django.utils.translation import gettext_noop

from tenants.organizations.sheets import Sheet, choice, day
from tenants.people.kinds import AgeBand, PersonKind

_KINDS = {
    "业主": "owner", "租户": "renter", "租客": "renter", "承租人": "renter", "家属": "family", "家庭成员": "family",
    "保姆": "worker", "家政": "worker", "家政人员": "worker", "访客": "guest", "住客": "guest", "客人": "guest",
    "员工": "staff", "工作人员": "staff", "tenant": "renter", "owner": "owner",
}  # fmt: skip
_AGES = {
    "成人": "adult",
    "成年": "adult",
    "未满14": "under_14",
    "14岁以下": "under_14",
    "14-17": "teen",
    "14–17": "teen",
}

PEOPLE = Sheet(
    columns={
        "name": ("姓名", gettext_noop("Name")),
        "kind": ("身份", gettext_noop("Kind"), "类型", "人员类型"),
        "room": ("房号", gettext_noop("Home or room"), "房间", "Room"),
        "phone": ("电话", gettext_noop("Phone"), "手机", "手机号"),
        "email": ("邮箱", gettext_noop("E-mail"), "电子邮箱", "Email"),
        "age_band": ("年龄段", gettext_noop("Age")),
        "birth_date": ("儿童出生日期", gettext_noop("Date of birth, for children"), "出生日期", "Date of birth"),
        "stay_ends_on": ("租期或住期截止", gettext_noop("Lease or stay ends"), "租约到期", "离店日期"),
        "document": ("证件号码", gettext_noop("Number of an identity document"), "身份证号", "Document"),
    },
    needed=("name",),
    max_rows=20_000,
    readers={
        "kind": choice(PersonKind, usual=PersonKind.OWNER.value, words=_KINDS),
        "age_band": choice(AgeBand, words=_AGES),
        "birth_date": day,
        "stay_ends_on": day,
    },
    refused=("同意", "授权", "人脸", "照片", "相片", "头像", "consent", "agree", "face", "photo", "picture", "image"),
)
