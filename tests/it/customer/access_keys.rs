//! Access keys of ticket pages: rotation, expiry, guessing.

use dzwoni::tickets::TicketReference;
use time::Duration;

use super::{access_key, post_form, subpage};
use crate::{
    given,
    support::World,
    tickets::{event_kinds, post_action},
};

#[tokio::test]
async fn a_new_link_replaces_the_old_one() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let response = post_form(&customer, &page, "/link", &[]).await.expect(303);
    let new = response.location().split("&flash").next().unwrap().to_owned();
    assert_eq!(access_key(&new).len(), 26);
    assert_ne!(access_key(&new), access_key(&page));
    customer.get(&new).await.expect(200).assert_shows("22 555 01 20").assert_shows("Nowy link do tej strony");

    let old = customer.get(&page).await.expect(404);
    let wrong = customer.get(&page.replace(access_key(&page), "WRONG")).await.expect(404);
    assert_eq!(old.text(), wrong.text());
    for path in ["/works", "/fails", "/messages", "/link", "/example", "/answer/time"] {
        post_form(&customer, &page, path, &[("text", "x")]).await.expect(404);
    }
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "rekeyed"]);
}

#[tokio::test]
async fn concurrent_requests_for_a_new_link_create_one_link() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let form = customer.get(&page).await.value("submission");
    let fields = [("submission", form.as_str())];
    let address = subpage(&page, "/link");
    // the form is sent twice: both responses lead to the same page
    let first = customer.post(&address, &fields).await.expect(303);
    let second = customer.post(&address, &fields).await.expect(303);
    assert_eq!(access_key(first.location()), access_key(second.location()));
    customer.get(second.location()).await.expect(200).assert_shows("To jest nowy link");
    // the old link with another submission does not work
    let stranger = given::uuid();
    customer.post(&address, &[("submission", &stranger)]).await.expect(404);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "rekeyed"]);

    // two requests with the same key: one of them wins
    let page = first.location().split("&flash").next().unwrap().to_owned();
    let (third, fourth) =
        tokio::join!(post_form(&customer, &page, "/link", &[]), post_form(&customer, &page, "/link", &[]));
    let statuses = [third.status.as_u16(), fourth.status.as_u16()];
    assert!(statuses == [303, 404] || statuses == [404, 303], "{statuses:?}");
    let winner = if third.status == 303 { third } else { fourth };
    customer.get(winner.location()).await.expect(200);
}

#[tokio::test]
async fn resubmitting_a_report_does_not_reveal_a_rotated_key() {
    let world = World::new().await;
    let report = given::report();
    let (_, page) = report.accepted(&world).await;
    let response = report.send(&world.visitor()).await.expect(303);
    assert_eq!(response.location(), page, "the same form, the same link");
    post_form(&world.visitor(), &page, "/link", &[]).await.expect(303);
    let response = report.send(&world.visitor()).await.expect(303);
    assert_eq!(response.location(), page);
    world.visitor().get(response.location()).await.expect(404);
}

#[tokio::test]
async fn a_link_expires_eight_weeks_after_resolution_and_works_again_when_reopened() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    post_action(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::weeks(8) - Duration::seconds(1));
    world.visitor().get(&page).await.expect(200).assert_shows("Link działa do 15.01.2027");
    world.advance(Duration::seconds(1));
    let expired = world.visitor().get(&page).await.expect(404);
    let wrong = world.visitor().get(&page.replace(access_key(&page), "WRONG")).await.expect(404);
    assert_eq!(expired.text(), wrong.text());
    for path in ["/works", "/fails", "/messages", "/link"] {
        post_form(&world.visitor(), &page, path, &[("text", "x")]).await.expect(404);
    }
    // Anna's session has expired meanwhile
    let anna = world.signed_in("anna@example.com").await;
    post_action(&anna, &reference, "status", &[("status", "open")]).await.expect(303);
    world.visitor().get(&page).await.expect(200);
}

#[tokio::test]
async fn staff_can_see_and_rotate_the_link() {
    let world = World::new().await;
    let (reference, customer_page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let link_page = format!("/staff/tickets/{reference}/link");
    let page = anna.get(&link_page).await.expect(200);
    page.assert_shows(&format!("http://127.0.0.1:8080{customer_page}"));
    // the form sent twice rotates the key once
    let form = page.value("submission");
    for _ in 0..2 {
        assert_eq!(anna.post(&link_page, &[("submission", &form)]).await.expect(303).location(), link_page);
    }
    let page = anna.get(&link_page).await.expect(200);
    page.assert_hides(access_key(&customer_page));
    let address = page.text().split("http://127.0.0.1:8080").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    world.visitor().get(&address).await.expect(200);
    world.visitor().get(&customer_page).await.expect(404);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "rekeyed"]);
    world.visitor().get(&link_page).await.expect(303);
}

#[tokio::test]
async fn an_access_key_has_128_bits_and_only_its_hash_is_stored() {
    let world = World::new().await;
    let (_, page) = given::report().accepted(&world).await;
    // 26 characters of 5 bits
    assert!(access_key(&page).len() * 5 >= 128);
    let rows: String = sqlx::query_scalar("select string_agg(ticket::text, ' ') from ticket")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    assert!(!rows.contains(access_key(&page)));
    let response = world.visitor().get(&page).await.expect(200);
    assert!(response.body.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert_eq!(response.header("referrer-policy"), "same-origin");
    assert_eq!(response.header("cache-control"), "no-store");
    // a QR code opens the page on another device
    assert!(response.body.contains("<svg class=\"qr-code\""));
}

#[tokio::test]
async fn a_guessed_key_reveals_nothing_and_guessing_is_rate_limited() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let unknown = TicketReference::random();
    let visitor = world.visitor().from_ip("198.51.100.7");
    let key = access_key(&page);
    let almost = format!("{}{}", &key[..25], if key.ends_with('0') { '1' } else { '0' });
    for guess in ["", "0", almost.as_str(), "00000000000000000000000000"] {
        let guess_for = async |reference: &TicketReference| {
            let response = visitor.get(&format!("/pl/ticket/{reference}?key={guess}")).await.expect(404);
            response.body.replace(&reference.to_string(), "")
        };
        // the response does not reveal whether the ticket exists
        assert_eq!(guess_for(&reference).await, guess_for(&unknown).await, "{guess}");
    }
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(visitor.get(&format!("/pl/ticket/{reference}?key={almost}")).await.status.as_u16());
    }
    assert_eq!(statuses.last(), Some(&429));
    // the right key still works from this address, and other addresses are not limited
    visitor.get(&page).await.expect(200);
    world.visitor().get(&format!("/pl/ticket/{reference}?key={almost}")).await.expect(404);
}
