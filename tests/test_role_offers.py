"""Built-in roles get the rights on a dataset that is new in an installation, once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role

from appbuilder_app import access
from appbuilder_app.declaration import db, rights_of_role
from appbuilder_app.models import RoleOffer
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import roles
from tests.app_fixtures import World

pytestmark = pytest.mark.any_database("postgresql")


def officer() -> Role:
    """The role of a school's data officer."""
    return db.session.scalars(sa.select(Role).filter_by(name="school_officer")).one()


def take_from(role: Role, *rights: access.Right) -> None:
    """An administrator unticks rights."""
    role.permissions = [
        roles.permission_view(action, subject) for action, subject in roles.rights_in(role) - {*rights}
    ]
    db.session.flush()


def forget_offer(role: Role, subject: str) -> None:
    """The installation as it was before the subject was declared."""
    noted = RoleOffer.__table__
    with set_based(SetWork.MIGRATION):
        db.session.execute(sa.delete(noted).where(noted.c.role_id == role.id, noted.c.subject == subject))


@pytest.mark.parametrize("role", [spec.name for spec in access.ROLES])
def test_a_new_role_has_the_rights_that_are_declared(world: World, role: str) -> None:
    with world.acting("adam"):
        made = db.session.scalars(sa.select(Role).filter_by(name=role)).one()
        assert roles.rights_in(made) == rights_of_role(role)


def test_an_old_role_is_offered_a_dataset_that_is_new_here(world: World) -> None:
    with world.acting("adam"):
        write, import_ = ("write", "student"), ("import", "student")
        take_from(officer(), write, import_)
        forget_offer(officer(), "student")
        roles.sync_roles()
        assert {write, import_} <= roles.rights_in(officer())


def test_what_an_administrator_has_taken_away_stays_away(world: World) -> None:
    with world.acting("adam"):
        take_from(officer(), ("write", "student"))
        roles.sync_roles()
        assert ("write", "student") not in roles.rights_in(officer())
        assert ("read", "student") in roles.rights_in(officer())
