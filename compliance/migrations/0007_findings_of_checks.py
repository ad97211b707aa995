"""What was found in each answer, kept beside it. Empty on the rows there are; none is written anew."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('compliance', '0006_suppression')]

    operations = [
        migrations.AddField(
            model_name='certificatecheck', name='findings', field=models.JSONField(null=True)
        ),
    ]
