//! Duplicates and their main tickets.

use dzwoni::tickets::TicketReference;
use tokio::task::JoinSet;

use super::{act, act_from, desk, history, must_be_sound, stand, stands, tickets};
use crate::support::{Browser, World};

async fn merge(browser: &Browser, duplicate: &TicketReference, main: &TicketReference) {
    let answer = act(browser, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(answer.location(), format!("{}#related", desk(main)));
}

#[tokio::test]
async fn a_duplicate_points_to_its_main_and_both_tell_of_it() {
    let world = World::new().await;
    let [a, b] = &tickets(&world, 2).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    anna.get(&format!("{}/merge", desk(a))).await.expect(200).must_show("Numer zgłoszenia głównego");
    // typed in any spelling
    let typed = b.to_string().to_lowercase().replace('-', " ");
    act(&anna, a, "merge", &[("into", &typed)]).await.expect(303);
    assert_eq!(stands(&world, a).await, stand("duplicate", None, Some(b)));
    assert_eq!(stands(&world, b).await, stand("new", None, None));
    anna.get(&desk(a)).await.must_show(&format!("Anna: scalone, duplikat {b}"));
    anna.get(&desk(b)).await.must_show(&format!("Anna: dołączony duplikat {a}"));
    assert_eq!(history(&world, a).await, ["opened", "merged_into"]);
    assert_eq!(history(&world, b).await, ["opened", "absorbed"]);
    // again changes nothing
    act(&anna, a, "merge", &[("into", &b.to_string())]).await.expect(303);
    assert_eq!(history(&world, b).await.len(), 2);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn the_tree_stays_one_deep() {
    let world = World::new().await;
    let [a, b, c, d] = &tickets(&world, 4).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, a, b).await;
    // into a duplicate means into its main
    act(&anna, c, "merge", &[("into", &a.to_string())]).await.expect(303);
    assert_eq!(stands(&world, c).await, stand("duplicate", None, Some(b)));
    // a main ticket takes its duplicates along
    let page = anna.get(&format!("{}/merge", desk(b))).await;
    page.must_show(&format!("Razem z nim przejdą jego duplikaty: {a}"));
    merge(&anna, b, d).await;
    for duplicate in [a, b, c] {
        assert_eq!(stands(&world, duplicate).await, stand("duplicate", None, Some(d)));
    }
    assert_eq!(history(&world, a).await, ["opened", "merged_into", "merged_into"]);
    assert_eq!(history(&world, d).await, ["opened", "absorbed"]);
    anna.get(&desk(d)).await.must_show(&format!("{a}, {b}, {c}"));
    // a duplicate may be moved to another main, which the first one hears
    let [e] = &tickets(&world, 1).await[..] else { panic!() };
    merge(&anna, a, e).await;
    assert_eq!(stands(&world, a).await, stand("duplicate", None, Some(e)));
    assert_eq!(history(&world, d).await, ["opened", "absorbed", "let_go"]);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn separated_it_is_what_it_was() {
    let world = World::new().await;
    let [a, b, main] = &tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    act(&anna, b, "assignment", &[("assignee", "me")]).await.expect(303);
    merge(&anna, a, main).await;
    merge(&anna, b, main).await;
    assert_eq!(stands(&world, b).await, stand("duplicate", Some("Anna"), Some(main)));
    let page = anna.get(&format!("{}/merge", desk(a))).await.expect(200);
    page.must_show(&format!("Duplikat {main}."));
    for duplicate in [a, b] {
        act(&anna, duplicate, "merge", &[("into", "none")]).await.expect(303);
    }
    assert_eq!(stands(&world, a).await, stand("new", None, None));
    assert_eq!(stands(&world, b).await, stand("open", Some("Anna"), None));
    assert_eq!(history(&world, main).await, ["opened", "absorbed", "absorbed", "let_go", "let_go"]);
    anna.get(&desk(a)).await.must_show(&format!("Anna: rozdzielone, już nie duplikat {main}"));
    anna.get(&desk(main)).await.must_show(&format!("Anna: odłączony duplikat {b}"));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn what_can_not_be_merged_is_said_so_and_the_number_is_kept() {
    let world = World::new().await;
    let [a, b, spam] = &tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, b, a).await;
    act(&anna, spam, "status", &[("status", "spam")]).await.expect(303);
    let unknown = TicketReference::random().to_string();
    let slip = format!("{}{}", &a.to_string()[..13], if a.to_string().ends_with('0') { '1' } else { '0' });
    let table = [
        (a.to_string(), "to samo zgłoszenie albo jego duplikat"),
        (b.to_string(), "to samo zgłoszenie albo jego duplikat"),
        (spam.to_string(), "to spam"),
        (unknown.clone(), "Nie ma zgłoszenia"),
        (slip, "jest pomyłka"),
        ("DZ".into(), "Numer zgłoszenia ma litery DZ"),
        ("<b>".into(), "Numer zgłoszenia ma litery DZ"),
        (String::new(), "Wpisz numer zgłoszenia, z którym"),
    ];
    for (into, complaint) in table {
        let refused = act(&anna, a, "merge", &[("into", &into)]).await.expect(422);
        refused.must_show(complaint);
        assert_eq!(refused.value("into"), into);
    }
    assert_eq!(stands(&world, a).await, stand("new", None, None));
    anna.post(&format!("/staff/tickets/{unknown}/merge"), &[("into", "none")]).await.expect(404);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_stale_merge_shows_both() {
    let world = World::new().await;
    let [a, b] = &tickets(&world, 2).await[..] else { panic!() };
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&format!("{}/merge", desk(a))).await;
    act(&anna, a, "replies", &[("text", "Sprawdzamy.")]).await.expect(303);
    let into = b.to_string();
    let refused = act_from(&marek, &stale, a, "merge", &[("into", &into)]).await.expect(409);
    refused.must_show("Sprawdzamy.").must_show(&format!("Scalić z {b}"));
    act_from(&marek, &refused, a, "merge", &[("into", &refused.value("into"))]).await.expect(303);
    assert_eq!(stands(&world, a).await, stand("duplicate", Some("Anna"), Some(b)));
    // separating, too
    let stale = marek.get(&desk(a)).await;
    act(&anna, a, "notes", &[("text", "To nie to samo.")]).await.expect(303);
    let refused = act_from(&marek, &stale, a, "merge", &[("into", "none")]).await.expect(409);
    refused.must_show("Rozdzielić");
}

#[tokio::test]
async fn crossing_merges_end_in_one_tree() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    for round in 0..15 {
        let these = tickets(&world, 3).await;
        // each into the next one, in a ring, and some the other way round; all from pages drawn before
        let mut wishes = Vec::new();
        for (at, duplicate) in these.iter().enumerate() {
            for step in [1, 2] {
                wishes.push((duplicate.clone(), these[(at + step) % 3].clone()));
            }
        }
        let mut merging = JoinSet::new();
        for (number, (duplicate, main)) in wishes.into_iter().enumerate() {
            let browser = if number % 2 == 0 { anna.clone() } else { marek.clone() };
            merging.spawn(async move {
                let path = format!("{}/merge", desk(&duplicate));
                browser.post(&path, &[("version", "1"), ("into", &main.to_string())]).await.status.as_u16()
            });
        }
        for status in merging.join_all().await {
            assert!([303, 409, 422].contains(&status), "round {round}: {status}");
        }
        must_be_sound(&world).await;
        // and with fresh pages everybody gets there: one main, two duplicates
        for _ in 0..2 {
            for duplicate in &these[1..] {
                let into = these[0].to_string();
                let status = act(&anna, duplicate, "merge", &[("into", &into)]).await.status.as_u16();
                assert!([303, 422].contains(&status), "round {round}: {status}");
            }
        }
        let mut mains = Vec::new();
        for reference in &these {
            mains.extend(stands(&world, reference).await.main);
        }
        assert_eq!(mains.len(), 2, "round {round}");
        assert_eq!(mains[0], mains[1], "round {round}");
        must_be_sound(&world).await;
    }
}

#[tokio::test]
async fn resolving_the_main_one_resolves_its_duplicates_and_opening_it_again_opens_them() {
    let world = World::new().await;
    let [a, b, main] = &tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, a, main).await;
    merge(&anna, b, main).await;
    act(&anna, main, "status", &[("status", "resolved"), ("text", "Już działa.")]).await.expect(303);
    for duplicate in [a, b] {
        assert_eq!(stands(&world, duplicate).await, stand("resolved", None, Some(main)));
        assert_eq!(history(&world, duplicate).await, ["opened", "merged_into", "resolved_with"]);
    }
    anna.get(&desk(a)).await.must_show(&format!("Anna: rozwiązane razem z {main}"));
    must_be_sound(&world).await;

    act(&anna, main, "status", &[("status", "open")]).await.expect(303);
    for duplicate in [a, b] {
        assert_eq!(stands(&world, duplicate).await, stand("duplicate", None, Some(main)));
    }
    anna.get(&desk(a)).await.must_show(&format!("Anna: otwarte ponownie razem z {main}"));
    must_be_sound(&world).await;

    // one that was resolved along and is opened by itself is a ticket of its own again
    act(&anna, main, "status", &[("status", "resolved")]).await.expect(303);
    act(&anna, a, "status", &[("status", "open")]).await.expect(303);
    assert_eq!(stands(&world, a).await, stand("open", Some("Anna"), None));
    assert_eq!(stands(&world, b).await, stand("resolved", None, Some(main)));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn what_is_merged_into_a_ticket_that_is_resolved_is_resolved_with_it() {
    let world = World::new().await;
    let [a, along, main] = &tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    act(&anna, main, "status", &[("status", "resolved"), ("text", "Już działa.")]).await.expect(303);
    merge(&anna, along, a).await;
    merge(&anna, a, main).await;
    for duplicate in [a, along] {
        assert_eq!(stands(&world, duplicate).await, stand("resolved", None, Some(main)));
        anna.get(&desk(duplicate)).await.must_show(&format!("Anna: scalone, duplikat {main}, rozwiązane razem z nim"));
    }
    assert_eq!(world.count("select count(*) from ticket where first_response_at is null").await, 0);
    must_be_sound(&world).await;

    act(&anna, main, "status", &[("status", "open")]).await.expect(303);
    for duplicate in [a, along] {
        assert_eq!(stands(&world, duplicate).await, stand("duplicate", None, Some(main)));
    }
    must_be_sound(&world).await;
}

#[tokio::test]
async fn the_duplicates_of_spam_are_tickets_of_their_own_again() {
    let world = World::new().await;
    let [a, b, main] = &tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    act(&anna, b, "assignment", &[("assignee", "me")]).await.expect(303);
    merge(&anna, a, main).await;
    merge(&anna, b, main).await;
    act(&anna, main, "status", &[("status", "spam")]).await.expect(303);
    assert_eq!(stands(&world, a).await, stand("new", None, None));
    assert_eq!(stands(&world, b).await, stand("open", Some("Anna"), None));
    anna.get(&desk(a)).await.must_show(&format!("Anna: rozdzielone, bo {main} to spam"));
    assert_eq!(history(&world, main).await, ["opened", "absorbed", "absorbed", "marked_spam"]);
    must_be_sound(&world).await;

    // what was resolved before stays resolved
    let [c, over] = &tickets(&world, 2).await[..] else { panic!() };
    merge(&anna, c, over).await;
    act(&anna, over, "status", &[("status", "resolved")]).await.expect(303);
    act(&anna, over, "status", &[("status", "spam")]).await.expect(303);
    assert_eq!(stands(&world, c).await, stand("resolved", None, Some(over)));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_duplicate_ends_with_its_main_ticket_or_is_separated_first() {
    let world = World::new().await;
    let [a, main] = &tickets(&world, 2).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, a, main).await;
    for status in ["resolved", "waiting", "spam"] {
        let refused = act(&anna, a, "status", &[("status", status), ("text", "Moja odpowiedź")]).await.expect(409);
        refused.must_show("To zgłoszenie jest duplikatem").must_show(&main.to_string());
        assert_eq!(refused.shows("Moja odpowiedź"), status == "resolved");
    }
    act(&anna, a, "status", &[("status", "duplicate")]).await.expect(400);
    assert_eq!(stands(&world, a).await, stand("duplicate", None, Some(main)));
    // its customer may be answered, and it may be noted on and given to somebody
    act(&anna, a, "replies", &[("text", "Dziękujemy.")]).await.expect(303);
    act(&anna, a, "notes", &[("text", "Ten sam numer.")]).await.expect(303);
    assert_eq!(stands(&world, a).await, stand("duplicate", Some("Anna"), Some(main)));
    must_be_sound(&world).await;
}

#[tokio::test]
async fn resolving_and_merging_at_once_leave_nobody_behind() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    for round in 0..12 {
        let [a, b, main] = &tickets(&world, 3).await[..] else { panic!() };
        merge(&anna, a, main).await;
        let version = anna.get(&desk(main)).await.value("version");
        let (into, paths) = (main.to_string(), [b, a].map(|ticket| format!("{}/merge", desk(ticket))));
        let (merge, separate) = ([("version", "1"), ("into", &into)], [("version", "2"), ("into", "none")]);
        let (merging, separating) = (marek.post(&paths[0], &merge), marek.post(&paths[1], &separate));
        let (path, resolve) =
            (format!("{}/status", desk(main)), [("version", version.as_str()), ("status", "resolved")]);
        let resolving = anna.post(&path, &resolve);
        let (merged, separated, resolved) = tokio::join!(merging, separating, resolving);
        for answer in [merged, separated, resolved] {
            assert!([303, 409].contains(&answer.status.as_u16()), "round {round}: {}", answer.status);
        }
        must_be_sound(&world).await;
    }
}
