//! What holds in every database, whatever a test did. It is checked when a test ends.

use sqlx::PgConnection;

/// Each query counts the rows that break the rule.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "every change of a ticket has one event",
        "select count(*) from ticket where version <> (select count(*) from ticket_event where ticket_id = ticket.id)",
    ),
    (
        "a main ticket is not a duplicate",
        "select count(*) from ticket join ticket main on main.id = ticket.merged_into where main.merged_into is not null",
    ),
    (
        "a ticket merged into an active ticket is a duplicate",
        "select count(*) from ticket join ticket main on main.id = ticket.merged_into
        where ticket.status <> 'duplicate' and main.status in ('new', 'open', 'waiting')",
    ),
    (
        "a duplicate has an active main ticket",
        "select count(*) from ticket join ticket main on main.id = ticket.merged_into
        where ticket.status = 'duplicate' and main.status in ('resolved', 'spam')",
    ),
    ("an open ticket is assigned", "select count(*) from ticket where status = 'open' and assignee is null"),
];

/// The rules that are broken, each with the number of rows.
pub async fn violations(db: &mut PgConnection) -> Vec<String> {
    // one statement sees one snapshot, so work that is still going on can't be seen half done
    let counts: Vec<_> = INVARIANTS.iter().map(|(_, sql)| format!("({sql})")).collect();
    let sql = format!("select array[{}]", counts.join(", "));
    sqlx::query("set lock_timeout = '10s'").execute(&mut *db).await.unwrap();
    let counts: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(db).await.unwrap();
    let broken = INVARIANTS.iter().zip(counts).filter(|(_, count)| *count > 0);
    broken.map(|((rule, _), count)| format!("{rule}, but not {count} of them")).collect()
}
