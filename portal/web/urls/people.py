"""Addresses of people, requests, erasures and door events, under /t/<slug>/."""

from django.urls import path

from portal.web.views import enrollments, erasures, events, people, requests

urlpatterns = [
    path("people/", people.PeopleList.as_view(), name="people"),
    path("people/add/", people.PersonAdd.as_view(), name="person_add"),
    path("people/<uuid:pk>/", people.PersonPage.as_view(), name="person"),
    path("people/<uuid:pk>/edit/", people.PersonEdit.as_view(), name="person_edit"),
    path("people/<uuid:pk>/link/", people.PersonLinkPage.as_view(), name="person_link"),
    path("people/<uuid:pk>/photo/", enrollments.PersonPhoto.as_view(), name="person_photo"),
    path("enrollments/<uuid:pk>/", enrollments.EnrollmentPage.as_view(), name="enrollment"),
    path("requests/", requests.RequestList.as_view(), name="requests"),
    path("requests/<uuid:pk>/", requests.RequestPage.as_view(), name="request"),
    path("requests/<uuid:pk>/confirm/", requests.RequestConfirm.as_view(), name="request_confirm"),
    path("requests/<uuid:pk>/answer/", requests.RequestAnswer.as_view(), name="request_answer"),
    path("requests/<uuid:pk>/refuse/", requests.RequestRefuse.as_view(), name="request_refuse"),
    path("erasures/", erasures.ErasureList.as_view(), name="erasures"),
    path("erasures/<uuid:pk>/", erasures.ErasurePage.as_view(), name="erasure"),
    path("events/", events.EventList.as_view(), name="events"),
]
