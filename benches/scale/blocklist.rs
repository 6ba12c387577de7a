//! Looks up one address among a thousand and among a million blocked ones. The time includes the round trip to PostgreSQL.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Instant,
};

use dzwoni::{blocklist::store::list_covering, clock::Clock, db::Db};
use private_postgres::{Durability, PostgresServer};
use sqlx::{Connection, PgConnection};

use crate::{
    data_dir::DataDir,
    table::{Row, Table},
};

const SMALL: i32 = 1_000;
const LARGE: i32 = 1_000_000;
const LOOKUPS: u32 = 500;
const ROUNDS: usize = 9;

/// Mostly single addresses of both families, and some networks.
const FILL: &str = "
    insert into blocked_address (net, reason, source, since, updated_at)
    select
        case when n % 5 = 0 then '2001:db8::'::inet + (n::bigint * 4294967296)
            when n % 50 = 1 then set_masklen('11.0.0.0'::inet + (n::bigint * 256), 24)
            else '11.0.0.0'::inet + (n::bigint * 256 + 7) end,
        'wrong-password', 'fail2ban', now(), now()
    from generate_series(1, $1) n";

pub(crate) async fn measure() -> anyhow::Result<Table> {
    let data_dir = DataDir::new("addresses")?;
    let server = PostgresServer::start(&data_dir.path().join("postgres"), Durability::Safe)?;
    let mut small = fill(&server, "small", SMALL).await?;
    let mut large = fill(&server, "large", LARGE).await?;
    let mut table = Table::default();
    for (family, ip) in [("IPv4", v4 as fn(u32) -> IpAddr), ("IPv6", v6)] {
        let [mut baseline, mut values] = [const { Vec::new() }; 2];
        for round in 0..ROUNDS {
            for turn in [round % 2, (round + 1) % 2] {
                let (db, times) = if turn == 0 { (&mut small, &mut baseline) } else { (&mut large, &mut values) };
                times.push(measure_lookup(db, ip).await?);
            }
        }
        let name = format!("lookup of one {family} address among {LARGE} entries, ms");
        table.add(Row::no_slower(&name, &values, "1,000 entries", &baseline, 1.5, 1.0));
    }
    small.close().await?;
    large.close().await?;
    server.stop()?;
    Ok(table)
}

async fn fill(server: &PostgresServer, name: &str, entries: i32) -> anyhow::Result<PgConnection> {
    server.ensure_database(name)?;
    let db = Db::new(&server.url(name))?;
    db.migrate().await?;
    db.close().await;
    let mut db = PgConnection::connect(&server.url(name)).await?;
    sqlx::query(FILL).bind(entries).execute(&mut db).await?;
    sqlx::raw_sql("vacuum analyze blocked_address").execute(&mut db).await?;
    Ok(db)
}

/// The mean duration of a lookup, in milliseconds.
async fn measure_lookup(db: &mut PgConnection, ip: fn(u32) -> IpAddr) -> anyhow::Result<f64> {
    let now = Clock::System.now();
    let started_at = Instant::now();
    for number in 0..LOOKUPS {
        list_covering(db, ip(number.wrapping_mul(2_654_435_761)), now).await?;
    }
    Ok(started_at.elapsed().as_secs_f64() * 1000.0 / f64::from(LOOKUPS))
}

/// Addresses in the range of the blocked ones.
fn v4(number: u32) -> IpAddr {
    Ipv4Addr::from_bits(Ipv4Addr::new(11, 0, 0, 0).to_bits() + number % (1 << 28)).into()
}

fn v6(number: u32) -> IpAddr {
    Ipv6Addr::from_bits(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0).to_bits() + (u128::from(number) << 20)).into()
}
