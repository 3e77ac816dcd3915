"""Tables with their triggers, functions and indexes. Written by ``migrations.regenerate``."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('ab_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('label', sa.String(length=150), nullable=True),
    sa.Column('description', sa.String(length=512), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_group')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_group_name'))
    )
    op.create_table('ab_permission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_permission_name'))
    )
    op.create_table('ab_register_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_name', sa.String(length=64), nullable=False),
    sa.Column('last_name', sa.String(length=64), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('password', sa.String(length=256), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('registration_date', sa.DateTime(), nullable=True),
    sa.Column('registration_hash', sa.String(length=256), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_register_user')),
    sa.UniqueConstraint('email', name=op.f('uq_ab_register_user_email')),
    sa.UniqueConstraint('username', name=op.f('uq_ab_register_user_username'))
    )
    op.create_table('ab_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_role')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_role_name'))
    )
    op.create_table('ab_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_name', sa.String(length=64), nullable=False),
    sa.Column('last_name', sa.String(length=64), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('password', sa.String(length=256), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('last_login', sa.DateTime(), nullable=True),
    sa.Column('login_count', sa.Integer(), nullable=True),
    sa.Column('fail_login_count', sa.Integer(), nullable=True),
    sa.Column('created_on', sa.DateTime(), nullable=True),
    sa.Column('changed_on', sa.DateTime(), nullable=True),
    sa.Column('created_by_fk', sa.Integer(), nullable=True),
    sa.Column('changed_by_fk', sa.Integer(), nullable=True),
    sa.Column('scope', sa.String(length=40), server_default='', nullable=False),
    sa.Column('position', sa.String(length=120), server_default='', nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('session_epoch', sa.Integer(), server_default='1', nullable=False),
    sa.Column('must_change_password', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_fk'], ['ab_user.id'], name=op.f('fk_ab_user_changed_by_fk_ab_user')),
    sa.ForeignKeyConstraint(['created_by_fk'], ['ab_user.id'], name=op.f('fk_ab_user_created_by_fk_ab_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user')),
    sa.UniqueConstraint('email', name=op.f('uq_ab_user_email')),
    sa.UniqueConstraint('username', name=op.f('uq_ab_user_username'))
    )
    op.create_table('ab_view_menu',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_view_menu')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_view_menu_name'))
    )
    op.create_table('area',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('short_name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('provinces', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('letter_code', sa.String(length=20), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_area'))
    )
    op.create_table('change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=160), nullable=False),
    sa.Column('path', sa.String(length=12), nullable=False),
    sa.Column('dataset', sa.String(length=40), nullable=False),
    sa.Column('row_key', sa.String(length=40), nullable=False),
    sa.Column('action', sa.String(length=16), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change'))
    )
    op.create_table('collection_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('system', sa.String(length=16), nullable=False),
    sa.Column('academic_year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('snapshot_date', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=200), server_default='', nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=160), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collection_round')),
    sa.UniqueConstraint('system', 'academic_year', 'number', name=op.f('uq_collection_round_system_academic_year_number'))
    )
    op.create_table('document_counter',
    sa.Column('series', sa.String(length=40), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series', name=op.f('pk_document_counter'))
    )
    op.create_table('ab_api_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=256), nullable=False),
    sa.Column('key_hash', sa.String(length=256), nullable=False),
    sa.Column('lookup_hash', sa.String(length=256), nullable=True),
    sa.Column('key_prefix', sa.String(length=16), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_on', sa.DateTime(), nullable=True),
    sa.Column('expires_on', sa.DateTime(), nullable=True),
    sa.Column('revoked_on', sa.DateTime(), nullable=True),
    sa.Column('last_used_on', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_api_key_user_id_ab_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_api_key')),
    sa.UniqueConstraint('lookup_hash', name=op.f('uq_ab_api_key_lookup_hash')),
    sa.UniqueConstraint('uuid', name=op.f('uq_ab_api_key_uuid'))
    )
    op.create_table('ab_group_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['ab_group.id'], name=op.f('fk_ab_group_role_group_id_ab_group'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_group_role_role_id_ab_role'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_group_role')),
    sa.UniqueConstraint('group_id', 'role_id', name=op.f('uq_ab_group_role_group_id_role_id'))
    )
    op.create_table('ab_permission_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('permission_id', sa.Integer(), nullable=False),
    sa.Column('view_menu_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['permission_id'], ['ab_permission.id'], name=op.f('fk_ab_permission_view_permission_id_ab_permission')),
    sa.ForeignKeyConstraint(['view_menu_id'], ['ab_view_menu.id'], name=op.f('fk_ab_permission_view_view_menu_id_ab_view_menu')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission_view')),
    sa.UniqueConstraint('permission_id', 'view_menu_id', name=op.f('uq_ab_permission_view_permission_id_view_menu_id'))
    )
    op.create_table('ab_user_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['ab_group.id'], name=op.f('fk_ab_user_group_group_id_ab_group'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_user_group_user_id_ab_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user_group')),
    sa.UniqueConstraint('user_id', 'group_id', name=op.f('uq_ab_user_group_user_id_group_id'))
    )
    op.create_table('ab_user_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_user_role_role_id_ab_role'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_user_role_user_id_ab_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user_role')),
    sa.UniqueConstraint('user_id', 'role_id', name=op.f('uq_ab_user_role_user_id_role_id'))
    )
    op.create_table('school',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('moe_code', sa.String(length=10), nullable=True),
    sa.Column('obec_code', sa.String(length=6), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('english_name', sa.String(length=160), nullable=True),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('director_name', sa.String(length=120), nullable=True),
    sa.Column('lowest_grade', sa.String(length=16), nullable=False),
    sa.Column('highest_grade', sa.String(length=16), nullable=False),
    sa.Column('house_no', sa.String(length=40), nullable=True),
    sa.Column('village_no', sa.String(length=10), nullable=True),
    sa.Column('subdistrict', sa.String(length=80), nullable=True),
    sa.Column('district', sa.String(length=80), nullable=True),
    sa.Column('province', sa.String(length=80), nullable=True),
    sa.Column('postcode', sa.String(length=5), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('email', sa.String(length=120), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_school_area_code_area')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_school'))
    )
    op.create_table('window',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=16), nullable=False),
    sa.Column('scope', sa.String(length=40), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=300), server_default='', nullable=False),
    sa.Column('source', sa.String(length=200), server_default='', nullable=False),
    sa.Column('granted_by', sa.String(length=160), server_default='', nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_window_opens_before_closing')),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_window_round_id_collection_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_window'))
    )
    op.create_table('ab_permission_view_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('permission_view_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['permission_view_id'], ['ab_permission_view.id'], name=op.f('fk_ab_permission_view_role_permission_view_id_ab_permission_view'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_permission_view_role_role_id_ab_role'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission_view_role')),
    sa.UniqueConstraint('permission_view_id', 'role_id', name=op.f('uq_ab_permission_view_role_permission_view_id_role_id'))
    )
    op.create_table('import_batch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by', sa.String(length=160), nullable=False),
    sa.Column('state', sa.String(length=12), server_default='preview', nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=160), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_import_batch_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    op.create_table('student',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('national_id', sa.String(length=13), nullable=False),
    sa.Column('identity_type', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=16), nullable=False),
    sa.Column('first_name', sa.String(length=80), nullable=False),
    sa.Column('last_name', sa.String(length=80), nullable=False),
    sa.Column('sex', sa.String(length=16), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=False),
    sa.Column('ethnicity', sa.String(length=60), nullable=True),
    sa.Column('nationality', sa.String(length=60), nullable=True),
    sa.Column('religion', sa.String(length=16), nullable=True),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('room', sa.Integer(), nullable=False),
    sa.Column('student_number', sa.String(length=20), nullable=False),
    sa.Column('weight_kg', sa.Numeric(precision=5, scale=1), nullable=True),
    sa.Column('height_cm', sa.Numeric(precision=5, scale=1), nullable=True),
    sa.Column('blood', sa.String(length=16), nullable=True),
    sa.Column('house_no', sa.String(length=40), nullable=True),
    sa.Column('village_no', sa.String(length=10), nullable=True),
    sa.Column('street', sa.String(length=120), nullable=True),
    sa.Column('subdistrict', sa.String(length=80), nullable=True),
    sa.Column('district', sa.String(length=80), nullable=True),
    sa.Column('province', sa.String(length=80), nullable=True),
    sa.Column('guardian_first_name', sa.String(length=80), nullable=True),
    sa.Column('guardian_last_name', sa.String(length=80), nullable=True),
    sa.Column('guardian_occupation', sa.String(length=16), nullable=True),
    sa.Column('guardian_relation', sa.String(length=16), nullable=True),
    sa.Column('father_first_name', sa.String(length=80), nullable=True),
    sa.Column('father_last_name', sa.String(length=80), nullable=True),
    sa.Column('father_occupation', sa.String(length=16), nullable=True),
    sa.Column('mother_first_name', sa.String(length=80), nullable=True),
    sa.Column('mother_last_name', sa.String(length=80), nullable=True),
    sa.Column('mother_occupation', sa.String(length=16), nullable=True),
    sa.Column('disadvantage', sa.String(length=16), nullable=False),
    sa.Column('disability', sa.String(length=16), nullable=False),
    sa.Column('living', sa.String(length=16), nullable=True),
    sa.Column('pending_discharge', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('scout', sa.String(length=16), nullable=True),
    sa.Column('red_cross_youth', sa.Boolean(), nullable=True),
    sa.Column('swims', sa.Boolean(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_student_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student')),
    sa.UniqueConstraint('school_code', 'national_id', name=op.f('uq_student_school_code_national_id'))
    )
    op.create_table('submission',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), server_default='open', nullable=False),
    sa.Column('students', sa.Integer(), nullable=True),
    sa.Column('roster_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_by', sa.String(length=160), nullable=True),
    sa.Column('confirmed_position', sa.String(length=120), nullable=True),
    sa.Column('certified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('certified_by_id', sa.Integer(), nullable=True),
    sa.Column('certified_by', sa.String(length=160), nullable=True),
    sa.Column('certified_position', sa.String(length=120), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by_id', sa.Integer(), nullable=True),
    sa.Column('acknowledged_by', sa.String(length=160), nullable=True),
    sa.Column('acknowledged_position', sa.String(length=120), nullable=True),
    sa.Column('returned_reason', sa.String(length=500), nullable=True),
    sa.Column('returned_by', sa.String(length=160), nullable=True),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_submission_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_submission_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('round_id', 'school_code', name=op.f('uq_submission_round_id_school_code'))
    )
    op.create_table('import_row',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('row_number', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('national_id', sa.String(length=40), nullable=True),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_row_batch_id_import_batch')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row'))
    )
    op.create_table('roster',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('students', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('totals', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_roster_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_roster_school_code_school')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_roster_submission_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster'))
    )
    op.create_table('certificate',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('roster_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('voided_by', sa.String(length=160), nullable=True),
    sa.Column('void_reason', sa.String(length=500), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['roster_id'], ['roster.id'], name=op.f('fk_certificate_roster_id_roster')),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_certificate_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_certificate_school_code_school')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_certificate_submission_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('number', name=op.f('uq_certificate_number'))
    )
    op.create_table('headcount',
    sa.Column('roster_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('male', sa.Integer(), nullable=False),
    sa.Column('female', sa.Integer(), nullable=False),
    sa.Column('rooms', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['roster_id'], ['roster.id'], name=op.f('fk_headcount_roster_id_roster')),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_headcount_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_headcount_school_code_school')),
    sa.PrimaryKeyConstraint('roster_id', 'grade', name=op.f('pk_headcount'))
    )
    op.create_table('signed_scan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('stored_as', sa.String(length=120), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by', sa.String(length=160), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_signed_scan_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_signed_scan_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_scan'))
    )
    op.create_index('ix_change_row', 'change', ['dataset', 'row_key', 'id'], unique=False)
    op.create_index('ix_change_scope', 'change', ['scope', 'id'], unique=False)
    op.create_index('idx_api_key_lookup_hash', 'ab_api_key', ['lookup_hash'], unique=True)
    op.create_index('idx_api_key_prefix', 'ab_api_key', ['key_prefix'], unique=False)
    op.create_index('idx_api_key_user_id', 'ab_api_key', ['user_id'], unique=False)
    op.create_index('idx_group_id', 'ab_group_role', ['group_id'], unique=False)
    op.create_index('idx_group_role_id', 'ab_group_role', ['role_id'], unique=False)
    op.create_index('idx_permission_id', 'ab_permission_view', ['permission_id'], unique=False)
    op.create_index('idx_view_menu_id', 'ab_permission_view', ['view_menu_id'], unique=False)
    op.create_index('idx_user_group_id', 'ab_user_group', ['group_id'], unique=False)
    op.create_index('idx_user_id', 'ab_user_group', ['user_id'], unique=False)
    op.create_index('ix_school_area', 'school', ['area_code', 'code'], unique=False)
    op.create_index('ix_school_scope', 'school', ['scope'], unique=False)
    op.create_index('uq_school_moe_code', 'school', ['moe_code'], unique=True)
    op.create_index('ix_window_round', 'window', ['round_id', 'action', 'scope'], unique=False)
    op.create_index('idx_permission_view_id', 'ab_permission_view_role', ['permission_view_id'], unique=False)
    op.create_index('idx_role_id', 'ab_permission_view_role', ['role_id'], unique=False)
    op.create_index('ix_import_batch_scope', 'import_batch', ['scope'], unique=False)
    op.create_index('ix_student_national_id', 'student', ['national_id'], unique=False, postgresql_ops={'national_id': 'text_pattern_ops'})
    op.create_index('ix_student_order', 'student', ['scope', 'grade', 'room', 'id'], unique=False)
    op.create_index('ix_submission_round_state', 'submission', ['round_id', 'state'], unique=False)
    op.create_index('ix_submission_scope', 'submission', ['scope', 'round_id'], unique=False)
    op.create_index('ix_import_row_batch', 'import_row', ['batch_id', 'outcome', 'row_number'], unique=False)
    op.create_index('ix_import_row_scope', 'import_row', ['scope'], unique=False)
    op.create_index('ix_roster_scope', 'roster', ['scope'], unique=False)
    op.create_index('ix_roster_submission', 'roster', ['submission_id'], unique=False)
    op.create_index('ix_certificate_scope', 'certificate', ['scope'], unique=False)
    op.create_index('ix_certificate_submission', 'certificate', ['submission_id'], unique=False)
    op.create_index('ix_headcount_scope', 'headcount', ['scope', 'round_id'], unique=False)
    op.create_index('ix_signed_scan_certificate', 'signed_scan', ['certificate_id'], unique=False)
    op.create_index('ix_signed_scan_scope', 'signed_scan', ['scope'], unique=False)
    for statement in MADE[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade():
    for statement in reversed(DROPPED[op.get_context().dialect.name]):
        op.execute(statement)
    op.drop_table('signed_scan')
    op.drop_table('headcount')
    op.drop_table('certificate')
    op.drop_table('roster')
    op.drop_table('import_row')
    op.drop_table('submission')
    op.drop_table('student')
    op.drop_table('import_batch')
    op.drop_table('ab_permission_view_role')
    op.drop_table('window')
    op.drop_table('school')
    op.drop_table('ab_user_role')
    op.drop_table('ab_user_group')
    op.drop_table('ab_permission_view')
    op.drop_table('ab_group_role')
    op.drop_table('ab_api_key')
    op.drop_table('document_counter')
    op.drop_table('collection_round')
    op.drop_table('change')
    op.drop_table('area')
    op.drop_table('ab_view_menu')
    op.drop_table('ab_user')
    op.drop_table('ab_role')
    op.drop_table('ab_register_user')
    op.drop_table('ab_permission')
    op.drop_table('ab_group')


# What ddl.py generated when this was written. A revision must not change when the code does.
MADE = {
    'postgresql': [
        r"""CREATE OR REPLACE FUNCTION thabian_refuse() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $body$
BEGIN
    RAISE EXCEPTION USING ERRCODE = TG_ARGV[0], MESSAGE = TG_ARGV[1], TABLE = TG_TABLE_NAME;
END
$body$
""",
        r"""CREATE OR REPLACE FUNCTION thabian_stays_closed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $body$
DECLARE
    touched bigint[];
    closed record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT round_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY(SELECT DISTINCT round_id FROM old_rows);
    ELSE
        touched := ARRAY(SELECT round_id FROM old_rows UNION SELECT round_id FROM new_rows);
    END IF;
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM FROM collection_round WHERE id = ANY (touched) ORDER BY id FOR SHARE;
    SELECT academic_year, number INTO closed FROM collection_round
     WHERE id = ANY (touched) AND closed_at IS NOT NULL ORDER BY id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'TH001', MESSAGE = 'รอบจัดเก็บปิดแล้ว', DETAIL = row_to_json(closed), TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$body$
""",
        r"""CREATE OR REPLACE FUNCTION thabian_round_lock() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $body$
DECLARE
    touched text[];
    governing record;
    hurdle record;
    moment timestamptz;
BEGIN
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT school_code FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY(SELECT DISTINCT school_code FROM old_rows);
    ELSE
        touched := ARRAY(SELECT school_code FROM old_rows UNION SELECT school_code FROM new_rows);
    END IF;
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;

    SELECT id, academic_year, number INTO governing FROM collection_round
     WHERE system = TG_ARGV[0] AND closed_at IS NULL
     ORDER BY academic_year, number LIMIT 1 FOR SHARE;
    IF NOT FOUND THEN
        SELECT academic_year, number INTO governing FROM collection_round
         WHERE system = TG_ARGV[0] ORDER BY academic_year DESC, number DESC LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'TH001', MESSAGE = 'รอบจัดเก็บปิดแล้ว', DETAIL = row_to_json(governing), TABLE = TG_TABLE_NAME;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'TH002', MESSAGE = 'ยังไม่มีรอบจัดเก็บของระบบนี้', DETAIL = json_build_object('system', TG_ARGV[0]), TABLE = TG_TABLE_NAME;
    END IF;

    INSERT INTO submission (round_id, school_code, scope)
    SELECT governing.id, school.code, school.scope FROM school
     WHERE school.code = ANY (touched) AND NOT EXISTS (
        SELECT FROM submission s WHERE s.round_id = governing.id AND s.school_code = school.code)
     ORDER BY school.code
    ON CONFLICT DO NOTHING;
    PERFORM FROM submission WHERE round_id = governing.id AND school_code = ANY (touched)
      ORDER BY school_code FOR SHARE;
    SELECT governing.academic_year AS academic_year, governing.number AS number, school_code, state
      INTO hurdle FROM submission
     WHERE round_id = governing.id AND school_code = ANY (touched) AND state <> 'open'
     ORDER BY school_code LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'TH003', MESSAGE = 'โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก', DETAIL = row_to_json(hurdle), TABLE = TG_TABLE_NAME;
    END IF;

    moment := clock_timestamp();
    SELECT governing.academic_year AS academic_year, governing.number AS number,
           school.code AS school_code, deciding.opens_at, deciding.closes_at INTO hurdle
      FROM school LEFT JOIN LATERAL (
        SELECT w.opens_at, w.closes_at FROM "window" w
         WHERE w.round_id = governing.id AND w.action = 'edit'
           AND w.scope IN (school.scope COLLATE "default",
                           regexp_replace(school.scope, '/[^/]*$', '') COLLATE "default", 'C')
         ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) deciding ON true
     WHERE school.code = ANY (touched)
       AND (moment >= deciding.opens_at AND moment < deciding.closes_at) IS NOT TRUE
     ORDER BY school.code LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF hurdle.opens_at IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'TH006', MESSAGE = 'ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล', DETAIL = row_to_json(hurdle), TABLE = TG_TABLE_NAME;
    ELSIF moment < hurdle.opens_at THEN
        RAISE EXCEPTION USING ERRCODE = 'TH004', MESSAGE = 'ยังไม่ถึงเวลาแก้ไขข้อมูล', DETAIL = row_to_json(hurdle), TABLE = TG_TABLE_NAME;
    ELSE
        RAISE EXCEPTION USING ERRCODE = 'TH005', MESSAGE = 'หมดเวลาแก้ไขข้อมูลแล้ว', DETAIL = row_to_json(hurdle), TABLE = TG_TABLE_NAME;
    END IF;
END
$body$
""",
        r"""CREATE OR REPLACE TRIGGER student_round_lock_insert AFTER INSERT ON "student"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER student_round_lock_update AFTER UPDATE ON "student"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER student_round_lock_delete AFTER DELETE ON "student"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER window_stays_closed_insert AFTER INSERT ON "window"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER window_stays_closed_update AFTER UPDATE ON "window"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER window_stays_closed_delete AFTER DELETE ON "window"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER submission_stays_closed_insert AFTER INSERT ON "submission"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER submission_stays_closed_update AFTER UPDATE ON "submission"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER submission_stays_closed_delete AFTER DELETE ON "submission"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER roster_stays_closed_insert AFTER INSERT ON "roster"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER roster_stays_closed_update AFTER UPDATE ON "roster"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER roster_stays_closed_delete AFTER DELETE ON "roster"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER certificate_stays_closed_insert AFTER INSERT ON "certificate"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER certificate_stays_closed_update AFTER UPDATE ON "certificate"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER certificate_stays_closed_delete AFTER DELETE ON "certificate"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER headcount_stays_closed_insert AFTER INSERT ON "headcount"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER headcount_stays_closed_update AFTER UPDATE ON "headcount"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER headcount_stays_closed_delete AFTER DELETE ON "headcount"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER collection_round_stays_closed BEFORE UPDATE OR DELETE ON "collection_round"
FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION thabian_refuse('TH001', 'รอบจัดเก็บปิดแล้ว')
""",
        r"""CREATE OR REPLACE TRIGGER change_permanent BEFORE UPDATE OR DELETE ON "change"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER roster_permanent BEFORE UPDATE OR DELETE ON "roster"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER headcount_permanent BEFORE UPDATE OR DELETE ON "headcount"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_permanent BEFORE DELETE ON "certificate"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_unaltered BEFORE UPDATE OF "id", "submission_id", "round_id", "school_code", "roster_id", "number", "issued_at", "content", "scope" ON "certificate"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_stays_void BEFORE UPDATE ON "certificate"
FOR EACH ROW WHEN (OLD.voided_at IS NOT NULL) EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER change_not_as_a_whole BEFORE TRUNCATE ON "change"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER collection_round_not_as_a_whole BEFORE TRUNCATE ON "collection_round"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER window_not_as_a_whole BEFORE TRUNCATE ON "window"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER student_not_as_a_whole BEFORE TRUNCATE ON "student"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER submission_not_as_a_whole BEFORE TRUNCATE ON "submission"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER roster_not_as_a_whole BEFORE TRUNCATE ON "roster"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_not_as_a_whole BEFORE TRUNCATE ON "certificate"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER headcount_not_as_a_whole BEFORE TRUNCATE ON "headcount"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE EXTENSION IF NOT EXISTS pg_trgm
""",
        r"""CREATE INDEX IF NOT EXISTS ix_area_code_start ON "area" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_area_name_part ON "area" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_area_short_name_part ON "area" USING gin ("short_name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_area_short_name_thai ON "area" ("short_name" COLLATE "th-x-icu", "code")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_area_provinces_part ON "area" USING gin ("provinces" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_school_code_start ON "school" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_school_name_part ON "school" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_school_name_thai ON "school" ("name" COLLATE "th-x-icu", "code")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_student_first_name_part ON "student" USING gin ("first_name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_student_first_name_thai ON "student" ("first_name" COLLATE "th-x-icu", "id")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_student_last_name_part ON "student" USING gin ("last_name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_student_last_name_thai ON "student" ("last_name" COLLATE "th-x-icu", "id")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_student_student_number_start ON "student" ("student_number" text_pattern_ops)
""",
    ],
    'sqlite': [
        r"""CREATE TRIGGER IF NOT EXISTS student_round_lock_insert BEFORE INSERT ON "student"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "student" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."national_id" = NEW."national_id") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'dmc' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'dmc') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS student_round_lock_update BEFORE UPDATE ON "student"
BEGIN
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'dmc' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'dmc') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'dmc' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'dmc') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "student" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."national_id" = NEW."national_id") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS student_round_lock_delete BEFORE DELETE ON "student"
BEGIN
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'dmc' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'dmc') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS window_stays_closed_insert BEFORE INSERT ON "window"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS window_stays_closed_update BEFORE UPDATE ON "window"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS window_stays_closed_delete BEFORE DELETE ON "window"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS submission_stays_closed_insert BEFORE INSERT ON "submission"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS submission_stays_closed_update BEFORE UPDATE ON "submission"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS submission_stays_closed_delete BEFORE DELETE ON "submission"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS roster_stays_closed_insert BEFORE INSERT ON "roster"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS roster_stays_closed_update BEFORE UPDATE ON "roster"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS roster_stays_closed_delete BEFORE DELETE ON "roster"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_stays_closed_insert BEFORE INSERT ON "certificate"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_stays_closed_update BEFORE UPDATE ON "certificate"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_stays_closed_delete BEFORE DELETE ON "certificate"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS headcount_stays_closed_insert BEFORE INSERT ON "headcount"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS headcount_stays_closed_update BEFORE UPDATE ON "headcount"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS headcount_stays_closed_delete BEFORE DELETE ON "headcount"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS collection_round_stays_closed_insert BEFORE INSERT ON "collection_round"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round AS other WHERE (other."id" = NEW."id" OR other."system" = NEW."system" AND other."academic_year" = NEW."academic_year" AND other."number" = NEW."number") AND other.closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS collection_round_stays_closed_update BEFORE UPDATE ON "collection_round"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') WHERE OLD.closed_at IS NOT NULL;
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round AS other WHERE (other."id" = NEW."id" OR other."system" = NEW."system" AND other."academic_year" = NEW."academic_year" AND other."number" = NEW."number") AND other.closed_at IS NOT NULL AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS collection_round_stays_closed_delete BEFORE DELETE ON "collection_round"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') WHERE OLD.closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS change_permanent_update BEFORE UPDATE ON "change"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS change_permanent_delete BEFORE DELETE ON "change"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS change_permanent_insert BEFORE INSERT ON "change"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "change" AS other WHERE other."id" = NEW."id";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS roster_permanent_update BEFORE UPDATE ON "roster"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS roster_permanent_delete BEFORE DELETE ON "roster"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS roster_permanent_insert BEFORE INSERT ON "roster"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "roster" AS other WHERE other."id" = NEW."id";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS headcount_permanent_update BEFORE UPDATE ON "headcount"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS headcount_permanent_delete BEFORE DELETE ON "headcount"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS headcount_permanent_insert BEFORE INSERT ON "headcount"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "headcount" AS other WHERE other."roster_id" = NEW."roster_id" AND other."grade" = NEW."grade";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_unaltered BEFORE UPDATE OF "id", "submission_id", "round_id", "school_code", "roster_id", "number", "issued_at", "content", "scope" ON "certificate"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_stays_void BEFORE UPDATE ON "certificate"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') WHERE OLD.voided_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_permanent_delete BEFORE DELETE ON "certificate"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_permanent_insert BEFORE INSERT ON "certificate"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "certificate" AS other WHERE other."id" = NEW."id" OR other."number" = NEW."number";
END
""",
    ],
}

DROPPED = {
    'postgresql': [
        r"""DROP FUNCTION IF EXISTS thabian_refuse() CASCADE
""",
        r"""DROP FUNCTION IF EXISTS thabian_stays_closed() CASCADE
""",
        r"""DROP FUNCTION IF EXISTS thabian_round_lock() CASCADE
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_insert ON "student"
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_update ON "student"
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_delete ON "student"
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_insert ON "window"
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_update ON "window"
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_delete ON "window"
""",
        r"""DROP TRIGGER IF EXISTS submission_stays_closed_insert ON "submission"
""",
        r"""DROP TRIGGER IF EXISTS submission_stays_closed_update ON "submission"
""",
        r"""DROP TRIGGER IF EXISTS submission_stays_closed_delete ON "submission"
""",
        r"""DROP TRIGGER IF EXISTS roster_stays_closed_insert ON "roster"
""",
        r"""DROP TRIGGER IF EXISTS roster_stays_closed_update ON "roster"
""",
        r"""DROP TRIGGER IF EXISTS roster_stays_closed_delete ON "roster"
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_closed_insert ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_closed_update ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_closed_delete ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS headcount_stays_closed_insert ON "headcount"
""",
        r"""DROP TRIGGER IF EXISTS headcount_stays_closed_update ON "headcount"
""",
        r"""DROP TRIGGER IF EXISTS headcount_stays_closed_delete ON "headcount"
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed ON "collection_round"
""",
        r"""DROP TRIGGER IF EXISTS change_permanent ON "change"
""",
        r"""DROP TRIGGER IF EXISTS roster_permanent ON "roster"
""",
        r"""DROP TRIGGER IF EXISTS headcount_permanent ON "headcount"
""",
        r"""DROP TRIGGER IF EXISTS certificate_permanent ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS certificate_unaltered ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_void ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS change_not_as_a_whole ON "change"
""",
        r"""DROP TRIGGER IF EXISTS collection_round_not_as_a_whole ON "collection_round"
""",
        r"""DROP TRIGGER IF EXISTS window_not_as_a_whole ON "window"
""",
        r"""DROP TRIGGER IF EXISTS student_not_as_a_whole ON "student"
""",
        r"""DROP TRIGGER IF EXISTS submission_not_as_a_whole ON "submission"
""",
        r"""DROP TRIGGER IF EXISTS roster_not_as_a_whole ON "roster"
""",
        r"""DROP TRIGGER IF EXISTS certificate_not_as_a_whole ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS headcount_not_as_a_whole ON "headcount"
""",
        r"""DROP INDEX IF EXISTS ix_area_code_start
""",
        r"""DROP INDEX IF EXISTS ix_area_name_part
""",
        r"""DROP INDEX IF EXISTS ix_area_short_name_part
""",
        r"""DROP INDEX IF EXISTS ix_area_short_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_area_provinces_part
""",
        r"""DROP INDEX IF EXISTS ix_school_code_start
""",
        r"""DROP INDEX IF EXISTS ix_school_name_part
""",
        r"""DROP INDEX IF EXISTS ix_school_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_student_first_name_part
""",
        r"""DROP INDEX IF EXISTS ix_student_first_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_student_last_name_part
""",
        r"""DROP INDEX IF EXISTS ix_student_last_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_student_student_number_start
""",
    ],
    'sqlite': [
        r"""DROP TRIGGER IF EXISTS student_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS submission_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS submission_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS submission_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS roster_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS roster_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS roster_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS headcount_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS headcount_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS headcount_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS change_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS change_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS change_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS roster_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS roster_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS roster_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS headcount_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS headcount_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS headcount_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS certificate_unaltered
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_void
""",
        r"""DROP TRIGGER IF EXISTS certificate_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS certificate_permanent_insert
""",
    ],
}
