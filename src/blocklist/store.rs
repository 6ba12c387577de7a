//! SQL that reads the blocklist. `mutations/store.rs` changes it.

use std::net::IpAddr;

use ipnet::IpNet;
use sqlx::PgConnection;
use strum::{EnumString, IntoStaticStr, VariantArray};
use time::{OffsetDateTime, macros::datetime};

use super::{
    entry::{BlockChange, BlockChangeKind, BlockEntry, BlockReason, BlockSource, CustomerLift},
    net::{last_address, supernets},
};
use crate::{
    i18n::Label,
    tickets::ActorKind,
    web::{self, rate_limit::client_network},
};

/// Entries per page.
pub const PAGE_SIZE: usize = 50;
/// The queries read one entry more, to know whether there is a next page.
const PAGE_LIMIT: i64 = PAGE_SIZE as i64 + 1;
/// Counts stop here.
pub const COUNT_CAP: i64 = 1000;
/// Lifted blocks per response of the API.
pub const LIFTED_BATCH_SIZE: usize = 1000;

/// Selects entries with the name of the staff member or program that wrote them last.
macro_rules! select_entries {
    ($rest:tt $(, $arg:expr)*) => {
        sqlx::query_as!(
            BlockEntry,
            r#"select net, reason as "reason: BlockReason", note, source as "source: BlockSource", since, until,
                coalesce(staff.name, api_token.name) as actor_name, staff_id, version
            from blocked_address
            left join staff on staff.id = staff_id
            left join api_token on api_token.id = token_id "# + $rest
            $(, $arg)*
        )
    };
}

/// Returns the active entries that cover an address.
pub async fn list_covering(
    db: &mut PgConnection,
    ip: IpAddr,
    now: OffsetDateTime,
) -> Result<Vec<BlockEntry>, sqlx::Error> {
    list_covering_any(db, &[ip], now).await
}

/// Returns the active entries that cover any of the addresses.
pub async fn list_covering_any(
    db: &mut PgConnection,
    ips: &[IpAddr],
    now: OffsetDateTime,
) -> Result<Vec<BlockEntry>, sqlx::Error> {
    if ips.is_empty() {
        return Ok(Vec::new());
    }
    let nets: Vec<IpNet> = ips.iter().flat_map(|ip| supernets(&IpNet::from(ip.to_canonical()))).collect();
    select_entries!("where net = any($1) and (until is null or until > $2) order by net", &nets, now)
        .fetch_all(db)
        .await
}

/// Returns what customers in the network of an address have lifted since `from`.
pub async fn list_customer_lifts(
    db: &mut PgConnection,
    ip: IpAddr,
    from: OffsetDateTime,
) -> Result<Vec<CustomerLift>, sqlx::Error> {
    let network = client_network(ip);
    sqlx::query_as!(
        CustomerLift,
        "select net, at from blocked_address_change
        where net >= $1 and net <= $2 and actor = 'customer' and at > $3 order by at limit 100",
        network,
        last_address(&network),
        from
    )
    .fetch_all(db)
    .await
}

/// Returns the entry of exactly this address or block, even if it has expired.
pub async fn find(db: &mut PgConnection, net: IpNet) -> Result<Option<BlockEntry>, sqlx::Error> {
    select_entries!("where net = $1", net).fetch_optional(db).await
}

/// Which entries to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum BlockStatusFilter {
    Active,
    Expired,
    All,
}

impl Label for BlockStatusFilter {
    const MESSAGE_PREFIX: &str = "block";
}

/// The position of an entry in the list. The time is ignored where the list is not ordered by time.
pub type BlocklistCursor = web::Cursor<IpNet>;

/// Later than all entries: the position before the first entry.
const END_OF_TIME: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// Returns a page of the list and one more entry. The newest come first; expired entries are ordered by their end.
pub async fn list(
    db: &mut PgConnection,
    status: BlockStatusFilter,
    source: Option<BlockSource>,
    after: Option<BlocklistCursor>,
    now: OffsetDateTime,
) -> Result<Vec<BlockEntry>, sqlx::Error> {
    let after = after.unwrap_or(BlocklistCursor { at: END_OF_TIME, id: IpNet::default() });
    let all = status == BlockStatusFilter::All;
    match (status, source) {
        (BlockStatusFilter::Expired, _) => {
            select_entries!(
                "where until <= $1 and (until, net) < ($2, $3) and ($4::block_source is null or source = $4)
                order by until desc, net desc limit $5",
                now,
                after.at,
                after.id,
                source as Option<BlockSource>,
                PAGE_LIMIT
            )
            .fetch_all(db)
            .await
        }
        (BlockStatusFilter::Active | BlockStatusFilter::All, None) => {
            select_entries!(
                "where (since, net) < ($1, $2) and ($3 or until is null or until > $4)
                order by since desc, net desc limit $5",
                after.at,
                after.id,
                all,
                now,
                PAGE_LIMIT
            )
            .fetch_all(db)
            .await
        }
        (BlockStatusFilter::Active | BlockStatusFilter::All, Some(source)) => {
            select_entries!(
                "where source = $1 and (since, net) < ($2, $3) and ($4 or until is null or until > $5)
                order by source desc, since desc, net desc limit $6",
                source as BlockSource,
                after.at,
                after.id,
                all,
                now,
                PAGE_LIMIT
            )
            .fetch_all(db)
            .await
        }
    }
}

/// Returns the entries that contain an address or block, including itself, the largest first.
pub async fn list_containing(
    db: &mut PgConnection,
    net: &IpNet,
    status: BlockStatusFilter,
    source: Option<BlockSource>,
    now: OffsetDateTime,
) -> Result<Vec<BlockEntry>, sqlx::Error> {
    select_entries!(
        "where net = any($1)
            and case $2 when 'active' then until is null or until > $3 when 'expired' then until <= $3 else true end
            and ($4::block_source is null or source = $4)
        order by net",
        &supernets(net),
        status.into_str(),
        now,
        source as Option<BlockSource>
    )
    .fetch_all(db)
    .await
}

/// Returns a page of the entries within a block, and one more.
pub async fn list_within(
    db: &mut PgConnection,
    net: &IpNet,
    status: BlockStatusFilter,
    source: Option<BlockSource>,
    after: Option<IpNet>,
    now: OffsetDateTime,
) -> Result<Vec<BlockEntry>, sqlx::Error> {
    select_entries!(
        "where net > $1 and net <= $2
            and case $3 when 'active' then until is null or until > $4 when 'expired' then until <= $4 else true end
            and ($5::block_source is null or source = $5)
        order by net limit $6",
        // the entry of the block itself is part of `list_containing`
        after.map_or(*net, |after| after.max(*net)),
        last_address(net),
        status.into_str(),
        now,
        source as Option<BlockSource>,
        PAGE_LIMIT
    )
    .fetch_all(db)
    .await
}

/// Counts entries, up to [`COUNT_CAP`].
pub async fn count(
    db: &mut PgConnection,
    status: BlockStatusFilter,
    source: Option<BlockSource>,
    now: OffsetDateTime,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
            select from blocked_address
            where case $1 when 'active' then until is null or until > $2 when 'expired' then until <= $2 else true end
                and ($3::block_source is null or source = $3)
            limit $4
        ) counted"#,
        status.into_str(),
        now,
        source as Option<BlockSource>,
        COUNT_CAP
    )
    .fetch_one(db)
    .await
}

/// Returns a page of the history of an address or block and one more change, the latest first.
pub async fn list_changes(
    db: &mut PgConnection,
    net: IpNet,
    before: Option<i64>,
) -> Result<Vec<BlockChange>, sqlx::Error> {
    sqlx::query_as!(
        BlockChange,
        r#"select blocked_address_change.id, net, at, kind as "kind: BlockChangeKind", actor as "actor: ActorKind",
            coalesce(staff.name, api_token.name) as actor_name, reason as "reason: BlockReason", note, source as "source: BlockSource",
            until, unblock_reason
        from blocked_address_change
        left join staff on staff.id = staff_id
        left join api_token on api_token.id = token_id
        where net = $1 and blocked_address_change.id < $2
        order by blocked_address_change.id desc limit $3"#,
        net,
        before.unwrap_or(i64::MAX),
        PAGE_LIMIT
    )
    .fetch_all(db)
    .await
}

/// A block that a customer or staff member has lifted.
#[derive(Debug, Clone, PartialEq)]
pub struct LiftedBlock {
    pub tx: i64,
    pub id: i64,
    pub net: IpNet,
    pub at: OffsetDateTime,
    pub actor: ActorKind,
    pub reason: BlockReason,
    pub source: BlockSource,
}

/// Returns lifted blocks after a position (transaction, change), for programs that block addresses. Changes later than
/// a transaction that is still open are left out: its changes would come before them and would be missed.
pub async fn list_lifted(db: &mut PgConnection, after: (i64, i64)) -> Result<Vec<LiftedBlock>, sqlx::Error> {
    sqlx::query_as!(
        LiftedBlock,
        r#"select tx::text::bigint as "tx!", id, net, at, actor as "actor: ActorKind", reason as "reason: BlockReason",
            source as "source: BlockSource"
        from blocked_address_change
        where kind = 'unblocked' and actor <> 'system'
            and (tx, id) > ($1::bigint::text::xid8, $2) and tx < pg_snapshot_xmin(pg_current_snapshot())
        order by tx, id limit $3"#,
        after.0,
        after.1,
        LIFTED_BATCH_SIZE as i64
    )
    .fetch_all(db)
    .await
}
