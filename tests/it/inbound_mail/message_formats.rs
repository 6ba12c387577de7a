//! Unusual, broken and malicious messages: the outcome and the stored content of each.

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::{ingest, last_message, message, world_with_inbox};
use crate::support::World;

/// A message, the outcome of its ingestion, and what is stored: "subject | body | quoted | attachments".
struct Case {
    name: &'static str,
    raw: Vec<u8>,
    outcome: &'static str,
    stored: &'static str,
}

fn case(name: &'static str, raw: impl Into<Vec<u8>>, outcome: &'static str, stored: &'static str) -> Case {
    Case { name, raw: raw.into(), outcome, stored }
}

/// Replaces `\x..` by single bytes, for Windows-1250 and ISO-8859-2.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if rest.starts_with(b"\\x") {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&rest[2..4]).unwrap(), 16).unwrap());
            rest = &rest[4..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

const MIXED: &str = "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b";
const ALTERNATIVE: &str = "Subject: x\nContent-Type: multipart/alternative; boundary=b";

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let plain = "Content-Type: text/plain; charset=utf-8";
    vec![
        case(
            "plain text",
            message(&format!("Subject: Zażółć\n{plain}"), "Gęślą jaźń.\r\n"),
            "ticket new",
            "Zażółć | Gęślą jaźń. | ",
        ),
        case(
            "ISO-8859-2, quoted-printable",
            message(
                "Subject: =?iso-8859-2?Q?Za=BF=F3=B3=E6?=\nContent-Type: text/plain; charset=iso-8859-2\nContent-Transfer-Encoding: quoted-printable",
                "g=EA=B6l=B1 ja=BC=F1",
            ),
            "ticket new",
            "Zażółć | gęślą jaźń | ",
        ),
        case(
            "Windows-1250, base64, a subject in two words",
            message(
                "Subject: =?windows-1250?B?WmG/8w==?= =?windows-1250?B?s+Y=?=\nContent-Type: text/plain; charset=\"windows-1250\"\nContent-Transfer-Encoding: base64",
                "Z+qcbLkgamGf8Q==",
            ),
            "ticket new",
            "Zażółć | gęślą jaźń | ",
        ),
        case(
            "8-bit bytes in the header, as old programs write them",
            bytes(&message("Subject: Za\\xBF\\xF3\\xB3\\xE6", "x")),
            "ticket new",
            "Za��� | x | ",
        ),
        case("UTF-8 bytes in the header", message("Subject: zażółć gęślą", "x"), "ticket new", "zażółć gęślą | x | "),
        case(
            "a file name in RFC 2231 encoding",
            message(
                MIXED,
                "--b\r\n\r\nW załączniku.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''za%C5%82;\r\n filename*1*=%C4%85cznik.pdf\r\n\r\nPDF\r\n--b--\r\n",
            ),
            "ticket new",
            "x | W załączniku. |  | załącznik.pdf",
        ),
        case(
            "a file name in RFC 2047 encoding",
            message(
                MIXED,
                "--b\r\n\r\nTekst\r\n--b\r\nContent-Type: image/png; name=\"=?utf-8?B?xbzDs8WCdy5wbmc=?=\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Tekst |  | żółw.png",
        ),
        case("no Message-ID", message("Subject: bez\nMessage-ID:", "Tekst"), "ticket new", "bez | Tekst | "),
        case("no subject", message("", "Tekst"), "ticket new", " | Tekst | "),
        case("no text", message("Subject: pusto", ""), "ticket new", "pusto |  | "),
        case(
            "only a header, without a blank line",
            "From: jan@example.com\r\nSubject: urwane",
            "ticket new",
            "urwane |  | ",
        ),
        case("no header", "to nie jest wiadomość\r\nani to", "unreadable no-header", " |  | "),
        case("an empty From", message("From:\nSubject: x", "Tekst"), "unreadable no-sender", "x | Tekst | "),
        case(
            "a sender without an address",
            message("From: Jan Nowak\nSubject: x", "Tekst"),
            "unreadable no-sender",
            "x | Tekst | ",
        ),
        case(
            "two senders",
            message("From: Jan <jan@example.com>, Anna <anna@example.com>\nSubject: x", "T"),
            "ticket new",
            "x | T | ",
        ),
        case(
            "text and HTML: the text counts",
            message(ALTERNATIVE, "--b\r\n\r\nTekst\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>HTML</p>\r\n--b--\r\n"),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "an empty text beside HTML",
            message(
                ALTERNATIVE,
                "--b\r\n\r\n \r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Za\u{17c}ółć</p>\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Zażółć | ",
        ),
        case(
            "HTML with style, script and event handlers",
            message(
                "Subject: x\nContent-Type: text/html; charset=utf-8",
                "<head><title>T</title><style>p{}</style></head><p onclick=alert(1)>Nie <b>mogę</b> dzwonić<script>alert(1)</script><img src=x onerror=alert(1)></p>",
            ),
            "ticket new",
            "x | Nie mogę dzwonić | ",
        ),
        case(
            "unclosed HTML",
            message("Subject: x\nContent-Type: text/html", "<p>Tekst<div><script>alert(1)"),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "a message in a message",
            message(
                MIXED,
                "--b\r\n\r\nPatrz w załączniku.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Anna <anna@example.com>\r\nSubject: problem\r\n\r\nNie działa.\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Patrz w załączniku. | anna@example.com\nproblem\n\nNie działa. | problem",
        ),
        case(
            "winmail.dat",
            message(
                MIXED,
                "--b\r\n\r\nZ Outlooka\r\n--b\r\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+Ig==\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Z Outlooka |  | winmail.dat",
        ),
        case("NUL bytes", message("Subject: a\0b", "c\0d"), "ticket new", "ab | cd | "),
        case(
            "an unknown character set",
            message("Subject: x\nContent-Type: text/plain; charset=x-klingon", "Tekst"),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "invalid UTF-8",
            bytes(&message("Subject: x\nContent-Type: text/plain; charset=utf-8", "za\\xBF\\xF3\\xB3\\xE6")),
            "ticket new",
            "x | za��� | ",
        ),
        case(
            "UTF-7",
            message("Subject: x\nContent-Type: text/plain; charset=utf-7", "Za+AXwA8wFCAQc-"),
            "ticket new",
            "x | Zażółć | ",
        ),
        case(
            "bidirectional control characters",
            message("Subject: \u{202e}abc", "\u{2066}tekst\u{200b}"),
            "ticket new",
            "abc | tekst | ",
        ),
        case(
            "lines of format=flowed",
            message("Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed", "Nie mogę \r\ndzwonić.\r\n"),
            "ticket new",
            "x | Nie mogę dzwonić. | ",
        ),
        case(
            "a quotation below the reply",
            message(
                &format!("Subject: Re: x\n{plain}"),
                "Nadal nie.\r\n\r\nW dniu 20.11.2026, BOK pisze:\r\n> Czy działa?\r\n",
            ),
            "ticket new",
            "Re: x | Nadal nie. | W dniu 20.11.2026, BOK pisze:\n> Czy działa?",
        ),
        case("only a quotation", message("Subject: x", "> Czy działa?\r\n"), "ticket new", "x | > Czy działa? | "),
        case("a multipart without parts", message(MIXED, "Tekst bez granic"), "ticket new", "x | Tekst bez granic | "),
        case("a truncated multipart", message(MIXED, "--b\r\n\r\nTekst urwa"), "ticket new", "x | Tekst urwa | "),
        case(
            "Unix line ends",
            message("Subject: x", "Jeden\nDwa").replace("\r\n", "\n"),
            "ticket new",
            "x | Jeden\nDwa | ",
        ),
        case(
            "the first line of an mbox",
            format!("From jan@example.com Fri Nov 20 14:05:00 2026\n{}", message("Subject: x", "Tekst")),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "invalid base64",
            message("Subject: x\nContent-Transfer-Encoding: base64", "to nie base64!"),
            "ticket new",
            "x | to nie base64! | ",
        ),
        case(
            "an invitation",
            message(
                ALTERNATIVE,
                "--b\r\n\r\nSpotkanie\r\n--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Spotkanie |  | ",
        ),
        case(
            "a vacation reply",
            message("Subject: Urlop\nAuto-Submitted: auto-replied", "Mnie nie ma"),
            "automatic auto-submitted",
            "Urlop | Mnie nie ma | ",
        ),
        case(
            "a newsletter",
            message("Subject: Promocja\nPrecedence: bulk", "Kup"),
            "automatic precedence",
            "Promocja | Kup | ",
        ),
        case(
            "an Exchange out-of-office reply",
            message("Subject: x\nX-Auto-Response-Suppress: OOF", "x"),
            "automatic suppress",
            "x | x | ",
        ),
        case("an empty return path", message("Return-Path: <>\nSubject: x", "x"), "automatic no-return", "x | x | "),
        case("our own address", message("From: pomoc@example.com\nSubject: x", "x"), "loop own-address", "x | x | "),
        case(
            "our own address with something behind a plus",
            message("From: POMOC+abc@example.com\nSubject: x", "x"),
            "loop own-address",
            "x | x | ",
        ),
        case(
            "too many hops",
            message(&format!("{}Subject: x", "Received: from a by b\n".repeat(60)), "x"),
            "loop hops",
            "x | x | ",
        ),
        case(
            "a bounce of another sender's message",
            message("From: MAILER-DAEMON@example.com\nReturn-Path: <>\nSubject: x", "<a@b.pl>: no"),
            "automatic report",
            "x | <a@b.pl>: no | ",
        ),
        case(
            "a read receipt",
            message(
                "Subject: x\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
                "--b\r\n\r\nRead\r\n--b--\r\n",
            ),
            "automatic report",
            "x | Read | ",
        ),
        case(
            "a mailing list, because a support address may be one",
            message("Subject: x\nPrecedence: list\nList-Id: <bok.example.com>", "x"),
            "ticket new",
            "x | x | ",
        ),
    ]
}

#[tokio::test]
async fn unusual_messages_have_the_expected_outcome_and_content() {
    let world = world_with_inbox().await;
    let mut failures = Vec::new();
    let cases = cases();
    let count = cases.len();
    assert!(count >= 30);
    for (number, case) in cases.into_iter().enumerate() {
        // stays below the rate limit per sender
        world.advance(time::Duration::minutes(5));
        let outcome = ingest(&world, &case.raw).await;
        let stored = last_message(&world).await;
        if (outcome.as_str(), stored.as_str()) != (case.outcome, case.stored) {
            failures.push(format!("{}: {outcome}: {stored:?}, not {}: {:?}", case.name, case.outcome, case.stored));
        }
        let messages = world.count("select count(*) from inbound_mail").await;
        assert_eq!(messages, i64::try_from(number).unwrap() + 1, "{} is stored", case.name);
    }
    assert!(failures.is_empty(), "{} of {count}: {failures:#?}", failures.len());
    let changed = "select count(*) from inbound_mail where length(raw) <> size";
    assert_eq!(world.count(changed).await, 0, "short messages are stored unchanged");
}

#[tokio::test]
async fn a_message_of_20_mb_is_stored_whole_and_a_longer_one_in_part() {
    let world = world_with_inbox().await;
    let with_attachment = |megabytes: usize| {
        let line = format!("{}\r\n", "A".repeat(76));
        let lines = megabytes * 1_000_000 / line.len();
        let start = "--b\r\n\r\nW załączniku nagranie.\r\n--b\r\nContent-Type: audio/wav; name=rozmowa.wav\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        message(MIXED, &format!("{start}{}\r\n--b--\r\n", line.repeat(lines)))
    };
    assert_eq!(ingest(&world, with_attachment(20)).await, "ticket new");
    assert_eq!(last_message(&world).await, "x | W załączniku nagranie. |  | rozmowa.wav");
    assert_eq!(world.count("select count(*) from inbound_mail where length(raw) = size and size > 20000000").await, 1);
    let size = world.count("select (attachments -> 0 ->> 'size')::bigint from inbound_mail").await;
    assert!((14_000_000..15_000_000).contains(&size), "{size}");

    // the command and the maildir read only the beginning of a message that is too long
    let raw = dzwoni::inbound_mail::RawMessage::read_from(with_attachment(40).as_bytes()).unwrap();
    assert!(raw.size > 40_000_000 && raw.bytes.len() < 38_000_000);
    let outcome = dzwoni::inbound_mail::Inbox::from_app(&world.app).ingest(raw, world.clock.now()).await.unwrap();
    assert_eq!(super::describe(outcome), "ticket new");
    assert_eq!(world.count("select count(*) from inbound_mail where length(raw) < size").await, 1);
}

#[tokio::test]
async fn malicious_messages_are_stored_without_harm() {
    let world = world_with_inbox().await;
    let deep =
        |part: &str, count: usize| format!("From: a@example.com\r\n{}Subject: x\r\n\r\nTekst", part.repeat(count));
    let messages = [
        (
            "a very long header field",
            format!("From: a@example.com\r\nSubject: {}\r\n\r\nTekst", "długi ".repeat(200_000)),
        ),
        ("very many header fields", format!("From: a@example.com\r\n{}\r\nTekst", "X-A: b\r\n".repeat(300_000))),
        ("nested messages", deep("Content-Type: message/rfc822\r\n\r\n", 100_000)),
        ("nested parts", deep("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 100_000)),
        ("very many parts", message(MIXED, &"--b\r\n\r\n".repeat(500_000))),
        ("nested tags", message("Subject: x\nContent-Type: text/html", &"<div><b><blockquote>".repeat(100_000))),
        ("very many addresses", message(&format!("Cc: {}", "a@example.com, ".repeat(100_000)), "Tekst")),
        ("very many references", message(&format!("References: {}", "<a@example.com> ".repeat(100_000)), "Tekst")),
        ("very many numbers", message("Subject: x", &"22 555 01 20 ".repeat(50_000))),
        ("one very long word", message("Subject: x", &"a".repeat(2_000_000))),
    ];
    for (number, (name, raw)) in messages.iter().enumerate() {
        let outcome = ingest(&world, raw).await;
        assert!(outcome.starts_with("ticket") || outcome.starts_with("unreadable"), "{name}: {outcome}");
        let stored = world.count("select count(*) from inbound_mail").await;
        assert_eq!(stored, i64::try_from(number).unwrap() + 1, "{name}");
    }
}

#[tokio::test]
async fn the_same_message_opens_one_ticket_and_another_with_its_id_needs_review() {
    let world = world_with_inbox().await;
    let mail = |received: &str, body: &str| {
        message(&format!("{received}Message-ID: <same@mail.example.com>\nSubject: x"), body)
    };
    assert_eq!(ingest(&world, mail("", "Tekst")).await, "ticket new");
    assert_eq!(ingest(&world, mail("", "Tekst")).await, "ticket again");
    assert_eq!(
        ingest(&world, mail("Received: from elsewhere by us\n", "Tekst")).await,
        "ticket again",
        "received by another route"
    );
    assert_eq!(ingest(&world, mail("", "Co innego")).await, "unreadable same-id");
    assert_eq!(ingest(&world, mail("", "Co innego")).await, "unreadable again");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    assert_eq!(world.count("select sum(duplicate_count) from inbound_mail").await, 3);

    let nameless = message("Message-ID:\nSubject: x", "Bez nazwy");
    assert_eq!(ingest(&world, &nameless).await, "ticket new");
    assert_eq!(ingest(&world, &nameless).await, "ticket again");
    assert_eq!(world.count("select count(*) from ticket").await, 2);
}

#[tokio::test]
async fn concurrent_ingestion_of_the_same_message_opens_one_ticket() {
    let world = world_with_inbox().await;
    let mail = message("Subject: x", "Tekst");
    let requests = (0..8).map(|_| ingest(&world, &mail));
    let mut outcomes = futures_util::future::join_all(requests).await;
    outcomes.sort();
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "ticket new").count(), 1, "{outcomes:?}");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    assert_eq!(world.count("select duplicate_count::bigint from inbound_mail").await, 7);
}

#[tokio::test]
async fn a_sender_opens_at_most_30_tickets_per_hour() {
    let world = world_with_inbox().await;
    for number in 0..30 {
        assert_eq!(ingest(&world, message("Subject: x", &format!("Tekst {number}"))).await, "ticket new");
    }
    assert_eq!(ingest(&world, message("Subject: x", "Tekst 31")).await, "flood too-many");
    assert_eq!(ingest(&world, message("From: anna@example.com\nSubject: x", "Tekst")).await, "ticket new");
    assert_eq!(world.count("select count(*) from ticket").await, 31);
    world.advance(time::Duration::minutes(61));
    assert_eq!(ingest(&world, message("Subject: x", "Tekst 32")).await, "ticket new");
}

#[tokio::test]
async fn a_message_flagged_as_spam_becomes_a_spam_ticket_without_a_reply() {
    let world = world_with_inbox().await;
    assert_eq!(ingest(&world, message("X-Spam-Flag: YES\nSubject: x", "Kup")).await, "ticket new");
    assert_eq!(world.count("select count(*) from ticket where status = 'spam'").await, 1);
    assert_eq!(world.count("select count(*) from outgoing_email").await, 0, "spam is not answered");
}

#[tokio::test]
async fn any_bytes_are_stored_unchanged() {
    let world = world_with_inbox().await;
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(proptest::num::u8::ANY, 0..300);
    for number in 1..=48 {
        let mut bytes = strategy.new_tree(&mut runner).unwrap().current();
        if number % 2 == 0 {
            bytes.splice(0..0, format!("From: a{number}@example.com\r\n").into_bytes());
        }
        let outcome = ingest(&world, &bytes).await;
        assert!(!outcome.is_empty());
        assert!(is_stored(&world, &bytes).await, "{bytes:?}");
    }
}

/// Whether the message is stored unchanged.
async fn is_stored(world: &World, bytes: &[u8]) -> bool {
    sqlx::query_scalar("select exists (select from inbound_mail where raw = $1)")
        .bind(bytes)
        .fetch_one(world.sql().await)
        .await
        .unwrap()
}
