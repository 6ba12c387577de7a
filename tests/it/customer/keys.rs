//! Keys: replaced, expired, guessed.

use dzwoni::tickets::TicketReference;
use time::Duration;

use super::{below, key, send};
use crate::{
    given,
    support::World,
    tickets::{act, history, must_be_sound},
};

#[tokio::test]
async fn a_new_link_opens_the_page_and_the_old_one_is_like_any_other_wrong_one() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let made = send(&customer, &page, "/link", &[]).await.expect(303);
    let new = made.location().split("&said").next().unwrap().to_owned();
    assert_eq!(key(&new).len(), 26);
    assert_ne!(key(&new), key(&page));
    customer.get(&new).await.expect(200).must_show("22 555 01 20").must_show("Nowy link do tej strony");

    let old = customer.get(&page).await.expect(404);
    let wrong = customer.get(&page.replace(key(&page), "WRONG")).await.expect(404);
    assert_eq!(old.text(), wrong.text());
    for path in ["/works", "/fails", "/messages", "/link", "/example", "/answer/time"] {
        send(&customer, &page, path, &[("text", "x")]).await.expect(404);
    }
    assert_eq!(history(&world, &reference).await, ["opened", "rekeyed"]);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_new_link_that_is_asked_for_twice_at_once_is_one() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let customer = world.visitor();
    let form = customer.get(&page).await.value("submission");
    let fields = [("submission", form.as_str())];
    let address = below(&page, "/link");
    // pressed twice: both come to the page
    let first = customer.post(&address, &fields).await.expect(303);
    let second = customer.post(&address, &fields).await.expect(303);
    assert_eq!(key(first.location()), key(second.location()));
    customer.get(second.location()).await.expect(200).must_show("To jest nowy link");
    // who has the old link and no form of ours gets nothing
    let stranger = given::uuid();
    customer.post(&address, &[("submission", &stranger)]).await.expect(404);
    assert_eq!(history(&world, &reference).await, ["opened", "rekeyed"]);

    // two people with the key: one is first, and whoever has the newest link is in
    let page = first.location().split("&said").next().unwrap().to_owned();
    let (one, two) = tokio::join!(send(&customer, &page, "/link", &[]), send(&customer, &page, "/link", &[]));
    let statuses = [one.status.as_u16(), two.status.as_u16()];
    assert!(statuses == [303, 404] || statuses == [404, 303], "{statuses:?}");
    let winner = if one.status == 303 { one } else { two };
    customer.get(winner.location()).await.expect(200);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn the_same_report_again_does_not_give_the_new_key_away() {
    let world = World::new().await;
    let report = given::report();
    let (_, page) = report.accepted(&world).await;
    let again = report.send(&world.visitor()).await.expect(303);
    assert_eq!(again.location(), page, "the same form, the same link");
    send(&world.visitor(), &page, "/link", &[]).await.expect(303);
    let again = report.send(&world.visitor()).await.expect(303);
    assert_eq!(again.location(), page);
    world.visitor().get(again.location()).await.expect(404);
}

#[tokio::test]
async fn a_link_expires_some_weeks_after_the_end_and_comes_back_with_the_ticket() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    act(&anna, &reference, "status", &[("status", "resolved")]).await.expect(303);
    world.advance(Duration::weeks(8) - Duration::seconds(1));
    world.visitor().get(&page).await.expect(200).must_show("Link działa do 15.01.2027");
    world.advance(Duration::seconds(1));
    let expired = world.visitor().get(&page).await.expect(404);
    let wrong = world.visitor().get(&page.replace(key(&page), "WRONG")).await.expect(404);
    assert_eq!(expired.text(), wrong.text());
    for path in ["/works", "/fails", "/messages", "/link"] {
        send(&world.visitor(), &page, path, &[("text", "x")]).await.expect(404);
    }
    // the desk's session has ended meanwhile
    let anna = world.signed_in("anna@example.com").await;
    act(&anna, &reference, "status", &[("status", "open")]).await.expect(303);
    world.visitor().get(&page).await.expect(200);
}

#[tokio::test]
async fn staff_hand_over_the_link_and_replace_it() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let desk = format!("/staff/tickets/{reference}/link");
    let shown = anna.get(&desk).await.expect(200);
    shown.must_show(&format!("http://127.0.0.1:8080{page}"));
    // pressed twice, it is replaced once
    let form = shown.value("submission");
    for _ in 0..2 {
        assert_eq!(anna.post(&desk, &[("submission", &form)]).await.expect(303).location(), desk);
    }
    let shown = anna.get(&desk).await.expect(200);
    shown.must_not_show(key(&page));
    let address = shown.text().split("http://127.0.0.1:8080").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    world.visitor().get(&address).await.expect(200);
    world.visitor().get(&page).await.expect(404);
    assert_eq!(history(&world, &reference).await, ["opened", "rekeyed"]);
    world.visitor().get(&desk).await.expect(303);
}

#[tokio::test]
async fn a_key_is_as_long_as_it_must_be_and_only_its_hash_is_kept() {
    let world = World::new().await;
    let (_, page) = given::report().accepted(&world).await;
    // 26 letters of 5 bits
    assert!(key(&page).len() * 5 >= 128);
    let all: String = sqlx::query_scalar("select string_agg(ticket::text, ' ') from ticket")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    assert!(!all.contains(key(&page)));
    let shown = world.visitor().get(&page).await.expect(200);
    assert!(shown.body.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert_eq!(shown.header("referrer-policy"), "same-origin");
    assert_eq!(shown.header("cache-control"), "no-store");
    // the same page for another device
    assert!(shown.body.contains("<svg class=\"qr-code\""));
}

#[tokio::test]
async fn a_guess_learns_nothing_and_guessing_is_slowed_down() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let unknown = TicketReference::random();
    let visitor = world.visitor().from_ip("198.51.100.7");
    let right = key(&page);
    let almost = format!("{}{}", &right[..25], if right.ends_with('0') { '1' } else { '0' });
    for guess in ["", "0", almost.as_str(), "00000000000000000000000000"] {
        let ask = async |reference: &TicketReference| {
            let answer = visitor.get(&format!("/pl/ticket/{reference}?key={guess}")).await.expect(404);
            answer.body.replace(&reference.to_string(), "")
        };
        assert_eq!(ask(&reference).await, ask(&unknown).await, "{guess}: nothing tells whether there is such a ticket");
    }
    let mut answers = Vec::new();
    for _ in 0..40 {
        answers.push(visitor.get(&format!("/pl/ticket/{reference}?key={almost}")).await.status.as_u16());
    }
    assert_eq!(answers.last(), Some(&429));
    // who has the key is let in, also from there; others are not meant
    visitor.get(&page).await.expect(200);
    world.visitor().get(&format!("/pl/ticket/{reference}?key={almost}")).await.expect(404);
}
