//! Migrations keep existing rows, and constraints refuse impossible rows.

use dzwoni::db::MIGRATOR;
use sqlx::{AssertSqlSafe, Connection, raw_sql};

use crate::support::{World, empty_database};

/// Each migration is applied to the sample rows of the ones before it. All rows must remain.
#[tokio::test]
async fn every_migration_keeps_existing_rows() {
    let (mut db, _database) = empty_database().await;
    for migration in MIGRATOR.iter() {
        raw_sql(migration.sql.clone()).execute(&mut db).await.unwrap();
        let sample = format!("{}/tests/samples/{:04}.sql", env!("CARGO_MANIFEST_DIR"), migration.version);
        let sample =
            std::fs::read_to_string(&sample).unwrap_or_else(|_| panic!("{sample}: a migration needs sample rows"));
        raw_sql(AssertSqlSafe(sample)).execute(&mut db).await.unwrap();
    }
    for (table, rows) in [
        ("staff", 2),
        ("staff_invitation", 1),
        ("staff_session", 1),
        ("login_throttle", 1),
        ("ticket", 7),
        ("ticket_event", 2),
        ("signing_secret", 1),
        ("bulk_action", 1),
        ("bulk_action_ticket", 1),
        ("saved_reply", 1),
        ("guide_page_view", 1),
        ("check_result", 2),
        ("inbound_mail", 2),
        ("call_example", 1),
        ("outgoing_email", 7),
        ("api_token", 2),
        ("blocked_address", 2),
        ("blocked_address_change", 3),
        ("incident", 3),
        ("incident_update", 2),
        ("incident_ticket", 2),
        ("incident_candidate", 2),
        ("incident_me_too", 1),
        ("incident_subscriber", 2),
    ] {
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&mut db)
            .await
            .unwrap();
        assert_eq!(count, rows, "{table}");
    }
    let digits: (Option<String>, Option<String>) =
        sqlx::query_as("select caller_digits, callee_digits from ticket where reference = '0123456789'")
            .fetch_one(&mut db)
            .await
            .unwrap();
    assert_eq!(digits, (Some("12345101".into()), Some("442081900322".into())));
    // the stored search vectors are those that the current function computes
    let words: (i64, i64) = sqlx::query_as(
        "select
            count(*) filter (where search_vector <> to_tsvector('simple', search_text(coalesce(error_text, '') || ' ' || coalesce(description, '')))),
            count(*) filter (where search_vector @@ 'lacze <-> niedostepne <-> sip <-> 2 <-> 0 <-> 503 <-> x <-> y <-> z <-> zolc')
        from ticket",
    )
    .fetch_one(&mut db)
    .await
    .unwrap();
    assert_eq!(words, (0, 1));
    db.close().await.unwrap();
}

#[tokio::test]
async fn impossible_rows_violate_a_constraint() {
    let world = World::new().await;
    world.skip_invariants();
    let db = world.sql().await;
    for sample in ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010"] {
        let path = format!("{}/tests/samples/{sample}.sql", env!("CARGO_MANIFEST_DIR"));
        raw_sql(AssertSqlSafe(std::fs::read_to_string(path).unwrap())).execute(db).await.unwrap();
    }
    let updates = [
        ("update ticket set reference = 'O123456789' where category = 'audio'", "ticket_reference_check"),
        ("update ticket set email = null, phone = null", "ticket_has_contact"),
        ("update ticket set access_key_generation = -1", "ticket_access_key_generation_check"),
        ("update call_example set caller = '+48601'", "call_example_caller_matches_kind"),
        ("update call_example set callee_kind = 'withheld'", "call_example_callee_kind_check"),
        ("update call_example set error_text = ''", "call_example_error_text_check"),
        ("update ticket set caller_kind = null where category = 'outgoing'", "ticket_has_required_fields"),
        ("update ticket set call_at = null where category = 'audio'", "ticket_has_required_fields"),
        ("update ticket set account = null where category = 'logged-out'", "ticket_has_required_fields"),
        ("update ticket set account = '101' where category = 'audio'", "ticket_has_required_fields"),
        ("update ticket set callee_kind = 'withheld' where category = 'audio'", "ticket_callee_kind_check"),
        ("update ticket set caller = '+48601' where caller_kind = 'withheld'", "ticket_caller_matches_kind"),
        ("update ticket set symptom = null where category = 'audio'", "ticket_symptom_only_for_audio"),
        ("update ticket set symptom = 'echo' where category = 'outgoing'", "ticket_symptom_only_for_audio"),
        ("update ticket set status = 'resolved' where status = 'new'", "ticket_resolved_at_matches_status"),
        ("update ticket set resolved_at = null where status = 'resolved'", "ticket_resolved_at_matches_status"),
        ("update ticket set description = repeat('x', 5001)", "ticket_description_check"),
        ("update ticket set error_text = ''", "ticket_error_text_check"),
        ("update ticket set phone = '601 555 210'", "ticket_phone_check"),
        ("update ticket set access_key_hash = 'short'", "ticket_access_key_hash_check"),
        ("update ticket set version = 0", "ticket_version_check"),
        (
            "update ticket set assignee = '00000000-0000-7000-8000-0000000000ff' where status = 'resolved'",
            "ticket_assignee_fkey",
        ),
        (
            "update ticket set assignee = (select id from staff limit 1) where status = 'new'",
            "ticket_new_is_unassigned",
        ),
        ("update ticket set submission_hash = decode(repeat('01', 32), 'hex')", "ticket_submission_hash_key"),
        ("update ticket set sip_code = 200 where sip_code is not null", "ticket_sip_code_check"),
        ("update ticket set merged_into = id where status = 'resolved'", "ticket_not_merged_into_itself"),
        ("update ticket set merged_into = null where status = 'duplicate'", "ticket_duplicate_has_main"),
        (
            "update ticket set merged_into = '00000000-0000-7000-8000-000000000013' where status = 'new'",
            "ticket_duplicate_has_main",
        ),
        ("update ticket set snoozed_until = now() where status = 'open'", "ticket_snoozed_only_while_waiting"),
        ("update bulk_action set undone_at = now()", "bulk_action_undone_count_matches_undone_at"),
        ("update guide_page_view set views = 0", "guide_page_view_views_check"),
        ("update saved_reply set body = ''", "saved_reply_body_check"),
        ("update ticket_event set staff_id = null where actor = 'staff'", "ticket_event_staff_actor_has_staff_id"),
        ("update ticket_event set payload = '{}'", "ticket_event_payload_check"),
        ("update staff set email = 'Anna@example.com' where name like 'Anna%'", "staff_email_check"),
        ("update staff set email = 'anna@example.com'", "staff_email"),
        ("update staff set password_hash = 'secret'", "staff_password_hash_check"),
        (
            "update ticket set category = 'unknown' where category = 'outgoing' and channel = 'web'",
            "ticket_has_required_fields",
        ),
        (
            "update ticket set inferred_fields = '{caller}' where channel = 'web'",
            "ticket_inferred_fields_only_from_email",
        ),
        ("update ticket set callee_raw = null where channel = 'email'", "ticket_has_required_fields"),
        ("update ticket set symptom = 'echo' where channel = 'email'", "ticket_symptom_only_for_audio"),
        (
            "update inbound_mail set ticket_id = null where disposition = 'ticket'",
            "inbound_mail_disposition_has_ticket",
        ),
        ("update inbound_mail set handled_at = now()", "inbound_mail_handled_by_matches_handled_at"),
        ("update inbound_mail set identity_hash = decode(repeat('e1', 32), 'hex')", "inbound_mail_identity_hash_key"),
        ("update inbound_mail set rule = 'Two words'", "inbound_mail_rule_check"),
        ("update check_result set id = '1'", "check_result_id_check"),
        ("update check_result set verdict = 'Grey!'", "check_result_verdict_check"),
        ("update check_result set data = '[]'", "check_result_data_check"),
        ("update outgoing_email set sent_at = null", "outgoing_email_sent_at_matches_state"),
        ("update outgoing_email set failure = null", "outgoing_email_failed_has_failure"),
        ("update outgoing_email set message_id = null where state = 'sending'", "outgoing_email_sending_is_claimed"),
        ("update outgoing_email set attempts = -1", "outgoing_email_attempts_check"),
        ("update incident set text_en = '' where state = 'published'", "incident_published_has_texts"),
        ("update incident set until = began_at", "incident_until_after_began_at"),
        ("update incident set prefixes = '{+44}'", "incident_prefixes_check"),
        ("update incident set published_at = null where state = 'published'", "incident_published_at_matches_state"),
        ("update incident set state = 'resolved' where state = 'published'", "incident_resolved_at_matches_state"),
        ("update incident set fingerprint = null where state = 'dismissed'", "incident_proposed_has_fingerprint"),
        (
            "update incident_ticket set ticket_id = '00000000-0000-7000-8000-000000000011', ended_at = null",
            "incident_ticket_one_open",
        ),
        ("update incident_update set is_last = true, incident_id = 3", "incident_update_one_last"),
        ("update incident_me_too set visitor_hash = 'x'", "incident_me_too_visitor_hash_check"),
        ("update outgoing_email set recipient_hash = null", "outgoing_email_incident_has_recipient_hash"),
        ("update outgoing_email set ticket_id = null", "outgoing_email_has_one_recipient"),
        ("update outgoing_email set subscriber_id = 2", "outgoing_email_has_one_recipient"),
        ("update incident_subscriber set email = 'x'", "incident_subscriber_email_check"),
        ("update incident_subscriber set email = 'OLA@example.com' where id = 2", "incident_subscriber_email"),
        ("update incident set archived_me_too_count = -1", "incident_archived_me_too_count_check"),
        ("update blocked_address set net = '10.1.2.3/24'", "blocked_address_net_is_network"),
        ("update blocked_address set net = '10.0.0.0/7' where family(net) = 4", "blocked_address_net_not_too_wide"),
        ("update blocked_address set net = '2000::/15' where family(net) = 6", "blocked_address_net_not_too_wide"),
        ("update blocked_address set until = since", "blocked_address_until_after_since"),
        (
            "update blocked_address set source = 'api' where source = 'staff'",
            "blocked_address_staff_source_has_staff_id",
        ),
        (
            "update blocked_address set staff_id = (select id from staff limit 1)",
            "blocked_address_staff_source_has_staff_id",
        ),
        ("update blocked_address set net = '2001:db8:5::/48'", "blocked_address_pkey"),
        ("update blocked_address_change set staff_id = null", "blocked_address_change_staff_actor_has_staff_id"),
        ("update api_token set token_hash = 'short'", "api_token_token_hash_check"),
        ("update api_token set revoked_at = null, name = 'SBC1'", "api_token_active_name"),
        ("insert into signing_secret values (true, decode(repeat('01', 32), 'hex'))", "signing_secret_pkey"),
        (
            "insert into signing_secret values (false, decode(repeat('01', 32), 'hex'))",
            "signing_secret_singleton_check",
        ),
    ];
    for (sql, constraint) in updates {
        let error = sqlx::query(sql).execute(db).await.expect_err(sql);
        let violated = error.as_database_error().and_then(|error| error.constraint()).unwrap_or_default();
        assert_eq!(violated, constraint, "{sql}: {error}");
    }
}
