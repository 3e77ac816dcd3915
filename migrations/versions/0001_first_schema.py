"""Tables with their triggers, functions and indexes. Written by ``migrations.regenerate``."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    for statement in STOOD_ON[op.get_context().dialect.name]:
        op.execute(statement)
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
    sa.Column('second_factor', sa.String(length=200), nullable=True),
    sa.Column('second_factor_step', sa.BigInteger(), nullable=True),
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
    op.create_table('building_plan',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('category', sa.String(length=16), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_building_plan'))
    )
    op.create_table('card_device',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=True),
    sa.Column('code_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=160), nullable=False),
    sa.Column('paired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=160), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_device')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_card_device_code_digest')),
    sa.UniqueConstraint('public_id', name=op.f('uq_card_device_public_id'))
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
    sa.Column('judged_by', sa.JSON(), nullable=False),
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
    op.create_table('equipment_line',
    sa.Column('code', sa.String(length=5), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('family', sa.String(length=16), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_equipment_line'))
    )
    op.create_table('growth_reference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by', sa.String(length=160), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_growth_reference')),
    sa.UniqueConstraint('edition', name=op.f('uq_growth_reference_edition'))
    )
    op.create_table('history_seal',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('leaves', sa.LargeBinary(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_history_seal'))
    )
    op.create_table('job',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(length=160), nullable=False),
    sa.Column('locale', sa.String(length=5), nullable=False),
    sa.Column('action', sa.String(length=16), nullable=True),
    sa.Column('subject', sa.String(length=40), nullable=True),
    sa.Column('arguments', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rung_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claim', sa.String(length=32), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_asked', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('progress', sa.JSON(), nullable=True),
    sa.Column('mark', sa.JSON(), nullable=False),
    sa.Column('error', sa.JSON(), nullable=True),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('result_url', sa.String(length=200), nullable=True),
    sa.Column('stored_as', sa.String(length=120), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=True),
    sa.Column('media_type', sa.String(length=80), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    op.create_table('province',
    sa.Column('code', sa.String(length=2), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('english_name', sa.String(length=80), nullable=True),
    sa.Column('region', sa.String(length=16), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_province'))
    )
    op.create_table('questionnaire',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('academic_year', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('introduction', sa.Text(), nullable=True),
    sa.Column('answerer', sa.String(length=16), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('published', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire')),
    sa.UniqueConstraint('code', 'academic_year', name=op.f('uq_questionnaire_code_academic_year'))
    )
    op.create_table('setting',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('standard', sa.Integer(), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('of_rounds', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_setting'))
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
    op.create_table('agency_list',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('agency', sa.String(length=16), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_by', sa.String(length=160), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_agency_list_round_id_collection_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_list'))
    )
    op.create_table('answer_sheet',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('questionnaire_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by', sa.String(length=160), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaire.id'], name=op.f('fk_answer_sheet_questionnaire_id_questionnaire')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_sheet')),
    sa.UniqueConstraint('questionnaire_id', 'place', name=op.f('uq_answer_sheet_questionnaire_id_place'))
    )
    op.create_table('api_key',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('prefix', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('rights', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=160), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], name=op.f('fk_api_key_account_id_ab_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_key_digest'))
    )
    op.create_table('card_reading',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.String(length=160), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('nonce_digest', sa.String(length=64), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('device_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reader', sa.String(length=120), nullable=True),
    sa.Column('card', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('failures', sa.JSON(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('tested_reader_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_for', sa.String(length=16), nullable=True),
    sa.Column('taken', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], name=op.f('fk_card_reading_account_id_ab_user')),
    sa.ForeignKeyConstraint(['device_id'], ['card_device.id'], name=op.f('fk_card_reading_device_id_card_device')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_reading')),
    sa.UniqueConstraint('nonce_digest', name=op.f('uq_card_reading_nonce_digest'))
    )
    op.create_table('district',
    sa.Column('code', sa.String(length=4), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('province_code', sa.String(length=2), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['province_code'], ['province.code'], name=op.f('fk_district_province_code_province')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_district'))
    )
    op.create_table('promotion_share',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('closed_round_id', sa.Integer(), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('doing', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=160), nullable=True),
    sa.Column('promoted', sa.Integer(), nullable=True),
    sa.Column('continued', sa.Integer(), nullable=True),
    sa.Column('repeated', sa.Integer(), nullable=True),
    sa.Column('graduated', sa.Integer(), nullable=True),
    sa.Column('left_over', sa.Integer(), nullable=True),
    sa.Column('why', sa.JSON(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_promotion_share_area_code_area')),
    sa.ForeignKeyConstraint(['closed_round_id'], ['collection_round.id'], name=op.f('fk_promotion_share_closed_round_id_collection_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotion_share')),
    sa.UniqueConstraint('closed_round_id', 'area_code', name=op.f('uq_promotion_share_closed_round_id_area_code'))
    )
    op.create_table('question',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('questionnaire_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=120), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('english', sa.String(length=300), nullable=True),
    sa.Column('hint', sa.String(length=300), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('required', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=True),
    sa.Column('minimum', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('maximum', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('choices', sa.Text(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaire.id'], name=op.f('fk_question_questionnaire_id_questionnaire')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('questionnaire_id', 'code', name=op.f('uq_question_questionnaire_id_code'))
    )
    op.create_table('reader_lot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('product', sa.String(length=80), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=120), nullable=True),
    sa.Column('document', sa.String(length=80), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_reader_lot_area_code_area')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader_lot')),
    sa.UniqueConstraint('area_code', 'number', name=op.f('uq_reader_lot_area_code_number'))
    )
    op.create_table('role_offer',
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_role_offer_role_id_ab_role'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('role_id', 'subject', name=op.f('pk_role_offer'))
    )
    op.create_table('role_terms',
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=16), nullable=True),
    sa.Column('given_below', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_role_terms_role_id_ab_role'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('role_id', name=op.f('pk_role_terms'))
    )
    op.create_table('saved_view',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dataset', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('query', sa.String(length=2000), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('shared_role', sa.String(length=64), nullable=True),
    sa.Column('is_default', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_saved_view_owner_id_ab_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('owner_id', 'dataset', 'name', name=op.f('uq_saved_view_owner_id_dataset_name'))
    )
    op.create_table('school',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('moe_code', sa.String(length=10), nullable=True),
    sa.Column('obec_code', sa.String(length=6), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('english_name', sa.String(length=160), nullable=True),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('school_type', sa.String(length=16), nullable=True),
    sa.Column('status', sa.String(length=16), server_default='open', nullable=False),
    sa.Column('founded_on', sa.Date(), nullable=True),
    sa.Column('director_name', sa.String(length=120), nullable=True),
    sa.Column('lowest_grade', sa.String(length=16), nullable=False),
    sa.Column('highest_grade', sa.String(length=16), nullable=False),
    sa.Column('network_group', sa.String(length=120), nullable=True),
    sa.Column('house_no', sa.String(length=40), nullable=True),
    sa.Column('village_no', sa.String(length=10), nullable=True),
    sa.Column('village_name', sa.String(length=80), nullable=True),
    sa.Column('street', sa.String(length=120), nullable=True),
    sa.Column('subdistrict', sa.String(length=80), nullable=True),
    sa.Column('district', sa.String(length=80), nullable=True),
    sa.Column('province', sa.String(length=80), nullable=True),
    sa.Column('postcode', sa.String(length=5), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('fax', sa.String(length=40), nullable=True),
    sa.Column('email', sa.String(length=120), nullable=True),
    sa.Column('website', sa.String(length=200), nullable=True),
    sa.Column('local_government', sa.String(length=120), nullable=True),
    sa.Column('latitude', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('sign_photo', sa.String(length=40), nullable=True),
    sa.Column('site_plan', sa.String(length=40), nullable=True),
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
    op.create_table('admission_plan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('academic_year', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('rooms', sa.Integer(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_admission_plan_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_admission_plan_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admission_plan')),
    sa.UniqueConstraint('school_code', 'academic_year', 'grade', name=op.f('uq_admission_plan_school_code_academic_year_grade'))
    )
    op.create_table('agency_student',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('list_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('row_number', sa.Integer(), nullable=False),
    sa.Column('national_id', sa.String(length=13), nullable=True),
    sa.Column('first_name', sa.String(length=80), nullable=False),
    sa.Column('last_name', sa.String(length=80), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=False),
    sa.Column('school_name', sa.String(length=160), nullable=False),
    sa.Column('grade', sa.String(length=40), nullable=True),
    sa.Column('name_key', sa.Text(), sa.Computed('thabian_name_key(first_name, last_name)', persisted=True), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['agency_list.id'], name=op.f('fk_agency_student_list_id_agency_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_student'))
    )
    op.create_table('building',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('category', sa.String(length=16), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('plan_code', sa.String(length=20), nullable=False),
    sa.Column('plan_other', sa.String(length=120), nullable=True),
    sa.Column('extends_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('planned_rooms', sa.Integer(), nullable=True),
    sa.Column('actual_rooms', sa.Integer(), nullable=True),
    sa.Column('special_rooms', sa.Integer(), nullable=True),
    sa.Column('built_year', sa.Integer(), nullable=True),
    sa.Column('budget', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('money_source', sa.String(length=16), nullable=True),
    sa.Column('condition', sa.String(length=16), nullable=False),
    sa.Column('use_status', sa.String(length=16), nullable=False),
    sa.Column('permit_number', sa.String(length=60), nullable=True),
    sa.Column('permit_date', sa.Date(), nullable=True),
    sa.Column('photo_front', sa.String(length=40), nullable=True),
    sa.Column('photo_back', sa.String(length=40), nullable=True),
    sa.Column('photo_left', sa.String(length=40), nullable=True),
    sa.Column('photo_right', sa.String(length=40), nullable=True),
    sa.Column('plan_drawing', sa.String(length=40), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['extends_id'], ['building.id'], name=op.f('fk_building_extends_id_building')),
    sa.ForeignKeyConstraint(['plan_code'], ['building_plan.code'], name=op.f('fk_building_plan_code_building_plan')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_building_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_building')),
    sa.UniqueConstraint('school_code', 'category', 'sequence', name=op.f('uq_building_school_code_category_sequence'))
    )
    op.create_table('card_reader',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('serial', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('state', sa.String(length=16), server_default='stock', nullable=False),
    sa.Column('holder_code', sa.String(length=8), nullable=True),
    sa.Column('test', sa.String(length=16), nullable=True),
    sa.Column('test_way', sa.String(length=16), nullable=True),
    sa.Column('tested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tested_by', sa.String(length=160), nullable=True),
    sa.Column('test_device', sa.String(length=200), nullable=True),
    sa.Column('test_failure', sa.String(length=20), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_card_reader_area_code_area')),
    sa.ForeignKeyConstraint(['holder_code'], ['school.code'], name=op.f('fk_card_reader_holder_code_school')),
    sa.ForeignKeyConstraint(['lot_id'], ['reader_lot.id'], name=op.f('fk_card_reader_lot_id_reader_lot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_reader')),
    sa.UniqueConstraint('area_code', 'serial', name=op.f('uq_card_reader_area_code_serial'))
    )
    op.create_table('computers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('use', sa.String(length=16), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('usable', sa.Integer(), nullable=False),
    sa.Column('broken', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_computers_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_computers')),
    sa.UniqueConstraint('school_code', 'use', 'source', name=op.f('uq_computers_school_code_use_source'))
    )
    op.create_table('equipment_count',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('line_code', sa.String(length=5), nullable=False),
    sa.Column('usable', sa.Integer(), nullable=False),
    sa.Column('to_repair', sa.Integer(), nullable=False),
    sa.Column('to_dispose', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['line_code'], ['equipment_line.code'], name=op.f('fk_equipment_count_line_code_equipment_line')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_equipment_count_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equipment_count')),
    sa.UniqueConstraint('school_code', 'line_code', name=op.f('uq_equipment_count_school_code_line_code'))
    )
    op.create_table('equipment_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=False),
    sa.Column('serial', sa.String(length=60), nullable=True),
    sa.Column('line_code', sa.String(length=5), nullable=False),
    sa.Column('acquired_on', sa.Date(), nullable=False),
    sa.Column('acquisition', sa.String(length=16), nullable=False),
    sa.Column('document', sa.String(length=60), nullable=True),
    sa.Column('unit_price', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('useful_years', sa.Integer(), nullable=True),
    sa.Column('location', sa.String(length=120), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('disposal', sa.String(length=16), nullable=True),
    sa.Column('disposed_on', sa.Date(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['line_code'], ['equipment_line.code'], name=op.f('fk_equipment_item_line_code_equipment_line')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_equipment_item_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equipment_item')),
    sa.UniqueConstraint('school_code', 'number', name=op.f('uq_equipment_item_school_code_number'))
    )
    op.create_table('explanation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('system', sa.String(length=16), nullable=False),
    sa.Column('academic_year', sa.Integer(), nullable=False),
    sa.Column('round_number', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=16), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('finding', sa.String(length=300), nullable=True),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('given_by', sa.String(length=160), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_explanation_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_explanation')),
    sa.UniqueConstraint('school_code', 'system', 'academic_year', 'round_number', 'rule', 'subject', name=op.f('uq_explanation_school_code_system_academic_year_round_number_rule_subject'))
    )
    op.create_table('g_code',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=13), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('first_name', sa.String(length=80), nullable=False),
    sa.Column('last_name', sa.String(length=80), nullable=False),
    sa.Column('nationality', sa.String(length=60), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by', sa.String(length=160), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_g_code_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_g_code')),
    sa.UniqueConstraint('number', name=op.f('uq_g_code_number')),
    sa.UniqueConstraint('request_id', name=op.f('uq_g_code_request_id'))
    )
    op.create_table('g_code_application',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('number', sa.String(length=13), nullable=True),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by', sa.String(length=160), nullable=False),
    sa.Column('title', sa.String(length=16), nullable=False),
    sa.Column('first_name', sa.String(length=80), nullable=False),
    sa.Column('last_name', sa.String(length=80), nullable=False),
    sa.Column('english_first_name', sa.String(length=80), nullable=True),
    sa.Column('english_last_name', sa.String(length=80), nullable=True),
    sa.Column('sex', sa.String(length=16), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=False),
    sa.Column('nationality', sa.String(length=60), nullable=False),
    sa.Column('ethnicity', sa.String(length=60), nullable=True),
    sa.Column('religion', sa.String(length=16), nullable=True),
    sa.Column('birth_country', sa.String(length=60), nullable=False),
    sa.Column('birth_province', sa.String(length=80), nullable=True),
    sa.Column('birth_certificate_number', sa.String(length=20), nullable=True),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('room', sa.Integer(), nullable=False),
    sa.Column('student_number', sa.String(length=20), nullable=False),
    sa.Column('admission_date', sa.Date(), nullable=True),
    sa.Column('sat_final_exam', sa.Boolean(), nullable=True),
    sa.Column('home_house_no', sa.String(length=40), nullable=False),
    sa.Column('home_village_no', sa.String(length=10), nullable=True),
    sa.Column('home_street', sa.String(length=120), nullable=True),
    sa.Column('home_subdistrict', sa.String(length=80), nullable=False),
    sa.Column('home_district', sa.String(length=80), nullable=False),
    sa.Column('home_province', sa.String(length=80), nullable=False),
    sa.Column('home_postcode', sa.String(length=5), nullable=True),
    sa.Column('home_phone', sa.String(length=40), nullable=True),
    sa.Column('rung', sa.String(length=16), nullable=False),
    sa.Column('rung_reason', sa.String(length=500), nullable=True),
    sa.Column('parents_without_papers', sa.String(length=500), nullable=True),
    sa.Column('father_identity_type', sa.String(length=16), nullable=True),
    sa.Column('father_identity', sa.String(length=13), nullable=True),
    sa.Column('father_title', sa.String(length=40), nullable=True),
    sa.Column('father_first_name', sa.String(length=80), nullable=True),
    sa.Column('father_last_name', sa.String(length=80), nullable=True),
    sa.Column('father_blood', sa.String(length=16), nullable=True),
    sa.Column('father_education', sa.String(length=16), nullable=True),
    sa.Column('father_occupation', sa.String(length=16), nullable=True),
    sa.Column('father_workplace', sa.String(length=120), nullable=True),
    sa.Column('father_income', sa.Integer(), nullable=True),
    sa.Column('father_phone', sa.String(length=40), nullable=True),
    sa.Column('mother_identity_type', sa.String(length=16), nullable=True),
    sa.Column('mother_identity', sa.String(length=13), nullable=True),
    sa.Column('mother_title', sa.String(length=40), nullable=True),
    sa.Column('mother_first_name', sa.String(length=80), nullable=True),
    sa.Column('mother_last_name', sa.String(length=80), nullable=True),
    sa.Column('mother_blood', sa.String(length=16), nullable=True),
    sa.Column('mother_education', sa.String(length=16), nullable=True),
    sa.Column('mother_occupation', sa.String(length=16), nullable=True),
    sa.Column('mother_workplace', sa.String(length=120), nullable=True),
    sa.Column('mother_income', sa.Integer(), nullable=True),
    sa.Column('mother_phone', sa.String(length=40), nullable=True),
    sa.Column('guardian_identity_type', sa.String(length=16), nullable=True),
    sa.Column('guardian_identity', sa.String(length=13), nullable=True),
    sa.Column('guardian_title', sa.String(length=40), nullable=True),
    sa.Column('guardian_first_name', sa.String(length=80), nullable=True),
    sa.Column('guardian_last_name', sa.String(length=80), nullable=True),
    sa.Column('guardian_relation', sa.String(length=16), nullable=True),
    sa.Column('guardian_blood', sa.String(length=16), nullable=True),
    sa.Column('guardian_education', sa.String(length=16), nullable=True),
    sa.Column('guardian_occupation', sa.String(length=16), nullable=True),
    sa.Column('guardian_workplace', sa.String(length=120), nullable=True),
    sa.Column('guardian_income', sa.Integer(), nullable=True),
    sa.Column('guardian_phone', sa.String(length=40), nullable=True),
    sa.Column('parents_marriage', sa.String(length=16), nullable=True),
    sa.Column('older_brothers', sa.Integer(), nullable=True),
    sa.Column('younger_brothers', sa.Integer(), nullable=True),
    sa.Column('older_sisters', sa.Integer(), nullable=True),
    sa.Column('younger_sisters', sa.Integer(), nullable=True),
    sa.Column('studying_siblings', sa.Integer(), nullable=True),
    sa.Column('child_index', sa.Integer(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_g_code_application_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_g_code_application')),
    sa.UniqueConstraint('request_id', name=op.f('uq_g_code_application_request_id'))
    )
    op.create_table('g_code_user',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('position', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(length=160), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=160), nullable=True),
    sa.Column('end_reason', sa.String(length=500), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['ab_user.id'], name=op.f('fk_g_code_user_account_id_ab_user')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_g_code_user_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_g_code_user'))
    )
    op.create_table('import_batch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form', sa.String(length=12), server_default='national', nullable=False),
    sa.Column('dataset', sa.String(length=40), server_default='student', nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=True),
    sa.Column('place', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('stored_as', sa.String(length=120), nullable=True),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
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
    op.create_table('internet_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('provider', sa.String(length=16), nullable=False),
    sa.Column('line_type', sa.String(length=16), nullable=False),
    sa.Column('speed', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('monthly_cost', sa.Numeric(precision=10, scale=2), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_internet_line_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_internet_line')),
    sa.UniqueConstraint('school_code', 'sequence', name=op.f('uq_internet_line_school_code_sequence'))
    )
    op.create_table('network',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('lan', sa.Boolean(), nullable=False),
    sa.Column('lan_rooms', sa.Integer(), nullable=True),
    sa.Column('wifi', sa.Boolean(), nullable=False),
    sa.Column('wifi_points', sa.Integer(), nullable=True),
    sa.Column('wifi_rooms', sa.Integer(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_network_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network')),
    sa.UniqueConstraint('school_code', name=op.f('uq_network_school_code'))
    )
    op.create_table('number_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('old_number', sa.String(length=13), nullable=False),
    sa.Column('new_number', sa.String(length=13), nullable=False),
    sa.Column('ground', sa.String(length=16), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=160), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_number_change_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_number_change'))
    )
    op.create_table('photo_consent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reading_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('photo', sa.String(length=40), nullable=False),
    sa.Column('given_as', sa.String(length=16), nullable=False),
    sa.Column('given_by', sa.String(length=160), nullable=False),
    sa.Column('wording', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.Column('noted_by', sa.String(length=160), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=160), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['reading_id'], ['card_reading.id'], name=op.f('fk_photo_consent_reading_id_card_reading')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_consent'))
    )
    op.create_table('school_grade',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('rooms', sa.Integer(), nullable=False),
    sa.Column('special_rooms', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_school_grade_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_grade')),
    sa.UniqueConstraint('school_code', 'grade', name=op.f('uq_school_grade_school_code_grade'))
    )
    op.create_table('school_site',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('land_owner', sa.String(length=16), nullable=False),
    sa.Column('treasury_number', sa.String(length=40), nullable=True),
    sa.Column('title_deed', sa.String(length=80), nullable=True),
    sa.Column('rai', sa.Integer(), nullable=False),
    sa.Column('ngan', sa.Integer(), nullable=False),
    sa.Column('square_wa', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('power', sa.String(length=16), nullable=False),
    sa.Column('water', sa.String(length=16), nullable=False),
    sa.Column('drinking_water', sa.String(length=16), nullable=True),
    sa.Column('has_internet', sa.Boolean(), nullable=False),
    sa.Column('has_telephone', sa.Boolean(), nullable=True),
    sa.Column('km_to_area_office', sa.Numeric(precision=6, scale=1), nullable=True),
    sa.Column('km_to_district_office', sa.Numeric(precision=6, scale=1), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_school_site_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_site')),
    sa.UniqueConstraint('school_code', name=op.f('uq_school_site_school_code'))
    )
    op.create_table('service_village',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('subdistrict', sa.String(length=80), nullable=False),
    sa.Column('village_no', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('households', sa.Integer(), nullable=True),
    sa.Column('school_age', sa.Integer(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_service_village_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_village')),
    sa.UniqueConstraint('school_code', 'subdistrict', 'village_no', name=op.f('uq_service_village_school_code_subdistrict_village_no'))
    )
    op.create_table('staff_count',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('position', sa.String(length=16), nullable=False),
    sa.Column('pay', sa.String(length=16), nullable=False),
    sa.Column('male', sa.Integer(), nullable=False),
    sa.Column('female', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_staff_count_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_count')),
    sa.UniqueConstraint('school_code', 'position', 'pay', name=op.f('uq_staff_count_school_code_position_pay'))
    )
    op.create_table('student',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('national_id', sa.String(length=13), nullable=False),
    sa.Column('identity_type', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=16), nullable=False),
    sa.Column('first_name', sa.String(length=80), nullable=False),
    sa.Column('last_name', sa.String(length=80), nullable=False),
    sa.Column('middle_name', sa.String(length=80), nullable=True),
    sa.Column('english_first_name', sa.String(length=80), nullable=True),
    sa.Column('english_middle_name', sa.String(length=80), nullable=True),
    sa.Column('english_last_name', sa.String(length=80), nullable=True),
    sa.Column('sex', sa.String(length=16), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=False),
    sa.Column('birth_province', sa.String(length=80), nullable=True),
    sa.Column('ethnicity', sa.String(length=60), nullable=True),
    sa.Column('nationality', sa.String(length=60), nullable=True),
    sa.Column('religion', sa.String(length=16), nullable=True),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('room', sa.Integer(), nullable=False),
    sa.Column('student_number', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=16), server_default='in', nullable=False),
    sa.Column('sat_final_exam', sa.Boolean(), nullable=True),
    sa.Column('admission_date', sa.Date(), nullable=True),
    sa.Column('previous_school', sa.String(length=160), nullable=True),
    sa.Column('previous_school_district', sa.String(length=80), nullable=True),
    sa.Column('previous_school_province', sa.String(length=80), nullable=True),
    sa.Column('weight_kg', sa.Numeric(precision=5, scale=1), nullable=True),
    sa.Column('height_cm', sa.Numeric(precision=5, scale=1), nullable=True),
    sa.Column('measured_on', sa.Date(), nullable=True),
    sa.Column('blood', sa.String(length=16), nullable=True),
    sa.Column('house_code', sa.String(length=11), nullable=True),
    sa.Column('house_no', sa.String(length=40), nullable=True),
    sa.Column('village_no', sa.String(length=10), nullable=True),
    sa.Column('street', sa.String(length=120), nullable=True),
    sa.Column('subdistrict', sa.String(length=80), nullable=True),
    sa.Column('district', sa.String(length=80), nullable=True),
    sa.Column('province', sa.String(length=80), nullable=True),
    sa.Column('postcode', sa.String(length=5), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('home_house_no', sa.String(length=40), nullable=True),
    sa.Column('home_village_no', sa.String(length=10), nullable=True),
    sa.Column('home_street', sa.String(length=120), nullable=True),
    sa.Column('home_subdistrict', sa.String(length=80), nullable=True),
    sa.Column('home_district', sa.String(length=80), nullable=True),
    sa.Column('home_province', sa.String(length=80), nullable=True),
    sa.Column('home_postcode', sa.String(length=5), nullable=True),
    sa.Column('home_phone', sa.String(length=40), nullable=True),
    sa.Column('journey', sa.String(length=16), nullable=True),
    sa.Column('journey_minutes', sa.Integer(), nullable=True),
    sa.Column('journey_paved_m', sa.Integer(), nullable=True),
    sa.Column('journey_gravel_m', sa.Integer(), nullable=True),
    sa.Column('journey_water_m', sa.Integer(), nullable=True),
    sa.Column('disadvantage', sa.String(length=16), nullable=False),
    sa.Column('disability', sa.String(length=16), nullable=False),
    sa.Column('lacks_books', sa.Boolean(), nullable=True),
    sa.Column('lacks_food', sa.Boolean(), nullable=True),
    sa.Column('lacks_stationery', sa.Boolean(), nullable=True),
    sa.Column('lacks_uniform', sa.Boolean(), nullable=True),
    sa.Column('living', sa.String(length=16), nullable=True),
    sa.Column('pending_discharge', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('scout', sa.String(length=16), nullable=True),
    sa.Column('red_cross_youth', sa.Boolean(), nullable=True),
    sa.Column('swims', sa.Boolean(), nullable=True),
    sa.Column('photo', sa.String(length=40), nullable=True),
    sa.Column('name_key', sa.Text(), sa.Computed('thabian_name_key(first_name, last_name)', persisted=True), nullable=False),
    sa.Column('father_identity_type', sa.String(length=16), nullable=True),
    sa.Column('father_identity', sa.String(length=13), nullable=True),
    sa.Column('father_title', sa.String(length=40), nullable=True),
    sa.Column('father_first_name', sa.String(length=80), nullable=True),
    sa.Column('father_last_name', sa.String(length=80), nullable=True),
    sa.Column('father_blood', sa.String(length=16), nullable=True),
    sa.Column('father_education', sa.String(length=16), nullable=True),
    sa.Column('father_occupation', sa.String(length=16), nullable=True),
    sa.Column('father_workplace', sa.String(length=120), nullable=True),
    sa.Column('father_income', sa.Integer(), nullable=True),
    sa.Column('father_phone', sa.String(length=40), nullable=True),
    sa.Column('mother_identity_type', sa.String(length=16), nullable=True),
    sa.Column('mother_identity', sa.String(length=13), nullable=True),
    sa.Column('mother_title', sa.String(length=40), nullable=True),
    sa.Column('mother_first_name', sa.String(length=80), nullable=True),
    sa.Column('mother_last_name', sa.String(length=80), nullable=True),
    sa.Column('mother_blood', sa.String(length=16), nullable=True),
    sa.Column('mother_education', sa.String(length=16), nullable=True),
    sa.Column('mother_occupation', sa.String(length=16), nullable=True),
    sa.Column('mother_workplace', sa.String(length=120), nullable=True),
    sa.Column('mother_income', sa.Integer(), nullable=True),
    sa.Column('mother_phone', sa.String(length=40), nullable=True),
    sa.Column('guardian_identity_type', sa.String(length=16), nullable=True),
    sa.Column('guardian_identity', sa.String(length=13), nullable=True),
    sa.Column('guardian_title', sa.String(length=40), nullable=True),
    sa.Column('guardian_first_name', sa.String(length=80), nullable=True),
    sa.Column('guardian_last_name', sa.String(length=80), nullable=True),
    sa.Column('guardian_relation', sa.String(length=16), nullable=True),
    sa.Column('guardian_blood', sa.String(length=16), nullable=True),
    sa.Column('guardian_education', sa.String(length=16), nullable=True),
    sa.Column('guardian_occupation', sa.String(length=16), nullable=True),
    sa.Column('guardian_workplace', sa.String(length=120), nullable=True),
    sa.Column('guardian_income', sa.Integer(), nullable=True),
    sa.Column('guardian_phone', sa.String(length=40), nullable=True),
    sa.Column('parents_marriage', sa.String(length=16), nullable=True),
    sa.Column('older_brothers', sa.Integer(), nullable=True),
    sa.Column('younger_brothers', sa.Integer(), nullable=True),
    sa.Column('older_sisters', sa.Integer(), nullable=True),
    sa.Column('younger_sisters', sa.Integer(), nullable=True),
    sa.Column('studying_siblings', sa.Integer(), nullable=True),
    sa.Column('child_index', sa.Integer(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_student_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student')),
    sa.UniqueConstraint('school_code', 'national_id', name=op.f('uq_student_school_code_national_id'))
    )
    op.create_table('subdistrict',
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('postcode', sa.String(length=5), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['district_code'], ['district.code'], name=op.f('fk_subdistrict_district_code_district')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_subdistrict'))
    )
    op.create_table('submission',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), server_default='open', nullable=False),
    sa.Column('exam_date', sa.Date(), nullable=True),
    sa.Column('rows', sa.Integer(), nullable=True),
    sa.Column('roster_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_by', sa.String(length=160), nullable=True),
    sa.Column('confirmed_position', sa.String(length=120), nullable=True),
    sa.Column('confirmed_proof', sa.String(length=16), nullable=True),
    sa.Column('certified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('certified_by_id', sa.Integer(), nullable=True),
    sa.Column('certified_by', sa.String(length=160), nullable=True),
    sa.Column('certified_position', sa.String(length=120), nullable=True),
    sa.Column('certified_proof', sa.String(length=16), nullable=True),
    sa.Column('certified_capacity', sa.String(length=16), nullable=True),
    sa.Column('certified_order', sa.String(length=200), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by_id', sa.Integer(), nullable=True),
    sa.Column('acknowledged_by', sa.String(length=160), nullable=True),
    sa.Column('acknowledged_position', sa.String(length=120), nullable=True),
    sa.Column('acknowledged_capacity', sa.String(length=16), nullable=True),
    sa.Column('acknowledged_order', sa.String(length=200), nullable=True),
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
    op.create_table('g_code_paper',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('document', sa.String(length=16), nullable=False),
    sa.Column('stored', sa.String(length=40), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by', sa.String(length=160), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_by', sa.String(length=160), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['g_code_application.id'], name=op.f('fk_g_code_paper_application_id_g_code_application')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_g_code_paper_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_g_code_paper')),
    sa.UniqueConstraint('application_id', 'document', name=op.f('uq_g_code_paper_application_id_document'))
    )
    op.create_table('import_line',
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('owner', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('row_key', sa.String(length=40), nullable=True),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('problems', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_line_batch_id_import_batch')),
    sa.PrimaryKeyConstraint('batch_id', 'number', name=op.f('pk_import_line'))
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
    op.create_table('left_over',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('closed_round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['closed_round_id'], ['collection_round.id'], name=op.f('fk_left_over_closed_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_left_over_school_code_school')),
    sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_left_over_student_id_student')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_left_over'))
    )
    op.create_table('reader_holding',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reader_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('allotted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('allotted_by', sa.String(length=160), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('issued_by', sa.String(length=160), nullable=True),
    sa.Column('receipt_number', sa.String(length=20), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=160), nullable=True),
    sa.Column('end', sa.String(length=16), nullable=True),
    sa.Column('end_reason', sa.String(length=500), nullable=True),
    sa.Column('receiver_name', sa.String(length=160), nullable=True),
    sa.Column('receiver_account', sa.String(length=64), nullable=True),
    sa.Column('receiver_position', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('pin_result', sa.String(length=16), nullable=True),
    sa.Column('pin_office', sa.String(length=16), nullable=True),
    sa.Column('pin_on', sa.Date(), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['reader_id'], ['card_reader.id'], name=op.f('fk_reader_holding_reader_id_card_reader')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_reader_holding_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader_holding')),
    sa.UniqueConstraint('school_code', 'reader_id', 'turn', name=op.f('uq_reader_holding_school_code_reader_id_turn'))
    )
    op.create_table('request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('topic', sa.String(length=60), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('opened_by', sa.String(length=160), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by', sa.String(length=160), nullable=True),
    sa.Column('decision', sa.String(length=1000), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_request_student_id_student')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request'))
    )
    op.create_table('roster',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('seed', sa.LargeBinary(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('head', sa.JSON(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_roster_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_roster_school_code_school')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_roster_submission_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster'))
    )
    op.create_table('year_result',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('academic_year', sa.Integer(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('sat', sa.Boolean(), nullable=False),
    sa.Column('criterion', sa.String(length=16), nullable=True),
    sa.Column('after_fail', sa.String(length=16), nullable=True),
    sa.Column('absence', sa.String(length=16), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('destination', sa.String(length=16), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('absence IS NULL OR NOT sat', name=op.f('ck_year_result_absent_who_did_not_sit')),
    sa.CheckConstraint('after_fail IS NULL OR criterion IS NOT NULL', name=op.f('ck_year_result_decided_who_failed')),
    sa.CheckConstraint('criterion IS NULL OR sat', name=op.f('ck_year_result_failed_who_sat')),
    sa.CheckConstraint('destination IS NULL OR (sat AND criterion IS NULL)', name=op.f('ck_year_result_goes_on_who_passed')),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_year_result_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_year_result_school_code_school')),
    sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_year_result_student_id_student')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_year_result')),
    sa.UniqueConstraint('school_code', 'academic_year', 'student_id', name=op.f('uq_year_result_school_code_academic_year_student_id'))
    )
    op.create_table('certificate',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('roster_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
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
    sa.UniqueConstraint('code', name=op.f('uq_certificate_code')),
    sa.UniqueConstraint('number', name=op.f('uq_certificate_number'))
    )
    op.create_table('civil_inquiry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(length=160), nullable=False),
    sa.Column('answer', sa.String(length=16), nullable=True),
    sa.Column('number', sa.String(length=13), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(length=160), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_civil_inquiry_request_id_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_civil_inquiry'))
    )
    op.create_table('duplicate_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_own', sa.Boolean(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shown', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_duplicate_record_request_id_request')),
    sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_duplicate_record_student_id_student')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_record')),
    sa.UniqueConstraint('request_id', 'scope', 'position', name=op.f('uq_duplicate_record_request_id_scope_position'))
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
    op.create_table('movement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('ground', sa.String(length=16), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('other_school', sa.String(length=8), nullable=True),
    sa.Column('evidence', sa.String(length=40), nullable=True),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_by_id', sa.Integer(), nullable=True),
    sa.Column('done_by', sa.String(length=160), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.String(length=160), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['other_school'], ['school.code'], name=op.f('fk_movement_other_school_school')),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_movement_request_id_request')),
    sa.ForeignKeyConstraint(['round_id'], ['collection_round.id'], name=op.f('fk_movement_round_id_collection_round')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_movement_school_code_school')),
    sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_movement_student_id_student')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movement'))
    )
    op.create_table('reader_receipt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holding_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['holding_id'], ['reader_holding.id'], name=op.f('fk_reader_receipt_holding_id_reader_holding')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_reader_receipt_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader_receipt')),
    sa.UniqueConstraint('holding_id', 'kind', name=op.f('uq_reader_receipt_holding_id_kind'))
    )
    op.create_table('request_party',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('waiting', sa.Boolean(), nullable=False),
    sa.Column('unread', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('asked_by', sa.String(length=160), nullable=False),
    sa.Column('shown', sa.JSON(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_request_party_request_id_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_party')),
    sa.UniqueConstraint('request_id', 'scope', name=op.f('uq_request_party_request_id_scope'))
    )
    op.create_table('request_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=160), nullable=False),
    sa.Column('place', sa.String(length=160), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('said', sa.JSON(), nullable=True),
    sa.Column('file', sa.String(length=40), nullable=True),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_request_step_request_id_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_step'))
    )
    op.create_table('director_signature',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_code', sa.String(length=8), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_by', sa.String(length=160), nullable=False),
    sa.Column('signed_position', sa.String(length=160), nullable=False),
    sa.Column('key_name', sa.String(length=200), nullable=False),
    sa.Column('key_serial', sa.String(length=64), nullable=False),
    sa.Column('key_issuer', sa.String(length=200), nullable=False),
    sa.Column('key_is_trusted', sa.Boolean(), nullable=False),
    sa.Column('level', sa.String(length=8), nullable=False),
    sa.Column('stored_as', sa.String(length=120), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('scope', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_director_signature_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['school_code'], ['school.code'], name=op.f('fk_director_signature_school_code_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_director_signature')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_director_signature_certificate_id'))
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
    op.create_index('ix_card_device_scope', 'card_device', ['scope'], unique=False)
    op.create_index('ix_change_batch', 'change', ['batch_id'], unique=False, postgresql_where=sa.text('batch_id IS NOT NULL'), sqlite_where=sa.text('batch_id IS NOT NULL'))
    op.create_index('ix_change_deleted', 'change', ['at'], unique=False, postgresql_where=sa.text("action = 'delete'"), sqlite_where=sa.text("action = 'delete'"))
    op.create_index('ix_change_row', 'change', ['dataset', 'row_key', 'id'], unique=False)
    op.create_index('ix_change_scope', 'change', ['scope', 'id'], unique=False)
    op.create_index('ix_job_owner', 'job', ['owner_id', 'id'], unique=False)
    op.create_index('ix_job_scope', 'job', ['scope', 'id'], unique=False)
    op.create_index('ix_job_state', 'job', ['state', 'heartbeat_at'], unique=False)
    op.create_index('ix_questionnaire_order', 'questionnaire', ['academic_year', 'code', 'id'], unique=False)
    op.create_index('idx_api_key_lookup_hash', 'ab_api_key', ['lookup_hash'], unique=True)
    op.create_index('idx_api_key_prefix', 'ab_api_key', ['key_prefix'], unique=False)
    op.create_index('idx_api_key_user_id', 'ab_api_key', ['user_id'], unique=False)
    op.create_index('idx_group_id', 'ab_group_role', ['group_id'], unique=False)
    op.create_index('idx_group_role_id', 'ab_group_role', ['role_id'], unique=False)
    op.create_index('idx_permission_id', 'ab_permission_view', ['permission_id'], unique=False)
    op.create_index('idx_view_menu_id', 'ab_permission_view', ['view_menu_id'], unique=False)
    op.create_index('idx_user_group_id', 'ab_user_group', ['group_id'], unique=False)
    op.create_index('idx_user_id', 'ab_user_group', ['user_id'], unique=False)
    op.create_index('ix_agency_list_scope', 'agency_list', ['scope', 'id'], unique=False)
    op.create_index('ix_answer_sheet_order', 'answer_sheet', ['questionnaire_id', 'place', 'id'], unique=False)
    op.create_index('ix_answer_sheet_scope', 'answer_sheet', ['scope', 'questionnaire_id'], unique=False)
    op.create_index(op.f('ix_api_key_account_id'), 'api_key', ['account_id'], unique=False)
    op.create_index('ix_card_reading_scope', 'card_reading', ['scope', 'id'], unique=False)
    op.create_index('ix_card_reading_student', 'card_reading', ['student_id'], unique=False)
    op.create_index(op.f('ix_district_province_code'), 'district', ['province_code'], unique=False)
    op.create_index('ix_promotion_share_scope', 'promotion_share', ['scope'], unique=False)
    op.create_index('ix_question_order', 'question', ['questionnaire_id', 'position', 'id'], unique=False)
    op.create_index('ix_reader_lot_order', 'reader_lot', ['area_code', 'number', 'id'], unique=False)
    op.create_index('ix_reader_lot_scope', 'reader_lot', ['scope'], unique=False)
    op.create_index('ix_saved_view_shared', 'saved_view', ['dataset', 'scope'], unique=False)
    op.create_index('ix_school_area', 'school', ['area_code', 'code'], unique=False)
    op.create_index('ix_school_scope', 'school', ['scope'], unique=False)
    op.create_index('uq_school_moe_code', 'school', ['moe_code'], unique=True)
    op.create_index('ix_window_round', 'window', ['round_id', 'action', 'scope'], unique=False)
    op.create_index('idx_permission_view_id', 'ab_permission_view_role', ['permission_view_id'], unique=False)
    op.create_index('idx_role_id', 'ab_permission_view_role', ['role_id'], unique=False)
    op.create_index('ix_admission_plan_order', 'admission_plan', ['scope', 'academic_year', 'grade', 'id'], unique=False)
    op.create_index('ix_agency_student_list', 'agency_student', ['list_id', 'row_number'], unique=False)
    op.create_index('ix_agency_student_national_id', 'agency_student', ['national_id'], unique=False)
    op.create_index('ix_agency_student_same_child', 'agency_student', ['name_key', 'birth_date'], unique=False)
    op.create_index('ix_agency_student_scope', 'agency_student', ['scope'], unique=False)
    op.create_index('ix_building_order', 'building', ['scope', 'category', 'sequence', 'id'], unique=False)
    op.create_index('ix_card_reader_lot', 'card_reader', ['lot_id'], unique=False)
    op.create_index('ix_card_reader_order', 'card_reader', ['area_code', 'serial', 'id'], unique=False)
    op.create_index('ix_card_reader_school', 'card_reader', ['holder_code'], unique=False)
    op.create_index('ix_card_reader_scope', 'card_reader', ['scope', 'state'], unique=False)
    op.create_index('ix_computers_order', 'computers', ['scope', 'use', 'source', 'id'], unique=False)
    op.create_index('ix_equipment_count_order', 'equipment_count', ['scope', 'line_code', 'id'], unique=False)
    op.create_index('ix_equipment_item_order', 'equipment_item', ['scope', 'number', 'id'], unique=False)
    op.create_index('ix_explanation_order', 'explanation', ['scope', 'academic_year', 'round_number', 'id'], unique=False)
    op.create_index('ix_g_code_scope', 'g_code', ['scope', 'issued_at'], unique=False)
    op.create_index('ix_g_code_application_scope', 'g_code_application', ['scope', 'id'], unique=False)
    op.create_index('ix_g_code_user_account', 'g_code_user', ['account_id'], unique=False)
    op.create_index('ix_g_code_user_scope', 'g_code_user', ['scope'], unique=False)
    op.create_index('ix_import_batch_dataset', 'import_batch', ['dataset', 'form', 'id'], unique=False)
    op.create_index('ix_import_batch_scope', 'import_batch', ['scope'], unique=False)
    op.create_index('ix_internet_line_order', 'internet_line', ['scope', 'sequence', 'id'], unique=False)
    op.create_index('ix_network_order', 'network', ['scope', 'id'], unique=False)
    op.create_index('ix_number_change_old', 'number_change', ['old_number'], unique=False)
    op.create_index('ix_number_change_scope', 'number_change', ['scope'], unique=False)
    op.create_index('ix_number_change_student', 'number_change', ['student_id'], unique=False)
    op.create_index('ix_photo_consent_student', 'photo_consent', ['student_id'], unique=False)
    op.create_index('ix_school_grade_order', 'school_grade', ['scope', 'grade', 'id'], unique=False)
    op.create_index('ix_school_site_order', 'school_site', ['scope', 'id'], unique=False)
    op.create_index('ix_service_village_order', 'service_village', ['scope', 'subdistrict', 'village_no', 'id'], unique=False)
    op.create_index('ix_staff_count_order', 'staff_count', ['scope', 'position', 'pay', 'id'], unique=False)
    op.create_index('ix_student_national_id', 'student', ['national_id'], unique=False, postgresql_ops={'national_id': 'text_pattern_ops'})
    op.create_index('ix_student_order', 'student', ['scope', 'grade', 'room', 'id'], unique=False)
    op.create_index('ix_student_same_child', 'student', ['name_key', 'birth_date'], unique=False)
    op.create_index(op.f('ix_subdistrict_district_code'), 'subdistrict', ['district_code'], unique=False)
    op.create_index('ix_submission_round_state', 'submission', ['round_id', 'state'], unique=False)
    op.create_index('ix_submission_scope', 'submission', ['scope', 'round_id'], unique=False)
    op.create_index('ix_g_code_paper_scope', 'g_code_paper', ['scope'], unique=False)
    op.create_index('ix_import_line_outcome', 'import_line', ['batch_id', 'outcome', 'number'], unique=False)
    op.create_index('ix_import_row_batch', 'import_row', ['batch_id', 'outcome', 'row_number'], unique=False)
    op.create_index('ix_import_row_scope', 'import_row', ['scope'], unique=False)
    op.create_index('ix_left_over_scope', 'left_over', ['scope', 'closed_round_id'], unique=False)
    op.create_index('ix_left_over_student', 'left_over', ['student_id'], unique=False)
    op.create_index('ix_reader_holding_order', 'reader_holding', ['scope', 'reader_id', 'turn', 'id'], unique=False)
    op.create_index('ix_reader_holding_reader', 'reader_holding', ['reader_id'], unique=False)
    op.create_index('uq_reader_holding_open', 'reader_holding', ['reader_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
    op.create_index('ix_request_scope', 'request', ['scope', 'id'], unique=False)
    op.create_index('ix_request_student', 'request', ['student_id'], unique=False)
    op.create_index('uq_request_topic', 'request', ['topic'], unique=True, postgresql_where=sa.text("state NOT IN ('approved', 'refused', 'withdrawn')"), sqlite_where=sa.text("state NOT IN ('approved', 'refused', 'withdrawn')"))
    op.create_index('ix_roster_scope', 'roster', ['scope'], unique=False)
    op.create_index('ix_roster_submission', 'roster', ['submission_id'], unique=False)
    op.create_index('ix_year_result_order', 'year_result', ['scope', 'academic_year', 'student_id', 'id'], unique=False)
    op.create_index('ix_year_result_student', 'year_result', ['student_id'], unique=False)
    op.create_index('ix_certificate_scope', 'certificate', ['scope'], unique=False)
    op.create_index('ix_certificate_submission', 'certificate', ['submission_id'], unique=False)
    op.create_index('ix_civil_inquiry_request', 'civil_inquiry', ['request_id', 'id'], unique=False)
    op.create_index('ix_civil_inquiry_scope', 'civil_inquiry', ['scope', 'batch'], unique=False)
    op.create_index('ix_duplicate_record_counted', 'duplicate_record', ['scope', 'is_own', 'state', 'student_id'], unique=False)
    op.create_index('ix_headcount_scope', 'headcount', ['scope', 'round_id'], unique=False)
    op.create_index('ix_movement_scope', 'movement', ['scope', 'round_id', 'kind'], unique=False)
    op.create_index('ix_movement_student', 'movement', ['student_id', 'id'], unique=False)
    op.create_index('ix_reader_receipt_scope', 'reader_receipt', ['scope', 'id'], unique=False)
    op.create_index('ix_request_party_inbox', 'request_party', ['scope', 'waiting', 'unread'], unique=False)
    op.create_index('ix_request_party_latest', 'request_party', ['scope', 'side', 'changed_at'], unique=False)
    op.create_index('ix_request_step_side', 'request_step', ['request_id', 'scope', 'id'], unique=False)
    op.create_index('ix_director_signature_scope', 'director_signature', ['scope'], unique=False)
    op.create_index('ix_signed_scan_certificate', 'signed_scan', ['certificate_id'], unique=False)
    op.create_index('ix_signed_scan_scope', 'signed_scan', ['scope'], unique=False)
    for statement in MADE[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade():
    for statement in reversed(DROPPED[op.get_context().dialect.name]):
        op.execute(statement)
    op.drop_table('signed_scan')
    op.drop_table('director_signature')
    op.drop_table('request_step')
    op.drop_table('request_party')
    op.drop_table('reader_receipt')
    op.drop_table('movement')
    op.drop_table('headcount')
    op.drop_table('duplicate_record')
    op.drop_table('civil_inquiry')
    op.drop_table('certificate')
    op.drop_table('year_result')
    op.drop_table('roster')
    op.drop_table('request')
    op.drop_table('reader_holding')
    op.drop_table('left_over')
    op.drop_table('import_row')
    op.drop_table('import_line')
    op.drop_table('g_code_paper')
    op.drop_table('submission')
    op.drop_table('subdistrict')
    op.drop_table('student')
    op.drop_table('staff_count')
    op.drop_table('service_village')
    op.drop_table('school_site')
    op.drop_table('school_grade')
    op.drop_table('photo_consent')
    op.drop_table('number_change')
    op.drop_table('network')
    op.drop_table('internet_line')
    op.drop_table('import_batch')
    op.drop_table('g_code_user')
    op.drop_table('g_code_application')
    op.drop_table('g_code')
    op.drop_table('explanation')
    op.drop_table('equipment_item')
    op.drop_table('equipment_count')
    op.drop_table('computers')
    op.drop_table('card_reader')
    op.drop_table('building')
    op.drop_table('agency_student')
    op.drop_table('admission_plan')
    op.drop_table('ab_permission_view_role')
    op.drop_table('window')
    op.drop_table('school')
    op.drop_table('saved_view')
    op.drop_table('role_terms')
    op.drop_table('role_offer')
    op.drop_table('reader_lot')
    op.drop_table('question')
    op.drop_table('promotion_share')
    op.drop_table('district')
    op.drop_table('card_reading')
    op.drop_table('api_key')
    op.drop_table('answer_sheet')
    op.drop_table('agency_list')
    op.drop_table('ab_user_role')
    op.drop_table('ab_user_group')
    op.drop_table('ab_permission_view')
    op.drop_table('ab_group_role')
    op.drop_table('ab_api_key')
    op.drop_table('setting')
    op.drop_table('questionnaire')
    op.drop_table('province')
    op.drop_table('job')
    op.drop_table('history_seal')
    op.drop_table('growth_reference')
    op.drop_table('equipment_line')
    op.drop_table('document_counter')
    op.drop_table('collection_round')
    op.drop_table('change')
    op.drop_table('card_device')
    op.drop_table('building_plan')
    op.drop_table('area')
    op.drop_table('ab_view_menu')
    op.drop_table('ab_user')
    op.drop_table('ab_role')
    op.drop_table('ab_register_user')
    op.drop_table('ab_permission')
    op.drop_table('ab_group')
    for statement in reversed(NO_LONGER_STOOD_ON[op.get_context().dialect.name]):
        op.execute(statement)


# What ddl.py generated when this was written. A revision must not change when the code does.
MADE = {
    'postgresql': [
        r"""CREATE OR REPLACE FUNCTION thabian_refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
    RAISE EXCEPTION USING ERRCODE = TG_ARGV[0], MESSAGE = TG_ARGV[1], TABLE = TG_TABLE_NAME;
END
$body$;
REVOKE ALL ON FUNCTION thabian_refuse() FROM PUBLIC
""",
        r"""CREATE OR REPLACE FUNCTION thabian_stays_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    SELECT system, academic_year, number INTO closed FROM collection_round
     WHERE id = ANY (touched) AND closed_at IS NOT NULL ORDER BY id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'TH001', MESSAGE = 'รอบจัดเก็บปิดแล้ว', DETAIL = row_to_json(closed), TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION thabian_stays_closed() FROM PUBLIC
""",
        r"""CREATE OR REPLACE FUNCTION thabian_round_lock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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

    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'student' AND EXISTS (SELECT 1 FROM promotion_share WHERE doing) THEN
        RETURN NULL;
    END IF;

    SELECT id, system, academic_year, number INTO governing FROM collection_round
     WHERE system = TG_ARGV[0] AND closed_at IS NULL
     ORDER BY academic_year, number LIMIT 1 FOR SHARE;
    IF NOT FOUND THEN
        SELECT system, academic_year, number INTO governing FROM collection_round
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
    SELECT governing.system AS system, governing.academic_year AS academic_year,
           governing.number AS number, school_code, state
      INTO hurdle FROM submission
     WHERE round_id = governing.id AND school_code = ANY (touched) AND state <> 'open'
     ORDER BY school_code LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'TH003', MESSAGE = 'โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก', DETAIL = row_to_json(hurdle), TABLE = TG_TABLE_NAME;
    END IF;

    moment := clock_timestamp();
    SELECT governing.system AS system, governing.academic_year AS academic_year,
           governing.number AS number, school.code AS school_code, deciding.opens_at, deciding.closes_at INTO hurdle
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
$body$;
REVOKE ALL ON FUNCTION thabian_round_lock() FROM PUBLIC
""",
        r"""CREATE OR REPLACE TRIGGER school_grade_round_lock_insert AFTER INSERT ON "school_grade"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER school_grade_round_lock_update AFTER UPDATE ON "school_grade"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER school_grade_round_lock_delete AFTER DELETE ON "school_grade"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER school_site_round_lock_insert AFTER INSERT ON "school_site"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER school_site_round_lock_update AFTER UPDATE ON "school_site"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER school_site_round_lock_delete AFTER DELETE ON "school_site"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER service_village_round_lock_insert AFTER INSERT ON "service_village"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER service_village_round_lock_update AFTER UPDATE ON "service_village"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER service_village_round_lock_delete AFTER DELETE ON "service_village"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
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
        r"""CREATE OR REPLACE TRIGGER year_result_round_lock_insert AFTER INSERT ON "year_result"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER year_result_round_lock_update AFTER UPDATE ON "year_result"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER year_result_round_lock_delete AFTER DELETE ON "year_result"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER admission_plan_round_lock_insert AFTER INSERT ON "admission_plan"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER admission_plan_round_lock_update AFTER UPDATE ON "admission_plan"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER admission_plan_round_lock_delete AFTER DELETE ON "admission_plan"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')
""",
        r"""CREATE OR REPLACE TRIGGER staff_count_round_lock_insert AFTER INSERT ON "staff_count"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER staff_count_round_lock_update AFTER UPDATE ON "staff_count"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER staff_count_round_lock_delete AFTER DELETE ON "staff_count"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER building_round_lock_insert AFTER INSERT ON "building"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('asset')
""",
        r"""CREATE OR REPLACE TRIGGER building_round_lock_update AFTER UPDATE ON "building"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('asset')
""",
        r"""CREATE OR REPLACE TRIGGER building_round_lock_delete AFTER DELETE ON "building"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('asset')
""",
        r"""CREATE OR REPLACE TRIGGER equipment_count_round_lock_insert AFTER INSERT ON "equipment_count"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('mobec')
""",
        r"""CREATE OR REPLACE TRIGGER equipment_count_round_lock_update AFTER UPDATE ON "equipment_count"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('mobec')
""",
        r"""CREATE OR REPLACE TRIGGER equipment_count_round_lock_delete AFTER DELETE ON "equipment_count"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('mobec')
""",
        r"""CREATE OR REPLACE TRIGGER computers_round_lock_insert AFTER INSERT ON "computers"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER computers_round_lock_update AFTER UPDATE ON "computers"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER computers_round_lock_delete AFTER DELETE ON "computers"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER internet_line_round_lock_insert AFTER INSERT ON "internet_line"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER internet_line_round_lock_update AFTER UPDATE ON "internet_line"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER internet_line_round_lock_delete AFTER DELETE ON "internet_line"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER network_round_lock_insert AFTER INSERT ON "network"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER network_round_lock_update AFTER UPDATE ON "network"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER network_round_lock_delete AFTER DELETE ON "network"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('emis')
""",
        r"""CREATE OR REPLACE TRIGGER agency_list_stays_closed_insert AFTER INSERT ON "agency_list"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER agency_list_stays_closed_update AFTER UPDATE ON "agency_list"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER agency_list_stays_closed_delete AFTER DELETE ON "agency_list"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
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
        r"""CREATE OR REPLACE TRIGGER admission_plan_stays_closed_insert AFTER INSERT ON "admission_plan"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER admission_plan_stays_closed_update AFTER UPDATE ON "admission_plan"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER admission_plan_stays_closed_delete AFTER DELETE ON "admission_plan"
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
        r"""CREATE OR REPLACE TRIGGER year_result_stays_closed_insert AFTER INSERT ON "year_result"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER year_result_stays_closed_update AFTER UPDATE ON "year_result"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER year_result_stays_closed_delete AFTER DELETE ON "year_result"
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
        r"""CREATE OR REPLACE TRIGGER movement_stays_closed_insert AFTER INSERT ON "movement"
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER movement_stays_closed_update AFTER UPDATE ON "movement"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER movement_stays_closed_delete AFTER DELETE ON "movement"
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION thabian_stays_closed()
""",
        r"""CREATE OR REPLACE TRIGGER collection_round_stays_closed BEFORE UPDATE OR DELETE ON "collection_round"
FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION thabian_refuse('TH001', 'รอบจัดเก็บปิดแล้ว')
""",
        r"""CREATE OR REPLACE TRIGGER student_kept_for_verbs BEFORE UPDATE OF "school_code", "national_id", "identity_type", "title", "first_name", "last_name", "middle_name", "sex", "birth_date", "grade", "room", "student_number", "status", "sat_final_exam" ON "student"
FOR EACH ROW WHEN ((OLD."school_code", OLD."national_id", OLD."identity_type", OLD."title", OLD."first_name", OLD."last_name", OLD."middle_name", OLD."sex", OLD."birth_date", OLD."grade", OLD."room", OLD."student_number", OLD."status", OLD."sat_final_exam") IS DISTINCT FROM (NEW."school_code", NEW."national_id", NEW."identity_type", NEW."title", NEW."first_name", NEW."last_name", NEW."middle_name", NEW."sex", NEW."birth_date", NEW."grade", NEW."room", NEW."student_number", NEW."status", NEW."sat_final_exam") AND current_setting('thabian.verb', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION thabian_refuse('TH009', 'ช่องนี้เปลี่ยนด้วยรายการของระบบเท่านั้น')
""",
        r"""CREATE OR REPLACE TRIGGER change_permanent BEFORE UPDATE OR DELETE ON "change"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER history_seal_permanent BEFORE UPDATE OR DELETE ON "history_seal"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER roster_permanent BEFORE UPDATE OR DELETE ON "roster"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER headcount_permanent BEFORE UPDATE OR DELETE ON "headcount"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER left_over_permanent BEFORE UPDATE OR DELETE ON "left_over"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER request_step_permanent BEFORE UPDATE OR DELETE ON "request_step"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER g_code_permanent BEFORE UPDATE OR DELETE ON "g_code"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER number_change_permanent BEFORE UPDATE OR DELETE ON "number_change"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_permanent BEFORE DELETE ON "certificate"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_unaltered BEFORE UPDATE OF "id", "submission_id", "round_id", "school_code", "roster_id", "number", "code", "issued_at", "content", "scope" ON "certificate"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_stays_void BEFORE UPDATE ON "certificate"
FOR EACH ROW WHEN (OLD.voided_at IS NOT NULL) EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER photo_consent_permanent BEFORE DELETE ON "photo_consent"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER photo_consent_unaltered BEFORE UPDATE OF "id", "place", "student_id", "reading_id", "photo", "given_as", "given_by", "wording", "given_at", "noted_by_id", "noted_by", "scope" ON "photo_consent"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER photo_consent_stays_void BEFORE UPDATE ON "photo_consent"
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION thabian_refuse('TH007', 'ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER change_not_as_a_whole BEFORE TRUNCATE ON "change"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER collection_round_not_as_a_whole BEFORE TRUNCATE ON "collection_round"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER history_seal_not_as_a_whole BEFORE TRUNCATE ON "history_seal"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER agency_list_not_as_a_whole BEFORE TRUNCATE ON "agency_list"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER window_not_as_a_whole BEFORE TRUNCATE ON "window"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER admission_plan_not_as_a_whole BEFORE TRUNCATE ON "admission_plan"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER building_not_as_a_whole BEFORE TRUNCATE ON "building"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER computers_not_as_a_whole BEFORE TRUNCATE ON "computers"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER equipment_count_not_as_a_whole BEFORE TRUNCATE ON "equipment_count"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER g_code_not_as_a_whole BEFORE TRUNCATE ON "g_code"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER internet_line_not_as_a_whole BEFORE TRUNCATE ON "internet_line"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER network_not_as_a_whole BEFORE TRUNCATE ON "network"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER number_change_not_as_a_whole BEFORE TRUNCATE ON "number_change"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER photo_consent_not_as_a_whole BEFORE TRUNCATE ON "photo_consent"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER school_grade_not_as_a_whole BEFORE TRUNCATE ON "school_grade"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER school_site_not_as_a_whole BEFORE TRUNCATE ON "school_site"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER service_village_not_as_a_whole BEFORE TRUNCATE ON "service_village"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER staff_count_not_as_a_whole BEFORE TRUNCATE ON "staff_count"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER student_not_as_a_whole BEFORE TRUNCATE ON "student"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER submission_not_as_a_whole BEFORE TRUNCATE ON "submission"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER left_over_not_as_a_whole BEFORE TRUNCATE ON "left_over"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER roster_not_as_a_whole BEFORE TRUNCATE ON "roster"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER year_result_not_as_a_whole BEFORE TRUNCATE ON "year_result"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER certificate_not_as_a_whole BEFORE TRUNCATE ON "certificate"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER headcount_not_as_a_whole BEFORE TRUNCATE ON "headcount"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER movement_not_as_a_whole BEFORE TRUNCATE ON "movement"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE TRIGGER request_step_not_as_a_whole BEFORE TRUNCATE ON "request_step"
FOR EACH STATEMENT EXECUTE FUNCTION thabian_refuse('TH008', 'ล้างทั้งตารางไม่ได้')
""",
        r"""CREATE OR REPLACE FUNCTION thabian_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('thabian.scope', true), '')
""",
        r"""ALTER TABLE "area" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY area_owned ON "area" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY area_shared ON "area" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "building_plan" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY building_plan_owned ON "building_plan" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY building_plan_shared ON "building_plan" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "card_device" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY card_device_owned ON "card_device" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "change" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY change_owned ON "change" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "equipment_line" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY equipment_line_owned ON "equipment_line" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY equipment_line_shared ON "equipment_line" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "job" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY job_owned ON "job" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "province" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY province_owned ON "province" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY province_shared ON "province" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "questionnaire" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY questionnaire_owned ON "questionnaire" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY questionnaire_shared ON "questionnaire" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "setting" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY setting_owned ON "setting" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY setting_shared ON "setting" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "agency_list" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY agency_list_owned ON "agency_list" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "answer_sheet" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY answer_sheet_owned ON "answer_sheet" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "card_reading" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY card_reading_owned ON "card_reading" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "district" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY district_owned ON "district" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY district_shared ON "district" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "promotion_share" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY promotion_share_owned ON "promotion_share" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "question" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY question_owned ON "question" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY question_shared ON "question" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "reader_lot" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY reader_lot_owned ON "reader_lot" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "saved_view" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY saved_view_owned ON "saved_view" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY saved_view_shared ON "saved_view" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "school" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY school_owned ON "school" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY school_shared ON "school" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "admission_plan" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY admission_plan_owned ON "admission_plan" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "agency_student" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY agency_student_owned ON "agency_student" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "building" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY building_owned ON "building" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "card_reader" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY card_reader_owned ON "card_reader" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "computers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY computers_owned ON "computers" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "equipment_count" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY equipment_count_owned ON "equipment_count" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "equipment_item" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY equipment_item_owned ON "equipment_item" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "explanation" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY explanation_owned ON "explanation" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "g_code" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY g_code_owned ON "g_code" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "g_code_application" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY g_code_application_owned ON "g_code_application" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "g_code_user" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY g_code_user_owned ON "g_code_user" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "import_batch" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY import_batch_owned ON "import_batch" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "internet_line" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY internet_line_owned ON "internet_line" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "network" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY network_owned ON "network" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "number_change" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY number_change_owned ON "number_change" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "photo_consent" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY photo_consent_owned ON "photo_consent" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "school_grade" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY school_grade_owned ON "school_grade" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "school_site" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY school_site_owned ON "school_site" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "service_village" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY service_village_owned ON "service_village" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "staff_count" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY staff_count_owned ON "staff_count" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "student" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY student_owned ON "student" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "subdistrict" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY subdistrict_owned ON "subdistrict" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""CREATE POLICY subdistrict_shared ON "subdistrict" FOR SELECT USING (true)
""",
        r"""ALTER TABLE "submission" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY submission_owned ON "submission" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "g_code_paper" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY g_code_paper_owned ON "g_code_paper" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "import_line" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY import_line_owned ON "import_line" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "import_row" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY import_row_owned ON "import_row" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "left_over" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY left_over_owned ON "left_over" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "reader_holding" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY reader_holding_owned ON "reader_holding" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "request" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY request_owned ON "request" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "roster" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY roster_owned ON "roster" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "year_result" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY year_result_owned ON "year_result" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "certificate" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY certificate_owned ON "certificate" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "civil_inquiry" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY civil_inquiry_owned ON "civil_inquiry" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "duplicate_record" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY duplicate_record_owned ON "duplicate_record" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "headcount" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY headcount_owned ON "headcount" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "movement" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY movement_owned ON "movement" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "reader_receipt" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY reader_receipt_owned ON "reader_receipt" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "request_party" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY request_party_owned ON "request_party" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "request_step" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY request_step_owned ON "request_step" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")))
""",
        r"""ALTER TABLE "director_signature" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY director_signature_owned ON "director_signature" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""ALTER TABLE "signed_scan" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
""",
        r"""CREATE POLICY signed_scan_owned ON "signed_scan" FOR ALL USING (scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) WITH CHECK ((scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || '0') COLLATE "C")) AND coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true))
""",
        r"""CREATE EXTENSION IF NOT EXISTS pg_trgm
""",
        r"""CREATE INDEX IF NOT EXISTS ix_school_code_start ON "school" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_school_name_part ON "school" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_school_name_thai ON "school" ("name" COLLATE "th-x-icu", "code")
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
        r"""CREATE INDEX IF NOT EXISTS ix_service_village_subdistrict_part ON "service_village" USING gin ("subdistrict" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_service_village_name_part ON "service_village" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_province_code_start ON "province" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_province_name_part ON "province" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_province_name_thai ON "province" ("name" COLLATE "th-x-icu", "code")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_province_english_name_part ON "province" USING gin ("english_name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_district_code_start ON "district" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_district_name_part ON "district" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_district_name_thai ON "district" ("name" COLLATE "th-x-icu", "code")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_subdistrict_code_start ON "subdistrict" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_subdistrict_name_part ON "subdistrict" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_subdistrict_name_thai ON "subdistrict" ("name" COLLATE "th-x-icu", "code")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_subdistrict_postcode_start ON "subdistrict" ("postcode" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_setting_code_start ON "setting" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_setting_name_start ON "setting" ("name" text_pattern_ops)
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
        r"""CREATE INDEX IF NOT EXISTS ix_building_name_part ON "building" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_item_number_start ON "equipment_item" ("number" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_item_description_part ON "equipment_item" USING gin ("description" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_item_description_thai ON "equipment_item" ("description" COLLATE "th-x-icu", "id")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_item_serial_part ON "equipment_item" USING gin ("serial" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_building_plan_name_part ON "building_plan" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_building_plan_name_thai ON "building_plan" ("name" COLLATE "th-x-icu", "code")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_line_code_start ON "equipment_line" ("code" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_line_name_part ON "equipment_line" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_line_name_thai ON "equipment_line" ("name" COLLATE "th-x-icu", "code")
""",
        r"""CREATE INDEX IF NOT EXISTS ix_equipment_line_name_en_part ON "equipment_line" USING gin ("name_en" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_questionnaire_name_part ON "questionnaire" USING gin ("name" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_question_text_part ON "question" USING gin ("text" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_answer_sheet_place_start ON "answer_sheet" ("place" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_explanation_label_part ON "explanation" USING gin ("label" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_explanation_text_part ON "explanation" USING gin ("text" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_reader_lot_number_start ON "reader_lot" ("number" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_reader_lot_product_part ON "reader_lot" USING gin ("product" gin_trgm_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_card_reader_serial_start ON "card_reader" ("serial" text_pattern_ops)
""",
        r"""CREATE INDEX IF NOT EXISTS ix_reader_holding_receiver_name_part ON "reader_holding" USING gin ("receiver_name" gin_trgm_ops)
""",
    ],
    'sqlite': [
        r"""CREATE TRIGGER IF NOT EXISTS school_grade_round_lock_insert BEFORE INSERT ON "school_grade"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "school_grade" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."grade" = NEW."grade") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS school_grade_round_lock_update BEFORE UPDATE ON "school_grade"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "school_grade" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."grade" = NEW."grade") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS school_grade_round_lock_delete BEFORE DELETE ON "school_grade"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS school_site_round_lock_insert BEFORE INSERT ON "school_site"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "school_site" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS school_site_round_lock_update BEFORE UPDATE ON "school_site"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "school_site" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS school_site_round_lock_delete BEFORE DELETE ON "school_site"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS service_village_round_lock_insert BEFORE INSERT ON "service_village"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "service_village" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."subdistrict" = NEW."subdistrict" AND other."village_no" = NEW."village_no") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS service_village_round_lock_update BEFORE UPDATE ON "service_village"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "service_village" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."subdistrict" = NEW."subdistrict" AND other."village_no" = NEW."village_no") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS service_village_round_lock_delete BEFORE DELETE ON "service_village"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
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
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NOT EXISTS (SELECT 1 FROM promotion_share WHERE doing);
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
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code AND NOT EXISTS (SELECT 1 FROM promotion_share WHERE doing);
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
        r"""CREATE TRIGGER IF NOT EXISTS year_result_round_lock_insert BEFORE INSERT ON "year_result"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "year_result" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."academic_year" = NEW."academic_year" AND other."student_id" = NEW."student_id") AND other.school_code <> NEW.school_code;
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
        r"""CREATE TRIGGER IF NOT EXISTS year_result_round_lock_update BEFORE UPDATE ON "year_result"
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
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "year_result" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."academic_year" = NEW."academic_year" AND other."student_id" = NEW."student_id") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS year_result_round_lock_delete BEFORE DELETE ON "year_result"
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
        r"""CREATE TRIGGER IF NOT EXISTS admission_plan_round_lock_insert BEFORE INSERT ON "admission_plan"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "admission_plan" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."academic_year" = NEW."academic_year" AND other."grade" = NEW."grade") AND other.school_code <> NEW.school_code;
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
        r"""CREATE TRIGGER IF NOT EXISTS admission_plan_round_lock_update BEFORE UPDATE ON "admission_plan"
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
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "admission_plan" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."academic_year" = NEW."academic_year" AND other."grade" = NEW."grade") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS admission_plan_round_lock_delete BEFORE DELETE ON "admission_plan"
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
        r"""CREATE TRIGGER IF NOT EXISTS staff_count_round_lock_insert BEFORE INSERT ON "staff_count"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "staff_count" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."position" = NEW."position" AND other."pay" = NEW."pay") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS staff_count_round_lock_update BEFORE UPDATE ON "staff_count"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "staff_count" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."position" = NEW."position" AND other."pay" = NEW."pay") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS staff_count_round_lock_delete BEFORE DELETE ON "staff_count"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS building_round_lock_insert BEFORE INSERT ON "building"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "building" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."category" = NEW."category" AND other."sequence" = NEW."sequence") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'asset' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'asset') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS building_round_lock_update BEFORE UPDATE ON "building"
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
        (SELECT id FROM collection_round WHERE system = 'asset' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'asset') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'asset' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'asset') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "building" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."category" = NEW."category" AND other."sequence" = NEW."sequence") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS building_round_lock_delete BEFORE DELETE ON "building"
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
        (SELECT id FROM collection_round WHERE system = 'asset' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'asset') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS equipment_count_round_lock_insert BEFORE INSERT ON "equipment_count"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "equipment_count" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."line_code" = NEW."line_code") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'mobec' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'mobec') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS equipment_count_round_lock_update BEFORE UPDATE ON "equipment_count"
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
        (SELECT id FROM collection_round WHERE system = 'mobec' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'mobec') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'mobec' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'mobec') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "equipment_count" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."line_code" = NEW."line_code") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS equipment_count_round_lock_delete BEFORE DELETE ON "equipment_count"
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
        (SELECT id FROM collection_round WHERE system = 'mobec' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'mobec') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS computers_round_lock_insert BEFORE INSERT ON "computers"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "computers" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."use" = NEW."use" AND other."source" = NEW."source") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS computers_round_lock_update BEFORE UPDATE ON "computers"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "computers" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."use" = NEW."use" AND other."source" = NEW."source") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS computers_round_lock_delete BEFORE DELETE ON "computers"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS internet_line_round_lock_insert BEFORE INSERT ON "internet_line"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "internet_line" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."sequence" = NEW."sequence") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS internet_line_round_lock_update BEFORE UPDATE ON "internet_line"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "internet_line" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code" AND other."sequence" = NEW."sequence") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS internet_line_round_lock_delete BEFORE DELETE ON "internet_line"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS network_round_lock_insert BEFORE INSERT ON "network"
BEGIN
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "network" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code") AND other.school_code <> NEW.school_code;
    SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว')
        WHEN governing.id IS NULL THEN RAISE(ABORT, 'TH002 ยังไม่มีรอบจัดเก็บของระบบนี้')
        WHEN submission.state <> 'open' THEN RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก')
        WHEN deciding.id IS NULL THEN RAISE(ABORT, 'TH006 ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN RAISE(ABORT, 'TH004 ยังไม่ถึงเวลาแก้ไขข้อมูล')
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN RAISE(ABORT, 'TH005 หมดเวลาแก้ไขข้อมูลแล้ว')
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS network_round_lock_update BEFORE UPDATE ON "network"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = NEW.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = NEW.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) WHERE NEW.school_code IS NOT OLD.school_code;
    SELECT RAISE(ABORT, 'TH003 โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก') FROM "network" AS other WHERE (other."id" = NEW."id" OR other."school_code" = NEW."school_code") AND other.school_code <> NEW.school_code AND other.rowid <> OLD.rowid;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS network_round_lock_delete BEFORE DELETE ON "network"
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
        (SELECT id FROM collection_round WHERE system = 'emis' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = 'emis') AS closed) AS governing
    LEFT JOIN school ON school.code = OLD.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = OLD.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = 'edit'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1);
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS agency_list_stays_closed_insert BEFORE INSERT ON "agency_list"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS agency_list_stays_closed_update BEFORE UPDATE ON "agency_list"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS agency_list_stays_closed_delete BEFORE DELETE ON "agency_list"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id) AND closed_at IS NOT NULL;
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
        r"""CREATE TRIGGER IF NOT EXISTS admission_plan_stays_closed_insert BEFORE INSERT ON "admission_plan"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS admission_plan_stays_closed_update BEFORE UPDATE ON "admission_plan"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS admission_plan_stays_closed_delete BEFORE DELETE ON "admission_plan"
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
        r"""CREATE TRIGGER IF NOT EXISTS year_result_stays_closed_insert BEFORE INSERT ON "year_result"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS year_result_stays_closed_update BEFORE UPDATE ON "year_result"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS year_result_stays_closed_delete BEFORE DELETE ON "year_result"
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
        r"""CREATE TRIGGER IF NOT EXISTS movement_stays_closed_insert BEFORE INSERT ON "movement"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS movement_stays_closed_update BEFORE UPDATE ON "movement"
BEGIN
    SELECT RAISE(ABORT, 'TH001 รอบจัดเก็บปิดแล้ว') FROM collection_round WHERE id IN (OLD.round_id, NEW.round_id) AND closed_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS movement_stays_closed_delete BEFORE DELETE ON "movement"
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
        r"""CREATE TRIGGER IF NOT EXISTS student_kept_for_verbs BEFORE UPDATE ON "student"
BEGIN
    SELECT RAISE(ABORT, 'TH009 ช่องนี้เปลี่ยนด้วยรายการของระบบเท่านั้น') WHERE (OLD."school_code" IS NOT NEW."school_code" OR OLD."national_id" IS NOT NEW."national_id" OR OLD."identity_type" IS NOT NEW."identity_type" OR OLD."title" IS NOT NEW."title" OR OLD."first_name" IS NOT NEW."first_name" OR OLD."last_name" IS NOT NEW."last_name" OR OLD."middle_name" IS NOT NEW."middle_name" OR OLD."sex" IS NOT NEW."sex" OR OLD."birth_date" IS NOT NEW."birth_date" OR OLD."grade" IS NOT NEW."grade" OR OLD."room" IS NOT NEW."room" OR OLD."student_number" IS NOT NEW."student_number" OR OLD."status" IS NOT NEW."status" OR OLD."sat_final_exam" IS NOT NEW."sat_final_exam") AND NOT thabian_by_verb();
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS student_kept_for_verbs_insert BEFORE INSERT ON "student"
BEGIN
    SELECT RAISE(ABORT, 'TH009 ช่องนี้เปลี่ยนด้วยรายการของระบบเท่านั้น') FROM "student" AS other WHERE other."id" = NEW."id" AND (other."school_code" IS NOT NEW."school_code" OR other."national_id" IS NOT NEW."national_id" OR other."identity_type" IS NOT NEW."identity_type" OR other."title" IS NOT NEW."title" OR other."first_name" IS NOT NEW."first_name" OR other."last_name" IS NOT NEW."last_name" OR other."middle_name" IS NOT NEW."middle_name" OR other."sex" IS NOT NEW."sex" OR other."birth_date" IS NOT NEW."birth_date" OR other."grade" IS NOT NEW."grade" OR other."room" IS NOT NEW."room" OR other."student_number" IS NOT NEW."student_number" OR other."status" IS NOT NEW."status" OR other."sat_final_exam" IS NOT NEW."sat_final_exam") AND NOT thabian_by_verb();
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
        r"""CREATE TRIGGER IF NOT EXISTS history_seal_permanent_update BEFORE UPDATE ON "history_seal"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS history_seal_permanent_delete BEFORE DELETE ON "history_seal"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS history_seal_permanent_insert BEFORE INSERT ON "history_seal"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "history_seal" AS other WHERE other."number" = NEW."number";
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
        r"""CREATE TRIGGER IF NOT EXISTS left_over_permanent_update BEFORE UPDATE ON "left_over"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS left_over_permanent_delete BEFORE DELETE ON "left_over"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS left_over_permanent_insert BEFORE INSERT ON "left_over"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "left_over" AS other WHERE other."id" = NEW."id";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS request_step_permanent_update BEFORE UPDATE ON "request_step"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS request_step_permanent_delete BEFORE DELETE ON "request_step"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS request_step_permanent_insert BEFORE INSERT ON "request_step"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "request_step" AS other WHERE other."id" = NEW."id";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS g_code_permanent_update BEFORE UPDATE ON "g_code"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS g_code_permanent_delete BEFORE DELETE ON "g_code"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS g_code_permanent_insert BEFORE INSERT ON "g_code"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "g_code" AS other WHERE other."id" = NEW."id" OR other."number" = NEW."number" OR other."request_id" = NEW."request_id";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS number_change_permanent_update BEFORE UPDATE ON "number_change"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS number_change_permanent_delete BEFORE DELETE ON "number_change"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS number_change_permanent_insert BEFORE INSERT ON "number_change"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "number_change" AS other WHERE other."id" = NEW."id";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS certificate_unaltered BEFORE UPDATE OF "id", "submission_id", "round_id", "school_code", "roster_id", "number", "code", "issued_at", "content", "scope" ON "certificate"
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
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "certificate" AS other WHERE other."id" = NEW."id" OR other."code" = NEW."code" OR other."number" = NEW."number";
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS photo_consent_unaltered BEFORE UPDATE OF "id", "place", "student_id", "reading_id", "photo", "given_as", "given_by", "wording", "given_at", "noted_by_id", "noted_by", "scope" ON "photo_consent"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS photo_consent_stays_void BEFORE UPDATE ON "photo_consent"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') WHERE OLD.withdrawn_at IS NOT NULL;
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS photo_consent_permanent_delete BEFORE DELETE ON "photo_consent"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้');
END
""",
        r"""CREATE TRIGGER IF NOT EXISTS photo_consent_permanent_insert BEFORE INSERT ON "photo_consent"
BEGIN
    SELECT RAISE(ABORT, 'TH007 ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้') FROM "photo_consent" AS other WHERE other."id" = NEW."id";
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
        r"""DROP TRIGGER IF EXISTS school_grade_round_lock_insert ON "school_grade"
""",
        r"""DROP TRIGGER IF EXISTS school_grade_round_lock_update ON "school_grade"
""",
        r"""DROP TRIGGER IF EXISTS school_grade_round_lock_delete ON "school_grade"
""",
        r"""DROP TRIGGER IF EXISTS school_site_round_lock_insert ON "school_site"
""",
        r"""DROP TRIGGER IF EXISTS school_site_round_lock_update ON "school_site"
""",
        r"""DROP TRIGGER IF EXISTS school_site_round_lock_delete ON "school_site"
""",
        r"""DROP TRIGGER IF EXISTS service_village_round_lock_insert ON "service_village"
""",
        r"""DROP TRIGGER IF EXISTS service_village_round_lock_update ON "service_village"
""",
        r"""DROP TRIGGER IF EXISTS service_village_round_lock_delete ON "service_village"
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_insert ON "student"
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_update ON "student"
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_delete ON "student"
""",
        r"""DROP TRIGGER IF EXISTS year_result_round_lock_insert ON "year_result"
""",
        r"""DROP TRIGGER IF EXISTS year_result_round_lock_update ON "year_result"
""",
        r"""DROP TRIGGER IF EXISTS year_result_round_lock_delete ON "year_result"
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_round_lock_insert ON "admission_plan"
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_round_lock_update ON "admission_plan"
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_round_lock_delete ON "admission_plan"
""",
        r"""DROP TRIGGER IF EXISTS staff_count_round_lock_insert ON "staff_count"
""",
        r"""DROP TRIGGER IF EXISTS staff_count_round_lock_update ON "staff_count"
""",
        r"""DROP TRIGGER IF EXISTS staff_count_round_lock_delete ON "staff_count"
""",
        r"""DROP TRIGGER IF EXISTS building_round_lock_insert ON "building"
""",
        r"""DROP TRIGGER IF EXISTS building_round_lock_update ON "building"
""",
        r"""DROP TRIGGER IF EXISTS building_round_lock_delete ON "building"
""",
        r"""DROP TRIGGER IF EXISTS equipment_count_round_lock_insert ON "equipment_count"
""",
        r"""DROP TRIGGER IF EXISTS equipment_count_round_lock_update ON "equipment_count"
""",
        r"""DROP TRIGGER IF EXISTS equipment_count_round_lock_delete ON "equipment_count"
""",
        r"""DROP TRIGGER IF EXISTS computers_round_lock_insert ON "computers"
""",
        r"""DROP TRIGGER IF EXISTS computers_round_lock_update ON "computers"
""",
        r"""DROP TRIGGER IF EXISTS computers_round_lock_delete ON "computers"
""",
        r"""DROP TRIGGER IF EXISTS internet_line_round_lock_insert ON "internet_line"
""",
        r"""DROP TRIGGER IF EXISTS internet_line_round_lock_update ON "internet_line"
""",
        r"""DROP TRIGGER IF EXISTS internet_line_round_lock_delete ON "internet_line"
""",
        r"""DROP TRIGGER IF EXISTS network_round_lock_insert ON "network"
""",
        r"""DROP TRIGGER IF EXISTS network_round_lock_update ON "network"
""",
        r"""DROP TRIGGER IF EXISTS network_round_lock_delete ON "network"
""",
        r"""DROP TRIGGER IF EXISTS agency_list_stays_closed_insert ON "agency_list"
""",
        r"""DROP TRIGGER IF EXISTS agency_list_stays_closed_update ON "agency_list"
""",
        r"""DROP TRIGGER IF EXISTS agency_list_stays_closed_delete ON "agency_list"
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_insert ON "window"
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_update ON "window"
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_delete ON "window"
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_stays_closed_insert ON "admission_plan"
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_stays_closed_update ON "admission_plan"
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_stays_closed_delete ON "admission_plan"
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
        r"""DROP TRIGGER IF EXISTS year_result_stays_closed_insert ON "year_result"
""",
        r"""DROP TRIGGER IF EXISTS year_result_stays_closed_update ON "year_result"
""",
        r"""DROP TRIGGER IF EXISTS year_result_stays_closed_delete ON "year_result"
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
        r"""DROP TRIGGER IF EXISTS movement_stays_closed_insert ON "movement"
""",
        r"""DROP TRIGGER IF EXISTS movement_stays_closed_update ON "movement"
""",
        r"""DROP TRIGGER IF EXISTS movement_stays_closed_delete ON "movement"
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed ON "collection_round"
""",
        r"""DROP TRIGGER IF EXISTS student_kept_for_verbs ON "student"
""",
        r"""DROP TRIGGER IF EXISTS change_permanent ON "change"
""",
        r"""DROP TRIGGER IF EXISTS history_seal_permanent ON "history_seal"
""",
        r"""DROP TRIGGER IF EXISTS roster_permanent ON "roster"
""",
        r"""DROP TRIGGER IF EXISTS headcount_permanent ON "headcount"
""",
        r"""DROP TRIGGER IF EXISTS left_over_permanent ON "left_over"
""",
        r"""DROP TRIGGER IF EXISTS request_step_permanent ON "request_step"
""",
        r"""DROP TRIGGER IF EXISTS g_code_permanent ON "g_code"
""",
        r"""DROP TRIGGER IF EXISTS number_change_permanent ON "number_change"
""",
        r"""DROP TRIGGER IF EXISTS certificate_permanent ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS certificate_unaltered ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_void ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_permanent ON "photo_consent"
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_unaltered ON "photo_consent"
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_stays_void ON "photo_consent"
""",
        r"""DROP TRIGGER IF EXISTS change_not_as_a_whole ON "change"
""",
        r"""DROP TRIGGER IF EXISTS collection_round_not_as_a_whole ON "collection_round"
""",
        r"""DROP TRIGGER IF EXISTS history_seal_not_as_a_whole ON "history_seal"
""",
        r"""DROP TRIGGER IF EXISTS agency_list_not_as_a_whole ON "agency_list"
""",
        r"""DROP TRIGGER IF EXISTS window_not_as_a_whole ON "window"
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_not_as_a_whole ON "admission_plan"
""",
        r"""DROP TRIGGER IF EXISTS building_not_as_a_whole ON "building"
""",
        r"""DROP TRIGGER IF EXISTS computers_not_as_a_whole ON "computers"
""",
        r"""DROP TRIGGER IF EXISTS equipment_count_not_as_a_whole ON "equipment_count"
""",
        r"""DROP TRIGGER IF EXISTS g_code_not_as_a_whole ON "g_code"
""",
        r"""DROP TRIGGER IF EXISTS internet_line_not_as_a_whole ON "internet_line"
""",
        r"""DROP TRIGGER IF EXISTS network_not_as_a_whole ON "network"
""",
        r"""DROP TRIGGER IF EXISTS number_change_not_as_a_whole ON "number_change"
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_not_as_a_whole ON "photo_consent"
""",
        r"""DROP TRIGGER IF EXISTS school_grade_not_as_a_whole ON "school_grade"
""",
        r"""DROP TRIGGER IF EXISTS school_site_not_as_a_whole ON "school_site"
""",
        r"""DROP TRIGGER IF EXISTS service_village_not_as_a_whole ON "service_village"
""",
        r"""DROP TRIGGER IF EXISTS staff_count_not_as_a_whole ON "staff_count"
""",
        r"""DROP TRIGGER IF EXISTS student_not_as_a_whole ON "student"
""",
        r"""DROP TRIGGER IF EXISTS submission_not_as_a_whole ON "submission"
""",
        r"""DROP TRIGGER IF EXISTS left_over_not_as_a_whole ON "left_over"
""",
        r"""DROP TRIGGER IF EXISTS roster_not_as_a_whole ON "roster"
""",
        r"""DROP TRIGGER IF EXISTS year_result_not_as_a_whole ON "year_result"
""",
        r"""DROP TRIGGER IF EXISTS certificate_not_as_a_whole ON "certificate"
""",
        r"""DROP TRIGGER IF EXISTS headcount_not_as_a_whole ON "headcount"
""",
        r"""DROP TRIGGER IF EXISTS movement_not_as_a_whole ON "movement"
""",
        r"""DROP TRIGGER IF EXISTS request_step_not_as_a_whole ON "request_step"
""",
        r"""DROP FUNCTION IF EXISTS thabian_scope() CASCADE
""",
        r"""ALTER TABLE "area" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS area_owned ON "area"
""",
        r"""DROP POLICY IF EXISTS area_shared ON "area"
""",
        r"""ALTER TABLE "building_plan" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS building_plan_owned ON "building_plan"
""",
        r"""DROP POLICY IF EXISTS building_plan_shared ON "building_plan"
""",
        r"""ALTER TABLE "card_device" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS card_device_owned ON "card_device"
""",
        r"""ALTER TABLE "change" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS change_owned ON "change"
""",
        r"""ALTER TABLE "equipment_line" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS equipment_line_owned ON "equipment_line"
""",
        r"""DROP POLICY IF EXISTS equipment_line_shared ON "equipment_line"
""",
        r"""ALTER TABLE "job" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS job_owned ON "job"
""",
        r"""ALTER TABLE "province" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS province_owned ON "province"
""",
        r"""DROP POLICY IF EXISTS province_shared ON "province"
""",
        r"""ALTER TABLE "questionnaire" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS questionnaire_owned ON "questionnaire"
""",
        r"""DROP POLICY IF EXISTS questionnaire_shared ON "questionnaire"
""",
        r"""ALTER TABLE "setting" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS setting_owned ON "setting"
""",
        r"""DROP POLICY IF EXISTS setting_shared ON "setting"
""",
        r"""ALTER TABLE "agency_list" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS agency_list_owned ON "agency_list"
""",
        r"""ALTER TABLE "answer_sheet" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS answer_sheet_owned ON "answer_sheet"
""",
        r"""ALTER TABLE "card_reading" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS card_reading_owned ON "card_reading"
""",
        r"""ALTER TABLE "district" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS district_owned ON "district"
""",
        r"""DROP POLICY IF EXISTS district_shared ON "district"
""",
        r"""ALTER TABLE "promotion_share" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS promotion_share_owned ON "promotion_share"
""",
        r"""ALTER TABLE "question" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS question_owned ON "question"
""",
        r"""DROP POLICY IF EXISTS question_shared ON "question"
""",
        r"""ALTER TABLE "reader_lot" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS reader_lot_owned ON "reader_lot"
""",
        r"""ALTER TABLE "saved_view" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS saved_view_owned ON "saved_view"
""",
        r"""DROP POLICY IF EXISTS saved_view_shared ON "saved_view"
""",
        r"""ALTER TABLE "school" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS school_owned ON "school"
""",
        r"""DROP POLICY IF EXISTS school_shared ON "school"
""",
        r"""ALTER TABLE "admission_plan" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS admission_plan_owned ON "admission_plan"
""",
        r"""ALTER TABLE "agency_student" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS agency_student_owned ON "agency_student"
""",
        r"""ALTER TABLE "building" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS building_owned ON "building"
""",
        r"""ALTER TABLE "card_reader" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS card_reader_owned ON "card_reader"
""",
        r"""ALTER TABLE "computers" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS computers_owned ON "computers"
""",
        r"""ALTER TABLE "equipment_count" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS equipment_count_owned ON "equipment_count"
""",
        r"""ALTER TABLE "equipment_item" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS equipment_item_owned ON "equipment_item"
""",
        r"""ALTER TABLE "explanation" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS explanation_owned ON "explanation"
""",
        r"""ALTER TABLE "g_code" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS g_code_owned ON "g_code"
""",
        r"""ALTER TABLE "g_code_application" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS g_code_application_owned ON "g_code_application"
""",
        r"""ALTER TABLE "g_code_user" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS g_code_user_owned ON "g_code_user"
""",
        r"""ALTER TABLE "import_batch" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS import_batch_owned ON "import_batch"
""",
        r"""ALTER TABLE "internet_line" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS internet_line_owned ON "internet_line"
""",
        r"""ALTER TABLE "network" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS network_owned ON "network"
""",
        r"""ALTER TABLE "number_change" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS number_change_owned ON "number_change"
""",
        r"""ALTER TABLE "photo_consent" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS photo_consent_owned ON "photo_consent"
""",
        r"""ALTER TABLE "school_grade" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS school_grade_owned ON "school_grade"
""",
        r"""ALTER TABLE "school_site" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS school_site_owned ON "school_site"
""",
        r"""ALTER TABLE "service_village" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS service_village_owned ON "service_village"
""",
        r"""ALTER TABLE "staff_count" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS staff_count_owned ON "staff_count"
""",
        r"""ALTER TABLE "student" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS student_owned ON "student"
""",
        r"""ALTER TABLE "subdistrict" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS subdistrict_owned ON "subdistrict"
""",
        r"""DROP POLICY IF EXISTS subdistrict_shared ON "subdistrict"
""",
        r"""ALTER TABLE "submission" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS submission_owned ON "submission"
""",
        r"""ALTER TABLE "g_code_paper" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS g_code_paper_owned ON "g_code_paper"
""",
        r"""ALTER TABLE "import_line" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS import_line_owned ON "import_line"
""",
        r"""ALTER TABLE "import_row" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS import_row_owned ON "import_row"
""",
        r"""ALTER TABLE "left_over" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS left_over_owned ON "left_over"
""",
        r"""ALTER TABLE "reader_holding" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS reader_holding_owned ON "reader_holding"
""",
        r"""ALTER TABLE "request" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS request_owned ON "request"
""",
        r"""ALTER TABLE "roster" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS roster_owned ON "roster"
""",
        r"""ALTER TABLE "year_result" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS year_result_owned ON "year_result"
""",
        r"""ALTER TABLE "certificate" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS certificate_owned ON "certificate"
""",
        r"""ALTER TABLE "civil_inquiry" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS civil_inquiry_owned ON "civil_inquiry"
""",
        r"""ALTER TABLE "duplicate_record" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS duplicate_record_owned ON "duplicate_record"
""",
        r"""ALTER TABLE "headcount" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS headcount_owned ON "headcount"
""",
        r"""ALTER TABLE "movement" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS movement_owned ON "movement"
""",
        r"""ALTER TABLE "reader_receipt" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS reader_receipt_owned ON "reader_receipt"
""",
        r"""ALTER TABLE "request_party" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS request_party_owned ON "request_party"
""",
        r"""ALTER TABLE "request_step" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS request_step_owned ON "request_step"
""",
        r"""ALTER TABLE "director_signature" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS director_signature_owned ON "director_signature"
""",
        r"""ALTER TABLE "signed_scan" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY
""",
        r"""DROP POLICY IF EXISTS signed_scan_owned ON "signed_scan"
""",
        r"""DROP INDEX IF EXISTS ix_school_code_start
""",
        r"""DROP INDEX IF EXISTS ix_school_name_part
""",
        r"""DROP INDEX IF EXISTS ix_school_name_thai
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
        r"""DROP INDEX IF EXISTS ix_service_village_subdistrict_part
""",
        r"""DROP INDEX IF EXISTS ix_service_village_name_part
""",
        r"""DROP INDEX IF EXISTS ix_province_code_start
""",
        r"""DROP INDEX IF EXISTS ix_province_name_part
""",
        r"""DROP INDEX IF EXISTS ix_province_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_province_english_name_part
""",
        r"""DROP INDEX IF EXISTS ix_district_code_start
""",
        r"""DROP INDEX IF EXISTS ix_district_name_part
""",
        r"""DROP INDEX IF EXISTS ix_district_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_subdistrict_code_start
""",
        r"""DROP INDEX IF EXISTS ix_subdistrict_name_part
""",
        r"""DROP INDEX IF EXISTS ix_subdistrict_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_subdistrict_postcode_start
""",
        r"""DROP INDEX IF EXISTS ix_setting_code_start
""",
        r"""DROP INDEX IF EXISTS ix_setting_name_start
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
        r"""DROP INDEX IF EXISTS ix_building_name_part
""",
        r"""DROP INDEX IF EXISTS ix_equipment_item_number_start
""",
        r"""DROP INDEX IF EXISTS ix_equipment_item_description_part
""",
        r"""DROP INDEX IF EXISTS ix_equipment_item_description_thai
""",
        r"""DROP INDEX IF EXISTS ix_equipment_item_serial_part
""",
        r"""DROP INDEX IF EXISTS ix_building_plan_name_part
""",
        r"""DROP INDEX IF EXISTS ix_building_plan_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_equipment_line_code_start
""",
        r"""DROP INDEX IF EXISTS ix_equipment_line_name_part
""",
        r"""DROP INDEX IF EXISTS ix_equipment_line_name_thai
""",
        r"""DROP INDEX IF EXISTS ix_equipment_line_name_en_part
""",
        r"""DROP INDEX IF EXISTS ix_questionnaire_name_part
""",
        r"""DROP INDEX IF EXISTS ix_question_text_part
""",
        r"""DROP INDEX IF EXISTS ix_answer_sheet_place_start
""",
        r"""DROP INDEX IF EXISTS ix_explanation_label_part
""",
        r"""DROP INDEX IF EXISTS ix_explanation_text_part
""",
        r"""DROP INDEX IF EXISTS ix_reader_lot_number_start
""",
        r"""DROP INDEX IF EXISTS ix_reader_lot_product_part
""",
        r"""DROP INDEX IF EXISTS ix_card_reader_serial_start
""",
        r"""DROP INDEX IF EXISTS ix_reader_holding_receiver_name_part
""",
    ],
    'sqlite': [
        r"""DROP TRIGGER IF EXISTS school_grade_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS school_grade_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS school_grade_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS school_site_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS school_site_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS school_site_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS service_village_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS service_village_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS service_village_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS student_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS year_result_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS year_result_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS year_result_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS staff_count_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS staff_count_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS staff_count_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS building_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS building_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS building_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS equipment_count_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS equipment_count_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS equipment_count_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS computers_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS computers_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS computers_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS internet_line_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS internet_line_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS internet_line_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS network_round_lock_insert
""",
        r"""DROP TRIGGER IF EXISTS network_round_lock_update
""",
        r"""DROP TRIGGER IF EXISTS network_round_lock_delete
""",
        r"""DROP TRIGGER IF EXISTS agency_list_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS agency_list_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS agency_list_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS window_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS admission_plan_stays_closed_delete
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
        r"""DROP TRIGGER IF EXISTS year_result_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS year_result_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS year_result_stays_closed_delete
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
        r"""DROP TRIGGER IF EXISTS movement_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS movement_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS movement_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed_insert
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed_update
""",
        r"""DROP TRIGGER IF EXISTS collection_round_stays_closed_delete
""",
        r"""DROP TRIGGER IF EXISTS student_kept_for_verbs
""",
        r"""DROP TRIGGER IF EXISTS student_kept_for_verbs_insert
""",
        r"""DROP TRIGGER IF EXISTS change_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS change_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS change_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS history_seal_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS history_seal_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS history_seal_permanent_insert
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
        r"""DROP TRIGGER IF EXISTS left_over_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS left_over_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS left_over_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS request_step_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS request_step_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS request_step_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS g_code_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS g_code_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS g_code_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS number_change_permanent_update
""",
        r"""DROP TRIGGER IF EXISTS number_change_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS number_change_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS certificate_unaltered
""",
        r"""DROP TRIGGER IF EXISTS certificate_stays_void
""",
        r"""DROP TRIGGER IF EXISTS certificate_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS certificate_permanent_insert
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_unaltered
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_stays_void
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_permanent_delete
""",
        r"""DROP TRIGGER IF EXISTS photo_consent_permanent_insert
""",
    ],
}

# What the tables stand on.
STOOD_ON = {
    'postgresql': [
        r"""CREATE OR REPLACE FUNCTION thabian_name_key(first_name varchar, last_name varchar) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(regexp_replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(first_name || ' ' || last_name), 'เด็กชาย', ''), 'เด็กหญิง', ''), 'สามเณร', ''), 'นางสาว', ''), 'นาย ', ''), 'นาง ', ''), 'ด.ช.', ''), 'ด.ญ.', ''), 'น.ส.', ''), 'เเ', 'แ'), 'ํา', 'ำ'), '่', ''), '้', ''), '๊', ''), '๋', ''), '็', ''), 'ฯ', ''), 'ๆ', ''), ' ', ''), '.', ''), '-', ''), '''', ''), ' ', ''), '­', ''), '​', ''), '‌', ''), '‍', ''), '﻿', ''), '([ตทดฎ]ร|[ก-ฮ])[ิุ]?์', '', 'g'), 'ทร', 'ซ'), 'ศร', 'ส'), 'ศ', 'ส'), 'ษ', 'ส'), 'ณ', 'น'), 'ญ', 'ย'), 'ฬ', 'ล'), 'ภ', 'พ'), 'ฎ', 'ด'), 'ฏ', 'ต'), 'ฌ', 'ช'), 'ฃ', 'ข'), 'ฅ', 'ค'), 'ฆ', 'ค'), 'ฐ', 'ท'), 'ฑ', 'ท'), 'ฒ', 'ท'), 'ธ', 'ท'), 'ใ', 'ไ'), 'รร', 'ั'), 'ำ', 'ัม'), 'ฤ', 'ริ'), 'กก', 'ก'), 'ขข', 'ข'), 'คค', 'ค'), 'งง', 'ง'), 'จจ', 'จ'), 'ชช', 'ช'), 'ซซ', 'ซ'), 'ดด', 'ด'), 'ตต', 'ต'), 'ถถ', 'ถ'), 'ทท', 'ท'), 'นน', 'น'), 'บบ', 'บ'), 'ปป', 'ป'), 'ผผ', 'ผ'), 'พพ', 'พ'), 'มม', 'ม'), 'ยย', 'ย'), 'รร', 'ร'), 'ลล', 'ล'), 'วว', 'ว'), 'สส', 'ส'), 'หห', 'ห'), 'ออ', 'อ')
""",
    ],
    'sqlite': [
    ],
}

NO_LONGER_STOOD_ON = {
    'postgresql': [
        r"""DROP FUNCTION IF EXISTS thabian_name_key(varchar, varchar)
""",
    ],
    'sqlite': [
    ],
}
