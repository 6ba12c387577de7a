//! Size limits, rate limits and retention periods.

use time::Duration;

/// Maximum size of a message that is read whole: what the largest mailboxes accept, with the overhead of base64. Of a larger
/// message only the beginning is read and stored; it holds the text.
pub(crate) const MAX_MESSAGE_BYTES: usize = 36 << 20;
/// How much of a discarded message is stored: enough to see what it was.
pub(crate) const MAX_DISCARDED_BYTES: usize = 64 << 10;

/// Messages with attachments are stored this long. Their texts stay with the ticket.
pub(crate) const RAW_RETENTION: Duration = Duration::days(30);
/// The record of a discarded message is kept this long.
pub(crate) const DISCARDED_RETENTION: Duration = Duration::days(90);

/// Maximum number of messages from one sender in an hour. A machine out of control sends thousands.
pub(crate) const MAX_MESSAGES_PER_HOUR: i64 = 30;
/// The same for replies to our emails. Another sender who forges a customer's address can't write such replies, and must not
/// block the customer's.
pub(crate) const MAX_REPLIES_PER_HOUR: i64 = 300;
