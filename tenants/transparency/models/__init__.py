"""What people are told, and what is assessed before a face is used."""

from tenants.transparency.models.notices import Notice, NoticeState

__all__ = ["Notice", "NoticeState"]
