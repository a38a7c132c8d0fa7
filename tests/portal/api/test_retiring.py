"""What goes says so in each answer and in the schema, and is answered with 410 afterwards."""

import email.utils
import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from portal.api.retiring import Retired, Retiring
from portal.api.serializers.fields import Payload
from portal.api.views.foundation import ApiViews

GUIDE = "/api/v1/docs/"
TODAY = timezone.localdate()
LATER, SOON = (Retired(TODAY, TODAY + timedelta(days=days), GUIDE) for days in (500, 400))
OVER = Retired(TODAY - timedelta(days=400), TODAY, GUIDE)
HEADERS = ("Deprecation", "Sunset", "Link")


class ColourShape(serializers.Serializer):
    name = serializers.CharField()
    shade = serializers.CharField()
    retired: Retiring = {"shade": LATER}


class ColourPayload(Payload):
    name = serializers.CharField()
    tone = serializers.CharField(required=False)
    retired: Retiring = {"tone": SOON}


class Colours(ApiViews):
    """A view of this test's own: the portal retires nothing."""

    tag = "colours"
    authentication_classes = []
    permission_classes = [AllowAny]
    serializer_class = ColourShape
    retired: Retiring = {"update": OVER, "destroy": SOON}

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.show({"name": "red", "shade": "dark"})

    @extend_schema(request=ColourPayload, responses={204: None})
    def create(self, request: Request, **kwargs: Any) -> Response:
        self.read(ColourPayload)
        return Response(status=204)

    def update(self, request: Request, **kwargs: Any) -> Response:
        raise AssertionError("It is gone.")

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        return Response(status=204)


view = Colours.as_view({"get": "retrieve", "post": "create", "put": "update", "delete": "destroy"})


def ask(method: str, body: dict[str, str] | None = None) -> HttpResponse:
    return view(APIRequestFactory().generic(method, "/", json.dumps(body or {}), "application/json"))


def test_an_operation_that_goes_says_since_when_until_when_and_what_instead() -> None:
    answer = ask("DELETE")
    assert answer.status_code == 204
    assert answer["Deprecation"] == f"@{int(_midnight(SOON.since))}"
    assert email.utils.parsedate_to_datetime(answer["Sunset"]).timestamp() == _midnight(SOON.until)
    assert answer["Link"] == '</api/v1/docs/>; rel="successor-version"'


def _midnight(day: date) -> float:
    return timezone.make_aware(datetime.combine(day, time.min)).timestamp()


def test_one_that_is_gone_is_refused_and_still_says_what_instead() -> None:
    answer = ask("PUT")
    assert (answer.status_code, answer.data["code"]) == (410, "gone")
    assert all(name in answer for name in HEADERS)


def test_a_field_that_goes_is_told_to_whoever_is_answered_with_it() -> None:
    assert email.utils.parsedate_to_datetime(ask("GET")["Sunset"]).timestamp() == _midnight(LATER.until)


@pytest.mark.parametrize(("body", "is_told"), [({"name": "red"}, False), ({"name": "red", "tone": "dark"}, True)])
def test_a_field_that_goes_is_told_to_whoever_sends_it(body: dict[str, str], is_told: bool) -> None:
    answer = ask("POST", body)
    assert answer.status_code == 204
    assert [name in answer for name in HEADERS] == [is_told] * 3


def test_the_schema_marks_what_goes() -> None:
    document = SchemaGenerator(patterns=[path("api/v1/colours/", view)]).get_schema(public=True)
    operations = document["paths"]["/api/v1/colours/"]
    assert {method for method, one in operations.items() if one.get("deprecated")} == {"put", "delete"}
    assert operations["put"]["responses"]["410"]["x-codes"] == ["gone"]
    assert "410" not in operations["get"]["responses"]
    schemas = document["components"]["schemas"]
    marked = {name for name, part in schemas["ColourShape"]["properties"].items() if part.get("deprecated")}
    assert marked == {"shade"}
    assert schemas["ColourPayload"]["properties"]["tone"]["deprecated"] is True
