//! Messages as customers of a Polish operator write them, and the ticket data extracted from each.

use super::{ingest, last_message, message, world_with_inbox};
use crate::support::World;

/// A message, what is stored ("subject | body | quoted | attachments"), and the data of its ticket.
struct Case {
    name: &'static str,
    raw: String,
    stored: &'static str,
    extracted: &'static str,
}

fn case(name: &'static str, raw: String, stored: &'static str, extracted: &'static str) -> Case {
    Case { name, raw, stored, extracted }
}

const PLAIN: &str = "Content-Type: text/plain; charset=utf-8";
const HTML: &str = "Content-Type: text/html; charset=utf-8";

fn plain(subject: &str, body: &str) -> String {
    message(&format!("Subject: {subject}\n{PLAIN}"), &body.replace('\n', "\r\n"))
}

fn html(subject: &str, body: &str) -> String {
    message(&format!("Subject: {subject}\n{HTML}"), &body.replace('\n', "\r\n"))
}

/// "category A→B | call time | error | code | phone | inferred fields" of the last ticket.
async fn extracted(world: &World) -> String {
    sqlx::query_scalar(
        "select concat_ws(' | ',
            category::text || ' ' || coalesce(account, coalesce(caller, '') || '→' || coalesce(callee, '')),
            coalesce(to_char(call_at at time zone 'Europe/Warsaw', 'DD.MM HH24:MI ') || call_precision, ''),
            coalesce(error_text, ''), coalesce(sip_code::text, ''), coalesce(phone, ''), array_to_string(inferred_fields, ' '))
        from ticket order by id desc limit 1",
    )
    .fetch_one(world.sql().await)
    .await
    .unwrap()
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    vec![
        case(
            "an announcement, and a code beside it",
            plain(
                "Problem",
                "Dzień dobry, nie mogę zadzwonić z 22 555 01 20 na 601 555 210.\nusłyszałam „abonent czasowo niedostępny”, na telefonie 480",
            ),
            "Problem | Dzień dobry, nie mogę zadzwonić z 22 555 01 20 na 601 555 210.\nusłyszałam „abonent czasowo niedostępny”, na telefonie 480 | ",
            "outgoing +48225550120→+48601555210 |  | abonent czasowo niedostępny, 480 | 480 |  | category caller callee error_text",
        ),
        case(
            "an announcement of two sentences",
            plain(
                "Problem",
                "Słyszę „Abonent czasowo niedostępny. Prosimy zadzwonić później.”. Na wyświetlaczu kod 480.",
            ),
            "Problem | Słyszę „Abonent czasowo niedostępny. Prosimy zadzwonić później.”. Na wyświetlaczu kod 480. | ",
            "unknown → |  | Abonent czasowo niedostępny. Prosimy zadzwonić później, 480 | 480 |  | error_text",
        ),
        case(
            "a code on the next line",
            plain("Problem", "Komunikat: „brak wolnych linii”\nKod: 503"),
            "Problem | Komunikat: „brak wolnych linii”\nKod: 503 | ",
            "unknown → |  | brak wolnych linii, 503 | 503 |  | error_text",
        ),
        case(
            "quotation marks typed as commas",
            plain("Problem", "dzwonię dziś o 13:05 i słychać ,,numer zajęty'' (q.850 cause 17)"),
            "Problem | dzwonię dziś o 13:05 i słychać ,,numer zajęty'' (q.850 cause 17) | ",
            "unknown → | 20.11 13:05 5min | numer zajęty, Q.850 17 |  |  | call_time error_text",
        ),
        case(
            "an extension is no code",
            plain("Problem", "Dzwonię z wew. 501 i słyszę „abonent niedostępny”."),
            "Problem | Dzwonię z wew. 501 i słyszę „abonent niedostępny”. | ",
            "unknown → |  | abonent niedostępny |  |  | error_text",
        ),
        case(
            "sent from an iPhone",
            plain(
                "Telefon",
                "Dzień dobry, od rana nie mogę zadzwonić na nr 601 555 210, mój numer 22 555 01 20.\n\nWysłane z iPhone'a",
            ),
            "Telefon | Dzień dobry, od rana nie mogę zadzwonić na nr 601 555 210, mój numer 22 555 01 20.\n\nWysłane z iPhone'a | ",
            "outgoing +48225550120→+48601555210 |  |  |  |  | category caller callee",
        ),
        case(
            "a reply above the quotation, by Outlook",
            plain(
                "ODP: Problem",
                "Nadal nie mogę zadzwonić na 601 555 210.\n\nPozdrawiam\nAnna Nowak\n22 555 01 20\n\nOd: Dzwoni <pomoc@example.com>\nWysłano: piątek, 20 listopada 2026 12:03\nDo: Anna Nowak <anna@example.com>\nTemat: Problem\n\nCzy działa? Prosimy o kontakt: 22 122 80 22",
            ),
            "ODP: Problem | Nadal nie mogę zadzwonić na 601 555 210.\n\nPozdrawiam\nAnna Nowak\n22 555 01 20 | Od: Dzwoni <pomoc@example.com>\nWysłano: piątek, 20 listopada 2026 12:03\nDo: Anna Nowak <anna@example.com>\nTemat: Problem\n\nCzy działa? Prosimy o kontakt: 22 122 80 22",
            "outgoing →+48601555210 |  |  |  | +48225550120 | category callee",
        ),
        case(
            "a reply above the quotation, by Gmail",
            plain(
                "Re: Problem",
                "Już nie działają połączenia wychodzące, 601 555 210\n\npt., 20 lis 2026 o 14:03 Dzwoni – pomoc techniczna <pomoc@example.com>\nnapisał(a):\n\n> Czy działa?\n> 22 122 80 22",
            ),
            "Re: Problem | Już nie działają połączenia wychodzące, 601 555 210 | pt., 20 lis 2026 o 14:03 Dzwoni – pomoc techniczna <pomoc@example.com>\nnapisał(a):\n\n> Czy działa?\n> 22 122 80 22",
            "outgoing →+48601555210 |  |  |  |  | category callee",
        ),
        case(
            "a reply above the quotation, by Apple",
            plain(
                "Re: Problem",
                "Nie.\n\nWysłane z iPhone'a\n\n> Wiadomość napisana przez Dzwoni <pomoc@example.com> w dniu 20.11.2026, o godz. 12:03:\n> \n> Czy działa?",
            ),
            "Re: Problem | Nie.\n\nWysłane z iPhone'a | > Wiadomość napisana przez Dzwoni <pomoc@example.com> w dniu 20.11.2026, o godz. 12:03:\n> \n> Czy działa?",
            "unknown → |  |  |  |  | ",
        ),
        case(
            "a reply above the quotation, by Samsung",
            plain(
                "Re: Problem",
                "Nie działa\n\nWysłano z mojego Galaxy\n\n-------- Oryginalna wiadomość --------\nOd: Dzwoni <pomoc@example.com>\nData: 20.11.2026 12:03 (GMT+01:00)\nDo: Jan <jan@example.com>\nTemat: Problem\n\nCzy działa?",
            ),
            "Re: Problem | Nie działa\n\nWysłano z mojego Galaxy | -------- Oryginalna wiadomość --------\nOd: Dzwoni <pomoc@example.com>\nData: 20.11.2026 12:03 (GMT+01:00)\nDo: Jan <jan@example.com>\nTemat: Problem\n\nCzy działa?",
            "unknown → |  |  |  |  | ",
        ),
        case(
            "forwarded by Gmail",
            plain(
                "Fwd: telefony",
                "Proszę o pomoc.\n\n---------- Forwarded message ---------\nOd: Anna <anna@example.com>\nDate: czw., 19 lis 2026 o 16:40\nSubject: telefony\nTo: Jan <jan@example.com>\n\nNie mogę zadzwonić z 22 555 01 20 na 601 555 210, dziś o 15:10.",
            ),
            "Fwd: telefony | Proszę o pomoc. | ---------- Forwarded message ---------\nOd: Anna <anna@example.com>\nDate: czw., 19 lis 2026 o 16:40\nSubject: telefony\nTo: Jan <jan@example.com>\n\nNie mogę zadzwonić z 22 555 01 20 na 601 555 210, dziś o 15:10.",
            "outgoing +48225550120→+48601555210 | 19.11 15:10 5min |  |  |  | category caller callee call_time",
        ),
        case(
            "forwarded by Thunderbird",
            plain(
                "Fwd: telefony",
                "Proszę o pomoc\n\n-------- Treść przekazanej wiadomości --------\nTemat: telefony\nData: czw., 19 lis 2026 16:40:05 +0100\nNadawca: Anna <anna@example.com>\nAdresat: Jan <jan@example.com>\n\nNie możemy zadzwonić z 22 555 01 20 na 601 555 210.",
            ),
            "Fwd: telefony | Proszę o pomoc | -------- Treść przekazanej wiadomości --------\nTemat: telefony\nData: czw., 19 lis 2026 16:40:05 +0100\nNadawca: Anna <anna@example.com>\nAdresat: Jan <jan@example.com>\n\nNie możemy zadzwonić z 22 555 01 20 na 601 555 210.",
            "outgoing +48225550120→+48601555210 |  |  |  |  | category caller callee",
        ),
        case(
            "a reply by webmail, and a signature with a fax number",
            plain(
                "Odp: telefony",
                "Dzień dobry, od 19.11.2026 r. nie możemy dzwonić na 601 555 210.\n\nZ poważaniem\nAnna Nowak\ntel. 22 555 01 20\nfax 22 555 01 21\n\nW dniu 2026-11-20 12:03:12 użytkownik Dzwoni <pomoc@example.com> napisał:\n> Czy działa?",
            ),
            "Odp: telefony | Dzień dobry, od 19.11.2026 r. nie możemy dzwonić na 601 555 210.\n\nZ poważaniem\nAnna Nowak\ntel. 22 555 01 20\nfax 22 555 01 21 | W dniu 2026-11-20 12:03:12 użytkownik Dzwoni <pomoc@example.com> napisał:\n> Czy działa?",
            "outgoing →+48601555210 |  |  |  | +48225550120 | category callee",
        ),
        case(
            "forwarded without a text",
            plain(
                "PD: telefony",
                "Od: Anna <anna@example.com>\nWysłano: czwartek, 19 listopada 2026 16:40\nDo: Jan <jan@example.com>\nTemat: telefony\n\nNie mogę zadzwonić z 22 555 01 20 na 601 555 210.",
            ),
            "PD: telefony | Od: Anna <anna@example.com>\nWysłano: czwartek, 19 listopada 2026 16:40\nDo: Jan <jan@example.com>\nTemat: telefony\n\nNie mogę zadzwonić z 22 555 01 20 na 601 555 210. | ",
            "outgoing +48225550120→+48601555210 |  |  |  |  | category caller callee",
        ),
        case(
            "HTML only, nested tables",
            html(
                "Zgloszenie",
                "<html><head><style>td{x}</style></head><body><table><tr><td><table><tr><td>Problem</td><td>nie można zadzwonić</td></tr><tr><td>Z numeru:</td><td><b>22&nbsp;555&nbsp;01&nbsp;20</b></td></tr><tr><td>Na numer:</td><td>601-555-210</td></tr><tr><td>Kiedy:</td><td>20.11.2026 godz. 13.05</td></tr><tr><td>Komunikat</td><td>&bdquo;abonent niedost&#281;pny&rdquo;</td></tr></table></td></tr></table></body></html>",
            ),
            "Zgloszenie | Problem nie można zadzwonić\nZ numeru: 22 555 01 20\nNa numer: 601-555-210\nKiedy: 20.11.2026 godz. 13.05\nKomunikat „abonent niedostępny” | ",
            "outgoing +48225550120→+48601555210 | 20.11 13:05 5min | abonent niedostępny |  |  | category caller callee call_time error_text",
        ),
        case(
            "Outlook's HTML",
            html(
                "ODP: x",
                "<div class=WordSection1><p class=MsoNormal>Nadal nie działa, 601 555 210 dziś o 13.05<o:p></o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Dzwoni &lt;pomoc@example.com&gt;<br><b>Sent:</b> Friday, November 20, 2026 12:03 PM<br><b>To:</b> Jan<br><b>Subject:</b> x</p></div></div><p>Czy działa?</p></div>",
            ),
            "ODP: x | Nadal nie działa, 601 555 210 dziś o 13.05 | From: Dzwoni <pomoc@example.com>\nSent: Friday, November 20, 2026 12:03 PM\nTo: Jan\nSubject: x\n\nCzy działa?",
            "unknown →+48601555210 | 20.11 13:05 5min |  |  |  | callee call_time",
        ),
        case(
            "brackets, dots and prefixes",
            plain("nie mogę zadzwonić", "z numeru +48 (22) 555-01-20 na (0048) 601.555.210 dziś o 13:05"),
            "nie mogę zadzwonić | z numeru +48 (22) 555-01-20 na (0048) 601.555.210 dziś o 13:05 | ",
            "outgoing +48225550120→+48601555210 | 20.11 13:05 5min |  |  |  | category caller callee call_time",
        ),
        case(
            "numbers with dots",
            plain("nie mogę zadzwonić", "z numeru 22.555.01.20 na 0044-20-8190-0322, 20.11 o 13:05"),
            "nie mogę zadzwonić | z numeru 22.555.01.20 na 0044-20-8190-0322, 20.11 o 13:05 | ",
            "outgoing +48225550120→+442081900322 | 20.11 13:05 5min |  |  |  | category caller callee call_time",
        ),
        case(
            "yesterday about two",
            plain("Brak połączeń wychodzących", "wczoraj ok. 14 dzwoniłem z 22 555 01 20 na 601 555 210"),
            "Brak połączeń wychodzących | wczoraj ok. 14 dzwoniłem z 22 555 01 20 na 601 555 210 | ",
            "outgoing +48225550120→+48601555210 | 19.11 14:00 30min |  |  |  | category caller callee call_time",
        ),
        case(
            "about fourteen people",
            plain("Brak połączeń", "wczoraj ok. 14 osób nie mogło się do nas dodzwonić"),
            "Brak połączeń | wczoraj ok. 14 osób nie mogło się do nas dodzwonić | ",
            "incoming → |  |  |  |  | category",
        ),
        case(
            "a month in words",
            plain("x", "20 listopada 2026, godz. 13.05, nie można zadzwonić z 22 555 01 20 na 601 555 210"),
            "x | 20 listopada 2026, godz. 13.05, nie można zadzwonić z 22 555 01 20 na 601 555 210 | ",
            "outgoing +48225550120→+48601555210 | 20.11 13:05 5min |  |  |  | category caller callee call_time",
        ),
        case(
            "a day of the week",
            plain("x", "w środę o 9:15 nie można było zadzwonić z 22 555 01 20 na 601 555 210"),
            "x | w środę o 9:15 nie można było zadzwonić z 22 555 01 20 na 601 555 210 | ",
            "outgoing +48225550120→+48601555210 | 18.11 09:15 5min |  |  |  | category caller callee call_time",
        ),
        case(
            "two numbers and one role",
            plain("x", "Nie możemy zadzwonić z numeru 22 555 01 20, 601 555 210 ciągle zajęty."),
            "x | Nie możemy zadzwonić z numeru 22 555 01 20, 601 555 210 ciągle zajęty. | ",
            "outgoing +48225550120→+48601555210 |  |  |  |  | category caller callee",
        ),
        case(
            "a customer's customer",
            plain("Połączenia przychodzące", "Klient 601 555 210 nie może się do nas dodzwonić od wczoraj."),
            "Połączenia przychodzące | Klient 601 555 210 nie może się do nas dodzwonić od wczoraj. | ",
            "incoming +48601555210→ |  |  |  |  | category caller",
        ),
        case(
            "a callback number",
            plain("x", "Nie możemy zadzwonić na 0044 20 8190 0322. Proszę o kontakt pod numerem 601 555 210."),
            "x | Nie możemy zadzwonić na 0044 20 8190 0322. Proszę o kontakt pod numerem 601 555 210. | ",
            "outgoing →+442081900322 |  |  |  | +48601555210 | category callee",
        ),
        case(
            "a number below the greeting",
            plain("x", "Nie możemy zadzwonić z 22 555 01 20.\n\nPozdrawiam\nJan Nowak\n601 555 210\nNIP 525-224-84-81"),
            "x | Nie możemy zadzwonić z 22 555 01 20.\n\nPozdrawiam\nJan Nowak\n601 555 210\nNIP 525-224-84-81 | ",
            "outgoing +48225550120→ |  |  |  | +48601555210 | category caller",
        ),
        case(
            "a call as a list",
            plain(
                "Brak połączenia",
                "Nie mogę zadzwonić:\n\nOd: 22 555 01 20\nDo: 601 555 210\nData: 20.11.2026 13:05\nKomunikat: 480 Temporarily Unavailable",
            ),
            "Brak połączenia | Nie mogę zadzwonić:\n\nOd: 22 555 01 20\nDo: 601 555 210\nData: 20.11.2026 13:05\nKomunikat: 480 Temporarily Unavailable | ",
            "outgoing +48225550120→+48601555210 | 20.11 13:05 5min | 480 Temporarily Unavailable | 480 |  | category caller callee call_time error_text",
        ),
        case(
            "lines broken at 72",
            plain(
                "x",
                "Dzień dobry, od wczoraj mamy kłopot, bo nie można zadzwonić na numer\n601 555 210, a z drugiego telefonu słychać tylko zapowiedź: „abonent\nczasowo niedostępny”.",
            ),
            "x | Dzień dobry, od wczoraj mamy kłopot, bo nie można zadzwonić na numer\n601 555 210, a z drugiego telefonu słychać tylko zapowiedź: „abonent\nczasowo niedostępny”. | ",
            "outgoing →+48601555210 |  | abonent czasowo niedostępny |  |  | category callee error_text",
        ),
        case(
            "ISO-8859-2, quoted-printable",
            message(
                "Subject: =?iso-8859-2?Q?nie_mog=EA_zadzwoni=E6?=\nContent-Type: text/plain; charset=iso-8859-2\nContent-Transfer-Encoding: quoted-printable",
                "Dzie=F1 dobry, dzi=B6 o 13:05 z 22 555 01 20=\r\n na 601 555 210 us=B3ysza=B3em =22abonent niedost=EApny=22.",
            ),
            "nie mogę zadzwonić | Dzień dobry, dziś o 13:05 z 22 555 01 20 na 601 555 210 usłyszałem \"abonent niedostępny\". | ",
            "outgoing +48225550120→+48601555210 | 20.11 13:05 5min | abonent niedostępny |  |  | category caller callee call_time error_text",
        ),
        case(
            "Windows-1250, quoted-printable HTML",
            message(
                "Subject: =?windows-1250?Q?Po=B3=B9czenia_wychodz=B9ce?=\nContent-Type: text/html; charset=windows-1250\nContent-Transfer-Encoding: quoted-printable",
                "<p>S=B3ysz=EA =84brak =9Crodk=F3w na koncie=94 &ndash; z 22 555 01 20 na 601 555 210, dzi=9C o 13:05</p>",
            ),
            "Połączenia wychodzące | Słyszę „brak środków na koncie” – z 22 555 01 20 na 601 555 210, dziś o 13:05 | ",
            "outgoing +48225550120→+48601555210 | 20.11 13:05 5min | brak środków na koncie |  |  | category caller callee call_time error_text",
        ),
        case(
            "only an invitation",
            message(
                "Subject: Spotkanie\nContent-Type: text/calendar; charset=utf-8; method=REQUEST",
                "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART:20261120T140500Z\r\nUID:601555210\r\nSUMMARY:Awaria telefonów\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            ),
            "Spotkanie |  |  | ",
            "unknown → |  |  |  |  | ",
        ),
        case(
            "dates and times without spaces",
            plain(
                "x",
                "dn. 20.11.2026r. godz.13:05 nie mogłem zadzwonić z 22 555 01 20 na 601 555 210, pracujemy od 8:00 do 16:00",
            ),
            "x | dn. 20.11.2026r. godz.13:05 nie mogłem zadzwonić z 22 555 01 20 na 601 555 210, pracujemy od 8:00 do 16:00 | ",
            "outgoing +48225550120→+48601555210 | 20.11 13:05 5min |  |  |  | category caller callee call_time",
        ),
        case(
            "opening hours",
            plain("x", "Pracujemy od 8:00 do 16:00 i nie możemy zadzwonić na 601 555 210"),
            "x | Pracujemy od 8:00 do 16:00 i nie możemy zadzwonić na 601 555 210 | ",
            "outgoing →+48601555210 |  |  |  |  | category callee",
        ),
        case(
            "a callback request",
            plain("x", "19.11 16:20 zerwało rozmowę z 601 555 210 na 22 555 01 20. Proszę oddzwonić na 602 555 210."),
            "x | 19.11 16:20 zerwało rozmowę z 601 555 210 na 22 555 01 20. Proszę oddzwonić na 602 555 210. | ",
            "unknown +48601555210→+48225550120 | 19.11 16:20 5min |  |  | +48602555210 | caller callee call_time",
        ),
        case(
            "a price and a code",
            plain("x", "Mam 500 zł na koncie, a komunikat to „brak środków”, Q.850: cause=21"),
            "x | Mam 500 zł na koncie, a komunikat to „brak środków”, Q.850: cause=21 | ",
            "unknown → |  | brak środków, Q.850 21 |  |  | error_text",
        ),
        case(
            "a quoted word that is no announcement",
            plain("x", "Po wybraniu „Zadzwoń” słyszę zapowiedź „wybrany numer nie istnieje”, wew. 404"),
            "x | Po wybraniu „Zadzwoń” słyszę zapowiedź „wybrany numer nie istnieje”, wew. 404 | ",
            "unknown → |  | wybrany numer nie istnieje |  |  | error_text",
        ),
        case(
            "only an attachment",
            message(
                "Subject: Zrzut ekranu\nContent-Type: image/png; name=\"zrzut ekranu 601 555 210.png\"\nContent-Disposition: attachment; filename=\"zrzut ekranu 601 555 210.png\"\nContent-Transfer-Encoding: base64",
                "iVBORw0KGgo=",
            ),
            "Zrzut ekranu |  |  | zrzut ekranu 601 555 210.png",
            "unknown → |  |  |  |  | ",
        ),
    ]
}

#[tokio::test]
async fn the_data_of_a_call_is_extracted_from_typical_messages() {
    let world = world_with_inbox().await;
    let mut failures = Vec::new();
    let cases = cases();
    let count = cases.len();
    for case in cases {
        // another sender each time, because of the rate limit
        world.advance(time::Duration::seconds(1));
        let sender = format!("From: k{}@example.com\r\n", uuid::Uuid::new_v4().simple());
        let raw = case.raw.replacen("From: Jan Nowak <jan.nowak@example.com>\r\n", &sender, 1);
        assert_eq!(ingest(&world, raw).await, "ticket new", "{}", case.name);
        let (stored, extracted) = (last_message(&world).await, extracted(&world).await);
        if (stored.as_str(), extracted.as_str()) != (case.stored, case.extracted) {
            failures.push(format!("{}\n  {stored:?}\n  {extracted:?}", case.name));
        }
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}
