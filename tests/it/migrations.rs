//! Migrations run on databases with rows in them, and the tables refuse rows that can't be true.

use dzwoni::db::MIGRATOR;
use sqlx::{AssertSqlSafe, Connection, raw_sql};

use crate::support::{World, empty_database};

/// Each migration is applied to the rows of the ones before it; all of them must still be there at the end.
#[tokio::test]
async fn every_migration_keeps_the_rows_it_finds() {
    let (mut db, _drop) = empty_database().await;
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
        ("sign_in_pause", 1),
        ("ticket", 7),
        ("ticket_event", 2),
        ("secret", 1),
        ("bulk", 1),
        ("bulk_ticket", 1),
        ("saved_reply", 1),
        ("guide_visit", 1),
        ("check_result", 2),
        ("incoming_mail", 2),
        ("call_example", 1),
        ("letter", 7),
        ("api_token", 2),
        ("blocked_address", 2),
        ("blocked_address_change", 3),
        ("incident", 3),
        ("incident_update", 2),
        ("incident_ticket", 2),
        ("incident_candidate", 2),
        ("incident_visitor", 1),
        ("incident_follower", 2),
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
    // a word that was kept long ago is found by whoever looks for it today
    let words: (i64, i64) = sqlx::query_as(
        "select
            count(*) filter (where words <> to_tsvector('simple', words_of(coalesce(error_text, '') || ' ' || coalesce(description, '')))),
            count(*) filter (where words @@ 'lacze <-> niedostepne <-> sip <-> 2 <-> 0 <-> 503 <-> x <-> y <-> z <-> zolc')
        from ticket",
    )
    .fetch_one(&mut db)
    .await
    .unwrap();
    assert_eq!(words, (0, 1));
    db.close().await.unwrap();
}

#[tokio::test]
async fn rows_that_can_not_be_true_are_refused() {
    let world = World::new().await;
    let db = world.sql().await;
    for sample in ["0001", "0002", "0004", "0005", "0010", "0011", "0012", "0013", "0014", "0015"] {
        let path = format!("{}/tests/samples/{sample}.sql", env!("CARGO_MANIFEST_DIR"));
        raw_sql(AssertSqlSafe(std::fs::read_to_string(path).unwrap())).execute(db).await.unwrap();
    }
    let wrong = [
        ("update ticket set reference = 'O123456789' where category = 'audio'", "ticket_reference_check"),
        ("update ticket set email = null, phone = null", "ticket_can_be_answered"),
        ("update ticket set key_generation = -1", "ticket_key_generation_check"),
        ("update call_example set caller = '+48601'", "example_caller_is_whole"),
        ("update call_example set callee_kind = 'withheld'", "call_example_callee_kind_check"),
        ("update call_example set error_text = ''", "call_example_error_text_check"),
        ("update ticket set caller_kind = null where category = 'outgoing'", "ticket_tells_what_failed"),
        ("update ticket set call_at = null where category = 'audio'", "ticket_tells_what_failed"),
        ("update ticket set account = null where category = 'logged-out'", "ticket_tells_what_failed"),
        ("update ticket set account = '101' where category = 'audio'", "ticket_tells_what_failed"),
        ("update ticket set callee_kind = 'withheld' where category = 'audio'", "ticket_callee_kind_check"),
        ("update ticket set caller = '+48601' where caller_kind = 'withheld'", "ticket_caller_is_whole"),
        ("update ticket set symptom = null where category = 'audio'", "ticket_symptom_is_of_audio"),
        ("update ticket set symptom = 'echo' where category = 'outgoing'", "ticket_symptom_is_of_audio"),
        ("update ticket set status = 'resolved' where status = 'new'", "ticket_resolved_once_resolved"),
        ("update ticket set resolved_at = null where status = 'resolved'", "ticket_resolved_once_resolved"),
        ("update ticket set description = repeat('x', 5001)", "ticket_description_check"),
        ("update ticket set error_text = ''", "ticket_error_text_check"),
        ("update ticket set phone = '601 555 210'", "ticket_phone_check"),
        ("update ticket set key_hash = 'short'", "ticket_key_hash_check"),
        ("update ticket set version = 0", "ticket_version_check"),
        (
            "update ticket set assignee = '00000000-0000-7000-8000-0000000000ff' where status = 'resolved'",
            "ticket_assignee_fkey",
        ),
        ("update ticket set assignee = (select id from staff limit 1) where status = 'new'", "ticket_new_is_nobodys"),
        ("update ticket set submission_hash = decode(repeat('01', 32), 'hex')", "ticket_submission_hash_key"),
        ("update ticket set sip_code = 200 where sip_code is not null", "ticket_sip_code_check"),
        ("update ticket set merged_into = id where status = 'resolved'", "ticket_is_no_duplicate_of_itself"),
        ("update ticket set merged_into = null where status = 'duplicate'", "ticket_duplicate_points_to_its_main"),
        (
            "update ticket set merged_into = '00000000-0000-7000-8000-000000000013' where status = 'new'",
            "ticket_duplicate_points_to_its_main",
        ),
        ("update ticket set waiting_until = now() where status = 'open'", "ticket_comes_back_from_waiting"),
        ("update bulk set undone_at = now()", "bulk_undone_once_undone"),
        ("update guide_visit set visits = 0", "guide_visit_visits_check"),
        ("update saved_reply set body = ''", "saved_reply_body_check"),
        ("update ticket_event set staff_id = null where actor = 'staff'", "event_of_staff_has_its_person"),
        ("update ticket_event set what = '{}'", "ticket_event_what_check"),
        ("update staff set email = 'Anna@example.com' where name like 'Anna%'", "staff_email_check"),
        ("update staff set email = 'anna@example.com'", "staff_email"),
        ("update staff set password_hash = 'secret'", "staff_password_hash_check"),
        (
            "update ticket set category = 'unknown' where category = 'outgoing' and channel = 'web'",
            "ticket_tells_what_failed",
        ),
        ("update ticket set guessed = '{caller}' where channel = 'web'", "ticket_guesses_are_of_mail"),
        ("update ticket set callee_typed = null where channel = 'email'", "ticket_tells_what_failed"),
        ("update ticket set symptom = 'echo' where channel = 'email'", "ticket_symptom_is_of_audio"),
        ("update incoming_mail set ticket_id = null where fate = 'ticket'", "mail_of_a_ticket_has_one"),
        ("update incoming_mail set done_at = now()", "mail_done_by_somebody"),
        ("update incoming_mail set identity = decode(repeat('e1', 32), 'hex')", "incoming_mail_identity_key"),
        ("update incoming_mail set why = 'Two words'", "incoming_mail_why_check"),
        ("update check_result set id = '1'", "check_result_id_check"),
        ("update check_result set verdict = 'Grey!'", "check_result_verdict_check"),
        ("update check_result set figures = '[]'", "check_result_figures_check"),
        ("update letter set sent_at = null", "letter_sent_once_sent"),
        ("update letter set trouble = null", "letter_stuck_for_a_reason"),
        ("update letter set message_id = null where state = 'sending'", "letter_sending_is_somebodys"),
        ("update letter set attempts = -1", "letter_attempts_check"),
        ("update incident set text_en = '' where state = 'published'", "incident_says_what"),
        ("update incident set until = began_at", "incident_ends_after_it_began"),
        ("update incident set prefixes = '{+44}'", "incident_prefixes_check"),
        ("update incident set published_at = null where state = 'published'", "incident_published_once_published"),
        ("update incident set state = 'resolved' where state = 'published'", "incident_resolved_once_resolved"),
        ("update incident set alike = null where state = 'dismissed'", "incident_proposed_for_a_reason"),
        (
            "update incident_ticket set ticket_id = '00000000-0000-7000-8000-000000000011', ended_at = null",
            "incident_ticket_once",
        ),
        ("update incident_update set is_last = true, incident_id = 3", "incident_update_last"),
        ("update incident_visitor set visitor = 'x'", "incident_visitor_visitor_check"),
        ("update letter set addressee = null", "letter_of_incident_has_its_addressee"),
        ("update letter set ticket_id = null", "letter_has_one_reader"),
        ("update letter set follower_id = 2", "letter_has_one_reader"),
        ("update incident_follower set email = 'x'", "incident_follower_email_check"),
        ("update incident_follower set email = 'OLA@example.com' where id = 2", "incident_follower_once"),
        ("update incident set visitors = -1", "incident_visitors_check"),
        ("update blocked_address set net = '10.1.2.3/24'", "blocked_address_is_a_network"),
        ("update blocked_address set net = '10.0.0.0/7' where family(net) = 4", "blocked_address_is_not_too_wide"),
        ("update blocked_address set net = '2000::/15' where family(net) = 6", "blocked_address_is_not_too_wide"),
        ("update blocked_address set until = since", "blocked_address_ends_after_it_begins"),
        ("update blocked_address set source = 'api' where source = 'staff'", "blocked_address_of_staff_has_its_person"),
        (
            "update blocked_address set staff_id = (select id from staff limit 1)",
            "blocked_address_of_staff_has_its_person",
        ),
        ("update blocked_address set net = '2001:db8:5::/48'", "blocked_address_pkey"),
        ("update blocked_address_change set staff_id = null", "block_change_of_staff_has_its_person"),
        ("update api_token set token_hash = 'short'", "api_token_token_hash_check"),
        ("update api_token set revoked_at = null, name = 'SBC1'", "api_token_name"),
        ("insert into secret values (true, decode(repeat('01', 32), 'hex'))", "secret_pkey"),
        ("insert into secret values (false, decode(repeat('01', 32), 'hex'))", "secret_only_row_check"),
    ];
    for (sql, constraint) in wrong {
        let error = sqlx::query(sql).execute(db).await.expect_err(sql);
        let named = error.as_database_error().and_then(|error| error.constraint()).unwrap_or_default();
        assert_eq!(named, constraint, "{sql}: {error}");
    }
}
