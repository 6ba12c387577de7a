//! Reports as customers send them, and the baseline: rows that PostgreSQL commits, one per transaction.

use std::{
    cell::Cell,
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use dzwoni::db::MIGRATOR;
use sqlx::{Connection, PgConnection, Postgres, postgres::PgArguments, query::Query, types::Json};
use uuid::Uuid;

use crate::clients::run_concurrently;

thread_local! {
    /// Each report comes from another address, so that the rate limit does not apply.
    static NEXT_ADDRESS: Cell<u32> = const { Cell::new(0x0a00_0000) };
}

/// Writes the request of a new report.
pub(crate) fn write_report(request: &mut Vec<u8>) {
    let number = NEXT_ADDRESS.replace(NEXT_ADDRESS.get() + 1);
    let body = format!(
        "submission={}&category=outgoing&service=virtual-pbx&caller=22+555+{:02}+{:02}&callee=0044+20+8190+0322\
         &day=yesterday&time={:02}%3A{:02}&precision=exact&error_text=503+Service+Unavailable&in_billing=yes\
         &description=Od+rana+ani+razu%2C+wczoraj+jeszcze+dzia%C5%82a%C5%82o.&email=jan.nowak.{number}%40example.com\
         &trail=outgoing%2Fyes&website=",
        Uuid::new_v4(),
        number / 100 % 100,
        number % 100,
        number / 60 % 24,
        number % 60,
    );
    let head = format!(
        "POST /pl/report HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {}\r\nuser-agent: load\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        Ipv4Addr::from(number),
        body.len(),
    );
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(body.as_bytes());
}

/// The rows to insert: bare ones, or the tickets that the reports become, in the portal's own table.
#[derive(Clone, Copy)]
pub(crate) enum Rows {
    Bare,
    Tickets,
}

/// Connections that insert rows, each in its own transaction.
pub(crate) struct RowInserter {
    rows: Rows,
    connections: Vec<PgConnection>,
}

impl RowInserter {
    /// Needs an empty database. The trigger that sends notifications is dropped, because notifications serialise commits, and
    /// the portal sends one for many reports.
    pub(crate) async fn open(rows: Rows, url: &str, count: usize) -> anyhow::Result<RowInserter> {
        let mut connections = Vec::new();
        for _ in 0..count {
            connections.push(PgConnection::connect(url).await?);
        }
        let first = &mut connections[0];
        match rows {
            Rows::Bare => {
                sqlx::raw_sql("create table row (id uuid primary key, text text not null)").execute(first).await?;
            }
            Rows::Tickets => {
                MIGRATOR.run(&mut *first).await?;
                sqlx::raw_sql("drop trigger ticket_notify_change on ticket").execute(first).await?;
            }
        }
        Ok(RowInserter { rows, connections })
    }

    /// Inserts rows for `duration`. Returns the committed rows per second, and their number.
    pub(crate) async fn run(&mut self, duration: Duration) -> anyhow::Result<(f64, u64)> {
        let started_at = Instant::now();
        let end = started_at + duration;
        let rows = self.rows;
        let tasks =
            std::mem::take(&mut self.connections).into_iter().map(|connection| insert_until(end, rows, connection));
        let mut count = 0;
        for result in run_concurrently(tasks).await? {
            let (connection, inserted) = result?;
            self.connections.push(connection);
            count += inserted;
        }
        Ok((count as f64 / started_at.elapsed().as_secs_f64(), count))
    }

    pub(crate) async fn close(self) -> anyhow::Result<()> {
        for connection in self.connections {
            connection.close().await?;
        }
        Ok(())
    }
}

async fn insert_until(end: Instant, rows: Rows, mut connection: PgConnection) -> anyhow::Result<(PgConnection, u64)> {
    let mut count = 0;
    while Instant::now() < end {
        match rows {
            Rows::Bare => {
                sqlx::query("insert into row (id, text) values ($1, $2)").bind(Uuid::now_v7()).bind(DESCRIPTION)
            }
            Rows::Tickets => insert_ticket(),
        }
        .execute(&mut connection)
        .await?;
        count += 1;
    }
    Ok((connection, count))
}

const DESCRIPTION: &str = "Od rana ani razu, wczoraj jeszcze działało.";

/// The columns that a report fills, with the values of [`write_report`].
fn insert_ticket() -> Query<'static, Postgres, PgArguments> {
    let number = NEXT_ADDRESS.replace(NEXT_ADDRESS.get() + 1);
    let random = Uuid::new_v4();
    let hash = [*random.as_bytes(); 2].concat();
    let caller = format!("22 555 {:02} {:02}", number / 100 % 100, number % 100);
    sqlx::query(
        "insert into ticket (
            id, reference, category, status, channel, lang, service, caller_kind, caller, caller_raw,
            callee_kind, callee, callee_raw, call_at, call_precision, in_billing, error_text, sip_code, description, email,
            client_ip, user_agent, trail, guide_answers, submission_hash, form_hash, access_key_hash,
            created_at, updated_at, awaiting_staff_since
        ) values (
            $1, $2, 'outgoing', 'new', 'web', 'pl', 'virtual-pbx', 'number', $3, $4,
            'number', '+442081900322', '0044 20 8190 0322', now() - interval '1 day', 'exact', 'yes',
            '503 Service Unavailable', 503, $5, $6, $7, 'load', 'outgoing/yes', $8, $9, $9, $9, now(), now(), now()
        )",
    )
    .bind(Uuid::now_v7())
    .bind(random.simple().to_string()[..10].to_uppercase())
    .bind(format!("+48{}", caller.replace(' ', "")))
    .bind(caller)
    .bind(DESCRIPTION)
    .bind(format!("jan.nowak.{number}@example.com"))
    .bind(IpAddr::V4(Ipv4Addr::from(number)))
    .bind(Json([("Czy połączenie jest w historii?", "Tak")]))
    .bind(hash)
}
