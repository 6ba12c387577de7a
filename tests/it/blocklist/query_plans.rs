//! The query plans for one address of a long blocklist.

use tracing_subscriber::layer::SubscriberExt;

use crate::{
    desk::query_plans::{Plans, Work, enable_auto_explain},
    given,
    support::World,
};

/// Enough entries that the planner prefers an index to reading all of them.
const ENTRIES: i32 = 20_000;

/// Mostly single addresses from fail2ban, some of them expired; few networks; three entries from Kamailio.
const INSERT_ENTRIES: &str = "
    insert into blocked_address (net, reason, source, since, until, updated_at)
    select
        case n % 4
            when 0 then ('2001:db8:' || to_hex(n / 256) || ':' || to_hex(n % 256) || '::1')::inet
            when 1 then set_masklen(('10.' || n / 256 || '.' || n % 256 || '.0')::inet, 24)
            else ('10.' || n / 256 || '.' || n % 256 || '.7')::inet
        end,
        'wrong-password', case when n < 4 then 'kamailio' else 'fail2ban' end::block_source,
        $2 - interval '1 minute' * n, case when n % 5 < 2 then $2 - interval '1 second' when n % 5 = 3 then $2 + interval '1 day' end, $2
    from generate_series(1, $1) n";
const INSERT_HISTORY: &str = "
    insert into blocked_address_change (net, at, kind, actor, reason, source)
    select net, since, 'blocked'::block_change_kind, 'system'::actor, reason, source from blocked_address
    union all
    select net, since, 'unblocked'::block_change_kind, case when masklen(net) = 32 then 'customer' else 'system' end::actor, reason, source
    from blocked_address";

#[tokio::test]
async fn a_blocklist_lookup_reads_only_the_entries_of_its_address() {
    let world = World::new().await;
    let plans = Plans::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(plans.clone()));
    enable_auto_explain(&world).await;
    let (reference, _) = given::logged_out().with("public_ip", "10.5.6.7").accepted(&world).await;
    let anna = world.agent("Anna").await;
    let sql = world.sql().await;
    sqlx::query(INSERT_ENTRIES).bind(ENTRIES).bind(world.clock.now()).execute(sql).await.unwrap();
    sqlx::query(INSERT_HISTORY).execute(sql).await.unwrap();
    sqlx::raw_sql("vacuum analyze blocked_address, blocked_address_change").execute(sql).await.unwrap();

    let lookup = 30;
    // a page of entries, and the expired ones between them
    let list = 200;
    // the count goes up to a thousand, and reads the expired ones between them
    let count = 3000;
    let mut violations = Vec::new();
    for (ip, address, max) in [
        ("10.5.6.7", "/pl/check/address".to_owned(), lookup),
        ("10.200.6.7", "/pl/check/address".to_owned(), lookup),
        ("2001:db8:5:6::1", "/pl/check/address".to_owned(), lookup),
        ("203.0.113.7", format!("/staff/tickets/{reference}"), lookup),
        ("203.0.113.7", "/staff/blocklist/10.5.6.7".to_owned(), lookup),
        ("203.0.113.7", "/staff/blocklist".to_owned(), list),
        ("203.0.113.7", "/staff/blocklist?state=all".to_owned(), list),
        ("203.0.113.7", "/staff/blocklist?state=expired".to_owned(), list),
        ("203.0.113.7", "/staff/blocklist?source=kamailio".to_owned(), list),
        ("203.0.113.7", "/staff/blocklist?source=fail2ban&state=all".to_owned(), list),
        ("203.0.113.7", "/staff/blocklist?q=10.5.6.7".to_owned(), lookup),
        ("203.0.113.7", "/staff/blocklist?q=10.0.0.0/8".to_owned(), list),
        ("203.0.113.7", "/staff/blocklist?q=2001:db8::/32&state=expired".to_owned(), list),
    ] {
        // after some executions PostgreSQL may use a generic plan
        for _ in 0..8 {
            plans.take();
            anna.clone().from_ip(ip).get(&address).await.expect(200);
            let plans_seen = plans.take();
            assert!(
                plans_seen
                    .iter()
                    .any(|plan| Work::from_plan(plan, &["blocked_address"]).plan.contains("blocked_address")),
                "{address}"
            );
            for value in &plans_seen {
                for table in ["blocked_address", "blocked_address_change"] {
                    let Work { read, reads_all, plan, .. } = Work::from_plan(value, &[table]);
                    // a count may scan in any order
                    let counts = plan.starts_with("Aggregate");
                    if read > if counts { count } else { max } || (reads_all && !counts) {
                        violations.push(format!("{address} for {ip} reads {read} of {table}:\n{plan}"));
                    }
                }
            }
        }
    }
    assert!(violations.is_empty(), "{} violations, for example {}", violations.len(), violations[0]);
}
