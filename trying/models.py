"""Who is trying Rondo out, as rows: constraints, no behaviour."""

from django.db import models

from conventions import clock
from conventions.ids import LENGTH, IdField


class Visit(models.Model):
    """One visitor's decision with three played members. `cast`: the part that each of them plays → account id;
    `idle_at`: the number of the entry after which it was the visitor's move."""

    id = IdField()
    team = models.OneToOneField("teams.Team", on_delete=models.CASCADE, related_name="+")
    visitor = models.OneToOneField("teams.Account", on_delete=models.CASCADE, related_name="+")
    cast = models.JSONField()
    proposal = models.CharField(max_length=LENGTH, unique=True)
    begun_at = models.DateTimeField(default=clock.now, editable=False, db_index=True)
    stirred_at = models.DateTimeField(default=clock.now, db_index=True)
    idle_at = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"visit {self.pk}, begun {self.begun_at}"
