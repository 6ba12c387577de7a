//! How an answer to a letter finds its ticket: by the address that it is sent to, or by the letter that it names. Both
//! carry a mark made from the portal's secret, so that nobody can make one up.

use lettre::Address;

use crate::{
    tickets::{SigningSecret, TicketReference},
    token::sha256,
};

const REPLY_ADDRESS_DOMAIN: &str = "answer to a ticket";
const MESSAGE_ID_DOMAIN: &str = "letter";

/// Where answers to a ticket's letters go: `pomoc+7k3m9q2xwg.0123456789abcdef@example.com`.
pub fn build_reply_address(seal: &SigningSecret, mailbox: &Address, reference: &TicketReference) -> Option<Address> {
    let bare = reference.as_str().to_ascii_lowercase();
    let user = format!("{}+{bare}.{}", mailbox.user(), seal.compute_tag(REPLY_ADDRESS_DOMAIN, &bare));
    Address::new(user, mailbox.domain()).ok()
}

/// The ticket that an address of ours is for. Letters' case is not the mailbox's alone: servers on the way change it.
pub fn parse_reply_address(seal: &SigningSecret, address: &str) -> Option<TicketReference> {
    let (user, _) = address.rsplit_once('@')?;
    let (_, detail) = user.rsplit_once('+')?;
    let (reference, mark) = detail.split_once('.')?;
    let reference: TicketReference = reference.parse().ok()?;
    let bare = reference.as_str().to_ascii_lowercase();
    tags_match(&seal.compute_tag(REPLY_ADDRESS_DOMAIN, &bare), mark).then_some(reference)
}

/// A letter's own name (RFC 5322, 3.6.4), with its angle brackets: the same however often it is tried.
pub fn build_message_id(seal: &SigningSecret, letter: i64, domain: &str) -> String {
    format!("<{letter}.{}@{domain}>", seal.compute_tag(MESSAGE_ID_DOMAIN, &letter.to_string()))
}

/// The letter that a name in `In-Reply-To` or `References` means, with or without brackets, if it is one of ours.
pub fn parse_message_id(seal: &SigningSecret, message_id: &str) -> Option<i64> {
    let (left, _) = message_id.trim().trim_start_matches('<').split_once('@')?;
    let (letter, mark) = left.split_once('.')?;
    tags_match(&seal.compute_tag(MESSAGE_ID_DOMAIN, letter), mark).then(|| letter.parse().ok()).flatten()
}

/// Compares what is made of both: how long that takes tells nothing of where the difference is.
fn tags_match(mark: &str, given: &str) -> bool {
    sha256(mark) == sha256(given.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::emails::reply_address::*;

    #[test]
    fn only_our_own_addresses_lead_to_a_ticket() {
        let seal = SigningSecret::from_bytes([7; 32]);
        let mailbox: Address = "pomoc@example.com".parse().unwrap();
        let reference = TicketReference::from_bits(12_345);
        let address = build_reply_address(&seal, &mailbox, &reference).unwrap().to_string();
        assert!(address.split('@').next().unwrap().len() <= 64 - 36 + "pomoc".len(), "{address}");
        assert_eq!(parse_reply_address(&seal, &address), Some(reference.clone()));
        assert_eq!(parse_reply_address(&seal, &address.to_uppercase()), Some(reference.clone()));
        let other = build_reply_address(&SigningSecret::from_bytes([8; 32]), &mailbox, &reference).unwrap().to_string();
        let forged =
            address.replace(&reference.as_str().to_lowercase(), &TicketReference::from_bits(1).as_str().to_lowercase());
        let cut = address.replacen('@', "0@", 1);
        for wrong in
            [&other, &forged, &cut, "pomoc@example.com", "pomoc+x@example.com", "", "+.@", "pomoc+.@example.com"]
        {
            assert_eq!(parse_reply_address(&seal, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_our_own_letters_are_known_by_name() {
        let seal = SigningSecret::from_bytes([7; 32]);
        let name = build_message_id(&seal, 42, "example.com");
        assert_eq!(parse_message_id(&seal, &name), Some(42));
        assert_eq!(parse_message_id(&seal, name.trim_matches(['<', '>'])), Some(42));
        for wrong in [name.replacen("42", "43", 1).as_str(), "<42.@example.com>", "<42@example.com>", "42", "", "<@>"] {
            assert_eq!(parse_message_id(&seal, wrong), None, "{wrong}");
        }
        // a mark for one thing is none for another
        assert_ne!(seal.compute_tag(MESSAGE_ID_DOMAIN, "42"), seal.compute_tag(REPLY_ADDRESS_DOMAIN, "42"));
    }
}
