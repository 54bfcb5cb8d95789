import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_policies"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_newest",
        ),
        migrations.AlterField(
            model_name="change",
            name="item",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="partners.item",
            ),
        ),
        migrations.AlterField(
            model_name="comment",
            name="commitment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="partners.commitment",
            ),
        ),
        migrations.AlterField(
            model_name="comment",
            name="item",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="partners.item",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="commitment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="partners.commitment",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="partner",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="partners.partner"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["item", "-on", "-id"], name="change_of_item"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["partner", "at", "id"], name="comment_newest"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["item", "at", "id"], name="comment_of_item"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["commitment", "at", "id"], name="comment_of_commitment"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["partner", "at", "id"], name="step_newest"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["commitment", "at", "id"], name="step_of_commitment"),
        ),
    ]
