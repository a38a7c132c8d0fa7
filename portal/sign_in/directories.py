"""Sign-in by a handler's own directory (OpenID Connect), for its members only (docs/decisions/0020-sign-in.md).

The platform admin names the directory, which puts `email` and `email_verified` into its ID tokens. It opens an
account that exists, by a verified address, and only where every property that the account belongs to is that
handler's: a directory speaks for its own people and for nobody else's.
"""

from allauth.socialaccount.models import SocialApp, SocialLogin
from auditlog.registry import auditlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.sign_in import seeds
from tenants.organizations.access import tenants_of
from tenants.organizations.models import Handler, User

PROVIDER = "openid_connect"
LONGEST_SECRET = 64  # sealed it fills the column


def register() -> None:
    """Log what is changed about a directory, but for its secret."""
    auditlog.register(SocialApp, include_fields=["provider_id", "name", "client_id", "settings"])


@transaction.atomic
def name_directory(
    *,
    directory: SocialApp | None,
    handler: Handler,
    provider_id: str,
    name: str,
    server_url: str,
    client_id: str,
    secret: str,
    is_active: bool,
) -> SocialApp:
    """Name a handler's directory, or change one; an empty secret leaves the one that is there.

    `provider_id` stands in the address of sign-in, `server_url` is the issuer. Raises ValidationError.
    """
    directory = directory or SocialApp(provider=PROVIDER)
    if not settings.PLAIN_HTTP_ALLOWED and not server_url.startswith("https://"):
        raise ValidationError({"server_url": ValidationError(_("The address begins with https://."), code="not_https")})
    if SocialApp.objects.filter(provider_id=provider_id).exclude(pk=directory.pk).exists():
        taken = ValidationError(_("Another directory has this address name."), code="taken")
        raise ValidationError({"provider_id": taken})
    if SocialApp.objects.filter(client_id=client_id).exclude(pk=directory.pk).exists():
        taken = ValidationError(
            _("Another directory knows the portal by this name. Choose another one there."), code="taken"
        )
        raise ValidationError({"client_id": taken})
    if not secret and not directory.secret:
        raise ValidationError(
            {"secret": ValidationError(_("The directory gives a secret. Enter it."), code="required")}
        )
    directory.provider_id, directory.name, directory.client_id = provider_id, name, client_id
    directory.secret = seeds.seal(secret) if secret else directory.secret
    directory.settings = {
        "server_url": server_url.rstrip("/"),
        "handler": str(handler.pk),
        "is_active": is_active,
        "oauth_pkce_enabled": True,
        "fetch_userinfo": False,  # what the directory signed counts, and nothing else
    }
    directory.full_clean()
    directory.save()
    return directory


def keep_nothing_told(sociallogin: SocialLogin) -> None:
    """Keep which account of the directory somebody is, and nothing else that it tells of them."""
    sociallogin.account.extra_data = {}
    if sociallogin.is_existing:  # allauth has kept it already
        sociallogin.account.save()


def opened(directory: SocialApp) -> SocialApp | None:
    """Return a directory that is in use with its secret as the directory knows it, not to be saved; else None."""
    if directory.provider != PROVIDER or not directory.settings.get("is_active"):
        return None
    directory.secret = seeds.open_seal(directory.secret)
    return directory


def account_for(*, directory: SocialApp, known: User | None, email: str) -> User | None:
    """Return whom the directory may sign in: `known` from before, else who has this verified address.

    Nobody who is closed, who is platform staff, who works nowhere, or who works for another handler too.
    """
    user = known or User.objects.filter(email=email.lower()).exclude(email="").first()
    if user is None or not user.is_active or user.is_staff or user.is_superuser:
        return None
    handlers = {str(tenant.handler_id) for tenant in tenants_of(user=user)}
    return user if handlers == {directory.settings.get("handler")} else None
