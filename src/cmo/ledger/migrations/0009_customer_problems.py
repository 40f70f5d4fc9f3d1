import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0008_radar_and_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProblemStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.CharField(db_index=True, max_length=100)),
                ('position', models.PositiveIntegerField()),
                ('stage', models.CharField(max_length=20)),
                ('words', models.TextField(blank=True)),
                ('seen', models.JSONField(default=dict)),
                ('taken_by', models.TextField()),
                ('taken_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('problem', 'position'), name='ledger_problem_step_once')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
    ]
