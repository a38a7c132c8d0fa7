"""Addresses of one's own account that stand before allauth's of the same name."""

from django.urls import path, re_path

from portal.web import directories
from portal.web.views import accounts, notifications

urlpatterns = [
    path("notifications/", notifications.NotificationChoices.as_view(), name="notification_settings"),
    path("sessions/", accounts.OwnSessions.as_view(), name="usersessions_list"),
    path("2fa/webauthn/keys/<int:pk>/remove/", accounts.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("oidc/<slug:provider_id>/login/", directories.go, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", directories.come_back, name="openid_connect_callback"),
    re_path(r"^(?:3rdparty|social|oidc)/", directories.closed),
    path("invitation/<str:token>/", accounts.Invitation.as_view(), name="account_invitation"),
]
