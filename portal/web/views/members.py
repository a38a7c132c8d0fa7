"""Members: who works here, in which role, and what each role may do."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.sign_in import invitations
from portal.web.forms.members import MemberForm, RoleForm
from portal.web.reads.members import ROLE_TONES, role_table
from portal.web.undo import Act, Note, offer
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin
from tenants.organizations.models import Membership
from tenants.organizations.roles import Permission, Role
from tenants.organizations.services import members


class MembersSection(ManagerMixin):
    section = "members"

    @cached_property
    def member(self) -> Membership:
        rows = Membership.objects.filter(tenant=self.tenant).select_related("user", "tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("members", args=[self.tenant.slug])


class MemberList(MembersSection, ManagerList):
    permission = Permission.VIEW_MEMBERS
    template_name = "web/members/list.html"

    def get_rows(self) -> Any:
        rows = Membership.objects.filter(tenant=self.tenant).select_related("user")
        return rows.order_by(F("is_active").desc(), "created_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(table=role_table(), **kwargs)
        for member in context["object_list"]:
            member.tone = ROLE_TONES.get(Role(member.role), "info") if member.is_active else "neutral"
        return context


class MemberAdd(MembersSection, ManagerForm):
    permission = Permission.MANAGE_MEMBERS
    sensitive = True
    template_name = "web/members/add.html"
    form_class = MemberForm

    def perform(self, data: dict[str, Any]) -> Membership:
        member = members.add_member(tenant=self.tenant, **data)
        who = {"name": str(member.user), "email": member.user.email}
        if member.user.has_usable_password():
            messages.success(self.request, _("%(name)s is a member now and signs in as before.") % who)
        elif invitations.send(self.request, user=member.user):
            sent = _("%(name)s is a member now. An invitation to set a password was sent to %(email)s.")
            messages.success(self.request, sent % who)
        else:
            failed = _(
                "%(name)s is a member now, but the invitation could not be sent. Send it again in the list below."
            )
            messages.warning(self.request, failed % who)
        return member

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(table=role_table(), **kwargs)


class MemberEdit(MembersSection, ManagerForm):
    permission = Permission.MANAGE_MEMBERS
    sensitive = True
    template_name = "web/members/edit.html"
    form_class = RoleForm
    done = gettext_lazy("The role was changed. It holds from now on.")

    def get_initial(self) -> dict[str, Any]:
        return {"role": self.member.role}

    def perform(self, data: dict[str, Any]) -> Membership:
        return members.change_role(tenant=self.tenant, membership=self.member, role=data["role"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.member, table=role_table(), **kwargs)


class MemberRemove(MembersSection, ConfirmPage):
    permission = Permission.MANAGE_MEMBERS
    sensitive = True
    label = gettext_lazy("Remove the member")
    danger = True
    done = gettext_lazy("The member was removed.")

    def get_question(self) -> str:
        return _("Remove %(name)s?") % {"name": self.member.user}

    def get_effects(self) -> list[str]:
        return [
            _("They can no longer open this property, from the next page on."),
            _("What they did stays in the record."),
            _("You can take them back with the same role."),
        ]

    def perform(self, data: dict[str, Any]) -> Membership:
        return members.remove_member(tenant=self.tenant, membership=self.member)

    def undoable(self) -> str:
        return offer(tenant=self.tenant, user=self.request.user, note=Note(Act.MEMBER_REMOVED, self.member.pk))


class MemberRestore(MembersSection, ConfirmPage):
    permission = Permission.MANAGE_MEMBERS
    sensitive = True
    label = gettext_lazy("Take back")
    done = gettext_lazy("The member is back.")

    def get_question(self) -> str:
        return _("Take %(name)s back?") % {"name": self.member.user}

    def get_effects(self) -> list[str]:
        return [_("They work here again as %(role)s.") % {"role": self.member.get_role_display()}]

    def perform(self, data: dict[str, Any]) -> Membership:
        return members.restore_member(tenant=self.tenant, membership=self.member)


class MemberInvite(MembersSection, ConfirmPage):
    """Send the invitation again, to somebody who has not set a password yet."""

    permission = Permission.MANAGE_MEMBERS
    sensitive = True
    label = gettext_lazy("Send the invitation")

    def get_question(self) -> str:
        return _("Send %(name)s the invitation again?") % {"name": self.member.user}

    def get_effects(self) -> list[str]:
        return [
            _("A letter goes to %(email)s. Its link is good once, for seven days.") % {"email": self.member.user.email},
            _("The link of an earlier letter ends."),
        ]

    def perform(self, data: dict[str, Any]) -> None:
        if invitations.send(self.request, user=self.member.user):
            messages.success(self.request, _("The invitation was sent."))
        else:
            messages.warning(self.request, _("The letter could not be sent. Try again later."))
