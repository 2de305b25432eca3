"""The journal and the chain of sealed papers only grow: the database refuses the rest."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION communities_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER auditentry_append_only BEFORE UPDATE OR DELETE ON communities_auditentry
    FOR EACH ROW EXECUTE FUNCTION communities_refuse_change();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE ON communities_seal
    FOR EACH ROW EXECUTE FUNCTION communities_refuse_change();
"""

ALLOW = """
DROP TRIGGER auditentry_append_only ON communities_auditentry;
DROP TRIGGER seal_append_only ON communities_seal;
DROP FUNCTION communities_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
