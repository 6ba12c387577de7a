//! Whether a message comes from a person, from a machine, is a bounce, or is our own in a loop. Discarded is only what must
//! not be answered automatically (RFC 3834); a message sent to many recipients is not.

use crate::message::{Bounce, ParsedMessage};

/// Maximum number of servers that a message passes: the limit of Sendmail and Postfix.
const MAX_HOPS: usize = 50;
/// Local parts of addresses that no person sends from.
const MACHINE_MAILBOXES: [&str; 4] = ["mailer-daemon", "postmaster", "mail-daemon", "double-bounce"];

/// The class of a message. The text names the rule that decided.
#[derive(Debug, Clone, PartialEq)]
pub enum MessageClass {
    Person,
    /// Holds only the Message-IDs of our own emails.
    Bounce(Bounce),
    Automatic(&'static str),
    Loop(&'static str),
}

/// Classifies a message. `is_own_address` knows the portal's addresses, `is_own_message_id` the Message-IDs of the emails
/// that it sent.
pub fn classify(
    mail: &ParsedMessage,
    is_own_address: impl Fn(&str) -> bool,
    is_own_message_id: impl Fn(&str) -> bool,
) -> MessageClass {
    let headers = &mail.automation;
    let sender = mail.from.as_ref().map_or("", |from| from.address.as_str());
    if is_own_address(sender) {
        return MessageClass::Loop("own-address");
    }
    if mail.message_id.as_deref().is_some_and(&is_own_message_id) {
        return MessageClass::Loop("own-email");
    }
    if headers.hop_count > MAX_HOPS {
        return MessageClass::Loop("hops");
    }
    let mailbox = sender.split('@').next().unwrap_or_default();
    if headers.report_type.as_deref() == Some("delivery-status") || MACHINE_MAILBOXES.contains(&mailbox) {
        return classify_bounce(mail, is_own_message_id);
    }
    if headers.report_type.is_some() {
        return MessageClass::Automatic("report");
    }
    let token_of = |header: &Option<String>| header.as_deref().map(first_token).unwrap_or_default();
    if !matches!(token_of(&headers.auto_submitted).as_str(), "" | "no") {
        return MessageClass::Automatic("auto-submitted");
    }
    // Google Groups write `list` on every message, and a support address may be a group
    if matches!(token_of(&headers.precedence).as_str(), "bulk" | "junk" | "auto_reply") {
        return MessageClass::Automatic("precedence");
    }
    let suppressed = headers.auto_response_suppress.as_deref().unwrap_or_default();
    if suppressed.split([',', ';', ' ']).any(|response| matches!(response, "all" | "oof" | "autoreply")) {
        return MessageClass::Automatic("suppress");
    }
    if headers.has_auto_reply_header {
        return MessageClass::Automatic("autoreply");
    }
    if headers.has_null_return_path {
        return MessageClass::Automatic("no-return");
    }
    MessageClass::Person
}

fn classify_bounce(mail: &ParsedMessage, is_own_message_id: impl Fn(&str) -> bool) -> MessageClass {
    let mut bounce = mail.automation.bounce.clone().unwrap_or_default();
    bounce.message_ids.extend(mail.references.iter().cloned());
    bounce.message_ids.retain(|id| is_own_message_id(id));
    bounce.message_ids.sort_unstable();
    bounce.message_ids.dedup();
    if bounce.message_ids.is_empty() { MessageClass::Automatic("report") } else { MessageClass::Bounce(bounce) }
}

fn first_token(value: &str) -> String {
    value.trim().split([';', ' ', ',', '(']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use crate::classify::*;
    use crate::parse::parse;

    #[test]
    fn machines_are_distinguished_from_persons_by_their_headers() {
        let table = [
            ("Subject: x", "person"),
            ("Auto-Submitted: no", "person"),
            ("Auto-Submitted: No; really", "person"),
            ("Auto-Submitted: auto-replied", "auto-submitted"),
            ("Auto-Submitted: auto-generated (vacation)", "auto-submitted"),
            ("Auto-Submitted: auto-notified; owner-email=\"a@b.pl\"", "auto-submitted"),
            ("Precedence: bulk", "precedence"),
            ("Precedence: JUNK", "precedence"),
            ("Precedence: auto_reply", "precedence"),
            ("Precedence: list", "person"),
            ("Precedence: first-class", "person"),
            ("List-Id: <support.example.com>", "person"),
            ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "suppress"),
            ("X-Auto-Response-Suppress: All", "suppress"),
            ("X-Auto-Response-Suppress: DR, RN", "person"),
            ("X-Autoreply: yes", "autoreply"),
            ("X-Autorespond: urlop", "autoreply"),
            ("Return-Path: <>", "no-return"),
            ("Return-Path: < >", "no-return"),
            ("Return-Path: <jan@example.com>", "person"),
            ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "report"),
        ];
        for (header, expected) in table {
            let raw = format!("From: jan@example.com\r\n{header}\r\n\r\nTekst\r\n");
            let mail = parse(raw.as_bytes()).unwrap();
            let class = match classify(&mail, |_| false, |_| false) {
                MessageClass::Person => "person",
                MessageClass::Automatic(reason) => reason,
                other => panic!("{header}: {other:?}"),
            };
            assert_eq!(class, expected, "{header}");
        }
    }

    #[test]
    fn our_own_messages_and_mail_loops_are_recognized() {
        let class_of = |head: &str| {
            let mail = parse(format!("{head}\r\n\r\nTekst").as_bytes()).unwrap();
            classify(&mail, |address| address == "bok@example.com", |id| id == "email@example.com")
        };
        assert_eq!(class_of("From: BOK <Bok@Example.com>"), MessageClass::Loop("own-address"));
        assert_eq!(class_of("From: a@b.pl\r\nMessage-ID: <email@example.com>"), MessageClass::Loop("own-email"));
        let hops = |count| format!("From: a@b.pl\r\n{}Subject: x", "Received: from a by b\r\n".repeat(count));
        assert_eq!(class_of(&hops(51)), MessageClass::Loop("hops"));
        assert_eq!(class_of(&hops(50)), MessageClass::Person);
        // a reply to our email is not a loop
        assert_eq!(class_of("From: a@b.pl\r\nIn-Reply-To: <email@example.com>"), MessageClass::Person);
    }

    #[test]
    fn a_bounce_names_the_returned_email() {
        let raw = "From: MAILER-DAEMON@mx.example.com\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
            --b\r\n\r\nThis is the mail system.\r\n\
            --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
            Final-Recipient: rfc822; jan@example.com\r\nAction: Failed\r\nStatus: 5.1.1\r\n\
            Diagnostic-Code: smtp; 550 no such user\r\n\r\n\
            --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <email@example.com>\r\nSubject: x\r\n\r\n--b--\r\n";
        let class_of = |raw: &str| classify(&parse(raw.as_bytes()).unwrap(), |_| false, |id| id == "email@example.com");
        let bounce_of = |raw: &str| match class_of(raw) {
            MessageClass::Bounce(bounce) => bounce,
            other => panic!("{other:?}"),
        };
        let bounce = bounce_of(raw);
        assert!(bounce.is_permanent());
        assert_eq!(bounce.status, "5.1.1");
        assert_eq!(bounce.diagnostic, "smtp; 550 no such user");
        assert_eq!(bounce.message_ids, ["email@example.com"]);

        let with_whole_message = raw.replace("text/rfc822-headers", "message/rfc822");
        assert_eq!(bounce_of(&with_whole_message).message_ids, ["email@example.com"]);

        let delayed = raw.replace("Failed", "delayed").replace("5.1.1", "4.4.1");
        assert!(!bounce_of(&delayed).is_permanent());

        let foreign = raw.replace("email@", "somebody-elses@");
        assert_eq!(class_of(&foreign), MessageClass::Automatic("report"));

        let without_status = "From: mailer-daemon@qmail.example.com\r\n\r\nHi. This is the qmail-send program.\r\n\
            <jan@example.com>: no mailbox\r\n--- Below this line is a copy of the message.\r\n\
            Message-ID: <email@example.com>\r\n";
        assert_eq!(bounce_of(without_status).message_ids, ["email@example.com"]);
    }
}
