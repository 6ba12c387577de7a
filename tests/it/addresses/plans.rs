//! What the database does for one address among many, told by itself.

use tracing_subscriber::layer::SubscriberExt;

use crate::{
    desk::plans::{Plans, Work, explain},
    given,
    support::World,
};

/// Enough that reading all of them is the worse way.
const ENTRIES: i32 = 20_000;

/// Mostly single addresses of fail2ban's, some of them over; few blocks; three entries of Kamailio's.
const FILL: &str = "
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
const HISTORY: &str = "
    insert into blocked_address_change (net, at, kind, actor, reason, source)
    select net, since, 'blocked'::block_change_kind, 'system'::actor, reason, source from blocked_address
    union all
    select net, since, 'unblocked'::block_change_kind, case when masklen(net) = 32 then 'customer' else 'system' end::actor, reason, source
    from blocked_address";

#[tokio::test]
async fn no_address_costs_more_than_its_own_entries_however_many_there_are() {
    let world = World::new().await;
    let plans = Plans::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(plans.clone()));
    explain(&world).await;
    let (reference, _) = given::logged_out().with("public_ip", "10.5.6.7").accepted(&world).await;
    let anna = world.agent("Anna").await;
    let sql = world.sql().await;
    sqlx::query(FILL).bind(ENTRIES).bind(world.clock.now()).execute(sql).await.unwrap();
    sqlx::query(HISTORY).execute(sql).await.unwrap();
    sqlx::raw_sql("vacuum analyze blocked_address, blocked_address_change").execute(sql).await.unwrap();

    let one = 30;
    // a page of entries, with those between that are over
    let page = 200;
    // up to a thousand, with those between that are over
    let count = 3000;
    let mut faults = Vec::new();
    for (ip, address, most) in [
        ("10.5.6.7", "/pl/check/address".to_owned(), one),
        ("10.200.6.7", "/pl/check/address".to_owned(), one),
        ("2001:db8:5:6::1", "/pl/check/address".to_owned(), one),
        ("203.0.113.7", format!("/staff/tickets/{reference}"), one),
        ("203.0.113.7", "/staff/addresses/10.5.6.7".to_owned(), one),
        ("203.0.113.7", "/staff/addresses".to_owned(), page),
        ("203.0.113.7", "/staff/addresses?state=all".to_owned(), page),
        ("203.0.113.7", "/staff/addresses?state=over".to_owned(), page),
        ("203.0.113.7", "/staff/addresses?source=kamailio".to_owned(), page),
        ("203.0.113.7", "/staff/addresses?source=fail2ban&state=all".to_owned(), page),
        ("203.0.113.7", "/staff/addresses?q=10.5.6.7".to_owned(), one),
        ("203.0.113.7", "/staff/addresses?q=10.0.0.0/8".to_owned(), page),
        ("203.0.113.7", "/staff/addresses?q=2001:db8::/32&state=over".to_owned(), page),
    ] {
        // often enough for PostgreSQL to plan without looking at the values
        for _ in 0..8 {
            plans.take();
            anna.clone().from_ip(ip).get(&address).await.expect(200);
            let seen = plans.take();
            assert!(
                seen.iter().any(|plan| Work::of(plan, &["blocked_address"]).told.contains("blocked_address")),
                "{address}"
            );
            for plan in &seen {
                for table in ["blocked_address", "blocked_address_change"] {
                    let Work { read, reads_all, told, .. } = Work::of(plan, &[table]);
                    // a count may as well begin anywhere
                    let counts = told.starts_with("Aggregate");
                    if read > if counts { count } else { most } || (reads_all && !counts) {
                        faults.push(format!("{address} for {ip} reads {read} of {table}:\n{told}"));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults, such as {}", faults.len(), faults[0]);
}
