//! Addresses and Message-IDs in headers.

/// Longest address in bytes: a path of 256 without its angle brackets (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS_LEN: usize = 254;
/// Longest local part in bytes (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL_PART_LEN: usize = 64;

/// Returns an address in the form in which it is compared and stored, or nothing if it can't be an address.
pub(crate) fn normalize_address(address: &str) -> Option<String> {
    let address = address.trim().trim_matches(['<', '>', '\'', '"', ' ']).to_lowercase();
    is_address(&address).then_some(address)
}

/// Whether a text has the form of an address. An address in a header identifies a sender, so this is more lenient than a
/// check of whether email can be sent to it.
fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_host = host.contains('.') && host.split('.').all(is_label);
    let is_local_part = !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.chars().any(|c| c.is_whitespace() || "@,;:<>()[]\"\\".contains(c));
    text.len() <= MAX_ADDRESS_LEN && local.len() <= MAX_LOCAL_PART_LEN && is_host && is_local_part
}

/// Returns everything in a header that has the form of an address, for headers that mail servers write.
pub(crate) fn extract_addresses(header: &str) -> Vec<String> {
    header.split(|c: char| c.is_whitespace() || "<>,;\"()".contains(c)).filter_map(normalize_address).collect()
}

/// Returns everything between angle brackets that can be a Message-ID.
pub(crate) fn extract_message_ids(text: &str) -> Vec<String> {
    let bracketed = text.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(id, _)| id.trim()));
    bracketed.filter(|id| is_message_id(id)).map(str::to_owned).collect()
}

/// Returns Message-IDs also where the angle brackets are missing.
pub(crate) fn extract_message_ids_leniently(value: &str) -> Vec<String> {
    let ids = extract_message_ids(value);
    if !ids.is_empty() {
        return ids;
    }
    value.split_whitespace().filter(|id| is_message_id(id)).map(str::to_owned).collect()
}

fn is_message_id(id: &str) -> bool {
    (3..=500).contains(&id.len()) && id.contains('@') && !id.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether an address is one of `own_addresses`. A suffix after a plus in the local part is ignored on both sides.
pub fn is_own_address(own_addresses: &[String], address: &str) -> bool {
    let without_suffix = |address: &str| {
        let (local, host) = address.rsplit_once('@')?;
        let local = local.split('+').next().unwrap_or_default();
        Some(format!("{local}@{host}").to_lowercase())
    };
    let address = without_suffix(address);
    address.is_some() && own_addresses.iter().any(|own| without_suffix(own) == address)
}

#[cfg(test)]
mod tests {
    use crate::address::*;

    #[test]
    fn addresses_are_recognized_by_their_form() {
        for address in ["jan.nowak@example.com", "a@b.pl", "zażółć@gęślą.pl", "o'hara+dzwoni@mail.example.org"] {
            assert_eq!(normalize_address(address).as_deref(), Some(address));
        }
        assert_eq!(normalize_address(" <Jan@Example.com> ").as_deref(), Some("jan@example.com"));
        for text in [
            "",
            "jan",
            "jan@",
            "@example.com",
            "jan@example",
            "jan nowak@example.com",
            "a@b@c.pl",
            "a@b..pl",
            ".a@b.pl",
        ] {
            assert_eq!(normalize_address(text), None, "{text}");
        }
    }

    #[test]
    fn an_own_address_is_recognized_whatever_follows_a_plus() {
        let own = ["pomoc+x@example.com".to_owned()];
        assert!(is_own_address(&own, "Pomoc@Example.com"));
        assert!(is_own_address(&own, "pomoc+DZ-1@example.com"));
        assert!(!is_own_address(&own, "biuro@example.com"));
        assert!(!is_own_address(&own, "pomoc"));
    }
}
