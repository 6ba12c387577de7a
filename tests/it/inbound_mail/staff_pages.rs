//! What staff see of inbound mail, and what they can do with it.

use time::Duration;

use super::{event_list, ingest, last_message, message, newest_ticket, world_with_inbox};
use crate::tickets::{post_action, ticket_path};

const COMPLETE_REPORT: &str = "Dzień dobry, nie mogę zadzwonić. Dziś o 13:05 z 22 555 01 20 na 0044 20 8190 0322 słyszę „503 Service Unavailable”.";

#[tokio::test]
async fn extracted_details_are_marked_until_staff_confirm_them() {
    let world = world_with_inbox().await;
    ingest(&world, message("Subject: Problem\nContent-Type: text/plain; charset=utf-8", COMPLETE_REPORT)).await;
    let reference = newest_ticket(&world).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&ticket_path(&reference)).await.expect(200);
    page.assert_shows("22 555 01 20").assert_shows("0044 20 8190 0322").assert_shows("503").assert_shows("odgadnięte");
    assert_eq!(page.value("caller"), "22 555 01 20");
    assert_eq!((page.value("date").as_str(), page.value("time").as_str()), ("20.11.2026", "13:05"));

    let fields = ["category", "caller", "callee", "date", "time", "error_text", "symptom", "account"];
    let values: Vec<_> = fields.iter().map(|field| (*field, page.value(field))).collect();
    let mut values: Vec<_> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
    values[0].1 = "outgoing";
    post_action(&anna, &reference, "email-details", &values).await.expect(303);
    assert_eq!(event_list(&world, &reference).await, ["staff settled"]);
    let page = anna.get(&ticket_path(&reference)).await.expect(200);
    page.assert_hides("odgadnięte").assert_hides("Odczytane z e-maila").assert_shows("Anna potwierdza dane z e-maila");
    let confirmed = "select count(*) from ticket where call_at = '2026-11-20 12:05+00' and sip_code = 503 and inferred_fields = '{}'";
    assert_eq!(world.count(confirmed).await, 1);
}

#[tokio::test]
async fn staff_correct_extracted_details_and_the_history_shows_the_old_values() {
    let world = world_with_inbox().await;
    ingest(&world, message("Subject: x\nContent-Type: text/plain; charset=utf-8", "na 22 555 01 20 dziś o 13:05"))
        .await;
    let reference = newest_ticket(&world).await;
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
    post_action(&anna, &reference, "email-details", &right).await.expect(303);
    let page = anna.get(&ticket_path(&reference)).await.expect(200);
    page.assert_shows("Anna poprawia dane z e-maila").assert_shows("B (było: 22 555 01 20)");
    let right = "select count(*) from ticket where category = 'audio' and symptom = 'echo' and caller = '12345-101'
        and callee = '+48601555210' and call_at = '2026-11-19 09:00+00' and call_precision = 'exact'";
    assert_eq!(world.count(right).await, 1);
}

#[tokio::test]
async fn invalid_details_are_explained_beside_their_fields_and_kept() {
    let world = world_with_inbox().await;
    ingest(&world, message("Subject: x", "Tekst")).await;
    let reference = newest_ticket(&world).await;
    let anna = world.agent("Anna").await;
    let invalid = [
        ("category", "outgoing"),
        ("caller", "123"),
        ("callee", "22 122 80"),
        ("date", "31.11.2026"),
        ("time", "14:75"),
        ("error_text", ""),
        ("symptom", ""),
        ("account", ""),
    ];
    let page = post_action(&anna, &reference, "email-details", &invalid).await.expect(422);
    page.assert_shows("Nie ma takiej godziny jak 14:75").assert_shows("31.11.2026");
    assert_eq!((page.value("callee").as_str(), page.value("time").as_str()), ("22 122 80", "14:75"));
    assert_eq!(event_list(&world, &reference).await, Vec::<String>::new());

    // empty fields may stay empty
    let empty = invalid.map(|(field, value)| (field, if field == "category" { value } else { "" }));
    post_action(&anna, &reference, "email-details", &empty).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket where category = 'outgoing' and callee is null").await, 1);
    anna.get(&ticket_path(&reference)).await.expect(200).assert_shows("Odczytane z e-maila");
}

#[tokio::test]
async fn the_second_of_two_confirmations_is_a_conflict() {
    let world = world_with_inbox().await;
    ingest(&world, message("Subject: x\nContent-Type: text/plain; charset=utf-8", COMPLETE_REPORT)).await;
    let reference = newest_ticket(&world).await;
    let (anna, piotr) = (world.agent("Anna").await, world.agent("Piotr").await);
    let page = anna.get(&ticket_path(&reference)).await.expect(200);
    let fields =
        |callee| [("category", "outgoing"), ("caller", "22 555 01 20"), ("callee", callee), ("date", ""), ("time", "")];
    post_action(&piotr, &reference, "email-details", &fields("601 555 210")).await.expect(303);
    let conflict = crate::tickets::post_action_from(&anna, &page, &reference, "email-details", &fields("22 122 80 22"))
        .await
        .expect(409);
    conflict.assert_shows("Ktoś zmienił to zgłoszenie");
    assert_eq!(conflict.value("callee"), "22 122 80 22", "the typed value is kept");
    assert_eq!(event_list(&world, &reference).await, ["staff settled"]);
}

#[tokio::test]
async fn a_ticket_without_any_details_is_shown_on_every_page() {
    let world = world_with_inbox().await;
    ingest(&world, message("Subject: Dzień dobry\nContent-Type: text/plain; charset=utf-8", "Nie działa mi telefon."))
        .await;
    let reference = newest_ticket(&world).await;
    let anna = world.agent("Anna").await;
    for address in
        ["/staff", "/staff?category=unknown", "/staff.csv?view=all", "/staff/stats", &ticket_path(&reference)]
    {
        anna.get(address).await.expect(200).assert_shows(&reference.to_string());
    }
    anna.get(&ticket_path(&reference))
        .await
        .expect(200)
        .assert_shows("Nie działa mi telefon.")
        .assert_shows("Jeszcze nie wiadomo");
    let search = anna.get("/staff?view=all&q=jan.nowak%40example.com").await;
    assert!(search.status == 200 || search.status == 303, "{}", search.status);
}

#[tokio::test]
async fn the_inbox_lists_all_messages_with_their_outcome() {
    let world = world_with_inbox().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff/inbox").await.expect(200).assert_shows("Nic nie przyszło");
    ingest(&world, message("Subject: Pierwszy", "Tekst")).await;
    ingest(&world, message("Subject: Urlop\nAuto-Submitted: auto-replied", "Mnie nie ma")).await;
    ingest(&world, "to nie jest wiadomość").await;
    let list = anna.get("/staff/inbox").await.expect(200);
    list.assert_shows("Pierwszy")
        .assert_shows("Urlop")
        .assert_shows("Odpowiedź automatyczna")
        .assert_shows("Jedna wiadomość do obejrzenia");
    anna.get("/staff/inbox?disposition=automatic").await.expect(200).assert_shows("Urlop").assert_hides("Pierwszy");
    anna.get("/staff/inbox?disposition=nonsense&before=nonsense").await.expect(200).assert_shows("Pierwszy");
    anna.get("/staff/inbox/nonsense").await.expect(404);
    world.visitor().get("/staff/inbox").await.expect(303);
}

#[tokio::test]
async fn a_message_is_shown_as_text_and_can_be_downloaded() {
    let world = world_with_inbox().await;
    let raw = message(
        "Subject: <script>alert(1)</script>\nContent-Type: text/html",
        "<p>Tekst &lt;b&gt;</p><blockquote>Cytat</blockquote><script>alert(1)</script>",
    );
    ingest(&world, &raw).await;
    let anna = world.agent("Anna").await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let page = anna.get(&format!("/staff/inbox/{id}")).await.expect(200);
    page.assert_shows("<script>alert(1)</script>").assert_shows("Tekst <b>").assert_shows("Cytat");
    assert!(!page.body.contains("<script>alert"), "HTML is shown as text");
    let file = anna.get(&format!("/staff/inbox/{id}/raw")).await.expect(200);
    assert_eq!(file.bytes, raw.as_bytes());
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert!(file.header("content-disposition").starts_with("attachment"));
    world.visitor().get(&format!("/staff/inbox/{id}/raw")).await.expect(303);

    world.advance(Duration::days(31));
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&format!("/staff/inbox/{id}/raw")).await.expect(404);
    anna.get(&format!("/staff/inbox/{id}"))
        .await
        .expect(200)
        .assert_shows("Tekst <b>")
        .assert_shows("Załączników już nie ma");
}

#[tokio::test]
async fn staff_open_a_ticket_from_a_message_classified_as_automatic() {
    let world = world_with_inbox().await;
    let mail = message("Subject: Pilne\nPrecedence: bulk\nContent-Type: text/plain; charset=utf-8", COMPLETE_REPORT);
    assert_eq!(ingest(&world, mail).await, "automatic precedence");
    let anna = world.agent("Anna").await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let response = anna.post(&format!("/staff/inbox/{id}/ticket"), &[]).await.expect(303);
    assert_eq!(response.location(), ticket_path(&newest_ticket(&world).await));
    anna.follow(&response).await.expect(200).assert_shows("0044 20 8190 0322").assert_shows("odgadnięte");
    // the form sent twice
    anna.post(&format!("/staff/inbox/{id}/ticket"), &[]).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    anna.get("/staff/inbox").await.expect(200).assert_shows("Zgłoszenie założone ręcznie");
}

#[tokio::test]
async fn an_unreadable_message_is_kept_until_staff_have_handled_it() {
    let world = world_with_inbox().await;
    ingest(&world, "to nie jest wiadomość").await;
    world.advance(Duration::days(200));
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let anna = world.agent("Anna").await;
    anna.get(&format!("/staff/inbox/{id}/raw")).await.expect(200).assert_shows("to nie jest wiadomość");
    for _ in 0..2 {
        anna.post(&format!("/staff/inbox/{id}/done"), &[]).await.expect(303);
    }
    anna.get("/staff/inbox").await.expect(200).assert_hides("wiadomość do obejrzenia").assert_shows("obejrzane");
    assert_eq!(last_message(&world).await, " |  | ");
    world.advance(Duration::days(91));
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from inbound_mail").await, 0);
}

#[tokio::test]
async fn attachments_are_downloaded_and_never_rendered_by_the_browser() {
    let world = world_with_inbox().await;
    let part = |kind: &str, encoding: &str, body: &str| {
        format!(
            "--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n"
        )
    };
    let body = [
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nW załączniku.\r\n".to_owned(),
        part("image/png; name=\"zrzut ekranu.png\"", "base64", "iVBORw0KGgo="),
        part("text/html; name=strona.html", "7bit", "<script>alert(1)</script>"),
        part("message/rfc822", "7bit", "Subject: Dalej\r\n\r\nTekst"),
        "--b--\r\n".to_owned(),
    ];
    let headers = "Subject: Pliki\nContent-Type: multipart/mixed; boundary=b";
    ingest(&world, message(headers, &body.concat())).await;
    let anna = world.agent("Anna").await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_mail").fetch_one(world.sql().await).await.unwrap();
    let address = |number: &str| format!("/staff/inbox/{id}/files/{number}");
    let reference = newest_ticket(&world).await;
    for page in [format!("/staff/inbox/{id}"), ticket_path(&reference)] {
        let page = anna.get(&page).await.expect(200);
        page.assert_shows("zrzut ekranu.png, image/png, 8 B");
        for number in ["0", "1", "2"] {
            assert!(page.body.contains(&format!("href=\"{}\" download", address(number))), "{}", page.body);
        }
    }
    let picture = anna.get(&address("0")).await.expect(200);
    assert_eq!(&picture.bytes[..], b"\x89PNG\r\n\x1a\n");
    assert_eq!(picture.header("content-type"), "image/png");
    let disposition = "attachment; filename=\"zrzut ekranu.png\"; filename*=UTF-8''zrzut%20ekranu.png";
    assert_eq!(picture.header("content-disposition"), disposition);
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
    for unknown in ["3", "-1", "x", "99999999999999999999"] {
        anna.get(&address(unknown)).await.expect(404);
    }
    world.visitor().get(&address("0")).await.expect(303);
    world.advance(Duration::days(31));
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&address("0")).await.expect(404);
    let page = anna.get(&format!("/staff/inbox/{id}")).await.expect(200);
    page.assert_shows("zrzut ekranu.png");
    assert!(!page.body.contains("/files/"), "{}", page.body);
}
