//! The facts from the operator's answers, and the guide that contains each. Names of panel screens are Polish in both
//! languages; icons are described in the language of the guide.

use TicketCategory::{Audio, Incoming, LoggedOut, Outgoing};
use dzwoni::tickets::TicketCategory;

use crate::support::World;

/// Fact, guide, and the panel screens that the guide must name.
const SCREENS: &[(&str, TicketCategory, &str)] = &[
    ("F1.1", LoggedOut, "Wirtualna Centrala > Konta SIP Wewnętrzne"),
    ("F2.3", Audio, "Konto i Finanse > Historia (Biling) połączeń"),
    ("F3.1", Incoming, "Wirtualna Centrala > Numery Telefonu > Zarządzaj Numerami"),
    ("F3.1", Incoming, "Przekieruj"),
    ("F3.1", Incoming, "Schemat Centrali"),
    ("F3.1", Incoming, "konto SIP Wewnętrzne"),
    ("F3.2", Incoming, "Wirtualna Centrala > Moje Centralki"),
    ("F3.3", Incoming, "Wirtualna Centrala > Konta SIP Wewnętrzne"),
    ("F3.4", Incoming, "Konto i Finanse > Historia (Biling) połączeń"),
    ("F4.3", Outgoing, "Konto i Finanse > Usługi/Oferta"),
    ("F4.3", Outgoing, "Połączenia międzynarodowe"),
    ("F4.5", Outgoing, "Cennik połączeń (Twoja Taryfa)"),
    ("F4.5", Outgoing, "Maksymalna minutowa stawka wynosi"),
    ("F4.7", Outgoing, "Konto i Finanse > Historia (Biling) połączeń"),
];

/// Fact, guide, and the words that state it in Polish and in English.
const SENTENCES: &[(&str, TicketCategory, &str, &str)] = &[
    ("F1.1", LoggedOut, "Szara lampka", "A grey lamp"),
    ("F1.1", LoggedOut, "nie ma dostępu do sieci", "has no access to the network"),
    ("F1.2", LoggedOut, "Czy to konto już kiedyś działało?", "Has this account ever worked?"),
    ("F1.2", LoggedOut, "jest ustawiana po raz pierwszy", "is being set up for the first time"),
    (
        "F1.3",
        LoggedOut,
        "Czy telefon lub aplikacja ma dostęp do sieci?",
        "Does the phone or app have access to the network?",
    ),
    ("F1.4", LoggedOut, "Wyłącz router z prądu", "Unplug the router"),
    ("F1.4", LoggedOut, "Wyczyść tablicę NAT", "Clear the NAT table"),
    ("F1.5", LoggedOut, "publiczny adres IP", "public IP address"),
    ("F1.5", LoggedOut, "Czy Twój publiczny adres IP jest zablokowany?", "Is your public IP address blocked?"),
    ("F1.5", LoggedOut, "tej samej sieci", "the same network"),
    ("F1.6", LoggedOut, "test łącza", "line test"),
    ("F1.6", LoggedOut, "łącza, na którym jest problem", "the line with the problem"),
    (
        "F1.7",
        LoggedOut,
        "Czy nowy telefon lub aplikacja ma dostęp do sieci?",
        "Does the new phone or app have access to the network?",
    ),
    ("F1.8", LoggedOut, "instrukcje konfiguracji", "set-up instructions for the most popular phones and apps"),
    ("F2.1", Audio, "na innym łączu internetowym", "on another internet line"),
    ("F2.1", Audio, "czy zawodzi sieć , czy sprzęt", "whether the network or the hardware is at fault"),
    ("F2.2", Audio, "Czy mikrofon działa w innych aplikacjach?", "Does the microphone work in other applications?"),
    ("F2.3", Audio, "jedno konkretne połączenie", "one specific call"),
    ("F2.3", Audio, "zgłoszenie wystarczy", "a report is enough"),
    ("F3.2", Incoming, "Czy wszystkie elementy schematu są połączone?", "Are all elements of the scheme connected?"),
    ("F3.2", Incoming, "Które konta odbierają w tym schemacie?", "Which accounts answer in this scheme?"),
    ("F3.3", Incoming, "czeka, aż ono odpowie na pomiar PING", "waits for it to answer the PING measurement"),
    ("F3.3", Incoming, "Konto jest zalogowane, do około 150 ms", "The account is logged in, up to about 150 ms"),
    ("F3.3", Incoming, "z pewnym opóźnieniem: około 150–600 ms", "with some delay: about 150–600 ms"),
    ("F3.3", Incoming, "Duże opóźnienie, ponad 600 ms", "Serious delay, above 600 ms"),
    ("F3.3", Incoming, "Konto jest wylogowane", "The account is logged out"),
    ("F3.4", Incoming, "Czy próbne połączenie jest w historii?", "Is the test call in the history?"),
    ("F3.5", Incoming, "właśnie to połączenie", "this very call"),
    ("F3.6", Incoming, "A , czyli numer, z którego dzwoniono", "A , the number that called"),
    ("F3.6", Incoming, "B , czyli numer, na który dzwoniono", "B , the number called"),
    ("F3.6", Incoming, "dokładną datę i godzinę próby", "the exact date and time of the attempt"),
    ("F3.6", Incoming, "dokładną treść komunikatu lub błędu", "the exact wording , word for word, of any announcement"),
    ("F3.6", Incoming, "e-mail, telefon lub czat", "e-mail, phone or chat"),
    (
        "F4.1",
        Outgoing,
        "Czy konto w telefonie lub aplikacji jest zalogowane?",
        "Is the account in the phone or app logged in?",
    ),
    ("F4.2", Outgoing, "numer kierunkowy, dalej numer", "area code, then the number"),
    ("F4.2", Outgoing, "00 , numer kierunkowy kraju, dalej numer", "00 , the country code, then the number"),
    ("F4.3", Outgoing, "na sam dół strony", "to the very bottom of the page"),
    (
        "F4.3",
        Outgoing,
        "przycisk ma być zielony",
        "button beside “Połączenia międzynarodowe” (international calls) should be green",
    ),
    ("F4.4", Outgoing, "każde konto SIP", "each SIP account"),
    ("F4.4", Outgoing, "W Wirtualnej Centrali i Mini VoIP", "In Wirtualna Centrala (hosted PBX) and Mini VoIP"),
    ("F4.5", Outgoing, "Czy cena połączenia mieści się w limicie?", "Is the call's price within the limit?"),
    (
        "F4.6",
        Outgoing,
        "Czy cena mieści się w limicie tego konta SIP?",
        "Is the price within the limit of this SIP account?",
    ),
    (
        "F4.4",
        Outgoing,
        "Wirtualna Centrala > Konta SIP Wewnętrzne > ikona zębatki > Edytuj Ustawienia Konta SIP > Połączenia międzynarodowe",
        "Wirtualna Centrala > Konta SIP Wewnętrzne > gear icon > Edytuj Ustawienia Konta SIP > Połączenia międzynarodowe",
    ),
    (
        "F4.6",
        Outgoing,
        "Wirtualna Centrala > Konta SIP Wewnętrzne > ikona zębatki > Edytuj Ustawienia Konta SIP > Maksymalna minutowa stawka",
        "Wirtualna Centrala > Konta SIP Wewnętrzne > gear icon > Edytuj Ustawienia Konta SIP > Maksymalna minutowa stawka",
    ),
    ("F4.7", Outgoing, "Czy nieudane połączenie jest w historii?", "Is the failed call in the history?"),
    ("F4.7", Outgoing, "dział techniczny", "the technical department"),
    ("F4.7", Outgoing, "konkretne konto SIP", "the specific SIP account"),
    ("F4.7", Outgoing, "przez telefon, e-mail lub czat", "by phone, e-mail or chat"),
];

#[tokio::test]
async fn every_fact_of_the_operator_is_in_its_guide() {
    let visitor = World::without_database().await.visitor();
    let screens = SCREENS.iter().map(|(fact, guide, screen)| (*fact, *guide, *screen, *screen));
    for (fact, guide, polish, english) in SENTENCES.iter().copied().chain(screens) {
        for (lang, words) in [("pl", polish), ("en", english)] {
            let page = visitor.get(&format!("/{lang}/guide/{}?all", guide.into_str())).await.expect(200);
            assert!(page.shows(&words.replace(" > ", " ")), "{fact} is missing in {lang}: {words}");
        }
    }
}

#[tokio::test]
async fn every_fact_of_the_operator_is_tested() {
    let known = |fact: &str| SENTENCES.iter().any(|(id, ..)| *id == fact) || SCREENS.iter().any(|(id, ..)| *id == fact);
    for (guide, facts) in [(1, 8), (2, 3), (3, 6), (4, 7)] {
        for fact in 1..=facts {
            assert!(known(&format!("F{guide}.{fact}")), "F{guide}.{fact}");
        }
    }
}

#[tokio::test]
async fn guides_link_to_the_address_check_of_this_portal() {
    let visitor = World::without_database().await.visitor().from_ip("198.51.100.44");
    for lang in ["pl", "en"] {
        let guide = visitor.get(&format!("/{lang}/guide/logged-out?all")).await.expect(200);
        assert!(guide.body.contains(&format!("href=\"/{lang}/check/address\"")));
        visitor.get(&format!("/{lang}/check/address")).await.expect(200).assert_shows("198.51.100.44");
    }
}
