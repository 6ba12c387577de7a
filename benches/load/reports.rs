//! Reports as customers send them, and the measure for them: rows that PostgreSQL commits, one a transaction.

use std::{
    cell::Cell,
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use dzwoni::db::MIGRATOR;
use sqlx::{Connection, PgConnection, Postgres, postgres::PgArguments, query::Query, types::Json};
use uuid::Uuid;

use crate::clients::together;

thread_local! {
    /// Each report comes from another address: one address may send sixty, then one every quarter of a minute.
    static ADDRESS: Cell<u32> = const { Cell::new(0x0a00_0000) };
}

/// Writes a report that nobody has sent before.
pub fn report(request: &mut Vec<u8>) {
    let from = ADDRESS.replace(ADDRESS.get() + 1);
    let body = format!(
        "submission={}&category=outgoing&service=virtual-pbx&caller=22+555+{:02}+{:02}&callee=0044+20+8190+0322\
         &day=yesterday&time={:02}%3A{:02}&precision=exact&error_text=503+Service+Unavailable&in_billing=yes\
         &description=Od+rana+ani+razu%2C+wczoraj+jeszcze+dzia%C5%82a%C5%82o.&email=jan.nowak.{from}%40example.com\
         &trail=outgoing%2Fyes&website=",
        Uuid::new_v4(),
        from / 100 % 100,
        from % 100,
        from / 60 % 24,
        from % 60,
    );
    let head = format!(
        "POST /pl/report HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {}\r\nuser-agent: load\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        Ipv4Addr::from(from),
        body.len(),
    );
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(body.as_bytes());
}

/// A row to insert: the least there is, or the ticket that a report becomes, in a table like the portal's.
#[derive(Clone, Copy)]
pub enum Rows {
    Bare,
    Tickets,
}

/// Connections that insert rows, each a transaction of its own.
pub struct Inserts {
    rows: Rows,
    connections: Vec<PgConnection>,
}

impl Inserts {
    /// Wants an empty database. Tickets are announced to nobody there: announcements make commits wait for each other, and the
    /// portal makes one of many reports.
    pub async fn open(rows: Rows, url: &str, count: usize) -> anyhow::Result<Inserts> {
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
                sqlx::raw_sql("drop trigger ticket_tells on ticket").execute(first).await?;
            }
        }
        Ok(Inserts { rows, connections })
    }

    /// Inserts for as long as told; says how many rows a second were committed, and how many in all.
    pub async fn run(&mut self, duration: Duration) -> anyhow::Result<(f64, u64)> {
        let begun = Instant::now();
        let end = begun + duration;
        let rows = self.rows;
        let each = std::mem::take(&mut self.connections).into_iter().map(|connection| insert(rows, connection, end));
        let mut count = 0;
        for inserted in together(each).await? {
            let (connection, its) = inserted?;
            self.connections.push(connection);
            count += its;
        }
        Ok((count as f64 / begun.elapsed().as_secs_f64(), count))
    }

    pub async fn close(self) -> anyhow::Result<()> {
        for connection in self.connections {
            connection.close().await?;
        }
        Ok(())
    }
}

async fn insert(rows: Rows, mut connection: PgConnection, end: Instant) -> anyhow::Result<(PgConnection, u64)> {
    let mut count = 0;
    while Instant::now() < end {
        match rows {
            Rows::Bare => {
                sqlx::query("insert into row (id, text) values ($1, $2)").bind(Uuid::now_v7()).bind(DESCRIPTION)
            }
            Rows::Tickets => ticket(),
        }
        .execute(&mut connection)
        .await?;
        count += 1;
    }
    Ok((connection, count))
}

/// What a customer writes.
const DESCRIPTION: &str = "Od rana ani razu, wczoraj jeszcze działało.";

/// The columns that a report fills, with what the reports above say.
fn ticket() -> Query<'static, Postgres, PgArguments> {
    let from = ADDRESS.replace(ADDRESS.get() + 1);
    let random = Uuid::new_v4();
    let hash = [*random.as_bytes(); 2].concat();
    let typed = format!("22 555 {:02} {:02}", from / 100 % 100, from % 100);
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
    .bind(format!("+48{}", typed.replace(' ', "")))
    .bind(typed)
    .bind(DESCRIPTION)
    .bind(format!("jan.nowak.{from}@example.com"))
    .bind(IpAddr::V4(Ipv4Addr::from(from)))
    .bind(Json([("Czy połączenie jest w historii?", "Tak")]))
    .bind(hash)
}
