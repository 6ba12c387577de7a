//! The line test and the sound check, as the scripts of the pages and the report form use them.

use std::sync::OnceLock;

use line_test::{
    client::{ClientRun, LineTestClient},
    media_server::{MediaPort, MediaServer, SessionKind},
};
use serde_json::{Value, json};

use crate::{
    given,
    support::{Browser, TestResponse, World},
};

const TESTS: &str = "/pl/check/link/tests";

fn media_server() -> MediaServer {
    let address = "127.0.0.1:0".parse().unwrap();
    MediaServer::start(&[MediaPort { listen: address, advertised: address }], 3).unwrap()
}

/// Posts JSON as the script of the page does; the response must be JSON, also for errors.
async fn post_json(browser: &Browser, path: &str, body: &Value) -> (u16, Value) {
    post_json_raw(browser, path, body.to_string()).await
}

async fn post_json_raw(browser: &Browser, path: &str, body: String) -> (u16, Value) {
    let browser = browser.clone().with_header("content-type", "application/json");
    let response = browser.post_raw(path, body).await;
    assert_eq!(response.header("content-type"), "application/json", "{path}: {}", response.body);
    (response.status.as_u16(), serde_json::from_str(&response.body).unwrap())
}

fn error(json: &Value) -> &str {
    json["error"].as_str().unwrap_or_else(|| panic!("no error message: {json}"))
}

/// Runs a line test of two seconds with a real client; returns its id and the result of the client.
async fn run_line_test(browser: &Browser) -> (String, ClientRun) {
    let (client, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::LineTest).await.unwrap();
    let (status, session) = post_json(browser, TESTS, &json!({ "sdp": offer })).await;
    assert_eq!(status, 201, "{session}");
    let client_run = client.run(session["sdp"].as_str().unwrap(), 100).await.unwrap();
    (session["id"].as_str().unwrap().to_owned(), client_run)
}

#[tokio::test]
async fn a_line_test_becomes_a_check_result_that_is_attached_to_a_report() {
    let world = World::with_media(media_server()).await;
    let visitor = world.visitor();
    let (id, client_run) = run_line_test(&visitor).await;
    let result = json!({ "connection": "cable", "report": client_run.report });
    let (status, json) = post_json(&visitor, &format!("{TESTS}/{id}/result?trail=audio"), &result).await;
    assert_eq!(status, 200, "{json}");
    let (_, again) = post_json(&visitor, &format!("{TESTS}/{id}/result?trail=audio"), &result).await;
    assert_eq!(json["url"], again["url"], "the same test has one result");
    assert_eq!(world.count("select count(*) from check_result where kind = 'link'").await, 1);

    let url = json["url"].as_str().unwrap();
    assert!(url.starts_with("/pl/check/result/") && url.ends_with("?trail=audio"), "{url}");
    let page = visitor.get(url).await.expect(200);
    page.assert_shows(json["summary"].as_str().unwrap()).assert_shows("kablem").assert_shows("doszło 100 z 100");
    assert!(page.body.contains("noindex") && page.body.contains("/pl/guide/audio?checks="));
    let english = visitor.get(&url.replace("/pl/", "/en/")).await.expect(200);
    english.assert_shows("by cable").assert_shows("100 of 100 arrived").assert_shows("Line test");

    let checks = url.split(['/', '?']).nth(4).unwrap();
    let (_, ticket) = given::audio().with("checks", checks).accepted(&world).await;
    visitor.get(&ticket).await.expect(200).assert_shows("Test łącza").assert_shows(json["summary"].as_str().unwrap());
}

#[tokio::test]
async fn a_line_test_result_is_shown_even_without_the_database() {
    let world = World::without_database().await;
    let (_, session) = post_json(&world.visitor(), TESTS, &json!({ "sdp": null })).await;
    let client_result = json!({ "web": [[0.0, 30.0], [50.0, 81.0]], "webrtc": true });
    let path = format!("{TESTS}/{}/result", session["id"].as_str().unwrap());
    let (status, json) =
        post_json(&world.visitor(), &path, &json!({ "connection": null, "report": client_result })).await;
    assert_eq!((status, &json["url"]), (200, &Value::Null));
    assert_eq!(json["summary"], "Nie udało się zmierzyć łącza");
}

#[tokio::test]
async fn without_a_media_port_only_the_delay_is_measured() {
    let world = World::new().await;
    let page = world.visitor().get("/pl/check/link").await.expect(200);
    page.assert_shows("Zmierzymy tylko opóźnienie").assert_hides("Usłysz siebie");
    let (_, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::LineTest).await.unwrap();
    let (status, session) = post_json(&world.visitor(), TESTS, &json!({ "sdp": offer })).await;
    assert_eq!((status, &session["sdp"]), (201, &Value::Null));
    let (status, json) = post_json(&world.visitor(), "/pl/check/link/calls", &json!({ "sdp": offer })).await;
    assert_eq!(status, 503, "{json}");
}

#[tokio::test]
async fn invalid_line_test_requests_get_a_translated_error() {
    let world = World::with_media(media_server()).await;
    let visitor = world.visitor();
    let long = "v=0\r\n".repeat(4_000);
    let invalid = ["", "{}x", "[]", "null", "{\"sdp\":5}", "\u{1F525}"].map(str::to_owned);
    let offers =
        [json!({ "sdp": "v=0" }), json!({ "sdp": "\u{1F525}" }), json!({ "sdp": long })].map(|value| value.to_string());
    for body in invalid.into_iter().chain(offers) {
        for path in [TESTS, "/pl/check/link/calls"] {
            let (status, json) = post_json_raw(&visitor, path, body.clone()).await;
            assert_eq!((status, error(&json)), (400, message("line-test-failed-offer")), "{path} {body}");
        }
    }
    let (status, json) = post_json(&visitor, "/en/check/link/calls", &json!({})).await;
    assert_eq!(status, 400);
    assert!(error(&json).starts_with("This browser offered"));

    let (_, session) = post_json(&visitor, TESTS, &json!({ "sdp": null })).await;
    let path = format!("{TESTS}/{}/result", session["id"].as_str().unwrap());
    for body in ["", "[]", "{\"report\":{\"sent\":-1}}", "{\"report\":{\"more\":1}}"] {
        let (status, json) = post_json_raw(&visitor, &path, body.to_owned()).await;
        assert_eq!(status, 400, "{json}");
    }
    let (status, json) =
        post_json(&visitor, &format!("{TESTS}/{}/result", "0".repeat(26)), &json!({ "report": {} })).await;
    assert_eq!((status, error(&json)), (404, message("line-test-failed-late")));
    visitor.get(&format!("{TESTS}/{}/echo", "0".repeat(26))).await.expect(400);
    visitor.get(TESTS).await.expect(405);
    visitor
        .clone()
        .with_header("content-type", "application/json")
        .post_raw("/xx/check/link/tests", "{}")
        .await
        .expect(404);
}

fn message(id: &str) -> &'static str {
    static MESSAGES: OnceLock<[(&str, String); 2]> = OnceLock::new();
    let messages = MESSAGES.get_or_init(|| {
        ["line-test-failed-offer", "line-test-failed-late"].map(|id| (id, dzwoni::i18n::Lang::Pl.t(id).into_owned()))
    });
    &messages.iter().find(|(key, _)| *key == id).unwrap().1
}

#[tokio::test]
async fn line_tests_are_limited_per_network_and_by_media_sessions() {
    let world = World::with_media(media_server()).await;
    let visitor = world.visitor();
    let mut responses = Vec::new();
    for _ in 0..11 {
        let browser = visitor.clone().with_header("content-type", "application/json");
        responses.push(browser.post_raw(TESTS, "{\"sdp\":null}").await);
    }
    let refused: TestResponse = responses.pop().unwrap();
    assert!(responses.iter().all(|response| response.status == 201));
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "30"));
    assert!(refused.body.contains("Odczekaj"));

    // the media server of this test has three sessions; a fourth visitor gets a test without media
    let mut had_media = Vec::new();
    for n in 1..=4 {
        let neighbour = world.visitor().from_ip(&format!("198.51.100.{n}"));
        let (_, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::LineTest).await.unwrap();
        let (status, session) = post_json(&neighbour, TESTS, &json!({ "sdp": offer })).await;
        assert_eq!(status, 201);
        had_media.push(session["sdp"].is_string());
    }
    assert_eq!(had_media, [true, true, true, false]);
    let (_, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::EchoCall).await.unwrap();
    let (status, json) =
        post_json(&world.visitor().from_ip("192.0.2.1"), "/pl/check/link/calls", &json!({ "sdp": offer })).await;
    assert_eq!(status, 503);
    assert!(error(&json).contains("miejsca"));
}

#[tokio::test]
async fn only_the_line_test_and_sound_check_may_use_the_microphone() {
    let world = World::new().await;
    for (path, allowed) in
        [("/pl/check/sound", true), ("/pl/check/link", true), ("/pl", false), ("/pl/check/lamps", false)]
    {
        let page = world.visitor().get(path).await.expect(200);
        assert_eq!(page.header("permissions-policy").contains("microphone=(self)"), allowed, "{path}");
        assert!(page.header("content-security-policy").contains("script-src 'self'"));
    }
}

#[tokio::test]
async fn the_sound_check_stores_its_results_when_they_are_sent() {
    let world = World::new().await;
    let visitor = world.visitor();
    let fields = [("microphone", "clipped"), ("speakers", "left"), ("trail", "audio")];
    let response = visitor.post("/pl/check/sound", &fields).await.expect(303);
    assert!(response.location().ends_with("?trail=audio"));
    let page = visitor.follow(&response).await.expect(200);
    page.assert_shows("Mikrofon jest za głośny i zniekształca głos")
        .assert_shows("Dźwięk słychać tylko z lewej strony");
    page.assert_shows("Odsuń mikrofon od ust");
    assert_eq!(world.count("select count(*) from check_result where kind = 'sound' and verdict = 'clipped'").await, 1);
    // without results, or with unknown ones, the form redirects to the page
    for fields in [&[][..], &[("microphone", ""), ("speakers", "")], &[("microphone", "loud\u{1F525}")]] {
        assert_eq!(visitor.post("/pl/check/sound", fields).await.expect(303).location(), "/pl/check/sound");
    }
    let without_database = World::without_database().await;
    let page = without_database.visitor().post("/pl/check/sound", &[("microphone", "silent")]).await.expect(200);
    page.assert_shows("nic z niego nie słychać");
}
