//! What staff see of mail, and what they do about it.

use time::Duration;

use super::{arrives, events, last, letter, newest, world};
use crate::tickets::{act, desk};

const TOLD: &str = "Dzień dobry, nie mogę zadzwonić. Dziś o 13:05 z 22 555 01 20 na 0044 20 8190 0322 słyszę „503 Service Unavailable”.";

#[tokio::test]
async fn what_was_guessed_is_marked_until_staff_confirm_it() {
    let world = world().await;
    arrives(&world, letter("Subject: Problem\nContent-Type: text/plain; charset=utf-8", TOLD)).await;
    let reference = newest(&world).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&desk(&reference)).await.expect(200);
    page.must_show("22 555 01 20").must_show("0044 20 8190 0322").must_show("503").must_show("odgadnięte");
    assert_eq!(page.value("caller"), "22 555 01 20");
    assert_eq!((page.value("date").as_str(), page.value("time").as_str()), ("20.11.2026", "13:05"));

    let fields = ["category", "caller", "callee", "date", "time", "error_text", "symptom", "account"];
    let values: Vec<_> = fields.iter().map(|field| (*field, page.value(field))).collect();
    let mut values: Vec<_> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
    values[0].1 = "outgoing";
    act(&anna, &reference, "told", &values).await.expect(303);
    assert_eq!(events(&world, &reference).await, ["staff settled"]);
    let page = anna.get(&desk(&reference)).await.expect(200);
    page.must_not_show("odgadnięte").must_not_show("Odczytane z e-maila").must_show("Anna potwierdza dane z e-maila");
    let precise = "select count(*) from ticket where call_at = '2026-11-20 12:05+00' and sip_code = 503 and inferred_fields = '{}'";
    assert_eq!(world.count(precise).await, 1);
}

#[tokio::test]
async fn wrong_guesses_are_put_right_and_the_history_says_what_was_there() {
    let world = world().await;
    arrives(&world, letter("Subject: x\nContent-Type: text/plain; charset=utf-8", "na 22 555 01 20 dziś o 13:05"))
        .await;
    let reference = newest(&world).await;
    let anna = world.agent("Anna").await;
    let right = [
        ("category", "audio"),
        ("caller", "12345-101"),
        ("callee", "601 555 210"),
        ("date", "19.11.2026"),
        ("time", "10:00"),
        ("error_text", ""),
        ("symptom", "echo"),
        ("account", ""),
    ];
    act(&anna, &reference, "told", &right).await.expect(303);
    let page = anna.get(&desk(&reference)).await.expect(200);
    page.must_show("Anna poprawia dane z e-maila").must_show("B (było: 22 555 01 20)");
    let right = "select count(*) from ticket where category = 'audio' and symptom = 'echo' and caller = '12345-101'
        and callee = '+48601555210' and call_at = '2026-11-19 09:00+00' and call_precision = 'exact'";
    assert_eq!(world.count(right).await, 1);
}

#[tokio::test]
async fn what_can_not_be_read_is_said_beside_its_field_and_kept() {
    let world = world().await;
    arrives(&world, letter("Subject: x", "Tekst")).await;
    let reference = newest(&world).await;
    let anna = world.agent("Anna").await;
    let wrong = [
        ("category", "outgoing"),
        ("caller", "123"),
        ("callee", "22 122 80"),
        ("date", "31.11.2026"),
        ("time", "14:75"),
        ("error_text", ""),
        ("symptom", ""),
        ("account", ""),
    ];
    let page = act(&anna, &reference, "told", &wrong).await.expect(422);
    page.must_show("Nie ma takiej godziny jak 14:75").must_show("31.11.2026");
    assert_eq!((page.value("callee").as_str(), page.value("time").as_str()), ("22 122 80", "14:75"));
    assert_eq!(events(&world, &reference).await, Vec::<String>::new());

    // empty fields may stay empty
    let empty = wrong.map(|(field, value)| (field, if field == "category" { value } else { "" }));
    act(&anna, &reference, "told", &empty).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket where category = 'outgoing' and callee is null").await, 1);
    anna.get(&desk(&reference)).await.expect(200).must_show("Odczytane z e-maila");
}

#[tokio::test]
async fn two_people_who_confirm_at_once_are_not_mixed_up() {
    let world = world().await;
    arrives(&world, letter("Subject: x\nContent-Type: text/plain; charset=utf-8", TOLD)).await;
    let reference = newest(&world).await;
    let (anna, piotr) = (world.agent("Anna").await, world.agent("Piotr").await);
    let page = anna.get(&desk(&reference)).await.expect(200);
    let fields =
        |callee| [("category", "outgoing"), ("caller", "22 555 01 20"), ("callee", callee), ("date", ""), ("time", "")];
    act(&piotr, &reference, "told", &fields("601 555 210")).await.expect(303);
    let late = crate::tickets::act_from(&anna, &page, &reference, "told", &fields("22 122 80 22")).await.expect(409);
    late.must_show("Ktoś zmienił to zgłoszenie");
    assert_eq!(late.value("callee"), "22 122 80 22", "what was typed is kept");
    assert_eq!(events(&world, &reference).await, ["staff settled"]);
}

#[tokio::test]
async fn a_ticket_of_which_nothing_was_told_works_everywhere() {
    let world = world().await;
    arrives(&world, letter("Subject: Dzień dobry\nContent-Type: text/plain; charset=utf-8", "Nie działa mi telefon."))
        .await;
    let reference = newest(&world).await;
    let anna = world.agent("Anna").await;
    for address in ["/staff", "/staff?category=unknown", "/staff.csv?view=all", "/staff/stats", &desk(&reference)] {
        anna.get(address).await.expect(200).must_show(&reference.to_string());
    }
    anna.get(&desk(&reference)).await.expect(200).must_show("Nie działa mi telefon.").must_show("Jeszcze nie wiadomo");
    let found = anna.get("/staff?view=all&q=jan.nowak%40example.com").await;
    assert!(found.status == 200 || found.status == 303, "{}", found.status);
}

#[tokio::test]
async fn staff_see_all_that_came_and_what_became_of_it() {
    let world = world().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff/mail").await.expect(200).must_show("Nic nie przyszło");
    arrives(&world, letter("Subject: Pierwszy", "Tekst")).await;
    arrives(&world, letter("Subject: Urlop\nAuto-Submitted: auto-replied", "Mnie nie ma")).await;
    arrives(&world, "to nie jest wiadomość").await;
    let list = anna.get("/staff/mail").await.expect(200);
    list.must_show("Pierwszy")
        .must_show("Urlop")
        .must_show("Odpowiedź automatyczna")
        .must_show("Jedna wiadomość do obejrzenia");
    anna.get("/staff/mail?fate=automatic").await.expect(200).must_show("Urlop").must_not_show("Pierwszy");
    anna.get("/staff/mail?fate=nonsense&before=nonsense").await.expect(200).must_show("Pierwszy");
    anna.get("/staff/mail/nonsense").await.expect(404);
    world.visitor().get("/staff/mail").await.expect(303);
}

#[tokio::test]
async fn a_message_is_shown_as_text_and_given_out_as_a_file() {
    let world = world().await;
    let raw = letter(
        "Subject: <script>alert(1)</script>\nContent-Type: text/html",
        "<p>Tekst &lt;b&gt;</p><blockquote>Cytat</blockquote><script>alert(1)</script>",
    );
    arrives(&world, &raw).await;
    let anna = world.agent("Anna").await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let page = anna.get(&format!("/staff/mail/{id}")).await.expect(200);
    page.must_show("<script>alert(1)</script>").must_show("Tekst <b>").must_show("Cytat");
    assert!(!page.body.contains("<script>alert"), "it is text");
    let file = anna.get(&format!("/staff/mail/{id}/raw")).await.expect(200);
    assert_eq!(file.bytes, raw.as_bytes());
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert!(file.header("content-disposition").starts_with("attachment"));
    world.visitor().get(&format!("/staff/mail/{id}/raw")).await.expect(303);

    world.advance(Duration::days(31));
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&format!("/staff/mail/{id}/raw")).await.expect(404);
    anna.get(&format!("/staff/mail/{id}")).await.expect(200).must_show("Tekst <b>").must_show("Załączników już nie ma");
}

#[tokio::test]
async fn a_person_makes_a_ticket_of_what_was_taken_for_a_machines() {
    let world = world().await;
    let mail = letter("Subject: Pilne\nPrecedence: bulk\nContent-Type: text/plain; charset=utf-8", TOLD);
    assert_eq!(arrives(&world, mail).await, "automatic precedence");
    let anna = world.agent("Anna").await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let made = anna.post(&format!("/staff/mail/{id}/ticket"), &[]).await.expect(303);
    assert_eq!(made.location(), desk(&newest(&world).await));
    anna.follow(&made).await.expect(200).must_show("0044 20 8190 0322").must_show("odgadnięte");
    // pressed twice
    anna.post(&format!("/staff/mail/{id}/ticket"), &[]).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    anna.get("/staff/mail").await.expect(200).must_show("Zgłoszenie założone ręcznie");
}

#[tokio::test]
async fn what_can_not_be_read_stays_until_somebody_has_looked_at_it() {
    let world = world().await;
    arrives(&world, "to nie jest wiadomość").await;
    world.advance(Duration::days(200));
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let anna = world.agent("Anna").await;
    anna.get(&format!("/staff/mail/{id}/raw")).await.expect(200).must_show("to nie jest wiadomość");
    for _ in 0..2 {
        anna.post(&format!("/staff/mail/{id}/done"), &[]).await.expect(303);
    }
    anna.get("/staff/mail").await.expect(200).must_not_show("wiadomość do obejrzenia").must_show("obejrzane");
    assert_eq!(last(&world).await, " |  | ");
    world.advance(Duration::days(91));
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from inbound_mail").await, 0);
}

#[tokio::test]
async fn each_file_is_given_out_by_itself_and_none_is_shown_by_the_browser() {
    let world = world().await;
    let part = |kind: &str, code: &str, body: &str| {
        format!(
            "--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: {code}\r\n\r\n{body}\r\n"
        )
    };
    let body = [
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nW załączniku.\r\n".to_owned(),
        part("image/png; name=\"zrzut ekranu.png\"", "base64", "iVBORw0KGgo="),
        part("text/html; name=strona.html", "7bit", "<script>alert(1)</script>"),
        part("message/rfc822", "7bit", "Subject: Dalej\r\n\r\nTekst"),
        "--b--\r\n".to_owned(),
    ];
    let head = "Subject: Pliki\nContent-Type: multipart/mixed; boundary=b";
    arrives(&world, letter(head, &body.concat())).await;
    let anna = world.agent("Anna").await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let address = |number: &str| format!("/staff/mail/{id}/files/{number}");
    let reference = newest(&world).await;
    for page in [format!("/staff/mail/{id}"), desk(&reference)] {
        let page = anna.get(&page).await.expect(200);
        page.must_show("zrzut ekranu.png, image/png, 8 B");
        for number in ["0", "1", "2"] {
            assert!(page.body.contains(&format!("href=\"{}\" download", address(number))), "{}", page.body);
        }
    }
    let picture = anna.get(&address("0")).await.expect(200);
    assert_eq!(&picture.bytes[..], b"\x89PNG\r\n\x1a\n");
    assert_eq!(picture.header("content-type"), "image/png");
    let saved = "attachment; filename=\"zrzut ekranu.png\"; filename*=UTF-8''zrzut%20ekranu.png";
    assert_eq!(picture.header("content-disposition"), saved);
    let script = anna.get(&address("1")).await.expect(200);
    assert_eq!(&script.bytes[..], b"<script>alert(1)</script>");
    let message = anna.get(&address("2")).await.expect(200);
    assert!(message.bytes.starts_with(b"Subject: Dalej"), "{:?}", String::from_utf8_lossy(&message.bytes));
    for file in [&script, &message] {
        assert_eq!(file.header("content-type"), "application/octet-stream");
        assert!(file.header("content-disposition").starts_with("attachment;"));
    }
    for file in [&picture, &script, &message] {
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
    }
    for nothing in ["3", "-1", "x", "99999999999999999999"] {
        anna.get(&address(nothing)).await.expect(404);
    }
    world.visitor().get(&address("0")).await.expect(303);
    world.advance(Duration::days(31));
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&address("0")).await.expect(404);
    let page = anna.get(&format!("/staff/mail/{id}")).await.expect(200);
    page.must_show("zrzut ekranu.png");
    assert!(!page.body.contains("/files/"), "{}", page.body);
}
