//! Awkward messages, one by one: what became of each, and what is kept of it.

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::{arrives, last, letter, world};
use crate::support::World;

/// A message, what becomes of it, and what is kept: "subject | body | quoted | files".
struct Case {
    name: &'static str,
    raw: Vec<u8>,
    fate: &'static str,
    kept: &'static str,
}

fn case(name: &'static str, raw: impl Into<Vec<u8>>, fate: &'static str, kept: &'static str) -> Case {
    Case { name, raw: raw.into(), fate, kept }
}

/// Bytes of Windows-1250 and ISO-8859-2 among ASCII: `\x..` as the tests write them.
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
            letter(&format!("Subject: Zażółć\n{plain}"), "Gęślą jaźń.\r\n"),
            "ticket new",
            "Zażółć | Gęślą jaźń. | ",
        ),
        case(
            "ISO-8859-2, quoted-printable",
            letter(
                "Subject: =?iso-8859-2?Q?Za=BF=F3=B3=E6?=\nContent-Type: text/plain; charset=iso-8859-2\nContent-Transfer-Encoding: quoted-printable",
                "g=EA=B6l=B1 ja=BC=F1",
            ),
            "ticket new",
            "Zażółć | gęślą jaźń | ",
        ),
        case(
            "Windows-1250, base64, a subject in two words",
            letter(
                "Subject: =?windows-1250?B?WmG/8w==?= =?windows-1250?B?s+Y=?=\nContent-Type: text/plain; charset=\"windows-1250\"\nContent-Transfer-Encoding: base64",
                "Z+qcbLkgamGf8Q==",
            ),
            "ticket new",
            "Zażółć | gęślą jaźń | ",
        ),
        case(
            "8-bit bytes in the header, as old programs write them",
            bytes(&letter("Subject: Za\\xBF\\xF3\\xB3\\xE6", "x")),
            "ticket new",
            "Za��� | x | ",
        ),
        case("UTF-8 bytes in the header", letter("Subject: zażółć gęślą", "x"), "ticket new", "zażółć gęślą | x | "),
        case(
            "a file with a Polish name (RFC 2231)",
            letter(
                MIXED,
                "--b\r\n\r\nW załączniku.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''za%C5%82;\r\n filename*1*=%C4%85cznik.pdf\r\n\r\nPDF\r\n--b--\r\n",
            ),
            "ticket new",
            "x | W załączniku. |  | załącznik.pdf",
        ),
        case(
            "a file named by RFC 2047",
            letter(
                MIXED,
                "--b\r\n\r\nTekst\r\n--b\r\nContent-Type: image/png; name=\"=?utf-8?B?xbzDs8WCdy5wbmc=?=\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Tekst |  | żółw.png",
        ),
        case("no Message-ID", letter("Subject: bez\nMessage-ID:", "Tekst"), "ticket new", "bez | Tekst | "),
        case("no subject", letter("", "Tekst"), "ticket new", " | Tekst | "),
        case("no text", letter("Subject: pusto", ""), "ticket new", "pusto |  | "),
        case(
            "nothing but a head, without an end",
            "From: jan@example.com\r\nSubject: urwane",
            "ticket new",
            "urwane |  | ",
        ),
        case("no head", "to nie jest wiadomość\r\nani to", "unreadable no-header", " |  | "),
        case("nobody sent it", letter("From:\nSubject: x", "Tekst"), "unreadable no-sender", "x | Tekst | "),
        case(
            "a sender without an address",
            letter("From: Jan Nowak\nSubject: x", "Tekst"),
            "unreadable no-sender",
            "x | Tekst | ",
        ),
        case(
            "a sender that is two",
            letter("From: Jan <jan@example.com>, Anna <anna@example.com>\nSubject: x", "T"),
            "ticket new",
            "x | T | ",
        ),
        case(
            "text and HTML: the text counts",
            letter(ALTERNATIVE, "--b\r\n\r\nTekst\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>HTML</p>\r\n--b--\r\n"),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "an empty text beside HTML",
            letter(
                ALTERNATIVE,
                "--b\r\n\r\n \r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Za\u{17c}ółć</p>\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Zażółć | ",
        ),
        case(
            "HTML with everything in it",
            letter(
                "Subject: x\nContent-Type: text/html; charset=utf-8",
                "<head><title>T</title><style>p{}</style></head><p onclick=alert(1)>Nie <b>mogę</b> dzwonić<script>alert(1)</script><img src=x onerror=alert(1)></p>",
            ),
            "ticket new",
            "x | Nie mogę dzwonić | ",
        ),
        case(
            "HTML that never ends",
            letter("Subject: x\nContent-Type: text/html", "<p>Tekst<div><script>alert(1)"),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "a message in a message",
            letter(
                MIXED,
                "--b\r\n\r\nPatrz w załączniku.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Anna <anna@example.com>\r\nSubject: problem\r\n\r\nNie działa.\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Patrz w załączniku. | anna@example.com\nproblem\n\nNie działa. | problem",
        ),
        case(
            "winmail.dat",
            letter(
                MIXED,
                "--b\r\n\r\nZ Outlooka\r\n--b\r\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+Ig==\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Z Outlooka |  | winmail.dat",
        ),
        case("NUL bytes", letter("Subject: a\0b", "c\0d"), "ticket new", "ab | cd | "),
        case(
            "a character set that nobody knows",
            letter("Subject: x\nContent-Type: text/plain; charset=x-klingon", "Tekst"),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "UTF-8 that is none",
            bytes(&letter("Subject: x\nContent-Type: text/plain; charset=utf-8", "za\\xBF\\xF3\\xB3\\xE6")),
            "ticket new",
            "x | za��� | ",
        ),
        case(
            "UTF-7",
            letter("Subject: x\nContent-Type: text/plain; charset=utf-7", "Za+AXwA8wFCAQc-"),
            "ticket new",
            "x | Zażółć | ",
        ),
        case(
            "marks that turn text around",
            letter("Subject: \u{202e}abc", "\u{2066}tekst\u{200b}"),
            "ticket new",
            "abc | tekst | ",
        ),
        case(
            "lines that were broken for transport",
            letter("Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed", "Nie mogę \r\ndzwonić.\r\n"),
            "ticket new",
            "x | Nie mogę dzwonić. | ",
        ),
        case(
            "a quotation below",
            letter(
                &format!("Subject: Re: x\n{plain}"),
                "Nadal nie.\r\n\r\nW dniu 20.11.2026, BOK pisze:\r\n> Czy działa?\r\n",
            ),
            "ticket new",
            "Re: x | Nadal nie. | W dniu 20.11.2026, BOK pisze:\n> Czy działa?",
        ),
        case(
            "nothing but a quotation",
            letter("Subject: x", "> Czy działa?\r\n"),
            "ticket new",
            "x | > Czy działa? | ",
        ),
        case("a multipart without parts", letter(MIXED, "Tekst bez granic"), "ticket new", "x | Tekst bez granic | "),
        case("a multipart that is cut off", letter(MIXED, "--b\r\n\r\nTekst urwa"), "ticket new", "x | Tekst urwa | "),
        case(
            "line ends of Unix",
            letter("Subject: x", "Jeden\nDwa").replace("\r\n", "\n"),
            "ticket new",
            "x | Jeden\nDwa | ",
        ),
        case(
            "the first line of an mbox",
            format!("From jan@example.com Fri Nov 20 14:05:00 2026\n{}", letter("Subject: x", "Tekst")),
            "ticket new",
            "x | Tekst | ",
        ),
        case(
            "a base64 that is none",
            letter("Subject: x\nContent-Transfer-Encoding: base64", "to nie base64!"),
            "ticket new",
            "x | to nie base64! | ",
        ),
        case(
            "an invitation",
            letter(
                ALTERNATIVE,
                "--b\r\n\r\nSpotkanie\r\n--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--b--\r\n",
            ),
            "ticket new",
            "x | Spotkanie |  | ",
        ),
        case(
            "a vacation",
            letter("Subject: Urlop\nAuto-Submitted: auto-replied", "Mnie nie ma"),
            "automatic auto-submitted",
            "Urlop | Mnie nie ma | ",
        ),
        case(
            "a newsletter",
            letter("Subject: Promocja\nPrecedence: bulk", "Kup"),
            "automatic precedence",
            "Promocja | Kup | ",
        ),
        case(
            "Exchange is away",
            letter("Subject: x\nX-Auto-Response-Suppress: OOF", "x"),
            "automatic suppress",
            "x | x | ",
        ),
        case("nobody to answer", letter("Return-Path: <>\nSubject: x", "x"), "automatic no-return", "x | x | "),
        case("our own address", letter("From: pomoc@example.com\nSubject: x", "x"), "loop own-address", "x | x | "),
        case(
            "our own address with something behind a plus",
            letter("From: POMOC+abc@example.com\nSubject: x", "x"),
            "loop own-address",
            "x | x | ",
        ),
        case(
            "round and round",
            letter(&format!("{}Subject: x", "Received: from a by b\n".repeat(60)), "x"),
            "loop hops",
            "x | x | ",
        ),
        case(
            "somebody else's bounce",
            letter("From: MAILER-DAEMON@example.com\nReturn-Path: <>\nSubject: x", "<a@b.pl>: no"),
            "automatic report",
            "x | <a@b.pl>: no | ",
        ),
        case(
            "a read receipt",
            letter(
                "Subject: x\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
                "--b\r\n\r\nRead\r\n--b--\r\n",
            ),
            "automatic report",
            "x | Read | ",
        ),
        case(
            "a list, which a support address may be",
            letter("Subject: x\nPrecedence: list\nList-Id: <bok.example.com>", "x"),
            "ticket new",
            "x | x | ",
        ),
    ]
}

#[tokio::test]
async fn each_awkward_message_becomes_what_it_should() {
    let world = world().await;
    let mut wrong = Vec::new();
    let all = cases();
    let count = all.len();
    assert!(count >= 30);
    for (number, case) in all.into_iter().enumerate() {
        // nobody sends as much within an hour
        world.advance(time::Duration::minutes(5));
        let fate = arrives(&world, &case.raw).await;
        let kept = last(&world).await;
        if (fate.as_str(), kept.as_str()) != (case.fate, case.kept) {
            wrong.push(format!("{}: {fate}: {kept:?}, not {}: {:?}", case.name, case.fate, case.kept));
        }
        let messages = world.count("select count(*) from inbound_mail").await;
        assert_eq!(messages, i64::try_from(number).unwrap() + 1, "{} is kept", case.name);
    }
    assert!(wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
    let unkept = "select count(*) from inbound_mail where length(raw) <> size";
    assert_eq!(world.count(unkept).await, 0, "short ones are kept as they came");
}

#[tokio::test]
async fn twenty_megabytes_are_taken_whole_and_more_is_taken_in_part() {
    let world = world().await;
    let attached = |megabytes: usize| {
        let line = format!("{}\r\n", "A".repeat(76));
        let lines = megabytes * 1_000_000 / line.len();
        let head = "--b\r\n\r\nW załączniku nagranie.\r\n--b\r\nContent-Type: audio/wav; name=rozmowa.wav\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        letter(MIXED, &format!("{head}{}\r\n--b--\r\n", line.repeat(lines)))
    };
    assert_eq!(arrives(&world, attached(20)).await, "ticket new");
    assert_eq!(last(&world).await, "x | W załączniku nagranie. |  | rozmowa.wav");
    assert_eq!(world.count("select count(*) from inbound_mail where length(raw) = size and size > 20000000").await, 1);
    let size = world.count("select (attachments -> 0 ->> 'size')::bigint from inbound_mail").await;
    assert!((14_000_000..15_000_000).contains(&size), "{size}");

    // what the command and the folder make of a message that is too long
    let raw = dzwoni::inbound_mail::maildir::read_raw_message(attached(40).as_bytes()).unwrap();
    assert!(raw.size > 40_000_000 && raw.bytes.len() < 38_000_000);
    let received = dzwoni::inbound_mail::Inbox::from_app(&world.app).ingest(raw, world.clock.now()).await.unwrap();
    assert_eq!(super::told(received), "ticket new");
    assert_eq!(world.count("select count(*) from inbound_mail where length(raw) < size").await, 1);
}

#[tokio::test]
async fn what_is_made_to_hurt_is_kept_and_hurts_nobody() {
    let world = world().await;
    let deep =
        |piece: &str, count: usize| format!("From: a@example.com\r\n{}Subject: x\r\n\r\nTekst", piece.repeat(count));
    let messages = [
        ("a head without end", format!("From: a@example.com\r\nSubject: {}\r\n\r\nTekst", "długi ".repeat(200_000))),
        ("fields without end", format!("From: a@example.com\r\n{}\r\nTekst", "X-A: b\r\n".repeat(300_000))),
        ("messages within messages", deep("Content-Type: message/rfc822\r\n\r\n", 100_000)),
        ("parts within parts", deep("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 100_000)),
        ("parts without end", letter(MIXED, &"--b\r\n\r\n".repeat(500_000))),
        ("tags within tags", letter("Subject: x\nContent-Type: text/html", &"<div><b><blockquote>".repeat(100_000))),
        ("addresses without end", letter(&format!("Cc: {}", "a@example.com, ".repeat(100_000)), "Tekst")),
        ("references without end", letter(&format!("References: {}", "<a@example.com> ".repeat(100_000)), "Tekst")),
        ("numbers without end", letter("Subject: x", &"22 555 01 20 ".repeat(50_000))),
        ("one word", letter("Subject: x", &"a".repeat(2_000_000))),
    ];
    for (number, (name, raw)) in messages.iter().enumerate() {
        let fate = arrives(&world, raw).await;
        assert!(fate.starts_with("ticket") || fate.starts_with("unreadable"), "{name}: {fate}");
        let kept = world.count("select count(*) from inbound_mail").await;
        assert_eq!(kept, i64::try_from(number).unwrap() + 1, "{name}");
    }
}

#[tokio::test]
async fn the_same_message_counts_once_and_another_under_its_name_is_looked_at() {
    let world = world().await;
    let mail = |received: &str, body: &str| {
        letter(&format!("{received}Message-ID: <same@mail.example.com>\nSubject: x"), body)
    };
    assert_eq!(arrives(&world, mail("", "Tekst")).await, "ticket new");
    assert_eq!(arrives(&world, mail("", "Tekst")).await, "ticket again");
    assert_eq!(
        arrives(&world, mail("Received: from elsewhere by us\n", "Tekst")).await,
        "ticket again",
        "by another way"
    );
    assert_eq!(arrives(&world, mail("", "Co innego")).await, "unreadable same-id");
    assert_eq!(arrives(&world, mail("", "Co innego")).await, "unreadable again");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    assert_eq!(world.count("select sum(duplicate_count) from inbound_mail").await, 3);

    let nameless = letter("Message-ID:\nSubject: x", "Bez nazwy");
    assert_eq!(arrives(&world, &nameless).await, "ticket new");
    assert_eq!(arrives(&world, &nameless).await, "ticket again");
    assert_eq!(world.count("select count(*) from ticket").await, 2);
}

#[tokio::test]
async fn programs_that_take_the_same_message_at_once_open_one_ticket() {
    let world = world().await;
    let mail = letter("Subject: x", "Tekst");
    let both = (0..8).map(|_| arrives(&world, &mail));
    let mut fates = futures_util::future::join_all(both).await;
    fates.sort();
    assert_eq!(fates.iter().filter(|fate| *fate == "ticket new").count(), 1, "{fates:?}");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    assert_eq!(world.count("select duplicate_count::bigint from inbound_mail").await, 7);
}

#[tokio::test]
async fn who_sends_too_many_within_an_hour_opens_no_more_tickets() {
    let world = world().await;
    for number in 0..30 {
        assert_eq!(arrives(&world, letter("Subject: x", &format!("Tekst {number}"))).await, "ticket new");
    }
    assert_eq!(arrives(&world, letter("Subject: x", "Tekst 31")).await, "flood too-many");
    assert_eq!(arrives(&world, letter("From: anna@example.com\nSubject: x", "Tekst")).await, "ticket new");
    assert_eq!(world.count("select count(*) from ticket").await, 31);
    world.advance(time::Duration::minutes(61));
    assert_eq!(arrives(&world, letter("Subject: x", "Tekst 32")).await, "ticket new");
}

#[tokio::test]
async fn what_a_filter_takes_for_spam_is_a_ticket_among_the_spam() {
    let world = world().await;
    assert_eq!(arrives(&world, letter("X-Spam-Flag: YES\nSubject: x", "Kup")).await, "ticket new");
    assert_eq!(world.count("select count(*) from ticket where status = 'spam'").await, 1);
    assert_eq!(world.count("select count(*) from outgoing_email").await, 0, "spam is not answered");
}

#[tokio::test]
async fn any_bytes_are_kept() {
    let world = world().await;
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(proptest::num::u8::ANY, 0..300);
    for number in 1..=48 {
        let mut bytes = strategy.new_tree(&mut runner).unwrap().current();
        if number % 2 == 0 {
            bytes.splice(0..0, format!("From: a{number}@example.com\r\n").into_bytes());
        }
        let fate = arrives(&world, &bytes).await;
        assert!(!fate.is_empty());
        assert!(kept(&world, &bytes).await, "{bytes:?}");
    }
}

async fn kept(world: &World, bytes: &[u8]) -> bool {
    sqlx::query_scalar("select exists (select from inbound_mail where raw = $1)")
        .bind(bytes)
        .fetch_one(world.sql().await)
        .await
        .unwrap()
}
