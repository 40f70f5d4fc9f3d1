import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.TextField(unique=True)),
                ('content', models.JSONField()),
                ('made_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='EvidenceHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('periods', models.JSONField()),
                ('cycle', models.PositiveIntegerField()),
                ('location', models.BinaryField()),
                ('deviations', models.BinaryField()),
            ],
            options={
                'abstract': False,
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('fingerprint', models.CharField(max_length=128)),
                ('seed', models.BigIntegerField()),
                ('engine', models.CharField(max_length=200)),
                ('version', models.CharField(max_length=50)),
            ],
            options={
                'abstract': False,
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=200)),
            ],
            options={
                'abstract': False,
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('observation_en', models.TextField()),
                ('observation_fr', models.TextField()),
                ('due_on', models.DateField()),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='ledger.challenge')),
            ],
            options={
                'abstract': False,
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('words', models.TextField()),
                ('answered_by', models.CharField(max_length=200)),
                ('answered_at', models.DateTimeField()),
                ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='ledger.challenge')),
            ],
            options={
                'abstract': False,
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('measure', models.CharField(db_index=True, max_length=100)),
                ('by', models.CharField(max_length=100)),
                ('subjects', models.JSONField()),
                ('unit', models.CharField(max_length=50)),
                ('window_start', models.DateField()),
                ('window_end', models.DateField()),
                ('as_of', models.DateField()),
                ('method_en', models.TextField()),
                ('method_fr', models.TextField()),
                ('grade', models.CharField(max_length=1)),
                ('tables', models.JSONField()),
                ('doubts', models.JSONField()),
                ('n_draws', models.PositiveIntegerField()),
                ('location', models.BinaryField()),
                ('deviations', models.BinaryField()),
                ('history', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.evidencehistory')),
            ],
            options={
                'abstract': False,
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('belief', models.CharField(db_index=True, max_length=64)),
                ('says_en', models.TextField()),
                ('says_fr', models.TextField()),
                ('owner', models.CharField(max_length=200, null=True)),
                ('stated', models.FloatField(null=True)),
                ('claim', models.JSONField(null=True)),
                ('probability_before', models.FloatField(null=True)),
                ('stance_before', models.CharField(max_length=20, null=True)),
                ('probability_after', models.FloatField(null=True)),
                ('stance_after', models.CharField(max_length=20)),
                ('why_en', models.TextField()),
                ('why_fr', models.TextField()),
                ('grade', models.CharField(max_length=1, null=True)),
                ('as_of', models.DateField(null=True)),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.evidence')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='ledger.review')),
            ],
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='challenge',
            name='verdict',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='ledger.verdict'),
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('measure', models.CharField(max_length=100)),
                ('during_start', models.DateField(null=True)),
                ('during_end', models.DateField(null=True)),
                ('withheld_en', models.TextField(blank=True)),
                ('withheld_fr', models.TextField(blank=True)),
                ('unlock', models.JSONField(default=list)),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.evidence')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='ledger.review')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('review', 'position'), name='ledger_finding_once'), models.CheckConstraint(condition=models.Q(('evidence__isnull', False), models.Q(('withheld_en', ''), _negated=True), _connector='XOR'), name='ledger_finding_is_evidence_or_reason')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=64)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='ledger.revision')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'section', 'key'), name='ledger_item_once_a_revision')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(fields=('review', 'belief'), name='ledger_verdict_once_a_review'),
        ),
    ]
