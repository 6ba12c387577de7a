//! Which tickets a page of the queue lists, in which order, and from which position.

use strum::{EnumString, IntoStaticStr, VariantArray};
use time::{OffsetDateTime, macros::datetime};
use uuid::Uuid;

use crate::{
    i18n::Label,
    tickets::{TicketCategory, TicketStatus},
    web,
};

/// Tickets of some (status, category) partitions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct QueueFilter {
    pub statuses: Vec<TicketStatus>,
    pub categories: Vec<TicketCategory>,
    pub assignee: AssigneeFilter,
    /// Time of the call. Has an effect only with [`QueueSort::LatestCall`].
    pub time_range: TimeRange,
}

impl QueueFilter {
    /// Every ticket passes. Such a page is read from indexes that do not start with a partition.
    pub(super) fn is_unfiltered(&self) -> bool {
        self.assignee == AssigneeFilter::Any
            && self.statuses.len() == TicketStatus::VARIANTS.len()
            && self.categories.len() == TicketCategory::VARIANTS.len()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AssigneeFilter {
    Any,
    Staff(Uuid),
    Unassigned,
}

/// `from` is inclusive, `to` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TimeRange {
    pub from: OffsetDateTime,
    pub to: OffsetDateTime,
}

impl TimeRange {
    pub(super) const UNBOUNDED: TimeRange =
        TimeRange { from: datetime!(0001-01-01 0:00 UTC), to: datetime!(9999-12-31 0:00 UTC) };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub(crate) enum QueueSort {
    /// The longest waiting for staff first.
    #[strum(serialize = "waiting")]
    LongestWaiting,
    /// The latest report first. Ids start with the time of the report, so the sort is by id.
    Newest,
    /// The latest call first. A ticket without a call counts with the time of the report.
    #[strum(serialize = "call")]
    LatestCall,
}

impl Label for QueueSort {
    const MESSAGE_PREFIX: &str = "sort";
}

/// A ticket's position in a [`QueueSort`].
pub(crate) type QueueCursor = web::Cursor<Uuid>;

/// Where a page starts or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PagePosition {
    First,
    After(QueueCursor),
    Before(QueueCursor),
}
