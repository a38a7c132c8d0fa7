"""Lists come in pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import PageNumberPagination
from rest_framework.views import APIView


class Pages(PageNumberPagination):
    """`page` and `page_size` (at most 200)."""

    page_query_description = _("Which page, from 1 on.")
    page_size_query_param = "page_size"
    page_size_query_description = _("How many rows a page has. More than the most are cut to it.")
    max_page_size = 200

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        page, size = super().get_schema_operation_parameters(view)
        page["schema"] |= {"minimum": 1, "default": 1}
        size["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [page, size]
