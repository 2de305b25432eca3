"""The permissions of WHAT."""

import rules

from communities.rules import is_methodist, is_signed_in, leads_association, same_municipality
from materials.models import Material


@rules.predicate
def owns_material(user, material):
    return material is not None and material.owner_id == user.pk


@rules.predicate
def is_published(user, material):
    return material is not None and material.state == Material.State.PUBLISHED


rules.add_perm("materials.add_material", is_signed_in)
rules.add_perm("materials.change_material", owns_material & same_municipality)
rules.add_perm("materials.delete_material", owns_material & same_municipality)
rules.add_perm(
    "materials.hide_material",
    (owns_material | is_methodist | leads_association) & same_municipality & is_published,
)
rules.add_perm("materials.unhide_material", is_methodist & same_municipality)
