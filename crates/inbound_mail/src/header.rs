//! Header fields as received, unfolded, and the address fields that the parser has decoded.

use clean_text::{single_line, truncate_chars};
use mail_parser::{Address, Header, Message, MessagePart};

use crate::{
    address::normalize_address,
    message::{MAX_NAME_LEN, Sender},
};

/// Maximum length of one header value, in characters.
const MAX_HEADER_LEN: usize = 20_000;

pub(crate) struct RawHeaders<'a> {
    raw: &'a [u8],
    headers: &'a [Header<'a>],
}

impl<'a> RawHeaders<'a> {
    pub(crate) fn new(message: &'a Message<'_>, root: &'a MessagePart<'_>) -> RawHeaders<'a> {
        RawHeaders { raw: &message.raw_message, headers: &root.headers }
    }

    /// Returns all values of a header, unfolded.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let matching = self.headers.iter().filter(|header| header.name.as_str().eq_ignore_ascii_case(name));
        matching.map(|header| self.decode_value(header)).collect()
    }

    pub(crate) fn first(&self, name: &str) -> Option<String> {
        self.values(name).into_iter().next()
    }

    pub(crate) fn first_lowercase(&self, name: &str) -> Option<String> {
        self.first(name).map(|value| value.to_lowercase())
    }

    fn decode_value(&self, header: &Header<'_>) -> String {
        let bytes = self.raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
        // a character has at most four bytes
        let bytes = &bytes[..bytes.len().min(4 * MAX_HEADER_LEN)];
        truncate_chars(&single_line(&String::from_utf8_lossy(bytes)), MAX_HEADER_LEN)
    }
}

/// Returns the first valid address of an address field.
pub(crate) fn first_sender(field: &Address<'_>) -> Option<Sender> {
    field.iter().find_map(|mailbox| {
        let address = normalize_address(mailbox.address.as_deref()?)?;
        let name = truncate_chars(&single_line(mailbox.name.as_deref().unwrap_or_default()), MAX_NAME_LEN);
        Some(Sender { address, name })
    })
}
