//! The query plans of the queue and the search. `auto_explain` reports the plan of every statement as the program runs
//! it, with its parameters.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing_subscriber::{Layer, layer::SubscriberExt};

use crate::support::{Browser, TestResponse, World, unescape_html};

/// Enough tickets that the planner prefers an index to reading all of them.
const TICKETS: i32 = 15_000;

/// Rows of `ticket` that a statement may read, and rows that it may sort.
const MAX_ROWS: u64 = 800;
/// The view of all tickets of an assignee merges the first page of each of 24 partitions (status, category).
const MAX_ROWS_OF_ALL_PARTITIONS: u64 = 25 * 51;

/// Tickets of a busy year: some values are very common, most are rare.
const INSERT_TICKETS: &str = "
    insert into ticket (
        id, reference, category, status, channel, lang, service, caller_kind, caller, caller_raw, callee_kind, callee,
        callee_raw, call_at, call_precision, in_billing, symptom, account, error_text, sip_code, description, email,
        client_ip, user_agent, submission_hash, form_hash, access_key_hash, assignee, created_at, updated_at, awaiting_staff_since,
        resolved_at, merged_into
    )
    select
        (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
        upper(lpad(to_hex(n), 10, '0')), category, status, 'web', 'pl', 'unknown',
        case when called then 'number'::party_kind end, case when called then caller end, case when called then caller end,
        case when called then 'number'::party_kind end, case when called then callee end, case when called then callee end,
        case when called then at - interval '7 minutes' end, case when called then 'exact'::call_precision end,
        case when called then 'yes'::billing_entry end, case when category = 'audio' then 'echo'::audio_symptom end,
        case when not called then '12345-' || n % 700 end,
        case when n % 3 = 0 then '503 Service Unavailable' when n % 10 = 1 then 'abonent czasowo niedostępny' end,
        case when n % 3 = 0 then 503 end,
        'opis ' || md5(n::text) || repeat(' i jeszcze trochę tekstu', 6),
        case when n % 10 = 0 then 'recepcja@example.com' else 'osoba' || n % 5000 || '@example.com' end,
        case when n % 10 = 0 then '203.0.113.7' else ('198.51.' || n % 100 || '.' || n % 250) end::inet, 'test',
        decode(lpad(to_hex(n), 64, '0'), 'hex'), decode(lpad(to_hex(n), 64, '0'), 'hex'),
        decode(lpad(to_hex(n), 64, '0'), 'hex'),
        case when status <> 'new' and n % 7 <> 0 then people[1 + n % cardinality(people)] end,
        at, at, at, case when status = 'resolved' then at end, case when status = 'duplicate' then main end
    from (
        select
            n,
            $2::timestamptz - interval '1 year' * (($1 - n)::float / $1) as at,
            (enum_range(null::ticket_category))[1 + n / 20 % 4] as category,
            n / 20 % 4 <> 0 as called,
            case
                when n = 1 then 'resolved'
                when n % 20 in (3, 4) then 'new'
                when n % 20 = 5 then 'open'
                when n % 20 = 6 then 'waiting'
                when n % 20 = 7 then 'spam'
                when n % 20 = 8 then 'duplicate'
                else 'resolved'
            end::ticket_status as status,
            case when n % 7 = 0 then '+48225550120' else '+4860' || lpad((n::bigint * 7919 % 1000000)::text, 7, '5') end as caller,
            case when n % 5 = 0 then '+442081900322' else '+4822' || lpad((n::bigint * 104729 % 1000000)::text, 7, '1') end as callee,
            array(select id from staff order by email) as people,
            (
                lpad(to_hex((extract(epoch from $2::timestamptz - interval '1 year' * (($1 - 1)::float / $1)) * 1000)::bigint), 12, '0')
                || '70008000000000000001'
            )::uuid as main
        from generate_series(1, $1) n
    ) made
    order by n";

/// A quarter of the tickets has a check result; as many results have no ticket.
const INSERT_CHECK_RESULTS: &str = "
    insert into check_result (id, kind, at, verdict, data, client_ip, ticket_id)
    select
        upper(lpad(to_hex(row_number() over ()), 26, '0')), 'lamps', created_at, 'red', '{\"lamp\": \"red\"}', client_ip,
        case when n = 1 then ticket.id end
    from ticket cross join generate_series(1, 2) n
    where ticket.id::text ~ '[048c]$'";

/// Searches for rare values, for values that a tenth of all tickets has, and for both together.
const SEARCHES: [&str; 43] = [
    "DZ-00000-00001",
    "+48 600 007 919",
    "22 555 01 20",
    "0044 20 8190 0322",
    "a:22 555 01 20",
    "22 555",
    "+44",
    "+442",
    "0120",
    "22 555 01 20 0044 20 8190 0322",
    "0044 20 8190 0322 kod:503",
    "0044 20 8190 0322 moje",
    "0044 20 8190 0322 wczoraj",
    "0044 20 8190 0322 19.06-19.09",
    "0044 20 8190 0322 19.06 \"czasowo niedostępny\"",
    "0044 20 8190 0322 status:czeka",
    "22 555 wczoraj",
    "+442 19.06 kod:503",
    "12345-101",
    "konto:12345-101 wczoraj",
    "osoba7@example.com",
    "recepcja@example.com",
    "recepcja@example.com 19.06",
    "203.0.113.7",
    "198.51.7.7",
    "kod:503",
    "kod:503 486 wczoraj",
    "kod:503 moje 19.06",
    "wczoraj",
    "wczoraj 14:00-14:30",
    "moje wczoraj",
    "wolne",
    "wolne wczoraj",
    "status:otwarte dźwięk",
    "duplikaty",
    "\"czasowo niedostępny\"",
    "\"service unavailable\" moje",
    "\"service unavailable\" 19.06",
    "\"service unavailable\" 19.06-19.09",
    "nieznane słowo",
    "trochę tekstu jeszcze",
    "od:zastrzeżony",
    "dziś 22 555 kod:503 moje \"service\" dźwięk status:otwarte",
];

/// Collects the plans that are reported to the log.
#[derive(Clone, Default)]
pub struct Plans(Arc<Mutex<Vec<Value>>>);

impl Plans {
    /// Takes the plans that were collected since the last call.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Awaits a request; describes its statements that read or sort more than `max` rows.
    async fn violations(&self, what: &str, max: u64, request: impl Future<Output = TestResponse>) -> Vec<String> {
        self.take();
        let response = request.await;
        assert!(matches!(response.status.as_u16(), 200 | 303), "{what}: {}", response.body);
        let work: Vec<Work> =
            self.take().iter().map(|plan| Work::from_plan(plan, &["ticket", "check_result"])).collect();
        assert!(work.iter().any(|work| work.read > 0), "{what} was not explained");
        let violations = work.into_iter().filter(|work| work.reads_all || work.read > max || work.sorted > max);
        violations
            .map(|Work { read, sorted, plan, .. }| format!("{what} reads {read} rows and sorts {sorted}:\n{plan}"))
            .collect()
    }
}

impl<S: tracing::Subscriber> Layer<S> for Plans {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        struct Message(Option<Value>);
        impl Visit for Message {
            fn record_str(&mut self, field: &Field, value: &str) {
                let plan = value.split_once("plan:\n").filter(|_| field.name() == "message");
                self.0 = self.0.take().or(plan.map(|(_, plan)| serde_json::from_str(plan).unwrap()));
            }

            fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
        }
        let mut message = Message(None);
        event.record(&mut message);
        self.0.lock().unwrap().extend(message.0);
    }
}

/// The rows that a plan reads of some tables and that it sorts.
#[derive(Default)]
pub struct Work {
    pub read: u64,
    pub sorted: u64,
    pub reads_all: bool,
    /// The plan, one line per node.
    pub plan: String,
}

impl Work {
    pub fn from_plan(plan: &Value, tables: &[&str]) -> Work {
        let mut work = Work::default();
        work.add(&plan["Plan"], tables, 0);
        work
    }

    fn add(&mut self, node: &Value, tables: &[&str], depth: usize) {
        let rows =
            |node: &Value| node["Actual Rows"].as_u64().unwrap_or(0) * node["Actual Loops"].as_u64().unwrap_or(0);
        let text = |name: &str| node[name].as_str().unwrap_or_default();
        let inner = node["Plans"].as_array().map_or(&[][..], Vec::as_slice);
        if tables.contains(&text("Relation Name")) {
            let removed = ["Rows Removed by Filter", "Rows Removed by Index Recheck"].map(|name| node[name].as_u64());
            let removed: u64 = removed.into_iter().flatten().sum();
            self.read += rows(node) + removed * node["Actual Loops"].as_u64().unwrap_or(0);
            self.reads_all |= text("Node Type") == "Seq Scan";
        }
        if text("Node Type").contains("Sort") {
            self.sorted = self.sorted.max(inner.iter().map(rows).sum());
        }
        let (kind, index) = (text("Node Type"), text("Index Name"));
        self.plan += &format!("{:depth$}{kind} {index} {}: {}\n", "", text("Relation Name"), rows(node));
        inner.iter().for_each(|inner| self.add(inner, tables, depth + 2));
    }
}

#[tokio::test]
async fn no_page_of_the_queue_reads_many_more_rows_than_it_shows() {
    let world = World::new().await;
    world.skip_invariants();
    let plans = Plans::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(plans.clone()));
    enable_auto_explain(&world).await;
    let anna = world.agent("Anna").await;
    for name in ["Marek", "Ola"] {
        world.add_staff(name, dzwoni::staff::StaffRole::Agent).await;
    }
    let sql = world.sql().await;
    sqlx::query(INSERT_TICKETS).bind(TICKETS).bind(world.clock.now()).execute(sql).await.unwrap();
    sqlx::query(INSERT_CHECK_RESULTS).execute(sql).await.unwrap();
    sqlx::raw_sql("vacuum analyze ticket, check_result").execute(sql).await.unwrap();

    let mut violations = Vec::new();
    for (address, max) in addresses(&world).await {
        violations.extend(plans.violations(&address, max, anna.get(&address)).await);
    }
    violations.extend(check_actions(&plans, &anna).await);
    assert!(violations.is_empty(), "{} violations, for example {}", violations.len(), violations[0]);

    // the detection of incidents reads only the tickets of the last half hour
    plans.0.lock().unwrap().clear();
    dzwoni::incidents::detect(&world.app).await.unwrap();
    let plans_seen = std::mem::take(&mut *plans.0.lock().unwrap());
    let work: Vec<Work> = plans_seen.iter().map(|plan| Work::from_plan(plan, &["ticket"])).collect();
    assert!(
        work.iter().any(|work| work.plan.contains("ticket_any_status_by_awaiting_staff")),
        "the detection was not explained"
    );
    for Work { read, reads_all, plan, .. } in work {
        assert!(!reads_all && read < 100, "reads {read} tickets:\n{plan}");
    }
}

/// Bulk actions on a page of tickets read a few rows per ticket.
async fn check_actions(plans: &Plans, anna: &Browser) -> Vec<String> {
    let mut violations = Vec::new();
    for fields in [&[][..], &[("category", "audio")]] {
        violations.extend(plans.violations("take next", MAX_ROWS, anna.post("/staff/next", fields)).await);
    }
    for action in [
        &[("command", "take")][..],
        &[("command", "note"), ("note", "a")],
        &[("command", "status"), ("status", "resolved")],
        &[("command", "spam")],
        &[("command", "merge")],
    ] {
        let page = anna.get("/staff?view=new&sort=newest").await.expect(200);
        let checkboxes: Vec<_> = page.body.split("name=\"ticket\" value=\"").skip(1).map(attribute_value).collect();
        assert_eq!(checkboxes.len(), 50);
        let form: Vec<_> =
            checkboxes.iter().map(|value| ("ticket", value.as_str())).chain(action.iter().copied()).collect();
        let name = format!("{action:?}");
        let mut location = String::new();
        let request = async {
            let response = anna.post("/staff/bulk", &form).await.expect(303);
            response.location().clone_into(&mut location);
            response
        };
        violations.extend(plans.violations(&name, MAX_ROWS, request).await);
        let (_, id) = location.split_once("flash=").unwrap_or_else(|| panic!("{location}"));
        let undo_path = format!("/staff/bulk/{id}/undo");
        violations.extend(plans.violations(&format!("undo of {name}"), MAX_ROWS, anna.post(&undo_path, &[])).await);
    }
    violations
}

/// The text before the next quotation mark.
fn attribute_value(rest: &str) -> String {
    unescape_html(rest.split('"').next().unwrap())
}

/// Every connection opened after this reports its plans to the client.
pub async fn enable_auto_explain(world: &World) {
    let sql = world.sql().await;
    let name: String = sqlx::query_scalar("select current_database()").fetch_one(sql).await.unwrap();
    for setting in [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_analyze = on",
        "auto_explain.log_timing = off",
        "auto_explain.log_format = json",
        "auto_explain.log_level = notice",
    ] {
        let alter = format!("alter database {name} set {setting}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(alter)).execute(sql).await.unwrap();
    }
}

/// Every view in every order and for every assignee, at its beginning and in its middle, and all searches; each with the
/// rows that it may read.
async fn addresses(world: &World) -> Vec<(String, u64)> {
    let middle: (time::OffsetDateTime, uuid::Uuid) =
        sqlx::query_as("select created_at, id from ticket order by id offset $1 limit 1")
            .bind(TICKETS / 2)
            .fetch_one(world.sql().await)
            .await
            .unwrap();
    let cursor = format!("{}.{}", middle.0.unix_timestamp_nanos() / 1000, middle.1.simple());
    let mut addresses = Vec::new();
    for view in ["new", "mine", "open", "waiting", "resolved", "spam", "all"] {
        for assignee in ["", "me", "none"] {
            let max = if view == "all" && !assignee.is_empty() { MAX_ROWS_OF_ALL_PARTITIONS } else { MAX_ROWS };
            for sort in ["waiting", "newest", "call"] {
                let address = format!("/staff?view={view}&sort={sort}&assignee={assignee}");
                addresses.push((format!("{address}&after={cursor}"), max));
                addresses.push((format!("{address}&before={cursor}"), max));
                addresses.push((format!("{address}&category=audio"), max));
                addresses.push((address, max));
            }
        }
    }
    addresses.extend(SEARCHES.map(|search| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", search).finish();
        (format!("/staff?{query}"), MAX_ROWS)
    }));
    addresses
}
