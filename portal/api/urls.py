"""Addresses of the API, by who asks: members, everybody, terminals."""

from django.urls import include, path, re_path

from portal.api.schema import DocsView, SchemaView
from portal.api.views import (
    alerts,
    assessments,
    complaints,
    holds,
    invitations,
    notices,
    orders,
    passes,
    people,
    person_terminals,
    premises,
    properties,
    public,
    rights,
    terminals,
    webhooks,
)
from portal.api.views.fallback import NoSuchAddress

app_name = "api"

ROWS = {"get": "list"}
ROWS_AND_NEW = ROWS | {"post": "create"}
ROW = {"get": "retrieve"}
ROW_AND_CHANGE = ROW | {"put": "update"}
ROW_AND_ALL = ROW_AND_CHANGE | {"delete": "destroy"}

_site = [
    path("zones/", premises.ZoneViews.as_view(ROWS_AND_NEW), name="zones"),
    path("zones/<uuid:pk>/", premises.ZoneViews.as_view(ROW_AND_ALL), name="zone"),
    path("doors/", premises.DoorViews.as_view(ROWS_AND_NEW), name="doors"),
    path("doors/<uuid:pk>/", premises.DoorViews.as_view(ROW_AND_ALL), name="door"),
    path("doors/<uuid:pk>/methods/<slug:kind>/", premises.DoorViews.as_view({"put": "set_method"}), name="method"),
    path("devices/", premises.DeviceViews.as_view(ROWS_AND_NEW), name="devices"),
    path("devices/<uuid:pk>/", premises.DeviceViews.as_view(ROW | {"patch": "partial_update"}), name="device"),
    *[
        path(f"devices/<uuid:pk>/{action}/", premises.DeviceViews.as_view({"post": action}), name=f"device_{action}")
        for action in ("activate", "suspend", "retire", "pairing")
    ],
    path("notices/", notices.NoticeViews.as_view(ROWS_AND_NEW), name="notices"),
    path(
        "notices/<uuid:pk>/",
        notices.NoticeViews.as_view(ROW | {"patch": "partial_update", "delete": "destroy"}),
        name="notice",
    ),
    path("notices/<uuid:pk>/check/", notices.NoticeViews.as_view({"get": "check"}), name="notice_check"),
    path("assessments/", assessments.AssessmentViews.as_view(ROWS_AND_NEW), name="assessments"),
    path(
        "assessments/incident/", assessments.AssessmentViews.as_view({"post": "incident"}), name="assessment_incident"
    ),
    path(
        "assessments/<uuid:pk>/",
        assessments.AssessmentViews.as_view(ROW | {"patch": "partial_update", "delete": "destroy"}),
        name="assessment",
    ),
    path(
        "assessments/<uuid:pk>/sign/",
        assessments.AssessmentSignature.as_view({"post": "sign"}),
        name="assessment_sign",
    ),
    path("notices/<uuid:pk>/publish/", notices.NoticeViews.as_view({"post": "publish"}), name="notice_publish"),
]

_people = [
    path("people/", people.PersonViews.as_view(ROWS_AND_NEW), name="people"),
    path("people/<uuid:pk>/", people.PersonViews.as_view(ROW_AND_CHANGE), name="person"),
    path("people/<uuid:pk>/link/", people.PersonViews.as_view({"post": "link"}), name="person_link"),
    *[
        path(f"people/<uuid:pk>/{action}/", people.PersonViews.as_view({"post": action}), name=f"person_{action}")
        for action in ("access", "guardian", "restrict", "release")
    ],
    path(
        "people/<uuid:pk>/death/",
        people.PersonViews.as_view({"post": "death", "delete": "correct_death"}),
        name="person_death",
    ),
    path("guardians/", people.GuardianViews.as_view(ROWS), name="guardians"),
    path("guardians/<uuid:pk>/", people.GuardianViews.as_view(ROW), name="guardian"),
    path("guardians/<uuid:pk>/end/", people.GuardianViews.as_view({"post": "end"}), name="guardian_end"),
    path("minor-accesses/", people.AccessViews.as_view(ROWS), name="accesses"),
    path("minor-accesses/<uuid:pk>/", people.AccessViews.as_view(ROW), name="access"),
    path("minor-accesses/<uuid:pk>/decide/", people.AccessViews.as_view({"post": "decide"}), name="access_decide"),
    path("people/<uuid:pk>/passes/", passes.PersonPassViews.as_view(ROWS_AND_NEW), name="person_passes"),
    path(
        "people/<uuid:pk>/terminals/",
        person_terminals.PersonTerminalViews.as_view(ROWS_AND_NEW),
        name="person_terminals",
    ),
    path(
        "people/<uuid:pk>/invitations/",
        invitations.PersonInvitationViews.as_view(ROWS_AND_NEW),
        name="person_invitations",
    ),
    path("passes/<uuid:pk>/stop/", passes.PassViews.as_view({"post": "stop"}), name="pass_stop"),
    path("enrollments/", people.EnrollmentViews.as_view(ROWS_AND_NEW), name="enrollments"),
    path("enrollments/<uuid:pk>/", people.EnrollmentViews.as_view(ROW), name="enrollment"),
    path("requests/", rights.RequestViews.as_view(ROWS_AND_NEW), name="requests"),
    path("requests/<uuid:pk>/", rights.RequestViews.as_view(ROW), name="request"),
    *[
        path(f"requests/<uuid:pk>/{action}/", rights.RequestViews.as_view({"post": action}), name=f"request_{action}")
        for action in ("confirm", "proof", "answer", "refuse", "extend", "assign", "merge", "code", "package")
    ],
    path("requests/<uuid:pk>/messages/", rights.RequestMessageViews.as_view(ROWS_AND_NEW), name="request_messages"),
    path("complaints/", complaints.ComplaintViews.as_view(ROWS), name="complaints"),
    path("complaints/<uuid:pk>/", complaints.ComplaintViews.as_view(ROW), name="complaint"),
    path(
        "complaints/<uuid:pk>/answer/", complaints.ComplaintViews.as_view({"post": "answer"}), name="complaint_answer"
    ),
    path("erasures/", rights.ErasureViews.as_view(ROWS), name="erasures"),
    path("erasures/<uuid:pk>/", rights.ErasureViews.as_view(ROW), name="erasure"),
    path(
        "erasures/<uuid:pk>/certificate/",
        rights.ErasureViews.as_view({"get": "certificate"}),
        name="erasure_certificate",
    ),
    path("holds/", holds.HoldViews.as_view(ROWS_AND_NEW), name="holds"),
    path("holds/<uuid:pk>/", holds.HoldViews.as_view(ROW), name="hold"),
    path("holds/<uuid:pk>/approve/", holds.HoldViews.as_view({"post": "approve"}), name="hold_approve"),
    path("holds/<uuid:pk>/lift/", holds.HoldViews.as_view({"post": "lift"}), name="hold_lift"),
    path("losses/", holds.LossViews.as_view(ROWS_AND_NEW), name="losses"),
    path("losses/<uuid:pk>/", holds.LossViews.as_view(ROW), name="loss"),
    path("losses/<uuid:pk>/confirm/", holds.LossConfirmation.as_view({"post": "confirm"}), name="loss_confirm"),
    path("losses/<uuid:pk>/take_back/", holds.LossViews.as_view({"post": "take_back"}), name="loss_take_back"),
    path("events/", rights.EventViews.as_view(ROWS), name="events"),
]

_alerts = [
    path("alerts/", alerts.AlertViews.as_view(ROWS), name="alerts"),
    path("alerts/<uuid:pk>/", alerts.AlertViews.as_view(ROW), name="alert"),
    path("alerts/<uuid:pk>/handle/", alerts.AlertViews.as_view({"post": "handle"}), name="alert_handle"),
    path("alerts/<uuid:pk>/reopen/", alerts.AlertViews.as_view({"post": "reopen"}), name="alert_reopen"),
]

_webhooks = [
    path("webhooks/", webhooks.WebhookViews.as_view(ROWS_AND_NEW), name="webhooks"),
    path("webhooks/<uuid:pk>/", webhooks.WebhookViews.as_view(ROW_AND_ALL), name="webhook"),
    path("webhooks/<uuid:pk>/secret/", webhooks.WebhookViews.as_view({"post": "secret"}), name="webhook_secret"),
    path("webhooks/<uuid:pk>/test/", webhooks.WebhookViews.as_view({"post": "test"}), name="webhook_test"),
    path("deliveries/", webhooks.DeliveryViews.as_view(ROWS), name="deliveries"),
    path("deliveries/<uuid:pk>/", webhooks.DeliveryViews.as_view(ROW), name="delivery"),
    path("deliveries/<uuid:pk>/again/", webhooks.DeliveryViews.as_view({"post": "again"}), name="delivery_again"),
]

_property = [
    path("", properties.PropertyViews.as_view(ROW | {"patch": "partial_update"}), name="property"),
    path("readiness/", properties.ReadinessViews.as_view(ROW), name="readiness"),
    path("faces/stop/", properties.PropertyViews.as_view({"post": "stop_faces"}), name="stop_faces"),
    path("faces/release/", properties.PropertyViews.as_view({"post": "release_faces"}), name="release_faces"),
    path("retention/", properties.RetentionViews.as_view(ROW_AND_CHANGE), name="retention"),
    path("members/", properties.MembershipViews.as_view(ROWS_AND_NEW), name="members"),
    path("members/<uuid:pk>/", properties.MembershipViews.as_view(ROW_AND_ALL), name="member"),
    path("members/<uuid:pk>/restore/", properties.MembershipViews.as_view({"post": "restore"}), name="member_restore"),
    *_site,
    *_people,
    *_alerts,
    *_webhooks,
]

_public = [
    path("notice/", public.PublicNoticeViews.as_view(ROW), name="public_notice"),
    path("notice/<int:version>/", public.PublicNoticeViews.as_view({"get": "version"}), name="public_notice_version"),
    path(
        "notice/<int:version>/<slug:fingerprint>/",
        public.PublicNoticeViews.as_view({"get": "exact"}),
        name="public_notice_exact",
    ),
    path("requests/", public.PublicRequestViews.as_view({"post": "create"}), name="public_requests"),
    path("requests/<slug:code>/", public.PublicRequestViews.as_view(ROW), name="public_request"),
    path("requests/<slug:code>/package/", public.PublicRequestViews.as_view({"get": "package"}), name="public_package"),
]

_public += [
    path("complaints/", complaints.PublicComplaintViews.as_view({"post": "create"}), name="public_complaints"),
    path("complaints/<slug:code>/", complaints.PublicComplaintViews.as_view(ROW), name="public_complaint"),
]

_device = [
    path("pair/", terminals.PairViews.as_view({"post": "pair"}), name="pair"),
    path("keys/", terminals.KeyViews.as_view({"post": "rotate"}), name="keys"),
    path("orders/", orders.OrderViews.as_view({"get": "fetch"}), name="orders"),
    path("orders/<int:number>/receipt/", orders.ReceiptViews.as_view({"post": "confirm"}), name="receipt"),
    path("events/", orders.ReportedViews.as_view({"post": "report"}), name="reported"),
    path("decide/", orders.DecisionViews.as_view({"post": "decide"}), name="decide"),
    path("heartbeat/", terminals.HeartbeatViews.as_view({"post": "heartbeat"}), name="heartbeat"),
    path("pass/", terminals.PassViews.as_view({"post": "check"}), name="pass"),
    path("verify/", terminals.MatchViews.as_view({"post": "verify"}), name="verify"),
    path("identify/", terminals.MatchViews.as_view({"post": "identify"}), name="identify"),
]

urlpatterns = [
    path("properties/", properties.MyProperties.as_view(ROWS), name="properties"),
    path("properties/<slug:slug>/", include(_property)),
    path("public/<slug:slug>/", include(_public)),
    path("device/", include(_device)),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"", NoSuchAddress.as_view()),
]
