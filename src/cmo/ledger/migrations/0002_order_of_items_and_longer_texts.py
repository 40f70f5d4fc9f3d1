from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='order',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='answer',
            name='answered_by',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='review',
            name='engine',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='review',
            name='fingerprint',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='review',
            name='version',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='revision',
            name='made_by',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='verdict',
            name='owner',
            field=models.TextField(null=True),
        ),
    ]
