"""Forms of one's own account, where allauth's say too little."""

from allauth.account.forms import ResetPasswordForm

from tenants.organizations.models import User


class ForgottenPasswordForm(ResetPasswordForm):
    """Who never accepted the invitation has no password to forget: only the letter of invitation sets the first one."""

    users: list[User]

    def clean_email(self) -> str:
        email = str(super().clean_email())
        self.users = [user for user in self.users if user.has_usable_password()]
        return email
