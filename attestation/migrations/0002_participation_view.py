"""The participation record: one view over every row that proves a fact about a person."""

from django.db import migrations

CREATE = """
CREATE VIEW attestation_participation AS
-- who came
SELECT 'a' || a.id AS key, e.municipality_id, e.school_year_id, a.person_id, a.organization_id,
       e.association_id, a.event_id, NULL::bigint AS material_id, 'listener' AS role,
       e.title::varchar(300) AS topic,
       (e.starts_at AT TIME ZONE m.time_zone)::date AS happened_on, e.hours,
       'attendance' AS proof
FROM events_attendance a
JOIN events_event e ON e.id = a.event_id AND e.state IN ('published', 'closed')
JOIN communities_municipality m ON m.id = e.municipality_id
UNION ALL
-- who spoke at an event that took place, and was seen there if anybody was
SELECT 't' || s.id, e.municipality_id, e.school_year_id, s.person_id, s.organization_id,
       e.association_id, e.id, NULL, t.role, t.title,
       (e.starts_at AT TIME ZONE m.time_zone)::date, e.hours, 'official'
FROM events_talkspeaker s
JOIN events_talk t ON t.id = s.talk_id
JOIN events_event e ON e.id = t.event_id
    AND (e.state = 'closed' AND e.starts_at <= now()
        OR e.state = 'published' AND e.ends_at < now())
JOIN communities_municipality m ON m.id = e.municipality_id
LEFT JOIN events_attendance a ON a.event_id = e.id AND a.person_id = s.person_id
WHERE s.person_id IS NOT NULL
    AND (a.id IS NOT NULL
        OR NOT EXISTS (SELECT FROM events_attendance x WHERE x.event_id = e.id))
UNION ALL
-- who chaired and who kept the minutes
SELECT r.letter || i.id, e.municipality_id, e.school_year_id, r.person_id,
       coalesce(a.organization_id, w.organization_id),
       e.association_id, e.id, NULL, r.role, e.title::varchar(300),
       (e.starts_at AT TIME ZONE m.time_zone)::date, e.hours, 'official'
FROM events_minutes i
JOIN events_event e ON e.id = i.event_id AND e.starts_at <= now()
JOIN communities_municipality m ON m.id = e.municipality_id
CROSS JOIN LATERAL (VALUES ('c', 'moderator', i.chair_id), ('s', 'secretary', i.secretary_id))
    AS r (letter, role, person_id)
LEFT JOIN events_attendance a ON a.event_id = e.id AND a.person_id = r.person_id
LEFT JOIN LATERAL (
    SELECT organization_id FROM communities_employment
    WHERE person_id = r.person_id AND is_main ORDER BY ends_on DESC NULLS FIRST LIMIT 1
) w ON true
WHERE i.state = 'signed' AND r.person_id IS NOT NULL
UNION ALL
-- who published a material: nobody has judged it yet
SELECT 'm' || u.id, b.municipality_id, y.id, u.person_id,
       coalesce(w.organization_id, b.organization_id), b.association_id, b.event_id, b.id,
       'author', b.title::varchar(300),
       (b.published_at AT TIME ZONE m.time_zone)::date, NULL, 'own'
FROM materials_materialauthor u
JOIN materials_material b ON b.id = u.material_id AND b.state = 'published'
JOIN communities_municipality m ON m.id = b.municipality_id
JOIN events_schoolyear y ON y.municipality_id = b.municipality_id
    AND (b.published_at AT TIME ZONE m.time_zone)::date
        BETWEEN make_date(y.start, 9, 1) AND make_date(y.start + 1, 8, 31)
LEFT JOIN LATERAL (
    SELECT organization_id FROM communities_employment
    WHERE person_id = u.person_id AND is_main ORDER BY ends_on DESC NULLS FIRST LIMIT 1
) w ON true
UNION ALL
-- who led an association by order, once for each school year
SELECT 'l' || p.id || '-' || y.start, p.municipality_id, y.id, p.person_id, w.organization_id,
       p.association_id, NULL, NULL, 'leader', c.name::varchar(300),
       greatest(p.starts_on, make_date(y.start, 9, 1)), NULL, 'official'
FROM communities_membership p
JOIN communities_association c ON c.id = p.association_id
JOIN communities_municipality m ON m.id = p.municipality_id
JOIN events_schoolyear y ON y.municipality_id = p.municipality_id
    AND p.starts_on <= least(
        make_date(y.start + 1, 8, 31), (now() AT TIME ZONE m.time_zone)::date)
    AND (p.ends_on IS NULL OR p.ends_on >= make_date(y.start, 9, 1))
    AND make_date(y.start, 9, 1) <= (now() AT TIME ZONE m.time_zone)::date
LEFT JOIN LATERAL (
    SELECT organization_id FROM communities_employment
    WHERE person_id = p.person_id AND is_main ORDER BY ends_on DESC NULLS FIRST LIMIT 1
) w ON true
WHERE p.role = 'leader'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("attestation", "0001_initial"),
        ("communities", "0002_append_only"),
        ("events", "0001_initial"),
        ("materials", "0001_initial"),
    ]

    operations = [migrations.RunSQL(CREATE, "DROP VIEW attestation_participation")]
