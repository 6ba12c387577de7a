//! What kind of message it is: a person's, a machine's, a letter that came back, or our own going round in circles. Only
//! what machines must not be answered on is dropped (RFC 3834); what is merely sent to many is not.

use super::{Bounce, Incoming};

/// Servers that a message passes, at most: as many as Sendmail and Postfix allow.
const MOST_HOPS: usize = 50;
/// Names of mailboxes that no person writes from.
const MACHINES: [&str; 4] = ["mailer-daemon", "postmaster", "mail-daemon", "double-bounce"];

/// What a message is, and the rule that says so, in one word.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Person,
    Bounce(Bounce),
    Automatic(&'static str),
    Loop(&'static str),
}

/// Judges a message. `is_ours` tells the portal's own addresses, `is_letter` the Message-IDs of its own letters.
pub fn judge(mail: &Incoming, is_ours: impl Fn(&str) -> bool, is_letter: impl Fn(&str) -> bool) -> Verdict {
    let marks = &mail.marks;
    let sender = mail.from.as_ref().map_or("", |from| from.address.as_str());
    if is_ours(sender) {
        return Verdict::Loop("own-address");
    }
    if mail.message_id.as_deref().is_some_and(&is_letter) {
        return Verdict::Loop("own-letter");
    }
    if marks.hops > MOST_HOPS {
        return Verdict::Loop("hops");
    }
    let mailbox = sender.split('@').next().unwrap_or_default();
    let is_machine = MACHINES.contains(&mailbox);
    if marks.report.as_deref() == Some("delivery-status") || is_machine {
        let mut bounce = marks.bounce.clone().unwrap_or_default();
        bounce.ids.extend(mail.references.iter().cloned());
        bounce.ids.retain(|id| is_letter(id));
        bounce.ids.sort_unstable();
        bounce.ids.dedup();
        return if bounce.ids.is_empty() { Verdict::Automatic("report") } else { Verdict::Bounce(bounce) };
    }
    if marks.report.is_some() {
        return Verdict::Automatic("report");
    }
    let word = |header: &Option<String>| header.as_deref().map(first_word).unwrap_or_default();
    if !matches!(word(&marks.auto_submitted).as_str(), "" | "no") {
        return Verdict::Automatic("auto-submitted");
    }
    // `list` is what Google Groups write on everything, and a support address may be one
    if matches!(word(&marks.precedence).as_str(), "bulk" | "junk" | "auto_reply") {
        return Verdict::Automatic("precedence");
    }
    let suppress = marks.suppress.as_deref().unwrap_or_default();
    if suppress.split([',', ';', ' ']).any(|word| matches!(word, "all" | "oof" | "autoreply")) {
        return Verdict::Automatic("suppress");
    }
    if marks.auto_reply {
        return Verdict::Automatic("autoreply");
    }
    if marks.no_return {
        return Verdict::Automatic("no-return");
    }
    Verdict::Person
}

fn first_word(value: &str) -> String {
    value.trim().split([';', ' ', ',', '(']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail_in::read::read;

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
            let mail = read(raw.as_bytes()).unwrap();
            let verdict = match judge(&mail, |_| false, |_| false) {
                Verdict::Person => "person",
                Verdict::Automatic(why) => why,
                other => panic!("{header}: {other:?}"),
            };
            assert_eq!(verdict, expected, "{header}");
        }
    }

    #[test]
    fn what_is_our_own_goes_no_further_round() {
        let judged = |head: &str| {
            let mail = read(format!("{head}\r\n\r\nTekst").as_bytes()).unwrap();
            judge(&mail, |address| address == "bok@example.com", |id| id == "letter@example.com")
        };
        assert_eq!(judged("From: BOK <Bok@Example.com>"), Verdict::Loop("own-address"));
        assert_eq!(judged("From: a@b.pl\r\nMessage-ID: <letter@example.com>"), Verdict::Loop("own-letter"));
        let hops = |count| format!("From: a@b.pl\r\n{}Subject: x", "Received: from a by b\r\n".repeat(count));
        assert_eq!(judged(&hops(51)), Verdict::Loop("hops"));
        assert_eq!(judged(&hops(50)), Verdict::Person);
        // an answer to a letter is no loop
        assert_eq!(judged("From: a@b.pl\r\nIn-Reply-To: <letter@example.com>"), Verdict::Person);
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
        let Verdict::Bounce(bounce) = judge(&read(raw.as_bytes()).unwrap(), |_| false, is_letter) else { panic!() };
        assert!(bounce.is_final());
        assert_eq!(bounce.status, "5.1.1");
        assert_eq!(bounce.diagnostic, "smtp; 550 no such user");
        assert_eq!(bounce.ids, ["letter@example.com"]);

        let whole = raw.replace("text/rfc822-headers", "message/rfc822");
        let Verdict::Bounce(bounce) = judge(&read(whole.as_bytes()).unwrap(), |_| false, is_letter) else { panic!() };
        assert_eq!(bounce.ids, ["letter@example.com"]);

        let delayed = raw.replace("Failed", "delayed").replace("5.1.1", "4.4.1");
        let Verdict::Bounce(bounce) = judge(&read(delayed.as_bytes()).unwrap(), |_| false, is_letter) else { panic!() };
        assert!(!bounce.is_final());

        let foreign = raw.replace("letter@", "somebody-elses@");
        assert_eq!(judge(&read(foreign.as_bytes()).unwrap(), |_| false, is_letter), Verdict::Automatic("report"));

        let old = "From: mailer-daemon@qmail.example.com\r\n\r\nHi. This is the qmail-send program.\r\n\
            <jan@example.com>: no mailbox\r\n--- Below this line is a copy of the message.\r\n\
            Message-ID: <letter@example.com>\r\n";
        assert!(matches!(judge(&read(old.as_bytes()).unwrap(), |_| false, is_letter), Verdict::Bounce(_)));
    }
}
