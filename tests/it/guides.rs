//! The guides: every path through them works without a database, and they contain every fact from the operator's answers.

mod operator_facts;
mod validation;

use std::collections::{BTreeMap, HashMap};

use dzwoni::{
    guides::{GuidePosition, GuideStep, Guides},
    i18n::{Label, Lang},
    tickets::TicketCategory,
};

use crate::support::{TestResponse, World};

/// The longest path that fits an address and a ticket's trail, in bytes.
const MAX_PATH_LEN: usize = 500;

/// How a path through a guide ends: with a result, or at the first step of another guide.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PathEnd {
    Resolved,
    Report,
    Guide(TicketCategory),
}

/// All paths through one guide and how they end. Calls `on_step` for each step on the way.
fn paths<'a>(
    guides: &'a Guides,
    lang: Lang,
    category: TicketCategory,
    on_step: &mut dyn FnMut(&str, &'a GuideStep),
) -> BTreeMap<String, PathEnd> {
    let (mut ends, mut remaining) = (BTreeMap::new(), vec![category.into_str().to_owned()]);
    while let Some(path) = remaining.pop() {
        let resolved =
            guides.resolve_path(lang, &path).unwrap_or_else(|| panic!("{lang} {path} is offered but not a path"));
        assert_eq!(resolved.path, path);
        match resolved.position {
            GuidePosition::Resolved => {
                ends.insert(path, PathEnd::Resolved);
            }
            GuidePosition::Report => {
                ends.insert(path, PathEnd::Report);
            }
            GuidePosition::Step(guide, _) if guide.category != category => {
                ends.insert(path, PathEnd::Guide(guide.category));
            }
            GuidePosition::Step(_, step) => {
                on_step(&path, step);
                remaining.extend(step.answers.iter().map(|answer| format!("{path}/{}", answer.id)));
            }
        }
    }
    ends
}

/// The shortest path to every step of a guide.
fn steps(guides: &Guides, lang: Lang, category: TicketCategory) -> Vec<(String, &GuideStep)> {
    let mut shortest: HashMap<&str, (String, &GuideStep)> = HashMap::new();
    paths(guides, lang, category, &mut |path, step| {
        let entry = shortest.entry(&step.id).or_insert_with(|| (path.to_owned(), step));
        if path.len() < entry.0.len() {
            entry.0 = path.to_owned();
        }
    });
    assert_eq!(shortest.len(), guides.get(lang, category).unwrap().steps.len());
    shortest.into_values().collect()
}

fn guides_in_both_languages() -> impl Iterator<Item = (Lang, TicketCategory)> {
    Lang::ALL.into_iter().flat_map(|lang| TicketCategory::WITH_GUIDE.into_iter().map(move |category| (lang, category)))
}

/// The text with plain spaces, as in [`TestResponse::text`].
fn plain(text: &str) -> String {
    dzwoni::i18n::strip_typography(text)
}

/// The addresses of the answers on a page.
fn answer_links(page: &TestResponse) -> Vec<String> {
    let links = page.body.split("<a class=\"answer\" href=\"").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&")).collect()
}

#[tokio::test]
async fn every_guide_path_ends_and_is_the_same_in_both_languages() {
    let world = World::without_database().await;
    for category in TicketCategory::WITH_GUIDE {
        let paths_in = |lang| paths(&world.guides, lang, category, &mut |_, _| {});
        let (polish, english) = (paths_in(Lang::Pl), paths_in(Lang::En));
        assert!(polish.len() > 20, "{category:?} has only {} paths", polish.len());
        assert_eq!(polish, english);
        for end in [PathEnd::Resolved, PathEnd::Report] {
            assert!(polish.values().any(|path_end| *path_end == end), "no path of {category:?} ends as {end:?}");
        }
    }
}

#[tokio::test]
async fn the_longest_guide_path_fits_an_address_and_a_ticket() {
    let world = World::without_database().await;
    let paths_of = |category| paths(&world.guides, Lang::Pl, category, &mut |_, _| {});
    let longest = |category: TicketCategory| paths_of(category).into_keys().max_by_key(String::len).unwrap();
    for category in TicketCategory::WITH_GUIDE {
        for (path, end) in paths_of(category) {
            let full_path = match end {
                PathEnd::Resolved | PathEnd::Report => path,
                PathEnd::Guide(next) => path + longest(next).strip_prefix(next.into_str()).unwrap(),
            };
            assert!(full_path.len() <= MAX_PATH_LEN, "{full_path}");
            assert!(world.guides.resolve_path(Lang::Pl, &full_path).is_some(), "{full_path}");
        }
    }
}

#[tokio::test]
async fn each_guide_step_shows_the_number_of_remaining_questions() {
    let world = World::without_database().await;
    let guides = &world.guides;
    for (lang, category) in guides_in_both_languages() {
        let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
        let first_of = |category| guides.get(lang, category).unwrap().steps[0].max_remaining;
        let ends = paths(guides, lang, category, &mut |_, _| {});
        for (path, end) in &ends {
            let resolved = guides.resolve_path(lang, path).unwrap();
            let beyond = match end {
                PathEnd::Resolved | PathEnd::Report => 0,
                PathEnd::Guide(next) => 1 + first_of(*next),
            };
            for (index, answered) in resolved.answered_steps.iter().enumerate() {
                let following = resolved.answered_steps.len() - 1 - index + beyond;
                let entry = counts.entry(answered.step.id.clone()).or_insert((0, answered.step.max_remaining));
                entry.0 = entry.0.max(following);
            }
        }
        assert!(counts.values().all(|(counted, shown)| counted == shown), "{lang} {category:?}: {counts:?}");
    }
}

#[tokio::test]
async fn every_guide_step_has_a_page_and_every_answer_works() {
    let world = World::without_database().await;
    let visitor = world.visitor();
    for (lang, category) in guides_in_both_languages() {
        for (path, step) in steps(&world.guides, lang, category) {
            let page = visitor.get(&format!("/{lang}/guide/{path}")).await.expect(200);
            page.assert_shows(&plain(&step.question));
            let links = answer_links(&page);
            assert_eq!(links.len(), step.answers.len(), "{lang} {path}");
            for (link, answer) in links.iter().zip(&step.answers) {
                page.assert_shows(&plain(&answer.label));
                let next = visitor.get(link).await;
                let is_form = link.starts_with(&format!("/{lang}/report?category="));
                assert!(next.status == 200 || next.status == 303 && is_form, "{path}: {link} returns {}", next.status);
            }
        }
    }
}

#[tokio::test]
async fn a_guide_path_without_success_leads_to_the_report_form_with_the_answers() {
    let world = World::without_database().await;
    let visitor = world.visitor();
    for (lang, category) in guides_in_both_languages() {
        let ends = paths(&world.guides, lang, category, &mut |_, _| {});
        let mut shown = Vec::new();
        for (path, _) in ends.iter().filter(|(_, end)| **end == PathEnd::Report) {
            let resolved = world.guides.resolve_path(lang, path).unwrap();
            let last = resolved.answered_steps.last().unwrap();
            if shown.contains(&(&last.step.id, &last.answer.id)) {
                continue;
            }
            shown.push((&last.step.id, &last.answer.id));
            let response = visitor.get(&format!("/{lang}/guide/{path}")).await.expect(303);
            assert_eq!(response.location(), format!("/{lang}/report?category={}&trail={path}", category.into_str()));
            let form = visitor.follow(&response).await.expect(200);
            assert_eq!(form.value("trail"), *path);
            form.assert_shows(&plain(&last.step.question)).assert_shows(&plain(&last.answer.label));
        }
        assert!(!shown.is_empty());
    }
}

#[tokio::test]
async fn a_path_through_two_guides_is_reported_in_the_category_of_the_second() {
    let world = World::without_database().await;
    let visitor = world.visitor();
    let path = "outgoing/no/yes/yes/no/right/not-blocked/no/partly";
    let end = visitor.get(&format!("/pl/guide/{path}")).await.expect(303);
    let step = visitor.get(&format!("/pl/guide/{}", path.strip_suffix("/partly").unwrap())).await.expect(200);
    assert!(answer_links(&step).contains(&end.location().to_owned()), "{} is not on the page", end.location());
    assert_eq!(end.location(), format!("/pl/report?category=logged-out&trail={path}"));
    let form = visitor.follow(&end).await.expect(200);
    form.assert_shows("Które konto SIP?").assert_shows("Czy konto w telefonie lub aplikacji jest zalogowane?");
}

#[tokio::test]
async fn a_guide_path_with_success_shows_the_answers_and_still_offers_a_report() {
    let visitor = World::without_database().await.visitor();
    for (lang, title) in
        [("pl", "Czy połączenia międzynarodowe są włączone?"), ("en", "international calls switched on?")]
    {
        let page = visitor.get(&format!("/{lang}/guide/outgoing/yes/abroad/right/fixed")).await.expect(200);
        page.assert_shows(title);
        assert!(page.body.contains(&format!("href=\"/{lang}/report?category=outgoing&#38;trail=outgoing/yes/abroad/")));
    }
}

#[tokio::test]
async fn negative_answers_have_a_cross_icon_beside_positive_ones() {
    let visitor = World::without_database().await.visitor();
    for path in ["poland", "abroad", "abroad/right", "abroad/right/on", "poland/right", "poland/right/right"] {
        let page = visitor.get(&format!("/pl/guide/outgoing/yes/{path}")).await.expect(200);
        let answers = page.body.split("class=\"answers\"").nth(1).unwrap().split("</ul>").next().unwrap();
        assert_eq!(answers.matches("class=\"icon answer-icon\"").count(), 3, "{path}");
        assert_eq!(answers.matches("M18 6 6 18").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn polish_panel_names_are_marked_as_polish_in_english_guides() {
    let visitor = World::without_database().await.visitor();
    let page = visitor.get("/en/guide/outgoing/yes/abroad/right/on").await.expect(200);
    assert!(page.body.contains("<ol class=\"path\" lang=\"pl\"><li>Wirtualna Centrala</li>"));
    assert!(page.body.contains("<li lang=\"en\">gear icon</li>"));
    page.assert_hides("zębatki");
}

#[tokio::test]
async fn an_impossible_guide_path_is_not_found_with_helpful_links() {
    let visitor = World::without_database().await.visitor();
    let long = "yes/".repeat(5000) + "yes";
    for path in [
        "nope",
        "outgoing/nope",
        "outgoing/abroad",
        "outgoing/yes/nobody/yes/yes",
        "outgoing//yes",
        "OUTGOING",
        "outgoing/%2e%2e/%00",
        long.as_str(),
    ] {
        for (lang, title) in [("pl", "Nie ma tu takiej strony"), ("en", "There is no such page here")] {
            let address = format!("/{lang}/guide/{path}");
            visitor.get(&address).await.expect(404).assert_shows(title).assert_links_home_and_report(lang);
        }
    }
}

#[tokio::test]
async fn a_whole_guide_is_available_on_one_page() {
    let world = World::without_database().await;
    for (lang, category) in guides_in_both_languages() {
        let page = world.visitor().get(&format!("/{lang}/guide/{}?all", category.into_str())).await.expect(200);
        for step in &world.guides.get(lang, category).unwrap().steps {
            page.assert_shows(&plain(&step.question));
            assert!(page.body.contains(&format!("id=\"{}\"", step.id)));
            for answer in &step.answers {
                page.assert_shows(&plain(&answer.label));
            }
        }
    }
    let midway = world.visitor().get("/pl/guide/outgoing/no/yes?all").await.expect(200);
    midway.assert_shows("Telefon lub aplikacja się nie loguje").assert_shows("Czy masz dane do zgłoszenia?");
}

#[tokio::test]
async fn an_unchanged_guide_page_is_not_sent_again() {
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
async fn an_unknown_query_redirects_to_the_canonical_address() {
    let visitor = World::without_database().await.visitor();
    let response = visitor.get("/pl/guide/outgoing/yes?utm_source=x").await.expect(308);
    assert_eq!(response.location(), "/pl/guide/outgoing/yes");
}

#[test]
fn guide_titles_equal_category_labels() {
    let guides = dzwoni::guides::load_built_in().unwrap_or_else(|errors| panic!("{errors:?}"));
    for lang in Lang::ALL {
        for category in TicketCategory::WITH_GUIDE {
            assert_eq!(guides.get(lang, category).unwrap().title, lang.t(category.label()), "{lang}");
        }
    }
}
