//! Figures: how often the guides are opened, and what became of it.

use axum::{body::Body, http::Method};
use dzwoni::workers;

use crate::support::World;

#[tokio::test]
async fn each_opening_of_a_step_by_a_person_counts_once() {
    let world = World::new().await;
    let person = world.visitor();
    for path in ["/pl/guide/outgoing", "/en/guide/outgoing", "/pl/guide/outgoing", "/pl/guide/outgoing/yes"] {
        person.get(path).await.expect(200);
    }
    // who looks at it again, who looks ahead, and who is nobody
    let seen = person.get("/pl/guide/outgoing/yes").await;
    let again = world.visitor().with_header("if-none-match", seen.header("etag"));
    again.get("/pl/guide/outgoing/yes").await.expect(304);
    world.visitor().with_header("sec-purpose", "prefetch").get("/pl/guide/outgoing").await.expect(200);
    person.send(Method::HEAD, "/pl/guide/outgoing", Body::empty()).await.expect(200);
    let bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    world.visitor().with_header("user-agent", bot).get("/pl/guide/outgoing").await.expect(200);
    // what is no step of a walk
    person.get("/pl/guide/outgoing?all").await.expect(200);
    person.get("/pl/guide/outgoing?utm=1").await.expect(308);
    person.get("/pl/guide/outgoing/nowhere").await.expect(404);

    workers::store_visits(&world.app).await.unwrap();
    assert_eq!(visits(&world).await, [("outgoing".to_owned(), 3), ("outgoing/yes".to_owned(), 2)]);

    // another program on the same database, and the next time
    let second = world.second();
    second.visitor().get("/pl/guide/outgoing").await.expect(200);
    person.get("/pl/guide/outgoing").await.expect(200);
    workers::finish(&second.app).await;
    workers::store_visits(&world.app).await.unwrap();
    workers::store_visits(&world.app).await.unwrap();
    assert_eq!(visits(&world).await[0], ("outgoing".to_owned(), 5));
}

#[tokio::test]
async fn visits_wait_while_the_database_is_away() {
    let away = World::without_database().await;
    away.visitor().get("/pl/guide/audio").await.expect(200);
    assert!(workers::store_visits(&away.app).await.is_err());
    assert_eq!(away.app.visits.take().into_iter().collect::<Vec<_>>(), [("audio".into(), 1)]);
}

/// Today's visits by path.
async fn visits(world: &World) -> Vec<(String, i64)> {
    sqlx::query_as("select path, visits from guide_visit where day = '2026-11-20' order by path")
        .fetch_all(world.sql().await)
        .await
        .unwrap()
}
