"""Pages of the app materials: see `tests.access`."""

from tests.access import Page

OF_MATERIAL = {"args": lambda world: [world.material.pk]}
FOR_OWNER = {**OF_MATERIAL, "allow": "teacher"}

PAGES: dict[str, Page] = {
    "materials:material-list": Page("all", "Catalogue of materials", neighbour=200),
    "materials:search": Page("all", "Search", query="?q=функция", neighbour=200),
    "materials:for-event": Page(
        "all", "Materials of an open event", args=lambda world: [world.event.pk]
    ),
    "materials:material-new": Page("signed-in", "Upload a material", neighbour=200),
    "materials:material-new POST": Page(
        "signed-in", "Upload without a file", method="post", neighbour=200
    ),
    "materials:author-search": Page(
        "signed-in", "Find co-authors", query="?author_q=Учит", neighbour=200
    ),
    "materials:material-detail": Page(
        "signed-in",
        "A material of the network",
        args=lambda world: [world.material.pk, world.material.slug],
        but={"guest": 404},
    ),
    "materials:material-detail public": Page(
        "all",
        "A public material",
        args=lambda world: [world.public_material.pk, world.public_material.slug],
    ),
    "materials:material-detail draft": Page(
        "leader",
        "A draft",
        args=lambda world: [world.draft_material.pk, world.draft_material.slug],
        deny=404,
        but={"guest": 404},
    ),
    "materials:material-download": Page("signed-in", "Download", **OF_MATERIAL, but={"guest": 404}),
    "materials:version-download": Page(
        "signed-in",
        "Download a version",
        args=lambda world: [world.material.pk, 1],
        but={"guest": 404},
    ),
    "materials:material-preview": Page(
        "signed-in",
        "Picture of the first page",
        args=lambda world: [world.pictured_material.pk, 1],
        but={"guest": 404},
    ),
    "materials:material-edit": Page(title="Edit a material", **FOR_OWNER),
    "materials:material-edit POST": Page(title="Save an empty form", method="post", **FOR_OWNER),
    "materials:material-versions": Page(title="Versions", **FOR_OWNER),
    "materials:material-hide": Page("teacher methodist", "Confirm hiding", **OF_MATERIAL),
    "materials:material-hide POST": Page(
        "teacher methodist",
        "Hide a material",
        method="post",
        data=lambda world: {"reason": "ошибка"},
        status=302,
        **OF_MATERIAL,
    ),
    "materials:material-unhide": Page(
        "methodist", "Open again", method="post", status=302, **OF_MATERIAL
    ),
    "materials:material-delete": Page(title="Confirm deleting", **FOR_OWNER),
    "materials:material-delete POST": Page(
        "leader",
        "Delete a draft",
        args=lambda world: [world.draft_material.pk],
        method="post",
        status=302,
        deny=404,
    ),
}
