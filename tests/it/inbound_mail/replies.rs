//! Replies to our e-mails: which ones are added to a ticket, and which only look like it.

use time::Duration;

use super::{
    event_list, ingest, message, newest_ticket, reply_address, sent_message_id, status, subscriber_message_id,
    world_with_inbox,
};
use crate::{given, incidents::publish_incident, support::World, tickets::post_action};

const CUSTOMER: &str = "From: Jan <Jan.Nowak@example.com>";
const STRANGER: &str = "From: ktos.inny@example.org";

#[tokio::test]
async fn a_reply_is_added_to_its_ticket_by_signed_address_or_message_id() {
    let world = world_with_inbox().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let id = sent_message_id(&world, &reference).await;
    let table = [
        (format!("{CUSTOMER}\nTo: {address}"), "message signed-address"),
        (format!("{CUSTOMER}\nTo: <{}>", address.to_uppercase()), "message signed-address"),
        (format!("{CUSTOMER}\nCc: other@example.com, Pomoc <{address}>"), "message signed-address"),
        (format!("{CUSTOMER}\nDelivered-To: {address}"), "message signed-address"),
        (format!("{STRANGER}\nTo: {address}"), "message signed-address"),
        (format!("{CUSTOMER}\nIn-Reply-To: {id}"), "message email"),
        (format!("{CUSTOMER}\nReferences: <a@example.com>\n {id} <b@example.com>"), "message email"),
        (format!("{CUSTOMER}\nIn-Reply-To: {}", id.trim_matches(['<', '>'])), "message email"),
    ];
    for (number, (headers, expected)) in table.iter().enumerate() {
        assert_eq!(ingest(&world, message(headers, &format!("Odpowiedź {number}"))).await, *expected, "{headers}");
    }
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    assert_eq!(event_list(&world, &reference).await, vec!["customer wrote"; table.len()]);
    let anna = world.agent("Anna").await;
    let page = anna.get(&crate::tickets::ticket_path(&reference)).await.expect(200);
    for number in 0..table.len() {
        page.assert_shows(&format!("Odpowiedź {number}"));
    }
}

#[tokio::test]
async fn a_forged_reply_opens_a_new_ticket() {
    let world = world_with_inbox().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let id = sent_message_id(&world, &reference).await;
    let (user, _) = address.split_once('@').unwrap();
    let signature = user.rsplit_once('.').unwrap().1;
    let bare = reference.as_str().to_lowercase();
    let number = id.trim_start_matches('<').split('.').next().unwrap();
    let table = [
        format!("Subject: Re: zgłoszenie {reference}"),
        format!("To: pomoc+{bare}@example.com"),
        format!("To: pomoc+{bare}.{}@example.com", "0".repeat(signature.len())),
        format!("To: pomoc+{bare}.{}@example.com", &signature[1..]),
        format!("To: pomoc+{}.{signature}@example.com", given::uuid()),
        format!("In-Reply-To: <{number}@example.com>"),
        format!("In-Reply-To: <{number}.{}@example.com>", "0".repeat(16)),
        format!("References: {}", id.replacen(number, "999", 1)),
        "In-Reply-To: <>".to_owned(),
        format!("In-Reply-To: <{}@example.com>", "9".repeat(400)),
    ];
    for headers in &table {
        assert_eq!(
            ingest(&world, message(&format!("{CUSTOMER}\n{headers}"), "Wpuść mnie")).await,
            "ticket new",
            "{headers}"
        );
    }
    assert_eq!(event_list(&world, &reference).await, Vec::<String>::new(), "nothing was added to the ticket");
    assert_eq!(world.count("select count(*) from ticket").await, 1 + i64::try_from(table.len()).unwrap());
}

#[tokio::test]
async fn a_reply_from_another_address_is_shown_to_staff_only() {
    let world = world_with_inbox().await;
    let (reference, page) = given::report().accepted(&world).await;
    let id = sent_message_id(&world, &reference).await;
    let headers = format!("{STRANGER}\nSubject: Re\nIn-Reply-To: {id}");
    assert_eq!(ingest(&world, message(&headers, "To ja, Twój kolega")).await, "message email");
    assert_eq!(event_list(&world, &reference).await, ["system noted"]);
    let anna = world.agent("Anna").await;
    let staff_page = anna.get(&crate::tickets::ticket_path(&reference)).await.expect(200);
    staff_page.assert_shows("To ja, Twój kolega").assert_shows("ktos.inny@example.org").assert_shows("inny adres");
    world.visitor().get(&page).await.expect(200).assert_hides("To ja, Twój kolega");

    // another sender cannot reopen a resolved ticket
    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    assert_eq!(ingest(&world, message(&headers, "Halo?")).await, "ticket closed-ticket");
    let new = newest_ticket(&world).await;
    anna.get(&crate::tickets::ticket_path(&new))
        .await
        .expect(200)
        .assert_shows(&format!("e-mail ze zgłoszenia {reference}"));
    assert_eq!(status(&world, &reference).await, "resolved");
}

#[tokio::test]
async fn a_reply_reopens_a_waiting_or_resolved_ticket_within_two_weeks() {
    let world = world_with_inbox().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let ingest_reply =
        async |world: &World, text: &str| ingest(world, message(&format!("{CUSTOMER}\nTo: {address}"), text)).await;
    let anna = world.agent("Anna").await;
    post_action(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    post_action(&anna, &reference, "status", &[("status", "waiting")]).await.expect(303);
    assert_eq!(ingest_reply(&world, "Już sprawdzam").await, "message signed-address");
    assert_eq!(status(&world, &reference).await, "open");

    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::days(13));
    assert_eq!(ingest_reply(&world, "Nadal nie działa").await, "message signed-address");
    assert_eq!(status(&world, &reference).await, "open");

    let anna = world.signed_in("anna@example.com").await;
    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::days(15));
    assert_eq!(ingest_reply(&world, "Znowu nie działa").await, "ticket closed-ticket");
    assert_eq!(status(&world, &reference).await, "resolved", "a message after 14 days is a new ticket");
}

#[tokio::test]
async fn a_reply_of_a_subscriber_is_proposed_to_the_incident() {
    let world = world_with_inbox().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    world.visitor().post("/pl/incident/1/follow", &[("email", "ola@example.com")]).await.expect(303);
    let id = subscriber_message_id(&world).await;
    let reply = |id: &str| {
        let headers = "From: ola@example.com\nSubject: Odp\nContent-Type: text/plain; charset=utf-8";
        let text = "U mnie nadal nie działa.\r\n\r\nW dniu 20.11.2026 o 13:05 Dzwoni napisał(a):\r\n\
            > Rozmowy z 22 555 01 20 na 0044 20 8190 0322 kończą się kodem 503.\r\n";
        message(&format!("{headers}\nIn-Reply-To: {id}"), text)
    };
    assert_eq!(ingest(&world, reply(&id)).await, "ticket subscriber");
    let reference = newest_ticket(&world).await;
    assert_eq!(event_list(&world, &reference).await, ["system noted"]);
    let page = anna.get(&crate::tickets::ticket_path(&reference)).await.expect(200);
    page.assert_shows("Odpowiedź na e-mail o awarii: Połączenia do Wielkiej Brytanii")
        .assert_shows("Czy należy do tej awarii?");
    let extracted =
        "select count(*) from ticket where inferred_fields <> '{}' or error_text is not null or call_at is not null";
    assert_eq!(world.count(extracted).await, 0, "nothing is extracted from our own quoted e-mail");
    anna.get(&incident).await.expect(200).assert_shows(&reference.to_string());

    // a forged Message-ID does not link the ticket to the incident
    assert_eq!(ingest(&world, reply(&id.replacen('.', ".0", 1))).await, "ticket new");
    assert_eq!(world.count("select count(*) from incident_candidate").await, 1);
    assert_eq!(event_list(&world, &newest_ticket(&world).await).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_reply_without_text_names_its_attachment() {
    let world = world_with_inbox().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let headers = format!("{CUSTOMER}\nTo: {address}\nContent-Type: multipart/mixed; boundary=b");
    let body =
        "--b\r\nContent-Type: image/png; name=zrzut.png\r\nContent-Disposition: attachment\r\n\r\nPNG\r\n--b--\r\n";
    assert_eq!(ingest(&world, message(&headers, body)).await, "message signed-address");
    let anna = world.agent("Anna").await;
    anna.get(&crate::tickets::ticket_path(&reference))
        .await
        .expect(200)
        .assert_shows("[zrzut.png]")
        .assert_shows("image/png");
}

#[tokio::test]
async fn a_bounced_email_is_listed_as_failed() {
    let world = world_with_inbox().await;
    let (reference, _) = given::report().accepted(&world).await;
    let id = sent_message_id(&world, &reference).await;
    let bounce = |action: &str, id: &str| {
        let headers = "From: MAILER-DAEMON@mx.example.com\nReturn-Path: <>\nSubject: Undelivered\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b";
        let body = format!(
            "--b\r\n\r\nNie dostarczono.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
            Final-Recipient: rfc822; jan.nowak@example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n\
            Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
            From: pomoc@example.com\r\nMessage-ID: {id}\r\nSubject: x\r\n\r\nTekst\r\n--b--\r\n"
        );
        message(headers, &body)
    };
    assert_eq!(ingest(&world, bounce("delayed", &id)).await, "bounce delayed");
    assert_eq!(world.count("select count(*) from outgoing_email where state = 'sent'").await, 1);
    assert_eq!(ingest(&world, bounce("failed", "<forged@example.com>")).await, "automatic report");
    assert_eq!(world.count("select count(*) from outgoing_email where state = 'sent'").await, 1);
    assert_eq!(ingest(&world, bounce("failed", &id)).await, "bounce failed");
    assert_eq!(
        world.count("select count(*) from outgoing_email where state = 'failed' and failure = 'rejected'").await,
        1
    );
    let anna = world.agent("Anna").await;
    anna.get("/staff/emails").await.expect(200).assert_shows("550 no such user");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn the_confirmation_of_an_inbound_mail_is_a_reply_to_it() {
    let world = world_with_inbox().await;
    let mail = message("Message-ID: <moj@mail.example.com>\nReply-To: biuro@example.com\nSubject: x", "Nie działa");
    assert_eq!(ingest(&world, mail).await, "ticket new");
    let answered =
        world.count("select count(*) from outgoing_email where in_reply_to = '<moj@mail.example.com>'").await;
    assert_eq!(answered, 1);
    assert_eq!(world.count("select count(*) from ticket where email = 'biuro@example.com'").await, 1);
    assert_eq!(event_list(&world, &newest_ticket(&world).await).await, Vec::<String>::new());
}
