//! The guides: every way through them can be walked, without a database, and every fact of the operator stands on them.

mod facts;
mod faults;

use std::collections::{BTreeMap, HashMap};

use dzwoni::{
    guides::{GuidePosition, GuideStep, Guides},
    i18n::Lang,
    tickets::TicketCategory,
};

use crate::support::{Answer, World};

/// What an address or a ticket's trail takes.
const LONGEST_PATH: usize = 500;

/// How a way ends: at an end, or at the first step of another guide.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    Resolved,
    Report,
    Guide(TicketCategory),
}

/// All ways through one guide, by their address; steps are told to `passed`.
fn ways<'a>(
    guides: &'a Guides,
    lang: Lang,
    category: TicketCategory,
    passed: &mut dyn FnMut(&str, &'a GuideStep),
) -> BTreeMap<String, End> {
    let (mut ends, mut open) = (BTreeMap::new(), vec![category.as_str().to_owned()]);
    while let Some(path) = open.pop() {
        let walk =
            guides.resolve_path(lang, &path).unwrap_or_else(|| panic!("{lang} {path} is offered but leads nowhere"));
        assert_eq!(walk.path, path);
        match walk.position {
            GuidePosition::Resolved => drop(ends.insert(path, End::Resolved)),
            GuidePosition::Report => drop(ends.insert(path, End::Report)),
            GuidePosition::Step(guide, _) if guide.category != category => {
                drop(ends.insert(path, End::Guide(guide.category)))
            }
            GuidePosition::Step(_, step) => {
                passed(&path, step);
                open.extend(step.answers.iter().map(|answer| format!("{path}/{}", answer.id)));
            }
        }
    }
    ends
}

/// The shortest way to every step of a guide.
fn steps(guides: &Guides, lang: Lang, category: TicketCategory) -> Vec<(String, &GuideStep)> {
    let mut shortest: HashMap<&str, (String, &GuideStep)> = HashMap::new();
    ways(guides, lang, category, &mut |path, step| {
        let known = shortest.entry(&step.id).or_insert_with(|| (path.to_owned(), step));
        if path.len() < known.0.len() {
            known.0 = path.to_owned();
        }
    });
    assert_eq!(shortest.len(), guides.get(lang, category).unwrap().steps.len());
    shortest.into_values().collect()
}

fn guides_in_both_languages() -> impl Iterator<Item = (Lang, TicketCategory)> {
    Lang::ALL.into_iter().flat_map(|lang| TicketCategory::WITH_GUIDE.into_iter().map(move |category| (lang, category)))
}

/// As a reader sees it: with plain spaces.
fn plain(text: &str) -> String {
    dzwoni::i18n::strip_typography(text)
}

/// Where the answers on a page lead.
fn answer_links(page: &Answer) -> Vec<String> {
    let links = page.body.split("<a class=\"answer\" href=\"").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&")).collect()
}

#[tokio::test]
async fn every_way_ends_and_is_the_same_in_both_languages() {
    let world = World::without_database().await;
    for category in TicketCategory::WITH_GUIDE {
        let of = |lang| ways(&world.guides, lang, category, &mut |_, _| {});
        let (polish, english) = (of(Lang::Pl), of(Lang::En));
        assert!(polish.len() > 20, "{category:?} has only {} ways", polish.len());
        assert_eq!(polish, english);
        for end in [End::Resolved, End::Report] {
            assert!(polish.values().any(|one| *one == end), "no way of {category:?} ends as {end:?}");
        }
    }
}

#[tokio::test]
async fn the_longest_way_fits_an_address_and_a_ticket() {
    let world = World::without_database().await;
    let of = |category| ways(&world.guides, Lang::Pl, category, &mut |_, _| {});
    let longest = |category: TicketCategory| of(category).into_keys().max_by_key(String::len).unwrap();
    for category in TicketCategory::WITH_GUIDE {
        for (path, end) in of(category) {
            let whole = match end {
                End::Resolved | End::Report => path,
                End::Guide(next) => path + longest(next).strip_prefix(next.as_str()).unwrap(),
            };
            assert!(whole.len() <= LONGEST_PATH, "{whole}");
            assert!(world.guides.resolve_path(Lang::Pl, &whole).is_some(), "{whole}");
        }
    }
}

#[tokio::test]
async fn a_step_says_how_many_questions_can_follow() {
    let world = World::without_database().await;
    let guides = &world.guides;
    for (lang, category) in guides_in_both_languages() {
        let mut most: HashMap<String, (usize, usize)> = HashMap::new();
        let first_of = |category| guides.get(lang, category).unwrap().steps[0].max_remaining;
        let ends = ways(guides, lang, category, &mut |_, _| {});
        for (path, end) in &ends {
            let walk = guides.resolve_path(lang, path).unwrap();
            let beyond = match end {
                End::Resolved | End::Report => 0,
                End::Guide(next) => 1 + first_of(*next),
            };
            for (at, taken) in walk.answered_steps.iter().enumerate() {
                let follow = walk.answered_steps.len() - 1 - at + beyond;
                let known = most.entry(taken.step.id.clone()).or_insert((0, taken.step.max_remaining));
                known.0 = known.0.max(follow);
            }
        }
        assert!(most.values().all(|(walked, said)| walked == said), "{lang} {category:?}: {most:?}");
    }
}

#[tokio::test]
async fn every_step_has_a_page_and_every_answer_on_it_leads_on() {
    let world = World::without_database().await;
    let visitor = world.visitor();
    for (lang, category) in guides_in_both_languages() {
        for (path, step) in steps(&world.guides, lang, category) {
            let page = visitor.get(&format!("/{lang}/guide/{path}")).await.expect(200);
            page.must_show(&plain(&step.question));
            let links = answer_links(&page);
            assert_eq!(links.len(), step.answers.len(), "{lang} {path}");
            for (link, answer) in links.iter().zip(&step.answers) {
                page.must_show(&plain(&answer.label));
                let next = visitor.get(link).await;
                let is_form = link.starts_with(&format!("/{lang}/report?category="));
                assert!(next.status == 200 || next.status == 303 && is_form, "{path}: {link} gives {}", next.status);
            }
        }
    }
}

#[tokio::test]
async fn an_end_without_success_leads_to_the_form_with_all_that_was_said() {
    let world = World::without_database().await;
    let visitor = world.visitor();
    for (lang, category) in guides_in_both_languages() {
        let ends = ways(&world.guides, lang, category, &mut |_, _| {});
        let mut shown = Vec::new();
        for (path, _) in ends.iter().filter(|(_, end)| **end == End::Report) {
            let walk = world.guides.resolve_path(lang, path).unwrap();
            let last = walk.answered_steps.last().unwrap();
            if shown.contains(&(&last.step.id, &last.answer.id)) {
                continue;
            }
            shown.push((&last.step.id, &last.answer.id));
            let answer = visitor.get(&format!("/{lang}/guide/{path}")).await.expect(303);
            assert_eq!(answer.location(), format!("/{lang}/report?category={}&trail={path}", category.as_str()));
            let form = visitor.follow(&answer).await.expect(200);
            assert_eq!(form.value("trail"), *path);
            form.must_show(&plain(&last.step.question)).must_show(&plain(&last.answer.label));
        }
        assert!(!shown.is_empty());
    }
}

#[tokio::test]
async fn a_way_through_two_guides_is_reported_under_the_guide_where_it_ended() {
    let world = World::without_database().await;
    let visitor = world.visitor();
    let path = "outgoing/no/yes/yes/no/right/not-blocked/no/partly";
    let end = visitor.get(&format!("/pl/guide/{path}")).await.expect(303);
    let step = visitor.get(&format!("/pl/guide/{}", path.strip_suffix("/partly").unwrap())).await.expect(200);
    assert!(answer_links(&step).contains(&end.location().to_owned()), "{} is not on the page", end.location());
    assert_eq!(end.location(), format!("/pl/report?category=logged-out&trail={path}"));
    let form = visitor.follow(&end).await.expect(200);
    form.must_show("Które konto SIP?").must_show("Czy konto w telefonie lub aplikacji jest zalogowane?");
}

#[tokio::test]
async fn a_good_end_shows_the_way_and_still_lets_people_report() {
    let visitor = World::without_database().await.visitor();
    for (lang, title) in
        [("pl", "Czy połączenia międzynarodowe są włączone?"), ("en", "international calls switched on?")]
    {
        let page = visitor.get(&format!("/{lang}/guide/outgoing/yes/abroad/right/fixed")).await.expect(200);
        page.must_show(title);
        assert!(page.body.contains(&format!("href=\"/{lang}/report?category=outgoing&#38;trail=outgoing/yes/abroad/")));
    }
}

#[tokio::test]
async fn what_still_fails_has_a_cross_beside_the_good_end() {
    let visitor = World::without_database().await.visitor();
    for way in ["poland", "abroad", "abroad/right", "abroad/right/on", "poland/right", "poland/right/right"] {
        let page = visitor.get(&format!("/pl/guide/outgoing/yes/{way}")).await.expect(200);
        let answers = page.body.split("class=\"answers\"").nth(1).unwrap().split("</ul>").next().unwrap();
        assert_eq!(answers.matches("class=\"icon answer-icon\"").count(), 3, "{way}");
        assert_eq!(answers.matches("M18 6 6 18").count(), 1, "{way}");
    }
}

#[tokio::test]
async fn in_a_path_of_the_panel_only_its_own_words_are_polish() {
    let visitor = World::without_database().await.visitor();
    let page = visitor.get("/en/guide/outgoing/yes/abroad/right/on").await.expect(200);
    assert!(page.body.contains("<ol class=\"path\" lang=\"pl\"><li>Wirtualna Centrala</li>"));
    assert!(page.body.contains("<li lang=\"en\">gear icon</li>"));
    page.must_not_show("zębatki");
}

#[tokio::test]
async fn an_impossible_way_is_404_with_a_way_on() {
    let visitor = World::without_database().await.visitor();
    let long = "yes/".repeat(5000);
    for path in [
        "nope",
        "",
        "outgoing/nope",
        "outgoing/abroad",
        "outgoing/yes/nobody/yes/yes",
        "outgoing/",
        "outgoing//yes",
        "OUTGOING",
        "outgoing/%2e%2e/%00",
        long.as_str(),
    ] {
        for (lang, title) in [("pl", "Nie ma tu takiej strony"), ("en", "There is no such page here")] {
            let address = format!("/{lang}/guide/{path}");
            visitor.get(&address).await.expect(404).must_show(title).must_lead_on(lang);
        }
    }
}

#[tokio::test]
async fn the_whole_guide_is_on_one_page() {
    let world = World::without_database().await;
    for (lang, category) in guides_in_both_languages() {
        let page = world.visitor().get(&format!("/{lang}/guide/{}?all", category.as_str())).await.expect(200);
        for step in &world.guides.get(lang, category).unwrap().steps {
            page.must_show(&plain(&step.question));
            assert!(page.body.contains(&format!("id=\"{}\"", step.id)));
            for answer in &step.answers {
                page.must_show(&plain(&answer.label));
            }
        }
    }
    let midway = world.visitor().get("/pl/guide/outgoing/no/yes?all").await.expect(200);
    midway.must_show("Telefon lub aplikacja się nie loguje").must_show("Czy masz dane do zgłoszenia?");
}

#[tokio::test]
async fn a_page_that_the_browser_has_is_not_sent_again() {
    let visitor = World::without_database().await.visitor();
    for path in ["/pl/guide/outgoing/yes", "/pl/guide/outgoing?all", "/en"] {
        let first = visitor.get(path).await.expect(200);
        let etag = first.header("etag");
        assert!(etag.len() > 8, "{path}");
        assert_eq!(visitor.get(path).await.expect(200).header("etag"), etag);
        let again = visitor.clone().with_header("if-none-match", etag).get(path).await.expect(304);
        assert_eq!((again.body.as_str(), again.header("etag")), ("", etag));
        let other = visitor.clone().with_header("if-none-match", etag).get("/pl/guide/audio").await;
        assert_eq!(other.status, 200);
    }
}

#[tokio::test]
async fn a_query_that_is_not_ours_leads_to_the_plain_address() {
    let visitor = World::without_database().await.visitor();
    let answer = visitor.get("/pl/guide/outgoing/yes?utm_source=x").await.expect(308);
    assert_eq!(answer.location(), "/pl/guide/outgoing/yes");
}

#[test]
fn a_guide_is_called_the_same_wherever_it_is_named() {
    let guides = dzwoni::guides::load_built_in().unwrap_or_else(|faults| panic!("{faults:?}"));
    for lang in Lang::ALL {
        for category in TicketCategory::WITH_GUIDE {
            assert_eq!(guides.get(lang, category).unwrap().title, lang.t(category.label()), "{lang}");
        }
    }
}
