"""The base of all pages of the admin: what stands in their addresses is read with care.

Django's own take values from the address to the database as they are, and fail where it cannot compare
them.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, transaction
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import Http404, HttpRequest

NUL = "\0"
"""What no text of PostgreSQL holds."""


class AskedList(ChangeList):
    """A list whose address is refused where the database cannot answer it."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """The rows asked for.

        Raises:
            IncorrectLookupParameters: a day, a number or a pattern that there is not.
        """
        try:
            found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
            if self.filter_params or self.query:
                with transaction.atomic():
                    found.exists()
        except (DataError, OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error
        return found


class AskedAdmin(admin.ModelAdmin):
    """Stock admin; what its addresses ask and no column can hold is as if it had not been asked."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return AskedList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The object; one out of the user's areas is as unknown as one that does not exist.

        Django's own leads to the admin's home from a record that does not exist, and refuses one that does.
        """
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term.replace(NUL, ""))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The first values of a new record that the address gives and its columns can hold."""
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if _is_held(self.model, name, value)}


def _is_held(model: type[Model], name: str, value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    try:
        field: Any = model._meta.get_field(name)
        while isinstance(field, ForeignKey | ManyToManyField):
            field = field.target_field
        for each in values:
            field.run_validators(field.to_python(each))
    except FieldDoesNotExist:
        pass  # a question of the form's own
    except (ValidationError, OverflowError, ValueError):
        return False
    return not any(NUL in str(each) for each in values)
