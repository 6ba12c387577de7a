//! Answers to our letters: what leads to a ticket, and what only seems to.

use time::Duration;

use super::{arrives, events, follower_letter_id, letter, letter_id, newest, reply_address, status, world};
use crate::{given, incidents::published, support::World, tickets::act};

const CUSTOMER: &str = "From: Jan <Jan.Nowak@example.com>";
const STRANGER: &str = "From: ktos.inny@example.org";

#[tokio::test]
async fn an_answer_lands_in_its_ticket_by_the_address_or_by_the_letter() {
    let world = world().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let id = letter_id(&world, &reference).await;
    let table = [
        (format!("{CUSTOMER}\nTo: {address}"), "message signed-address"),
        (format!("{CUSTOMER}\nTo: <{}>", address.to_uppercase()), "message signed-address"),
        (format!("{CUSTOMER}\nCc: other@example.com, Pomoc <{address}>"), "message signed-address"),
        (format!("{CUSTOMER}\nDelivered-To: {address}"), "message signed-address"),
        (format!("{STRANGER}\nTo: {address}"), "message signed-address"),
        (format!("{CUSTOMER}\nIn-Reply-To: {id}"), "message letter"),
        (format!("{CUSTOMER}\nReferences: <a@example.com>\n {id} <b@example.com>"), "message letter"),
        (format!("{CUSTOMER}\nIn-Reply-To: {}", id.trim_matches(['<', '>'])), "message letter"),
    ];
    for (number, (head, expected)) in table.iter().enumerate() {
        assert_eq!(arrives(&world, letter(head, &format!("Odpowiedź {number}"))).await, *expected, "{head}");
    }
    assert_eq!(world.count("select count(*) from ticket").await, 1);
    assert_eq!(events(&world, &reference).await, vec!["customer wrote"; table.len()]);
    let anna = world.agent("Anna").await;
    let page = anna.get(&crate::tickets::desk(&reference)).await.expect(200);
    for number in 0..table.len() {
        page.must_show(&format!("Odpowiedź {number}"));
    }
}

#[tokio::test]
async fn what_is_forged_is_a_ticket_of_its_own() {
    let world = world().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let id = letter_id(&world, &reference).await;
    let (user, _) = address.split_once('@').unwrap();
    let mark = user.rsplit_once('.').unwrap().1;
    let bare = reference.as_str().to_lowercase();
    let number = id.trim_start_matches('<').split('.').next().unwrap();
    let table = [
        format!("Subject: Re: zgłoszenie {reference}"),
        format!("To: pomoc+{bare}@example.com"),
        format!("To: pomoc+{bare}.{}@example.com", "0".repeat(mark.len())),
        format!("To: pomoc+{bare}.{}@example.com", &mark[1..]),
        format!("To: pomoc+{}.{mark}@example.com", given::uuid()),
        format!("In-Reply-To: <{number}@example.com>"),
        format!("In-Reply-To: <{number}.{}@example.com>", "0".repeat(16)),
        format!("References: {}", id.replacen(number, "999", 1)),
        "In-Reply-To: <>".to_owned(),
        format!("In-Reply-To: <{}@example.com>", "9".repeat(400)),
    ];
    for head in &table {
        assert_eq!(arrives(&world, letter(&format!("{CUSTOMER}\n{head}"), "Wpuść mnie")).await, "ticket new", "{head}");
    }
    assert_eq!(events(&world, &reference).await, Vec::<String>::new(), "nothing came into the ticket");
    assert_eq!(world.count("select count(*) from ticket").await, 1 + i64::try_from(table.len()).unwrap());
}

#[tokio::test]
async fn a_stranger_who_knows_our_letter_is_shown_to_staff_alone() {
    let world = world().await;
    let (reference, page) = given::report().accepted(&world).await;
    let id = letter_id(&world, &reference).await;
    let head = format!("{STRANGER}\nSubject: Re\nIn-Reply-To: {id}");
    assert_eq!(arrives(&world, letter(&head, "To ja, Twój kolega")).await, "message letter");
    assert_eq!(events(&world, &reference).await, ["system noted"]);
    let anna = world.agent("Anna").await;
    let desk = anna.get(&crate::tickets::desk(&reference)).await.expect(200);
    desk.must_show("To ja, Twój kolega").must_show("ktos.inny@example.org").must_show("inny adres");
    world.visitor().get(&page).await.expect(200).must_not_show("To ja, Twój kolega");

    // what is over is not opened again for a stranger
    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    assert_eq!(arrives(&world, letter(&head, "Halo?")).await, "ticket over");
    let new = newest(&world).await;
    anna.get(&crate::tickets::desk(&new)).await.expect(200).must_show(&format!("e-mail ze zgłoszenia {reference}"));
    assert_eq!(status(&world, &reference).await, "resolved");
}

#[tokio::test]
async fn an_answer_brings_a_ticket_back_that_waits_or_is_over_but_not_for_ever() {
    let world = world().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let answers =
        async |world: &World, text: &str| arrives(world, letter(&format!("{CUSTOMER}\nTo: {address}"), text)).await;
    let anna = world.agent("Anna").await;
    act(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    act(&anna, &reference, "status", &[("status", "waiting")]).await.expect(303);
    assert_eq!(answers(&world, "Już sprawdzam").await, "message signed-address");
    assert_eq!(status(&world, &reference).await, "open");

    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::days(13));
    assert_eq!(answers(&world, "Nadal nie działa").await, "message signed-address");
    assert_eq!(status(&world, &reference).await, "open");

    let anna = world.signed_in("anna@example.com").await;
    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::days(15));
    assert_eq!(answers(&world, "Znowu nie działa").await, "ticket over");
    assert_eq!(status(&world, &reference).await, "resolved", "a new trouble is a new ticket");
}

#[tokio::test]
async fn an_answer_to_a_followers_letter_is_proposed_to_that_incident() {
    let world = world().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    world.visitor().post("/pl/incident/1/follow", &[("email", "ola@example.com")]).await.expect(303);
    let id = follower_letter_id(&world).await;
    let answer = |id: &str| {
        let head = "From: ola@example.com\nSubject: Odp\nContent-Type: text/plain; charset=utf-8";
        let text = "U mnie nadal nie działa.\r\n\r\nW dniu 20.11.2026 o 13:05 Dzwoni napisał(a):\r\n\
            > Rozmowy z 22 555 01 20 na 0044 20 8190 0322 kończą się kodem 503.\r\n";
        letter(&format!("{head}\nIn-Reply-To: {id}"), text)
    };
    assert_eq!(arrives(&world, answer(&id)).await, "ticket follower");
    let reference = newest(&world).await;
    assert_eq!(events(&world, &reference).await, ["system noted"]);
    let page = anna.get(&crate::tickets::desk(&reference)).await.expect(200);
    page.must_show("Odpowiedź na e-mail o awarii: Połączenia do Wielkiej Brytanii")
        .must_show("Czy należy do tej awarii?");
    let guessed =
        "select count(*) from ticket where inferred_fields <> '{}' or error_text is not null or call_at is not null";
    assert_eq!(world.count(guessed).await, 0, "what our own letter says is no guess");
    anna.get(&incident).await.expect(200).must_show(&reference.to_string());

    // nobody ties a ticket to an incident by a made-up name
    assert_eq!(arrives(&world, answer(&id.replacen('.', ".0", 1))).await, "ticket new");
    assert_eq!(world.count("select count(*) from incident_candidate").await, 1);
    assert_eq!(events(&world, &newest(&world).await).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_is_a_file_alone_says_which() {
    let world = world().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = reply_address(&world, &reference).await;
    let head = format!("{CUSTOMER}\nTo: {address}\nContent-Type: multipart/mixed; boundary=b");
    let body =
        "--b\r\nContent-Type: image/png; name=zrzut.png\r\nContent-Disposition: attachment\r\n\r\nPNG\r\n--b--\r\n";
    assert_eq!(arrives(&world, letter(&head, body)).await, "message signed-address");
    let anna = world.agent("Anna").await;
    anna.get(&crate::tickets::desk(&reference)).await.expect(200).must_show("[zrzut.png]").must_show("image/png");
}

#[tokio::test]
async fn a_letter_that_comes_back_needs_a_person() {
    let world = world().await;
    let (reference, _) = given::report().accepted(&world).await;
    let id = letter_id(&world, &reference).await;
    let bounce = |action: &str, id: &str| {
        let head = "From: MAILER-DAEMON@mx.example.com\nReturn-Path: <>\nSubject: Undelivered\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b";
        let body = format!(
            "--b\r\n\r\nNie dostarczono.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
            Final-Recipient: rfc822; jan.nowak@example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n\
            Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
            From: pomoc@example.com\r\nMessage-ID: {id}\r\nSubject: x\r\n\r\nTekst\r\n--b--\r\n"
        );
        letter(head, &body)
    };
    assert_eq!(arrives(&world, bounce("delayed", &id)).await, "bounce delayed");
    assert_eq!(world.count("select count(*) from outgoing_email where state = 'sent'").await, 1);
    assert_eq!(arrives(&world, bounce("failed", "<forged@example.com>")).await, "automatic report");
    assert_eq!(world.count("select count(*) from outgoing_email where state = 'sent'").await, 1);
    assert_eq!(arrives(&world, bounce("failed", &id)).await, "bounce failed");
    assert_eq!(
        world.count("select count(*) from outgoing_email where state = 'stuck' and failure = 'refused'").await,
        1
    );
    let anna = world.agent("Anna").await;
    anna.get("/staff/letters").await.expect(200).must_show("550 no such user");
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn the_answer_to_a_mail_answers_that_mail() {
    let world = world().await;
    let mail = letter("Message-ID: <moj@mail.example.com>\nReply-To: biuro@example.com\nSubject: x", "Nie działa");
    assert_eq!(arrives(&world, mail).await, "ticket new");
    let answered =
        world.count("select count(*) from outgoing_email where in_reply_to = '<moj@mail.example.com>'").await;
    assert_eq!(answered, 1);
    assert_eq!(world.count("select count(*) from ticket where email = 'biuro@example.com'").await, 1);
    assert_eq!(events(&world, &newest(&world).await).await, Vec::<String>::new());
}
