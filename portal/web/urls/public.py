"""Addresses for everybody else: the property's public pages, tracking, and the personal page."""

from django.urls import path

from portal.web.views import answering, me, photographing, public, tracking

urlpatterns = [
    path("", public.PublicHome.as_view(), name="public"),
    path("notice/", public.NoticePage.as_view(), name="public_notice"),
    path("notice/<int:version>/", public.NoticePage.as_view(), name="public_notice_version"),
    path("requests/", tracking.FindRequest.as_view(), name="request_find"),
    path("request/", public.RequestPage.as_view(), name="request_form"),
    path("requests/<str:code>/", tracking.TrackRequest.as_view(), name="request_track"),
    path("requests/<str:code>/sent/", tracking.RequestSent.as_view(), name="request_sent"),
    path("requests/<str:code>/package/", tracking.Package.as_view(), name="request_package"),
    path("me/<str:token>/", me.Me.as_view(), name="me"),
    path("me/<str:token>/consent/<slug:purpose>/", answering.Question.as_view(), name="me_consent"),
    path("me/<str:token>/stop/", me.Stop.as_view(), name="me_stop"),
    path("me/<str:token>/photo/", photographing.Photo.as_view(), name="me_photo"),
    path("me/<str:token>/photo/<uuid:pk>/", photographing.EnrollmentPage.as_view(), name="me_enrollment"),
    path("me/<str:token>/receipts/<uuid:pk>/", me.Receipt.as_view(), name="me_receipt"),
]
