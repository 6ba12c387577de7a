//! Addresses in headers.

use crate::email_address::is_email_address;

/// An address as it is compared and stored; nothing for what can't be one.
pub fn normalize_address(address: &str) -> Option<String> {
    let address = address.trim().trim_matches(['<', '>', '\'', '"', ' ']).to_lowercase();
    is_email_address(&address).then_some(address)
}

/// Everything in a header that looks like an address, for headers that mail servers write.
pub fn extract_addresses(header: &str) -> Vec<String> {
    header.split(|c: char| c.is_whitespace() || "<>,;\"()".contains(c)).filter_map(normalize_address).collect()
}

/// Everything between angle brackets that can be a Message-ID.
pub fn extract_message_ids(text: &str) -> Vec<String> {
    let ids = text.split('<').skip(1).filter_map(|piece| piece.split_once('>').map(|(id, _)| id.trim()));
    ids.filter(|id| is_message_id(id)).map(str::to_owned).collect()
}

/// Whether a text can be a Message-ID.
pub fn is_message_id(id: &str) -> bool {
    (3..=500).contains(&id.len()) && id.contains('@') && !id.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether an address is one of ours, whatever stands behind a plus in it.
pub fn is_own_address(own: &[String], address: &str) -> bool {
    let bare = |address: &str| {
        let (user, host) = address.rsplit_once('@')?;
        let user = user.split('+').next().unwrap_or_default();
        Some(format!("{user}@{host}").to_lowercase())
    };
    let address = bare(address);
    address.is_some() && own.iter().any(|one| bare(one) == address)
}
