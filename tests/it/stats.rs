//! Figures: how often the guides are opened, and what became of it.

use axum::{body::Body, http::Method};
use dzwoni::workers;
use time::{Duration, macros::datetime};

use crate::{
    given,
    support::{Browser, NOW, World},
};

/// A figure's file, without the mark at its beginning: heads, then rows.
async fn file(staff: &Browser, name: &str) -> Vec<String> {
    let answer = staff.get(&format!("/staff/stats/{name}")).await.expect(200);
    assert!(answer.header("content-type").starts_with("text/csv"));
    let text = answer.body.strip_prefix('\u{feff}').expect("Excel takes it for Windows-1250");
    text.split_terminator("\r\n").map(str::to_owned).collect()
}

#[tokio::test]
async fn reports_are_counted_by_when_and_of_what_they_came() {
    // the Friday before, at the same hour
    let world = World::at(NOW - Duration::weeks(1)).await;
    given::report().accepted(&world).await;
    world.advance(Duration::weeks(1) - Duration::hours(2));
    given::report().with("callee", "0044 161 496 0190").with("time", "10:00").accepted(&world).await;
    world.advance(Duration::hours(2));
    given::report().with("callee", "601 555 210").with("error_text", "zajęte").accepted(&world).await;
    given::audio().with("callee", "22 555 01 20").with("caller", "101").without("error_text").accepted(&world).await;
    given::incoming().with("error_text", "480").accepted(&world).await;
    given::logged_out().accepted(&world).await;
    given::report().with("website", "https://spam.example").send(&world.visitor()).await;

    let anna = world.agent("Anna").await;
    let hours = file(&anna, "hours.csv").await;
    assert_eq!(hours[0], "Godzina;Zgłoszenia;Zwykle");
    assert_eq!(
        [&hours[1], &hours[13], &hours[15], &hours[24]],
        ["0:00;0;0,0", "12:00;1;0,0", "14:00;4;1,0", "23:00;;0,0"]
    );
    let days = file(&anna, "days.csv?days=7").await;
    assert_eq!(
        days[1..],
        [
            "sob. 14.11;0;",
            "niedz. 15.11;0;",
            "pon. 16.11;0;",
            "wt. 17.11;0;",
            "śr. 18.11;0;",
            "czw. 19.11;0;",
            "pt. 20.11;5;1,0",
        ]
    );
    assert_eq!(file(&anna, "days.csv?days=30").await.iter().filter(|day| day.contains("pt.")).count(), 5);

    assert_eq!(
        file(&anna, "categories.csv").await,
        [
            "Kategoria;Zgłoszenia;Udział",
            "Nie mogę zadzwonić;2;40,0",
            "Telefon lub aplikacja się nie loguje;1;20,0",
            "Słychać źle albo wcale;1;20,0",
            "Nikt nie może się do mnie dodzwonić;1;20,0",
        ]
    );
    assert_eq!(file(&anna, "symptoms.csv").await, ["Objaw;Zgłoszenia;Udział", "Przerwy, głos się rwie;1;100,0"]);
    assert_eq!(
        file(&anna, "codes.csv").await,
        [
            "Kod;Znaczenie;Zgłoszenia;Udział",
            "503;Usługa niedostępna albo brak wolnych linii;2;40,0",
            "bez kodu;;2;40,0",
            "480;Abonent chwilowo niedostępny;1;20,0",
        ]
    );
    assert_eq!(
        file(&anna, "prefixes.csv").await,
        [
            "Dokąd;Początek;Zgłoszenia;Udział",
            "Numer stacjonarny, Warszawa;22;2;50,0",
            "Wielka Brytania;0044;1;25,0",
            "Numer komórkowy;;1;25,0",
        ]
    );

    let page = anna.get("/staff/stats").await.expect(200);
    page.must_show("piątek, 20 listopada 2026").must_show("stan na 14:30").must_show("zwykle o tej porze 1");
    page.must_show("kreska: zwykły piątek").must_show("Nie mogę zadzwonić 2 40%");
    let month = anna.get("/staff/stats?days=30").await.expect(200);
    month.must_show("Ostatnie 30 dni").must_show("Zgłoszenia w dniach");
}

#[tokio::test]
async fn waiting_is_measured_until_the_first_answer_and_until_it_is_over() {
    let world = World::new().await;
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(given::report().accepted(&world).await.0);
    }
    let anna = world.agent("Anna").await;
    let at = |place: usize| format!("/staff/tickets/{}", tickets[place]);
    let reply = |text| [("text", text), ("submission", "0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01")];
    world.advance(Duration::minutes(10));
    anna.post(&format!("{}/replies", at(0)), &reply("Sprawdzamy.")).await.expect(303);
    world.advance(Duration::minutes(50));
    for place in [0, 1] {
        let page = anna.get(&at(place)).await;
        let resolve = [("version", page.value("version")), ("status", "resolved".into()), ("text", "Działa.".into())];
        let resolve: Vec<_> = resolve.iter().map(|(name, value)| (*name, value.as_str())).collect();
        anna.post(&format!("{}/status", at(place)), &resolve).await.expect(303);
    }
    world.advance(Duration::hours(23));
    // her session is over by now
    let anna = world.agent("Ola").await;

    // half an hour is between them
    assert_eq!(
        file(&anna, "answers.csv?days=7").await,
        [
            "Czas;Zgłoszenia;Udział",
            "< 5 min;0;0,0",
            "5–15 min;1;50,0",
            "15–30 min;0;0,0",
            "30–60 min;0;0,0",
            "1–2 h;1;50,0",
            "2–4 h;0;0,0",
            "> 4 h;0;0,0",
        ]
    );
    assert_eq!(file(&anna, "resolutions.csv?days=7").await[3], "1–2 h;2;100,0");
    let page = anna.get("/staff/stats?days=7").await;
    page.must_show("Pierwsza odpowiedź, mediana 35 min 90% do 55 min");
    page.must_show("połowa do 1 h, 90% do 1 h").must_show("2 zgłoszenia czekają jeszcze na pierwszą odpowiedź.");
    page.must_show("Otwarte teraz 2 w tym 2 bez opiekuna");
    let waiting = file(&anna, "waiting.csv").await;
    assert_eq!(waiting.len(), 3);
    assert!(waiting[1].ends_with(";1 dzień;20.11.2026, 14:30;Nie mogę zadzwonić;nikt"), "{waiting:?}");
    page.must_show(&tickets[2].to_string());
}

#[tokio::test]
async fn resolving_that_was_taken_back_was_no_answer() {
    let world = World::new().await;
    given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = anna.get("/staff").await.value("ticket");
    let resolve = [("verb", "status"), ("status", "resolved"), ("ticket", ticket.as_str())];
    let done = anna.post("/staff/bulk", &resolve).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket where first_response_at is not null").await, 1);
    let page = anna.follow(&done).await;
    let (_, undo) = page.body.split_once("action=\"/staff/bulk/").expect("it can be taken back");
    anna.post(&format!("/staff/bulk/{}", undo.split('"').next().unwrap()), &[]).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket where status = 'new'").await, 1);
    assert_eq!(world.count("select count(*) from ticket where first_response_at is not null").await, 0);
}

#[tokio::test]
async fn walks_that_end_without_a_report_are_told_by_guide_and_by_step() {
    let world = World::new().await;
    let visitor = world.visitor();
    let walk = |path: &'static str| visitor.get(path);
    // one who was helped, one who went away, one who wrote
    for path in [
        "/pl/guide/outgoing",
        "/pl/guide/outgoing/yes",
        "/pl/guide/outgoing/yes/nobody",
        "/pl/guide/outgoing/yes/nobody/yes",
    ] {
        walk(path).await.expect(200);
    }
    walk("/en/guide/outgoing").await.expect(200);
    for path in ["/pl/guide/outgoing", "/pl/guide/outgoing/yes"] {
        walk(path).await.expect(200);
    }
    given::report().with("trail", "outgoing/yes").accepted(&world).await;
    workers::store_page_views(&world.app).await.unwrap();

    let anna = world.agent("Anna").await;
    assert_eq!(
        file(&anna, "guides.csv").await,
        ["Poradnik;Przejścia;Działa;Bez zgłoszenia;Udział", "Nie mogę zadzwonić;3;1;2;66,7",]
    );
    assert_eq!(
        file(&anna, "steps.csv").await,
        [
            "Krok;Wejścia;Działa;Bez zgłoszenia;Udział",
            "Nie mogę zadzwonić: Czy konto w telefonie lub aplikacji jest zalogowane?;3;0;1;33,3",
            "Nie mogę zadzwonić: Czy po ponownym uruchomieniu da się zadzwonić?;1;1;1;100,0",
            "Nie mogę zadzwonić: Dokąd nie możesz zadzwonić?;2;0;0;0,0",
        ]
    );
    anna.get("/staff/stats").await.must_show("Poradniki bez zgłoszenia 67% 2 z 3 przejść");
}

#[tokio::test]
async fn an_empty_portal_has_figures_too() {
    for now in [NOW, datetime!(2026-03-29 10:00 UTC), datetime!(2026-10-25 10:00 UTC)] {
        let world = World::at(now).await;
        let anna = world.agent("Anna").await;
        for days in ["", "?days=7", "?days=30", "?days=-1", "?days=x"] {
            let page = anna.get(&format!("/staff/stats{days}")).await.expect(200);
            page.must_show("Zgłoszenia 0").must_show("Nie ma jeszcze czego pokazać.").must_not_show("NaN");
        }
    }
}

#[tokio::test]
async fn figures_are_for_staff_in_their_language() {
    let world = World::new().await;
    given::audio().accepted(&world).await;
    for path in ["/staff/stats", "/staff/stats/hours.csv"] {
        assert!(world.visitor().get(path).await.location().starts_with("/staff/login"), "{path}");
    }
    let anna = world.agent("Anna").await;
    anna.post("/staff/account/language", &[("lang", "en")]).await;
    anna.get("/staff/stats").await.expect(200).must_show("Friday, 20 November 2026").must_show("Reports by the hour");
    assert_eq!(file(&anna, "symptoms.csv").await[1], "Gaps, the voice breaks up;1;100.0");
    for nowhere in ["hours", "nothing.csv", ".csv", "hours.csv.csv"] {
        anna.get(&format!("/staff/stats/{nowhere}")).await.expect(404);
    }
    let named = anna.get("/staff/stats/hours.csv").await;
    assert_eq!(named.header("content-disposition"), "attachment; filename=\"dzwoni-hours-2026-11-20-1430.csv\"");
}

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

    workers::store_page_views(&world.app).await.unwrap();
    assert_eq!(visits(&world).await, [("outgoing".to_owned(), 3), ("outgoing/yes".to_owned(), 2)]);

    // another program on the same database, and the next time
    let second = world.second();
    second.visitor().get("/pl/guide/outgoing").await.expect(200);
    person.get("/pl/guide/outgoing").await.expect(200);
    workers::flush_on_shutdown(&second.app).await;
    workers::store_page_views(&world.app).await.unwrap();
    workers::store_page_views(&world.app).await.unwrap();
    assert_eq!(visits(&world).await[0], ("outgoing".to_owned(), 5));
}

#[tokio::test]
async fn visits_wait_while_the_database_is_away() {
    let away = World::without_database().await;
    away.visitor().get("/pl/guide/audio").await.expect(200);
    assert!(workers::store_page_views(&away.app).await.is_err());
    assert_eq!(away.app.page_views.drain().into_iter().collect::<Vec<_>>(), [("audio".into(), 1)]);
}

/// Today's visits by path.
async fn visits(world: &World) -> Vec<(String, i64)> {
    sqlx::query_as("select path, views from guide_page_view where day = '2026-11-20' order by path")
        .fetch_all(world.sql().await)
        .await
        .unwrap()
}
