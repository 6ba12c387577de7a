//! Statistics on reports, response times and guides.

use axum::{body::Body, http::Method};
use dzwoni::jobs;
use time::{Duration, macros::datetime};

use crate::{
    given,
    support::{Browser, NOW, World},
};

/// The lines of a CSV file without its byte order mark.
async fn csv_lines(staff: &Browser, name: &str) -> Vec<String> {
    let response = staff.get(&format!("/staff/stats/{name}")).await.expect(200);
    assert!(response.header("content-type").starts_with("text/csv"));
    let text = response.body.strip_prefix('\u{feff}').expect("Excel needs a byte order mark to read UTF-8");
    text.split_terminator("\r\n").map(str::to_owned).collect()
}

#[tokio::test]
async fn reports_are_counted_by_time_category_symptom_code_and_prefix() {
    // one week before, at the same hour
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
    let hours = csv_lines(&anna, "hours.csv").await;
    assert_eq!(hours[0], "Godzina;Zgłoszenia;Zwykle");
    assert_eq!(
        [&hours[1], &hours[13], &hours[15], &hours[24]],
        ["0:00;0;0,0", "12:00;1;0,0", "14:00;4;1,0", "23:00;;0,0"]
    );
    let days = csv_lines(&anna, "days.csv?days=7").await;
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
    assert_eq!(csv_lines(&anna, "days.csv?days=30").await.iter().filter(|day| day.contains("pt.")).count(), 5);

    assert_eq!(
        csv_lines(&anna, "categories.csv").await,
        [
            "Kategoria;Zgłoszenia;Udział",
            "Nie mogę zadzwonić;2;40,0",
            "Telefon lub aplikacja się nie loguje;1;20,0",
            "Słychać źle albo wcale;1;20,0",
            "Nikt nie może się do mnie dodzwonić;1;20,0",
        ]
    );
    assert_eq!(csv_lines(&anna, "symptoms.csv").await, ["Objaw;Zgłoszenia;Udział", "Przerwy, głos się rwie;1;100,0"]);
    assert_eq!(
        csv_lines(&anna, "codes.csv").await,
        [
            "Kod;Znaczenie;Zgłoszenia;Udział",
            "503;Usługa niedostępna albo brak wolnych linii;2;40,0",
            "bez kodu;;2;40,0",
            "480;Abonent chwilowo niedostępny;1;20,0",
        ]
    );
    assert_eq!(
        csv_lines(&anna, "prefixes.csv").await,
        [
            "Dokąd;Początek;Zgłoszenia;Udział",
            "Numer stacjonarny, Warszawa;22;2;50,0",
            "Wielka Brytania;0044;1;25,0",
            "Numer komórkowy;;1;25,0",
        ]
    );

    let page = anna.get("/staff/stats").await.expect(200);
    page.assert_shows("piątek, 20 listopada 2026").assert_shows("stan na 14:30").assert_shows("zwykle o tej porze 1");
    page.assert_shows("kreska: zwykły piątek").assert_shows("Nie mogę zadzwonić 2 40%");
    let month = anna.get("/staff/stats?days=30").await.expect(200);
    month.assert_shows("Ostatnie 30 dni").assert_shows("Zgłoszenia w dniach");
}

#[tokio::test]
async fn the_times_to_first_response_and_resolution_are_measured() {
    let world = World::new().await;
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(given::report().accepted(&world).await.0);
    }
    let anna = world.agent("Anna").await;
    let path_of = |index: usize| format!("/staff/tickets/{}", tickets[index]);
    let reply = |text| [("text", text), ("submission", "0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01")];
    world.advance(Duration::minutes(10));
    anna.post(&format!("{}/replies", path_of(0)), &reply("Sprawdzamy.")).await.expect(303);
    world.advance(Duration::minutes(50));
    for index in [0, 1] {
        let page = anna.get(&path_of(index)).await;
        let resolve = [("version", page.value("version")), ("status", "resolved".into()), ("text", "Działa.".into())];
        let resolve: Vec<_> = resolve.iter().map(|(name, value)| (*name, value.as_str())).collect();
        anna.post(&format!("{}/status", path_of(index)), &resolve).await.expect(303);
    }
    world.advance(Duration::hours(23));
    // Anna's session has expired
    let anna = world.agent("Ola").await;

    assert_eq!(
        csv_lines(&anna, "answers.csv?days=7").await,
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
    assert_eq!(csv_lines(&anna, "resolutions.csv?days=7").await[3], "1–2 h;2;100,0");
    let page = anna.get("/staff/stats?days=7").await;
    page.assert_shows("Pierwsza odpowiedź, mediana 35 min 90% do 55 min");
    page.assert_shows("połowa do 1 h, 90% do 1 h").assert_shows("2 zgłoszenia czekają jeszcze na pierwszą odpowiedź.");
    page.assert_shows("Otwarte teraz 2 w tym 2 bez opiekuna");
    let waiting = csv_lines(&anna, "waiting.csv").await;
    assert_eq!(waiting.len(), 3);
    assert!(waiting[1].ends_with(";1 dzień;20.11.2026, 14:30;Nie mogę zadzwonić;nikt"), "{waiting:?}");
    page.assert_shows(&tickets[2].to_string());
}

#[tokio::test]
async fn an_undone_resolution_does_not_count_as_a_response() {
    let world = World::new().await;
    given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = anna.get("/staff").await.value("ticket");
    let resolve = [("command", "status"), ("status", "resolved"), ("ticket", ticket.as_str())];
    let done = anna.post("/staff/bulk", &resolve).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket where first_response_at is not null").await, 1);
    let page = anna.follow(&done).await;
    let (_, undo) = page.body.split_once("action=\"/staff/bulk/").expect("an undo button");
    anna.post(&format!("/staff/bulk/{}", undo.split('"').next().unwrap()), &[]).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket where status = 'new'").await, 1);
    assert_eq!(world.count("select count(*) from ticket where first_response_at is not null").await, 0);
}

#[tokio::test]
async fn guide_visits_without_a_report_are_counted_by_guide_and_step() {
    let world = World::new().await;
    let visitor = world.visitor();
    let get = |path: &'static str| visitor.get(path);
    // one visitor was helped, one left, one sent a report
    for path in [
        "/pl/guide/outgoing",
        "/pl/guide/outgoing/yes",
        "/pl/guide/outgoing/yes/nobody",
        "/pl/guide/outgoing/yes/nobody/yes",
    ] {
        get(path).await.expect(200);
    }
    get("/en/guide/outgoing").await.expect(200);
    for path in ["/pl/guide/outgoing", "/pl/guide/outgoing/yes"] {
        get(path).await.expect(200);
    }
    given::report().with("trail", "outgoing/yes").accepted(&world).await;
    jobs::store_page_views(&world.app).await.unwrap();

    let anna = world.agent("Anna").await;
    assert_eq!(
        csv_lines(&anna, "guides.csv").await,
        ["Poradnik;Przejścia;Działa;Bez zgłoszenia;Udział", "Nie mogę zadzwonić;3;1;2;66,7",]
    );
    assert_eq!(
        csv_lines(&anna, "steps.csv").await,
        [
            "Krok;Wejścia;Działa;Bez zgłoszenia;Udział",
            "Nie mogę zadzwonić: Czy konto w telefonie lub aplikacji jest zalogowane?;3;0;1;33,3",
            "Nie mogę zadzwonić: Czy po ponownym uruchomieniu da się zadzwonić?;1;1;1;100,0",
            "Nie mogę zadzwonić: Dokąd nie możesz zadzwonić?;2;0;0;0,0",
        ]
    );
    anna.get("/staff/stats").await.assert_shows("Poradniki bez zgłoszenia 67% 2 z 3 przejść");
}

#[tokio::test]
async fn statistics_of_an_empty_portal_are_shown() {
    for now in [NOW, datetime!(2026-03-29 10:00 UTC), datetime!(2026-10-25 10:00 UTC)] {
        let world = World::at(now).await;
        let anna = world.agent("Anna").await;
        for days in ["", "?days=7", "?days=30", "?days=-1", "?days=x"] {
            let page = anna.get(&format!("/staff/stats{days}")).await.expect(200);
            page.assert_shows("Zgłoszenia 0").assert_shows("Nie ma jeszcze czego pokazać.").assert_hides("NaN");
        }
    }
}

#[tokio::test]
async fn statistics_are_for_staff_in_their_language() {
    let world = World::new().await;
    given::audio().accepted(&world).await;
    for path in ["/staff/stats", "/staff/stats/hours.csv"] {
        assert!(world.visitor().get(path).await.location().starts_with("/staff/login"), "{path}");
    }
    let anna = world.agent("Anna").await;
    anna.post("/staff/account/language", &[("lang", "en")]).await;
    anna.get("/staff/stats")
        .await
        .expect(200)
        .assert_shows("Friday, 20 November 2026")
        .assert_shows("Reports by the hour");
    assert_eq!(csv_lines(&anna, "symptoms.csv").await[1], "Gaps, the voice breaks up;1;100.0");
    for unknown in ["hours", "nothing.csv", ".csv", "hours.csv.csv"] {
        anna.get(&format!("/staff/stats/{unknown}")).await.expect(404);
    }
    let file = anna.get("/staff/stats/hours.csv").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"dzwoni-hours-2026-11-20-1430.csv\"");
}

#[tokio::test]
async fn each_page_view_of_a_guide_step_by_a_person_is_counted() {
    let world = World::new().await;
    let visitor = world.visitor();
    for path in ["/pl/guide/outgoing", "/en/guide/outgoing", "/pl/guide/outgoing", "/pl/guide/outgoing/yes"] {
        visitor.get(path).await.expect(200);
    }
    // not counted: revalidation, prefetch, HEAD, bots
    let seen = visitor.get("/pl/guide/outgoing/yes").await;
    let again = world.visitor().with_header("if-none-match", seen.header("etag"));
    again.get("/pl/guide/outgoing/yes").await.expect(304);
    world.visitor().with_header("sec-purpose", "prefetch").get("/pl/guide/outgoing").await.expect(200);
    visitor.send(Method::HEAD, "/pl/guide/outgoing", Body::empty()).await.expect(200);
    let bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    world.visitor().with_header("user-agent", bot).get("/pl/guide/outgoing").await.expect(200);
    // not counted: pages that are no step
    visitor.get("/pl/guide/outgoing?all").await.expect(200);
    visitor.get("/pl/guide/outgoing?utm=1").await.expect(308);
    visitor.get("/pl/guide/outgoing/nowhere").await.expect(404);

    jobs::store_page_views(&world.app).await.unwrap();
    assert_eq!(page_views(&world).await, [("outgoing".to_owned(), 3), ("outgoing/yes".to_owned(), 2)]);

    // a second process on the same database, and a later flush
    let second = world.second();
    second.visitor().get("/pl/guide/outgoing").await.expect(200);
    visitor.get("/pl/guide/outgoing").await.expect(200);
    jobs::flush_on_shutdown(&second.app).await;
    jobs::store_page_views(&world.app).await.unwrap();
    jobs::store_page_views(&world.app).await.unwrap();
    assert_eq!(page_views(&world).await[0], ("outgoing".to_owned(), 5));
}

#[tokio::test]
async fn page_views_are_kept_while_the_database_is_unavailable() {
    let world = World::without_database().await;
    world.visitor().get("/pl/guide/audio").await.expect(200);
    assert!(jobs::store_page_views(&world.app).await.is_err());
    assert_eq!(world.app.page_views.drain().into_iter().collect::<Vec<_>>(), [("audio".into(), 1)]);
}

/// Today's page views by path.
async fn page_views(world: &World) -> Vec<(String, i64)> {
    sqlx::query_as("select path, views from guide_page_view where day = '2026-11-20' order by path")
        .fetch_all(world.sql().await)
        .await
        .unwrap()
}
