"""The letters about requests: Chinese first, then English, and nothing in them that a stranger may not read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


def one_time_code(*, name_zh: str, name_en: str, number: str, digits: str) -> Letter:
    """Write the letter with the code. Whoever did not ask for one learns what to do: nothing."""
    zh, en = _names(name_zh, name_en)
    return Letter(
        subject=f"{zh}：验证码 / {en}: code",
        text=(
            f"【{zh}】验证码 {digits}，用于申请 {number}，10 分钟内有效。"
            "不是您本人申请的，请不用理会，也不要告诉别人。\n"
            f"{en}: code {digits} for request {number}, valid for 10 minutes. "
            "If you did not ask, do nothing and tell nobody.\n"
        ),
    )


def news(*, name_zh: str, name_en: str, handler: str, number: str, address: str) -> Letter:
    """Write that there is something to read on the tracking page, and nothing of what it says."""
    zh, en = _names(name_zh, name_en)
    return Letter(
        subject=f"{zh}：申请 {number} 有新消息 / {en}: news about request {number}",
        text=(
            f"【{zh}】您的申请 {number} 有新消息，请用查询码查看。{handler}\n"
            f"{address}\n"
            f"{en}: there is news about your request {number}. Read it with your tracking code. {handler}\n"
        ),
    )


def to_members(*, name: str, number: str, text: str, address: str) -> Letter:
    """Write to those who must act. The text is the portal's own note and names nobody."""
    subject = " ".join(f"{name} · {number}".split())
    return Letter(subject=subject, text=f"{subject}\n{text}\n{address}\n")


def _names(name_zh: str, name_en: str) -> tuple[str, str]:
    return " ".join(name_zh.split()), " ".join((name_en or name_zh).split())
