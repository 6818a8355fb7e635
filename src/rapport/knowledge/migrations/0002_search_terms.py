from django.db import migrations

from rapport.knowledge.lexical_index import create_table, drop_table


def forwards(apps, schema_editor):
    create_table(schema_editor.connection)


def backwards(apps, schema_editor):
    drop_table(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("knowledge", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
