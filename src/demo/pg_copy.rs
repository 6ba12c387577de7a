//! Encoder for PostgreSQL's binary `copy` format, which needs no quoting and no parsing.
//!
//! <https://www.postgresql.org/docs/15/sql-copy.html>, "Binary Format". Each field is encoded as the `recv` function of its type expects.

use std::net::IpAddr;

use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// Signature, flags, and the length of the header extension, which is empty.
const COPY_HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const POSTGRES_EPOCH: OffsetDateTime = datetime!(2000-01-01 0:00 UTC);

/// A buffer of encoded rows.
pub(super) struct CopyBuffer {
    bytes: Vec<u8>,
    column_count: i16,
}

impl CopyBuffer {
    pub(super) fn new(columns: usize) -> CopyBuffer {
        CopyBuffer { bytes: COPY_HEADER.to_vec(), column_count: i16::try_from(columns).unwrap_or(i16::MAX) }
    }

    /// Starts a row. One field per column must follow.
    pub(super) fn start_row(&mut self) -> &mut CopyBuffer {
        self.bytes.extend(self.column_count.to_be_bytes());
        self
    }

    /// Returns the encoded rows with the trailer.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend((-1_i16).to_be_bytes());
        self.bytes
    }

    pub(super) fn null(&mut self) -> &mut CopyBuffer {
        self.bytes.extend((-1_i32).to_be_bytes());
        self
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut CopyBuffer {
        self.bytes.extend(i32::try_from(bytes.len()).unwrap_or(i32::MAX).to_be_bytes());
        self.bytes.extend(bytes);
        self
    }

    /// A text, or an enum by its label.
    pub(super) fn text(&mut self, text: &str) -> &mut CopyBuffer {
        self.bytes(text.as_bytes())
    }

    pub(super) fn uuid(&mut self, id: Uuid) -> &mut CopyBuffer {
        self.bytes(id.as_bytes())
    }

    pub(super) fn smallint(&mut self, number: i16) -> &mut CopyBuffer {
        self.bytes(&number.to_be_bytes())
    }

    pub(super) fn integer(&mut self, number: i32) -> &mut CopyBuffer {
        self.bytes(&number.to_be_bytes())
    }

    /// Microseconds since 2000-01-01 UTC.
    pub(super) fn timestamp(&mut self, at: OffsetDateTime) -> &mut CopyBuffer {
        let micros = (at - POSTGRES_EPOCH).whole_microseconds();
        self.bytes(&i64::try_from(micros).unwrap_or(i64::MAX).to_be_bytes())
    }

    /// `jsonb` in format version 1.
    pub(super) fn json(&mut self, text: &str) -> &mut CopyBuffer {
        self.bytes.extend(i32::try_from(text.len() + 1).unwrap_or(i32::MAX).to_be_bytes());
        self.bytes.push(1);
        self.bytes.extend(text.as_bytes());
        self
    }

    /// A value serialised as `jsonb`.
    pub(super) fn json_value(&mut self, value: &impl Serialize) -> &mut CopyBuffer {
        // serialisation fails only for maps with keys that are not strings, which the values here do not contain
        self.json(&serde_json::to_string(value).unwrap_or_default())
    }

    /// `inet` of one host: family, prefix length in bits, cidr flag (0), address length, address.
    pub(super) fn inet(&mut self, address: IpAddr) -> &mut CopyBuffer {
        match address {
            IpAddr::V4(v4) => {
                let [a, b, c, d] = v4.octets();
                self.bytes(&[2, 32, 0, 4, a, b, c, d])
            }
            IpAddr::V6(v6) => {
                let mut field = vec![3, 128, 0, 16];
                field.extend(v6.octets());
                self.bytes(&field)
            }
        }
    }

    /// A field that may be null.
    pub(super) fn nullable<T>(
        &mut self,
        value: Option<T>,
        write: impl FnOnce(&mut CopyBuffer, T) -> &mut CopyBuffer,
    ) -> &mut CopyBuffer {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }
}
