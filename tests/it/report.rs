//! From the form to the ticket.

use crate::{given, support::World};

#[tokio::test]
async fn a_report_becomes_a_ticket_with_a_page() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    let page = world.visitor().get(&page).await.expect(200);
    page.must_show(&reference.to_string())
        .must_show("22 555 01 20, numer stacjonarny, Warszawa")
        .must_show("0044 20 8190 0322")
        .must_show("piątek, 20 listopada 2026, 14:05")
        .must_show("503 Service Unavailable");
    assert_eq!(world.count("select count(*) from ticket_event").await, 1);
}
