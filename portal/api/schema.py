"""OpenAPI: what drf-spectacular cannot see by itself, and the two public addresses that show it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers

from portal.api import problems, refusals
from portal.api.idempotency import HEADER, LONGEST
from portal.security import tokens
from portal.tenancy import TenantScoped

_WHO = {
    "member": _("For a member by session, or a member's program by token."),
    "terminal": _("For a door terminal, by the signature of each request."),
    "anybody": _("For anybody, without an account."),
}
_REASONS = {
    "400": _("A value is missing or wrong, or a rule says no. Each is named under “errors”."),
    "401": _("No session, or a token or a terminal's signature that is not taken."),
    "403": _("This caller may not: without the right, the second factor or the CSRF token, or in clear, not by HTTPS."),
    "404": _("There is no such thing here, or you are not a member of this property."),
    "406": _("The answer is JSON, and the header Accept asks for something else."),
    "409": _("Somebody changed the same thing at the same moment."),
    "410": _("It was retired. “Link” says what to use instead."),
    "413": _("The request is larger than this address takes."),
    "415": _("Another form of content than this address takes."),
    "422": _("Another request was sent with this idempotency key."),
    "429": _("Too many requests. “Retry-After” says how many seconds to wait."),
    "503": _("The recognition worker or its queue does not answer. “Retry-After” says how many seconds to wait."),
}

_FILTERS = {
    "uuid": _("Only what belongs to the row with this id."),
    "boolean": _("Only rows of which this is true, or of which it is false."),
    "string": _("Only rows with exactly this code."),
}


class CodeField(serializers.CharField):
    """The code of a refusal. Not a closed list: others may come at any time (docs/api.md)."""


class FieldError(serializers.Serializer):
    code = CodeField()
    message = serializers.CharField()


class Problem(serializers.Serializer):
    """A refusal in the form of RFC 9457."""

    type = serializers.CharField(help_text="urn:consentry:problem:<code>")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = CodeField(help_text=_("For machines. It stays the same in every language."))
    detail = serializers.CharField(help_text=_("For people, in the language of Accept-Language."))
    errors = serializers.DictField(child=FieldError(many=True), required=False)


class ApiSchema(AutoSchema):
    """Names operations by the view's `tag` and action, and adds the problems that each may answer with."""

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_operation_id(self) -> str:
        """The words of the path, and the action where it is not the last of them: no two operations share a name."""
        inside = self.path.removeprefix("/api/v1/").removeprefix("properties/{slug}/")
        words = [part.replace("-", "_") for part in inside.split("/") if part and "{" not in part]
        return "_".join(words if words[-1:] == [self.view.action] else [*(words or [self.view.tag]), self.view.action])

    def get_description(self) -> str:
        """Say who may ask and what is taken with it. Docstrings are for whoever reads the code."""
        told = [str(_WHO[self._caller()])]
        if isinstance(self.view, TenantScoped):
            right = self.view.required_permission(self.method)
            told.append(str(_("The right it needs: %(right)s (`%(code)s`).")) % {"right": right.label, "code": right})
        if self._takes_key():
            told.append(str(_("Under the header `Idempotency-Key` it is done once, however often it is sent.")))
        if self.view.pagination_class and self.view.action == "list":
            told.append(str(_("Answers in pages: follow `next`.")))
            told.append(str(_("In the order of %(fields)s.")) % {"fields": ", ".join(self._order())})
        return " ".join(told)

    def _order(self) -> list[str]:
        """Return the fields by which a list is ordered; what makes the order of equals fixed is not told."""
        rows = self.view.queryset
        fields = rows.query.order_by or rows.model._meta.ordering
        down = str(_("descending"))
        names = [(name.removeprefix("-"), f" ({down})" if name.startswith("-") else "") for name in fields]
        return [f"`{name}`{way}" for name, way in names if name != "pk"]

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        """Say of each filter what it does, as far as neither its words nor its list of values do."""
        found = super()._get_filter_parameters()
        for one in found:
            kind = one["schema"].get("format") or one["schema"]["type"]
            one.setdefault("description", str(_FILTERS.get(kind, "")))
        return found

    def get_override_parameters(self) -> list[OpenApiParameter]:
        if not self._takes_key():
            return []
        text = _("1 to 255 visible ASCII characters, a random UUID for example.")
        shape = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        return [OpenApiParameter(HEADER, shape, OpenApiParameter.HEADER, description=str(text))]

    def _caller(self) -> str:
        if isinstance(self.view, TenantScoped) or self.path.startswith("/api/v1/properties/"):
            return "member"
        return "terminal" if self.path.startswith("/api/v1/device/") else "anybody"

    def _takes_key(self) -> bool:
        return isinstance(self.view, TenantScoped) and self.method == "POST"

    def get_extensions(self) -> dict[str, Any]:
        """Name the right that an operation needs, so that whoever makes a token knows what to give it."""
        if not isinstance(self.view, TenantScoped):
            return {}
        return {"x-permission": self.view.required_permission(self.method).value}

    def is_deprecated(self) -> bool:
        return self.view.action in self.view.retired or super().is_deprecated()

    def _map_serializer(self, serializer: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        made = super()._map_serializer(serializer, *args, **kwargs)
        for name in getattr(serializer, "retired", {}).keys() & made.get("properties", {}).keys():
            # What stands beside a $ref is not read (OpenAPI 3.0).
            part = made["properties"][name]
            made["properties"][name] = {**({"allOf": [part]} if "$ref" in part else part), "deprecated": True}
        return {name: part for name, part in made.items() if name != "description"}

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for status, codes in self._refusals().items():
            bodies[status] = self._get_response_for_code(Problem, status, [problems.CONTENT_TYPE], direction)
            bodies[status]["description"] = str(_REASONS[status])
            bodies[status]["x-codes"] = sorted(codes)
        return dict(sorted(bodies.items()))

    def _refusals(self) -> dict[str, set[str]]:
        """Return every code that this operation may answer with, by status: those of its door and its own."""
        found: dict[str, set[str]] = {}
        for status, code in (*self.view.door(self.method), *refusals.of(type(self.view), self.view.action)):
            found.setdefault(str(status), set()).add(code)
        if len(found["400"]) > 1:
            found["400"].add("invalid")  # several of them at once
        return found


class KindFieldExtension(OpenApiSerializerFieldExtension):
    """One named component for each closed list, however many fields use it."""

    target_class = "portal.api.serializers.fields.KindField"

    def get_name(self) -> str:
        return self.target.kinds.__name__ + ("OrBlank" if self.target.allow_blank else "")

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        lines = [f"* `{value}`: {label}" for value, label in self.target.kinds.choices]
        values = [*self.target.kinds.values, *([""] if self.target.allow_blank else [])]
        return {"type": "string", "enum": values, "description": "\n".join(lines)}


class CodeFieldExtension(OpenApiSerializerFieldExtension):
    """One component that says of each code what it means."""

    target_class = "portal.api.schema.CodeField"

    def get_name(self) -> str:
        return "ProblemCode"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        lines = [f"* `{code}`: {text}" for code, text in refusals.meanings().items()]
        return {"type": "string", "description": "\n".join(lines)}


class MemberSessionScheme(OpenApiAuthenticationExtension):
    target_class = "portal.api.authentication.MemberSession"
    name = "member"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        from django.conf import settings

        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": str(_("The session of /accounts/login/. Writes also send the header X-CSRFToken.")),
        }


class MemberTokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.api.tokens.MemberToken"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        told = _(
            "An API token of a member, made under “API tokens”. It may do what it was made for and its member may do: "
            "the right that an operation needs is its “x-permission”. The session is not looked at."
        )
        return {"type": "http", "scheme": "bearer", "bearerFormat": f"{tokens.PREFIX}…", "description": str(told)}


class DeviceSignatureScheme(OpenApiAuthenticationExtension):
    target_class = "portal.api.authentication.DeviceSignature"
    name = "device"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": str(
                _(
                    "An HTTP message signature (RFC 9421) with “Signature-Input” and “Content-Digest”, by the key that "
                    "the terminal made when it was paired: see docs/device-protocol.md."
                )
            ),
        }


class SchemaView(SpectacularAPIView):
    """The OpenAPI document. Public: it says what may be asked, not what is held."""

    authentication_classes = []


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own files, with its script at an address of its own: no inline script or style."""

    authentication_classes = []
    template_name = "portal_api/docs.html"
    url_name = "api:schema"
