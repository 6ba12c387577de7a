//! Signed reply addresses and Message-IDs: they lead a reply to its ticket. Both contain a tag made from the portal's
//! secret, so nobody can forge one.

use lettre::Address;

use crate::{signing::SigningSecret, tickets::TicketReference, token::sha256};

const REPLY_ADDRESS_DOMAIN: &str = "answer to a ticket";
const MESSAGE_ID_DOMAIN: &str = "letter";

/// Builds the address for replies to a ticket's emails: `pomoc+7k3m9q2xwg.0123456789abcdef@example.com`.
pub fn build_reply_address(secret: &SigningSecret, mailbox: &Address, reference: &TicketReference) -> Option<Address> {
    let reference = reference.as_str().to_ascii_lowercase();
    let user = format!("{}+{reference}.{}", mailbox.user(), secret.compute_tag(REPLY_ADDRESS_DOMAIN, &reference));
    Address::new(user, mailbox.domain()).ok()
}

/// Returns the ticket of a signed reply address. Upper and lower case are equal, because servers on the way change it.
pub fn parse_reply_address(secret: &SigningSecret, address: &str) -> Option<TicketReference> {
    let (user, _) = address.rsplit_once('@')?;
    let (_, detail) = user.rsplit_once('+')?;
    let (reference, tag) = detail.split_once('.')?;
    let reference: TicketReference = reference.parse().ok()?;
    let bare_reference = reference.as_str().to_ascii_lowercase();
    tags_match(&secret.compute_tag(REPLY_ADDRESS_DOMAIN, &bare_reference), tag).then_some(reference)
}

/// Builds an email's Message-ID (RFC 5322, 3.6.4) with its angle brackets. It is the same for every attempt.
pub fn build_message_id(secret: &SigningSecret, email_id: i64, domain: &str) -> String {
    format!("<{email_id}.{}@{domain}>", secret.compute_tag(MESSAGE_ID_DOMAIN, &email_id.to_string()))
}

/// Returns the id of our email that a Message-ID from `In-Reply-To` or `References` names. The brackets are optional.
pub fn parse_message_id(secret: &SigningSecret, message_id: &str) -> Option<i64> {
    let (left, _) = message_id.trim().trim_start_matches('<').split_once('@')?;
    let (email_id, tag) = left.split_once('.')?;
    tags_match(&secret.compute_tag(MESSAGE_ID_DOMAIN, email_id), tag).then(|| email_id.parse().ok()).flatten()
}

/// Compares hashes, so the time that it takes does not tell where the tags differ.
fn tags_match(expected: &str, given: &str) -> bool {
    sha256(expected) == sha256(given.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::emails::reply_address::*;

    #[test]
    fn only_a_reply_address_with_our_tag_leads_to_a_ticket() {
        let secret = SigningSecret::from_bytes([7; 32]);
        let mailbox: Address = "pomoc@example.com".parse().unwrap();
        let reference = TicketReference::from_bits(12_345);
        let address = build_reply_address(&secret, &mailbox, &reference).unwrap().to_string();
        assert!(address.split('@').next().unwrap().len() <= 64 - 36 + "pomoc".len(), "{address}");
        assert_eq!(parse_reply_address(&secret, &address), Some(reference.clone()));
        assert_eq!(parse_reply_address(&secret, &address.to_uppercase()), Some(reference.clone()));
        let other_secret = SigningSecret::from_bytes([8; 32]);
        let other = build_reply_address(&other_secret, &mailbox, &reference).unwrap().to_string();
        let forged =
            address.replace(&reference.as_str().to_lowercase(), &TicketReference::from_bits(1).as_str().to_lowercase());
        let changed = address.replacen('@', "0@", 1);
        for invalid in
            [&other, &forged, &changed, "pomoc@example.com", "pomoc+x@example.com", "", "+.@", "pomoc+.@example.com"]
        {
            assert_eq!(parse_reply_address(&secret, invalid), None, "{invalid}");
        }
    }

    #[test]
    fn only_a_message_id_with_our_tag_leads_to_an_email() {
        let secret = SigningSecret::from_bytes([7; 32]);
        let id = build_message_id(&secret, 42, "example.com");
        assert_eq!(parse_message_id(&secret, &id), Some(42));
        assert_eq!(parse_message_id(&secret, id.trim_matches(['<', '>'])), Some(42));
        for invalid in [id.replacen("42", "43", 1).as_str(), "<42.@example.com>", "<42@example.com>", "42", "", "<@>"] {
            assert_eq!(parse_message_id(&secret, invalid), None, "{invalid}");
        }
        // a tag of one domain is not valid in another
        assert_ne!(secret.compute_tag(MESSAGE_ID_DOMAIN, "42"), secret.compute_tag(REPLY_ADDRESS_DOMAIN, "42"));
    }
}
