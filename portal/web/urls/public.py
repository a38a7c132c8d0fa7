"""Addresses for everybody else: the property's public pages, tracking, and the personal page."""

from django.urls import path

from portal.web.views import (
    answering,
    certificates,
    complaining,
    me,
    own_passes,
    own_requests,
    own_terminals,
    packages,
    photographing,
    public,
    reading,
    registering,
    tracking,
)

urlpatterns = [
    path("", public.PublicHome.as_view(), name="public"),
    path("reading/", reading.ReadingAids.as_view(), name="public_reading"),
    path("notice/", public.NoticePage.as_view(), name="public_notice"),
    path("notice/<int:version>/", public.NoticePage.as_view(), name="public_notice_version"),
    path("notice/<int:version>/<slug:fingerprint>/", public.NoticePage.as_view(), name="public_notice_exact"),
    path("notice/<int:version>/since/<int:earlier>/", public.NoticeChanges.as_view(), name="public_notice_changes"),
    path("requests/", tracking.FindRequest.as_view(), name="request_find"),
    path("request/", public.RequestPage.as_view(), name="request_form"),
    path("requests/<str:code>/", tracking.TrackRequest.as_view(), name="request_track"),
    path("requests/<str:code>/certificate/", certificates.OwnCertificate.as_view(), name="request_certificate"),
    path("certificate/", certificates.CertificateCheck.as_view(), name="certificate_check"),
    path("requests/<str:code>/sent/", tracking.RequestSent.as_view(), name="request_sent"),
    path("requests/<str:code>/prove/", tracking.ProveRequest.as_view(), name="request_prove"),
    path("requests/<str:code>/take-back/", tracking.TakeBack.as_view(), name="request_take_back"),
    path("requests/<str:code>/package/", packages.PackagePage.as_view(), name="request_package"),
    path("complaint/", complaining.Complain.as_view(), name="complaint_form"),
    path("complaints/", complaining.FindComplaint.as_view(), name="complaint_find"),
    path("complaints/<str:code>/", complaining.TrackComplaint.as_view(), name="complaint_track"),
    path("complaints/<str:code>/sent/", complaining.ComplaintSent.as_view(), name="complaint_sent"),
    path("register/<str:ticket>/", registering.Register.as_view(), name="register"),
    path("me/<str:token>/", me.Me.as_view(), name="me"),
    path("me/<str:token>/consent/<slug:purpose>/", answering.Question.as_view(), name="me_consent"),
    path("me/<str:token>/stop/", me.Stop.as_view(), name="me_stop"),
    path("me/<str:token>/pass/", own_passes.OwnPass.as_view(), name="me_pass"),
    path("me/<str:token>/photo/", photographing.Photo.as_view(), name="me_photo"),
    path("me/<str:token>/photo/<uuid:pk>/", photographing.EnrollmentPage.as_view(), name="me_enrollment"),
    path("me/<str:token>/terminal/", own_terminals.OwnTerminal.as_view(), name="me_terminal"),
    path("me/<str:token>/ask/", own_requests.Ask.as_view(), name="me_ask"),
    path("me/<str:token>/restrict/", me.Restrict.as_view(), name="me_restrict"),
    path("me/<str:token>/receipts/<uuid:pk>/", me.Receipt.as_view(), name="me_receipt"),
    path("me/<str:token>/certificates/<uuid:pk>/", certificates.PersonalCertificate.as_view(), name="me_certificate"),
    *[
        path(f"me/<str:token>/children/<uuid:child>/{rest}", view.as_view(), name=name)
        for rest, view, name in (
            ("", me.Child, "child"),
            ("consent/<slug:purpose>/", answering.Question, "child_consent"),
            ("stop/", me.Stop, "child_stop"),
            ("ask/", own_requests.Ask, "child_ask"),
            ("restrict/", me.Restrict, "child_restrict"),
            ("pass/", own_passes.OwnPass, "child_pass"),
            ("photo/", photographing.Photo, "child_photo"),
            ("photo/<uuid:pk>/", photographing.EnrollmentPage, "child_enrollment"),
            ("receipts/<uuid:pk>/", me.Receipt, "child_receipt"),
            ("certificates/<uuid:pk>/", certificates.PersonalCertificate, "child_certificate"),
            ("terminal/", own_terminals.OwnTerminal, "child_terminal"),
        )
    ],
]
