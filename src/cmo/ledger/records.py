"""Records of judgement: written once, never changed, only superseded by a later one."""

from collections.abc import Collection, Iterable
from typing import ClassVar, NoReturn, Self, TypeVar

from django.db import models

_R = TypeVar("_R", bound="Record")


class Rows(models.QuerySet[_R]):
    """Rows that can be read and added, nothing else."""

    def update(self, **_: object) -> NoReturn:
        """Refuse."""
        raise _refusal(self.model)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise _refusal(self.model)

    def bulk_create(
        self,
        objs: Iterable[_R],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        update_conflicts: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[_R]:
        """Add rows; a row that is already there is never rewritten."""
        if update_conflicts or update_fields:
            raise _refusal(self.model)
        return super().bulk_create(objs, batch_size, ignore_conflicts, unique_fields=unique_fields)

    def bulk_update(self, *_: object, **__: object) -> NoReturn:
        """Refuse."""
        raise _refusal(self.model)

    def update_or_create(self, *_: object, **__: object) -> NoReturn:
        """Refuse."""
        raise _refusal(self.model)


class Reader(models.Manager[_R]):
    """The door to rows that can be read and added."""

    def get_queryset(self) -> Rows[_R]:
        """Give the rows of the model."""
        return Rows(self.model, using=self._db)


class Record(models.Model):
    """A row that is added once and stays as it is."""

    rows: ClassVar[Reader[Self]] = Reader()

    class Meta:
        """Not a table of its own."""

        abstract = True

    def save(self, *, using: str | None = None, **_: object) -> None:
        """Add the row.

        Raises:
            RuntimeError: The row is already there.
        """
        if not self._state.adding:
            raise _refusal(type(self))
        super().save(force_insert=True, using=using)

    def delete(self, *_: object, **__: object) -> NoReturn:
        """Refuse."""
        raise _refusal(type(self))


def _refusal(model: type[models.Model]) -> RuntimeError:
    return RuntimeError(f"{model.__name__} is a record of judgement: it is never changed, only superseded")
