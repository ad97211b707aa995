"""Storing a lead and counting caps anew exclude each other; see `sources/recounting.py`.

A function, since what it reads is as of its own call: after the wait, where the statement around it still sees
the rows as of its beginning.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION sources_pass_gate(source uuid) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(source::text, 0));
    RETURN (SELECT version FROM sources_source WHERE id = source);
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [('sources', '0005_watching_links_and_thresholds')]

    operations = [migrations.RunSQL(MAKE, 'DROP FUNCTION sources_pass_gate(uuid)')]
