//! What kind of message it is: a person's, a machine's, a letter that came back, or our own going round in circles. Only
//! what machines must not be answered on is dropped (RFC 3834); what is merely sent to many is not.

use super::{Bounce, ParsedMessage};

/// Servers that a message passes, at most: as many as Sendmail and Postfix allow.
const MAX_HOPS: usize = 50;
/// Names of mailboxes that no person writes from.
const MACHINE_MAILBOXES: [&str; 4] = ["mailer-daemon", "postmaster", "mail-daemon", "double-bounce"];

/// What a message is, and the rule that says so, in one word.
#[derive(Debug, Clone, PartialEq)]
pub enum MessageClass {
    Person,
    Bounce(Bounce),
    Automatic(&'static str),
    Loop(&'static str),
}

/// Judges a message. `is_ours` tells the portal's own addresses, `is_letter` the Message-IDs of its own letters.
pub fn classify(
    mail: &ParsedMessage,
    is_ours: impl Fn(&str) -> bool,
    is_letter: impl Fn(&str) -> bool,
) -> MessageClass {
    let marks = &mail.automation;
    let sender = mail.from.as_ref().map_or("", |from| from.address.as_str());
    if is_ours(sender) {
        return MessageClass::Loop("own-address");
    }
    if mail.message_id.as_deref().is_some_and(&is_letter) {
        return MessageClass::Loop("own-letter");
    }
    if marks.hop_count > MAX_HOPS {
        return MessageClass::Loop("hops");
    }
    let mailbox = sender.split('@').next().unwrap_or_default();
    let is_machine = MACHINE_MAILBOXES.contains(&mailbox);
    if marks.report_type.as_deref() == Some("delivery-status") || is_machine {
        let mut bounce = marks.bounce.clone().unwrap_or_default();
        bounce.message_ids.extend(mail.references.iter().cloned());
        bounce.message_ids.retain(|id| is_letter(id));
        bounce.message_ids.sort_unstable();
        bounce.message_ids.dedup();
        return if bounce.message_ids.is_empty() {
            MessageClass::Automatic("report")
        } else {
            MessageClass::Bounce(bounce)
        };
    }
    if marks.report_type.is_some() {
        return MessageClass::Automatic("report");
    }
    let word = |header: &Option<String>| header.as_deref().map(first_word).unwrap_or_default();
    if !matches!(word(&marks.auto_submitted).as_str(), "" | "no") {
        return MessageClass::Automatic("auto-submitted");
    }
    // `list` is what Google Groups write on everything, and a support address may be one
    if matches!(word(&marks.precedence).as_str(), "bulk" | "junk" | "auto_reply") {
        return MessageClass::Automatic("precedence");
    }
    let suppress = marks.auto_response_suppress.as_deref().unwrap_or_default();
    if suppress.split([',', ';', ' ']).any(|word| matches!(word, "all" | "oof" | "autoreply")) {
        return MessageClass::Automatic("suppress");
    }
    if marks.has_auto_reply_header {
        return MessageClass::Automatic("autoreply");
    }
    if marks.has_null_return_path {
        return MessageClass::Automatic("no-return");
    }
    MessageClass::Person
}

fn first_word(value: &str) -> String {
    value.trim().split([';', ' ', ',', '(']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use crate::inbound_mail::classify::*;
    use crate::inbound_mail::parse::parse;

    #[test]
    fn machines_are_told_from_people() {
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
            let verdict = match classify(&mail, |_| false, |_| false) {
                MessageClass::Person => "person",
                MessageClass::Automatic(why) => why,
                other => panic!("{header}: {other:?}"),
            };
            assert_eq!(verdict, expected, "{header}");
        }
    }

    #[test]
    fn what_is_our_own_goes_no_further_round() {
        let judged = |head: &str| {
            let mail = parse(format!("{head}\r\n\r\nTekst").as_bytes()).unwrap();
            classify(&mail, |address| address == "bok@example.com", |id| id == "letter@example.com")
        };
        assert_eq!(judged("From: BOK <Bok@Example.com>"), MessageClass::Loop("own-address"));
        assert_eq!(judged("From: a@b.pl\r\nMessage-ID: <letter@example.com>"), MessageClass::Loop("own-letter"));
        let hops = |count| format!("From: a@b.pl\r\n{}Subject: x", "Received: from a by b\r\n".repeat(count));
        assert_eq!(judged(&hops(51)), MessageClass::Loop("hops"));
        assert_eq!(judged(&hops(50)), MessageClass::Person);
        // an answer to a letter is no loop
        assert_eq!(judged("From: a@b.pl\r\nIn-Reply-To: <letter@example.com>"), MessageClass::Person);
    }

    #[test]
    fn a_letter_that_came_back_names_it() {
        let raw = "From: MAILER-DAEMON@mx.example.com\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
            --b\r\n\r\nThis is the mail system.\r\n\
            --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
            Final-Recipient: rfc822; jan@example.com\r\nAction: Failed\r\nStatus: 5.1.1\r\n\
            Diagnostic-Code: smtp; 550 no such user\r\n\r\n\
            --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <letter@example.com>\r\nSubject: x\r\n\r\n--b--\r\n";
        let is_letter = |id: &str| id == "letter@example.com";
        let MessageClass::Bounce(bounce) = classify(&parse(raw.as_bytes()).unwrap(), |_| false, is_letter) else {
            panic!()
        };
        assert!(bounce.is_permanent());
        assert_eq!(bounce.status, "5.1.1");
        assert_eq!(bounce.diagnostic, "smtp; 550 no such user");
        assert_eq!(bounce.message_ids, ["letter@example.com"]);

        let whole = raw.replace("text/rfc822-headers", "message/rfc822");
        let MessageClass::Bounce(bounce) = classify(&parse(whole.as_bytes()).unwrap(), |_| false, is_letter) else {
            panic!()
        };
        assert_eq!(bounce.message_ids, ["letter@example.com"]);

        let delayed = raw.replace("Failed", "delayed").replace("5.1.1", "4.4.1");
        let MessageClass::Bounce(bounce) = classify(&parse(delayed.as_bytes()).unwrap(), |_| false, is_letter) else {
            panic!()
        };
        assert!(!bounce.is_permanent());

        let foreign = raw.replace("letter@", "somebody-elses@");
        assert_eq!(
            classify(&parse(foreign.as_bytes()).unwrap(), |_| false, is_letter),
            MessageClass::Automatic("report")
        );

        let old = "From: mailer-daemon@qmail.example.com\r\n\r\nHi. This is the qmail-send program.\r\n\
            <jan@example.com>: no mailbox\r\n--- Below this line is a copy of the message.\r\n\
            Message-ID: <letter@example.com>\r\n";
        assert!(matches!(classify(&parse(old.as_bytes()).unwrap(), |_| false, is_letter), MessageClass::Bounce(_)));
    }
}
