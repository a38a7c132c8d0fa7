"""Addresses of the property's own pages, under /t/<slug>/."""

from django.urls import path

from portal.web.views import devices, members, notices, premises, retention, settings, today

urlpatterns = [
    path("", today.Today.as_view(), name="today"),
    path("premises/", premises.Premises.as_view(), name="premises"),
    path("zones/add/", premises.ZoneAdd.as_view(), name="zone_add"),
    path("zones/<uuid:pk>/", premises.ZoneEdit.as_view(), name="zone_edit"),
    path("zones/<uuid:pk>/delete/", premises.ZoneDelete.as_view(), name="zone_delete"),
    path("doors/add/", premises.DoorAdd.as_view(), name="door_add"),
    path("doors/<uuid:pk>/", premises.DoorEdit.as_view(), name="door_edit"),
    path("doors/<uuid:pk>/delete/", premises.DoorDelete.as_view(), name="door_delete"),
    path("methods/<uuid:pk>/", premises.MethodToggle.as_view(), name="method_toggle"),
    path("devices/", devices.DeviceList.as_view(), name="devices"),
    path("devices/add/", devices.DeviceAdd.as_view(), name="device_add"),
    path("devices/<uuid:pk>/", devices.DevicePage.as_view(), name="device"),
    path("devices/<uuid:pk>/activate/", devices.DeviceActivate.as_view(), name="device_activate"),
    path("devices/<uuid:pk>/suspend/", devices.DeviceSuspend.as_view(), name="device_suspend"),
    path("devices/<uuid:pk>/retire/", devices.DeviceRetire.as_view(), name="device_retire"),
    path("devices/<uuid:pk>/credential/", devices.DeviceCredential.as_view(), name="device_credential"),
    path("notices/", notices.NoticeList.as_view(), name="notices"),
    path("notices/draft/", notices.NoticeDraft.as_view(), name="notice_draft"),
    path("notices/<uuid:pk>/", notices.NoticePage.as_view(), name="notice"),
    path("notices/<uuid:pk>/edit/", notices.NoticeEdit.as_view(), name="notice_edit"),
    path("notices/<uuid:pk>/preview/", notices.NoticePreview.as_view(), name="notice_preview"),
    path("notices/<uuid:pk>/poster/", notices.NoticePoster.as_view(), name="notice_poster"),
    path("notices/<uuid:pk>/publish/", notices.NoticePublish.as_view(), name="notice_publish"),
    path("notices/<uuid:pk>/discard/", notices.NoticeDiscard.as_view(), name="notice_discard"),
    path("retention/", retention.Retention.as_view(), name="retention"),
    path("members/", members.MemberList.as_view(), name="members"),
    path("members/add/", members.MemberAdd.as_view(), name="member_add"),
    path("members/<uuid:pk>/", members.MemberEdit.as_view(), name="member_edit"),
    path("members/<uuid:pk>/remove/", members.MemberRemove.as_view(), name="member_remove"),
    path("members/<uuid:pk>/restore/", members.MemberRestore.as_view(), name="member_restore"),
    path("settings/", settings.Settings.as_view(), name="settings"),
]
