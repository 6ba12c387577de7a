//! Reports that staff take down for somebody.

use crate::{
    given, incidents,
    support::{Answer, Browser, World},
    tickets::{history, must_be_sound, stand, stands},
};

const CALL: [(&str, &str); 8] = [
    ("channel", "phone"),
    ("category", "outgoing"),
    ("caller", "22 555 01 20"),
    ("callee", "0044 20 8190 0322"),
    ("day", "today"),
    ("time", "14:05"),
    ("in_billing", "unknown"),
    ("lang", "en"),
];

async fn send(browser: &Browser, form: &str, more: &[(&str, &str)]) -> Answer {
    let usual = CALL.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<_> = [("submission", form)].iter().chain(usual).chain(more).copied().collect();
    browser.post("/staff/report", &fields).await
}

fn reference(answer: &Answer) -> dzwoni::tickets::TicketReference {
    answer.location().rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn staff_take_a_report_by_phone_for_somebody_without_an_address() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let blank = anna.get("/staff/report").await.expect(200);
    blank.must_show("Przyjmij zgłoszenie").must_show("Jak przyszło?");
    let form = blank.value("submission");
    // sent twice, it is one; changed, nothing is lost
    let (one, two) = tokio::join!(send(&anna, &form, &[]), send(&anna, &form, &[]));
    let taken = reference(&one.expect(303));
    assert_eq!(reference(&two.expect(303)), taken);
    send(&anna, &form, &[("description", "Dzwoni z biura.")]).await.expect(303);
    assert_eq!(history(&world, &taken).await, ["opened", "sent_again"]);
    assert_eq!(stands(&world, &taken).await, stand("new", None, None));
    let desk = anna.get(&format!("/staff/tickets/{taken}")).await.expect(200);
    desk.must_show("Anna: zgłoszenie przyjęte za klienta, telefon").must_not_show("IP zgłaszającego");
    let mine = anna.get(&format!("/staff/tickets/{taken}/link")).await.expect(200);
    mine.must_show(&format!("http://127.0.0.1:8080/en/ticket/{taken}?key="));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn who_takes_it_down_can_keep_it() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let marek = world.agent("Marek").await;
    let form = given::uuid();
    let sent = send(&anna, &form, &[("channel", "chat"), ("email", "ewa@example.com"), ("take", "yes")]).await;
    let taken = reference(&sent.expect(303));
    assert_eq!(stands(&world, &taken).await, stand("open", Some("Anna"), None));
    // pressed again, also by somebody else who has the page open
    send(&anna, &form, &[("channel", "chat"), ("email", "ewa@example.com"), ("take", "yes")]).await.expect(303);
    send(&marek, &form, &[("channel", "chat"), ("email", "ewa@example.com"), ("take", "yes")]).await.expect(303);
    assert_eq!(stands(&world, &taken).await, stand("open", Some("Anna"), None));
    let channels: Vec<String> =
        sqlx::query_scalar("select channel::text from ticket").fetch_all(world.sql().await).await.unwrap();
    assert_eq!(channels, ["chat"]);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn the_rules_are_the_public_forms_and_what_was_typed_stays() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let wrong = [
        ("category", ""),
        ("caller", "22 122 80 22, 601 555 210"),
        ("time", "14:75"),
        ("email", "jan"),
        ("phone", "1"),
    ];
    let refused = send(&anna, &given::uuid(), &wrong).await.expect(422);
    refused
        .must_show("Zaznacz, co się stało")
        .must_show("dwa numery")
        .must_show("Nie ma takiej godziny jak 14:75")
        .must_show("To nie wygląda na adres e-mail");
    assert_eq!(refused.value("caller"), "22 122 80 22, 601 555 210");
    assert_eq!(world.count("select count(*) from ticket").await, 0);
    // the web is no way by which staff are told
    let account = [("category", "logged-out"), ("account", "12345-101"), ("channel", "web"), ("website", "x")];
    let taken = reference(&send(&anna, &given::uuid(), &account).await.expect(303));
    assert_eq!(stands(&world, &taken).await, stand("new", None, None));
    assert_eq!(world.count("select count(*) from ticket where channel = 'phone'").await, 1);
    world.visitor().get("/staff/report").await.expect(303);
    world.visitor().post("/staff/report", &CALL).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn open_tickets_that_are_alike_are_shown_while_it_is_written() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (open, _) = given::report().accepted(&world).await;
    let (over, _) = given::report().accepted(&world).await;
    let (account, _) = given::logged_out().accepted(&world).await;
    crate::tickets::act(&anna, &over, "status", &[("status", "resolved")]).await.expect(303);
    let part = anna.get("/staff/report/similar?caller=22+555+01+20&callee=").await.expect(200);
    part.must_show(&open.to_string()).must_show("to samo A").must_not_show(&over.to_string());
    assert!(!part.body.contains("<html"), "a part of the page");
    anna.get("/staff/report/similar?callee=0044+20+8190+0322").await.must_show("to samo B");
    anna.get("/staff/report/similar?account=12345-101").await.must_show(&account.to_string());
    anna.get("/staff/report/similar?caller=601+000").await.must_show("Nie ma otwartych");
    anna.get("/staff/report/similar?caller=%00").await.must_show("Pokażą się tutaj");
    world.visitor().get("/staff/report/similar?caller=22+555+01+20").await.expect(303);
    // without a script a button does it, and nothing is stored
    let looked = send(&anna, &given::uuid(), &[("look", "yes"), ("time", "nonsense")]).await.expect(200);
    looked.must_show(&open.to_string());
    assert_eq!(looked.value("time"), "nonsense");
    assert_eq!(world.count("select count(*) from ticket").await, 3);
}

#[tokio::test]
async fn a_report_of_known_trouble_joins_it_at_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff/report").await.expect(200).must_not_show("Czy to znana awaria?");
    incidents::published(&anna, &[]).await;
    let blank = anna.get("/staff/report").await.expect(200);
    blank.must_show("Czy to znana awaria?").must_show("Połączenia do Wielkiej Brytanii").must_not_show("Pasuje do");
    // what is typed may fit it: a person decides
    let fits = "Pasuje do trwającej awarii: Połączenia do Wielkiej Brytanii";
    let typed = |callee: &str| format!("/staff/report/similar?category=outgoing&callee={callee}");
    anna.get(&typed("0044+20+8190+0322")).await.expect(200).must_show(fits);
    anna.get(&typed("0049+30+5550+1700")).await.expect(200).must_not_show("Pasuje do");
    let looked = send(&anna, &given::uuid(), &[("look", "yes"), ("incident", "1")]).await.expect(200);
    looked.must_show(fits);
    assert!(looked.body.contains("value=\"1\" selected"), "{}", looked.body);

    let form = given::uuid();
    let more = [("incident", "1"), ("email", "ewa@example.com"), ("take", "yes")];
    for _ in 0..2 {
        let taken = reference(&send(&anna, &form, &more).await.expect(303));
        assert_eq!(history(&world, &taken).await, ["opened", "joined_incident", "assigned"]);
        anna.get("/staff?view=all").await.must_show("należy do awarii");
    }
    for nonsense in ["9", "x"] {
        let taken = reference(&send(&anna, &given::uuid(), &[("incident", nonsense)]).await.expect(303));
        assert_eq!(history(&world, &taken).await, ["opened"]);
    }
    must_be_sound(&world).await;
}
