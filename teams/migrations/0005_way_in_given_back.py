"""When an administrator of the site sent somebody a way in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0004_language_and_time_zone")]
    operations = [migrations.AddField("account", "recovered_at", models.DateTimeField(editable=False, null=True))]
