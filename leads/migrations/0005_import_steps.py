"""What the steps of an import leave behind: its headings, what was found, who imported and undid it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_people'),
        ('leads', '0004_what_large_tables_gained'),
        ('sources', '0005_watching_links_and_thresholds'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='findings',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='import',
            name='headings',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='import',
            name='imported_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='import',
            name='imported_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='import',
            name='undoes_worked',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='import',
            name='undone_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='import',
            name='undone_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='import',
            name='undone_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='import',
            name='withdrawn',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
