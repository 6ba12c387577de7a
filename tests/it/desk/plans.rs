//! What the database does for a page of the queue and for a search, told by itself: `auto_explain` describes every
//! statement as the program runs it, with its parameters and its plan.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing_subscriber::{Layer, layer::SubscriberExt};

use crate::support::{Answer, Browser, World, unescaped};

/// Enough that reading all of them is the worse way.
const TICKETS: i32 = 15_000;

/// Rows of `ticket` that a statement may read, and rows that it may sort.
const MOST: u64 = 800;
/// All that a person ever had, or nobody has, lies on 24 piles, of which each gives a page.
const MOST_OF_ALL_PILES: u64 = 25 * 51;

/// Tickets with the values of a busy year: some are very common, most are rare.
const FILL: &str = "
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

/// A quarter of all tickets came with a result; as many results came with no ticket.
const FILL_CHECKS: &str = "
    insert into check_result (id, kind, at, verdict, data, client_ip, ticket_id)
    select
        upper(lpad(to_hex(row_number() over ()), 26, '0')), 'lamps', created_at, 'red', '{\"lamp\": \"red\"}', client_ip,
        case when n = 1 then ticket.id end
    from ticket cross join generate_series(1, 2) n
    where ticket.id::text ~ '[048c]$'";

/// Searches for what is rare, for what a tenth of all tickets have, and for both together.
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

/// The plans that were seen since.
#[derive(Clone, Default)]
pub struct Plans(Arc<Mutex<Vec<Value>>>);

impl Plans {
    /// Those since the last time.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Does something, and says which of its statements read or sort more than `most` rows.
    async fn faults(&self, what: &str, most: u64, doing: impl Future<Output = Answer>) -> Vec<String> {
        self.take();
        let answer = doing.await;
        assert!(matches!(answer.status.as_u16(), 200 | 303), "{what}: {}", answer.body);
        let work: Vec<Work> = self.take().iter().map(|plan| Work::of(plan, &["ticket", "check_result"])).collect();
        assert!(work.iter().any(|work| work.read > 0), "{what} was not explained");
        let too_much = work.into_iter().filter(|work| work.reads_all || work.read > most || work.sorted > most);
        too_much
            .map(|Work { read, sorted, told, .. }| format!("{what} reads {read} rows and sorts {sorted}:\n{told}"))
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

/// What a plan does with some tables.
#[derive(Default)]
pub struct Work {
    pub read: u64,
    pub sorted: u64,
    pub reads_all: bool,
    /// The plan, a line a step.
    pub told: String,
}

impl Work {
    pub fn of(plan: &Value, tables: &[&str]) -> Work {
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
        self.told += &format!("{:depth$}{kind} {index} {}: {}\n", "", text("Relation Name"), rows(node));
        inner.iter().for_each(|inner| self.add(inner, tables, depth + 2));
    }
}

#[tokio::test]
async fn no_page_of_the_queue_reads_more_than_it_shows_and_a_little() {
    let world = World::new().await;
    let plans = Plans::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(plans.clone()));
    explain(&world).await;
    let anna = world.agent("Anna").await;
    for name in ["Marek", "Ola"] {
        world.add_staff(name, dzwoni::staff::StaffRole::Agent).await;
    }
    let sql = world.sql().await;
    sqlx::query(FILL).bind(TICKETS).bind(world.clock.now()).execute(sql).await.unwrap();
    sqlx::query(FILL_CHECKS).execute(sql).await.unwrap();
    sqlx::raw_sql("vacuum analyze ticket, check_result").execute(sql).await.unwrap();

    let mut faults = Vec::new();
    for (address, most) in addresses(&world).await {
        faults.extend(plans.faults(&address, most, anna.get(&address)).await);
    }
    faults.extend(changes(&plans, &anna).await);
    assert!(faults.is_empty(), "{} faults, such as {}", faults.len(), faults[0]);

    // what looks for tickets that belong together reads those of the last half hour, however many there are
    plans.0.lock().unwrap().clear();
    dzwoni::incidents::detect(&world.app).await.unwrap();
    let seen = std::mem::take(&mut *plans.0.lock().unwrap());
    let work: Vec<Work> = seen.iter().map(|plan| Work::of(plan, &["ticket"])).collect();
    assert!(work.iter().any(|work| work.told.contains("ticket_by_any_waiting")), "the look was not explained");
    for Work { read, reads_all, told, .. } in work {
        assert!(!reads_all && read < 100, "reads {read} tickets:\n{told}");
    }
}

/// What verbs do to a page of tickets costs a few rows for each of them.
async fn changes(plans: &Plans, anna: &Browser) -> Vec<String> {
    let mut faults = Vec::new();
    for fields in [&[][..], &[("category", "audio")]] {
        faults.extend(plans.faults("take next", MOST, anna.post("/staff/next", fields)).await);
    }
    for wish in [
        &[("verb", "take")][..],
        &[("verb", "note"), ("note", "a")],
        &[("verb", "status"), ("status", "resolved")],
        &[("verb", "spam")],
        &[("verb", "merge")],
    ] {
        let page = anna.get("/staff?view=new&sort=newest").await.expect(200);
        let boxes: Vec<_> = page.body.split("name=\"ticket\" value=\"").skip(1).map(value).collect();
        assert_eq!(boxes.len(), 50);
        let form: Vec<_> = boxes.iter().map(|one| ("ticket", one.as_str())).chain(wish.iter().copied()).collect();
        let name = format!("{wish:?}");
        let mut undo = String::new();
        let doing = async {
            let done = anna.post("/staff/bulk", &form).await.expect(303);
            done.location().clone_into(&mut undo);
            done
        };
        faults.extend(plans.faults(&name, MOST, doing).await);
        let (_, id) = undo.split_once("said=").unwrap_or_else(|| panic!("{undo}"));
        let back = format!("/staff/bulk/{id}/undo");
        faults.extend(plans.faults(&format!("{name} taken back"), MOST, anna.post(&back, &[])).await);
    }
    faults
}

/// What stands before the next quotation mark.
fn value(rest: &str) -> String {
    unescaped(rest.split('"').next().unwrap())
}

/// Lets every connection made from here on explain what it does, to the program itself.
pub async fn explain(world: &World) {
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

/// Every view in every order for everybody, at its beginning and deep in it; and searches. Each with the rows it may read.
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
            let most = if view == "all" && !assignee.is_empty() { MOST_OF_ALL_PILES } else { MOST };
            for sort in ["waiting", "newest", "call"] {
                let address = format!("/staff?view={view}&sort={sort}&assignee={assignee}");
                addresses.push((format!("{address}&after={cursor}"), most));
                addresses.push((format!("{address}&before={cursor}"), most));
                addresses.push((format!("{address}&category=audio"), most));
                addresses.push((address, most));
            }
        }
    }
    addresses.extend(SEARCHES.map(|typed| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
        (format!("/staff?{query}"), MOST)
    }));
    addresses
}
