//! Demo texts in Polish and English: descriptions by customers, error texts of switches, notes and replies by staff.

use rand::{RngExt, rngs::SmallRng};

use super::distributions::{pick, pick_weighted};
use crate::{
    i18n::Lang,
    tickets::{AudioSymptom, Note, Reply, TicketCategory},
};

pub(super) const MAILBOXES: [&str; 10] =
    ["biuro", "recepcja", "serwis", "jan.nowak", "ewa.lis", "p.kowalczyk", "it", "sekretariat", "office", "a.wojcik"];
pub(super) const DEVICES: [&str; 8] = [
    "Yealink T31P",
    "Yealink T46U",
    "Grandstream GXP2130",
    "Gigaset N510",
    "Fanvil X3U",
    "Zoiper na telefonie",
    "Linphone",
    "telefon biurkowy",
];
pub(super) const BROWSERS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
];
const COMPANY_TRADES: [&str; 16] = [
    "transport",
    "apteka",
    "dentysta",
    "hurtownia",
    "warsztat",
    "hotel",
    "kancelaria",
    "drukarnia",
    "piekarnia",
    "meble",
    "ogrody",
    "okna",
    "szkola",
    "przychodnia",
    "logistyka",
    "budowa",
];
const COMPANY_TOWNS: [&str; 20] = [
    "warszawa",
    "krakow",
    "lodz",
    "wroclaw",
    "poznan",
    "gdansk",
    "szczecin",
    "lublin",
    "bydgoszcz",
    "bialystok",
    "katowice",
    "gdynia",
    "radom",
    "torun",
    "kielce",
    "rzeszow",
    "gliwice",
    "olsztyn",
    "opole",
    "pila",
];

/// The unique name of the company with this number.
pub(super) fn company_name(number: usize) -> String {
    let (trade, town) = (
        COMPANY_TRADES[number % COMPANY_TRADES.len()],
        COMPANY_TOWNS[number / COMPANY_TRADES.len() % COMPANY_TOWNS.len()],
    );
    match number / COMPANY_TRADES.len() / COMPANY_TOWNS.len() {
        0 => format!("{trade}-{town}"),
        suffix => format!("{trade}{suffix}-{town}"),
    }
}

/// Error texts of the network or of announcements in both languages, with their weights. `None`: the customer gave none.
type WeightedErrors = [(u32, Option<(&'static str, &'static str)>)];

const OUTGOING_ERRORS: &WeightedErrors = &[
    (26, Some(("503 Service Unavailable", "503 Service Unavailable"))),
    (4, Some(("błąd 503", "error 503"))),
    (14, Some(("404 Not Found", "404 Not Found"))),
    (13, Some(("403 Forbidden", "403 Forbidden"))),
    (9, Some(("480 chwilowo niedostępny", "480 Temporarily Unavailable"))),
    (7, Some(("SIP/2.0 408 Request Timeout", "SIP/2.0 408 Request Timeout"))),
    (5, Some(("486 Busy Here", "486 Busy Here"))),
    (3, Some(("484 Address Incomplete", "484 Address Incomplete"))),
    (3, Some(("488 Not Acceptable Here", "488 Not Acceptable Here"))),
    (2, Some(("402 Payment Required", "402 Payment Required"))),
    (6, Some(("wybrany numer nie istnieje", "the number you have dialled does not exist"))),
    (4, Some(("brak środków na koncie", "not enough credit"))),
    (15, None),
];
const INCOMING_ERRORS: &WeightedErrors = &[
    (24, Some(("480 chwilowo niedostępny", "480 Temporarily Unavailable"))),
    (14, Some(("abonent czasowo niedostępny", "the person you are calling is not available"))),
    (9, Some(("404 Not Found", "404 Not Found"))),
    (8, Some(("486 Busy Here", "486 Busy Here"))),
    (7, Some(("603 Decline", "603 Decline"))),
    (6, Some(("408 Request Timeout", "408 Request Timeout"))),
    (6, Some(("numer nieosiągalny, proszę zadzwonić później", "the number can't be reached, please call later"))),
    (4, Some(("503 Service Unavailable", "503 Service Unavailable"))),
    (28, None),
];
const AUDIO_ERRORS: &WeightedErrors = &[
    (7, Some(("488 Not Acceptable Here", "488 Not Acceptable Here"))),
    (6, Some(("481 Call/Transaction Does Not Exist", "481 Call/Transaction Does Not Exist"))),
    (5, Some(("rozłączono po 32 sekundach", "hung up after 32 seconds"))),
    (82, None),
];
const LOGGED_OUT_ERRORS: &WeightedErrors = &[
    (24, Some(("401 Unauthorized", "401 Unauthorized"))),
    (18, Some(("403 Forbidden", "403 Forbidden"))),
    (16, Some(("408 Request Timeout", "408 Request Timeout"))),
    (8, Some(("407 Proxy Authentication Required", "407 Proxy Authentication Required"))),
    (8, Some(("błąd rejestracji", "registration failed"))),
    (5, Some(("503 Service Unavailable", "503 Service Unavailable"))),
    (21, None),
];

pub(super) fn random_error_text(rng: &mut SmallRng, category: TicketCategory, lang: Lang) -> Option<&'static str> {
    let errors = match category {
        TicketCategory::Outgoing => OUTGOING_ERRORS,
        TicketCategory::Incoming => INCOMING_ERRORS,
        TicketCategory::Audio => AUDIO_ERRORS,
        TicketCategory::LoggedOut => LOGGED_OUT_ERRORS,
        TicketCategory::Unknown => return None,
    };
    pick_weighted(rng, errors).map(|(polish, english)| in_language(lang, polish, english))
}

pub(super) const SYMPTOMS: [(u32, AudioSymptom); 8] = [
    (24, AudioSymptom::NoInboundAudio),
    (20, AudioSymptom::NoOutboundAudio),
    (19, AudioSymptom::Choppy),
    (13, AudioSymptom::Dropped),
    (9, AudioSymptom::Echo),
    (6, AudioSymptom::NoAudio),
    (5, AudioSymptom::Noise),
    (4, AudioSymptom::Delay),
];

const TIME_SENTENCES: [(&str, &str); 8] = [
    ("Wczoraj jeszcze działało, dziś od rana ani razu.", "It still worked yesterday, since this morning not once."),
    ("Zdarza się mniej więcej co drugi raz, zwykle koło południa.", "It happens every other time, mostly around noon."),
    ("Tak jest od tygodnia, codziennie.", "It has been like this for a week, every day."),
    ("Od zmiany internetu na światłowód.", "Since we changed to fibre."),
    ("Tylko wieczorem, po 20 działa znowu.", "Only in the evening, after eight it works again."),
    ("Raz na kilkanaście rozmów.", "About once in a dozen calls."),
    ("Po aktualizacji telefonu.", "After the phone was updated."),
    ("Pierwszy raz, nic nie zmienialiśmy.", "The first time, and we changed nothing."),
];
const CALL_SENTENCES: [(&str, &str); 6] = [
    ("Tylko ten numer, na inne dzwonię normalnie.", "Only this number, others work as usual."),
    ("Z komórki na ten sam numer da się zadzwonić.", "From a mobile the same number can be called."),
    (
        "Klienci skarżą się, że słyszą komunikat, a u nas telefon milczy.",
        "Customers hear an announcement, our phone stays silent.",
    ),
    ("Słychać jeden sygnał i od razu zajęte.", "One ring, then busy at once."),
    ("Długo cisza, potem się rozłącza.", "Silence for long, then it hangs up."),
    ("Na wszystkich telefonach w biurze tak samo.", "The same on all phones in the office."),
];
const SOUND_SENTENCES: [(&str, &str); 4] = [
    (
        "Przez pierwsze sekundy słychać dobrze, potem głos się rwie.",
        "Good for the first seconds, then the voice breaks up.",
    ),
    ("Rozmówca słyszy siebie samego z opóźnieniem.", "The other side hears itself, late."),
    ("Na kablu jest dobrze, na Wi-Fi przerywa.", "On the cable it is fine, on Wi-Fi it breaks."),
    ("Przy wstrzymaniu i powrocie do rozmowy robi się cicho.", "After hold and back there is silence."),
];
const ACCOUNT_SENTENCES: [(&str, &str); 5] = [
    (
        "Po restarcie routera działa przez godzinę i znów to samo.",
        "After a restart of the router it works for an hour, then again.",
    ),
    ("Hasło wpisane na nowo, bez zmian.", "The password was typed again, no change."),
    ("Wylogowały się wszystkie telefony naraz.", "All phones logged out at once."),
    ("W domu loguje się od razu, w biurze wcale.", "At home it logs in at once, at the office never."),
    ("Aplikacja pokazuje, że trwa rejestracja, i tak zostaje.", "The app says it is registering, and stays so."),
];
const URGENCY_SENTENCES: [(&str, &str); 4] = [
    ("To nasz główny numer, bardzo pilne.", "It is our main number, very urgent."),
    ("Proszę o telefon po 15.", "Please call after three."),
    ("Jutro mamy infolinię dla klientów.", "Tomorrow we have a hotline for customers."),
    ("Da się to obejść, ale chcemy znać przyczynę.", "We can work around it, but want to know why."),
];

/// A description of the problem by the customer.
pub(super) fn random_description(rng: &mut SmallRng, category: TicketCategory, lang: Lang) -> String {
    let category_sentences: &[(&str, &str)] = match category {
        TicketCategory::LoggedOut => &ACCOUNT_SENTENCES,
        TicketCategory::Audio => &SOUND_SENTENCES,
        TicketCategory::Incoming | TicketCategory::Outgoing | TicketCategory::Unknown => &CALL_SENTENCES,
    };
    let mut description = String::new();
    for (probability, sentences) in [(0.9, category_sentences), (0.6, &TIME_SENTENCES), (0.2, &URGENCY_SENTENCES)] {
        if rng.random_bool(probability) || (description.is_empty() && sentences.len() == URGENCY_SENTENCES.len()) {
            let (polish, english) = pick(rng, sentences);
            if !description.is_empty() {
                description.push(' ');
            }
            description += in_language(lang, polish, english);
        }
    }
    description
}

const NOTES: [&str; 8] = [
    "Ten sam operator tranzytowy co w poprzednim zgłoszeniu. Sprawdzam drugą trasę.",
    "W śladzie widać 503 z drugiej strony, po naszej jest czysto.",
    "Konto loguje się z dwóch adresów naraz, dlatego raz działa, a raz nie.",
    "Limit stawki za minutę ustawiony na 0,50 zł, a kierunek kosztuje 0,61 zł.",
    "Router z włączonym SIP ALG.",
    "Oddzwonione, klient sprawdzi po południu.",
    "Adres był na liście zablokowanych po kilku złych hasłach. Zdjęty.",
    "Codecs: telefon oferuje tylko G.729, druga strona tylko G.711.",
];
const REPLIES: [(&str, &str); 5] = [
    (
        "Dzień dobry, widzimy to połączenie u nas. Sprawdzamy, gdzie się zatrzymało, i odezwiemy się dziś.",
        "Hello, we can see this call. We are checking where it stopped and will write again today.",
    ),
    (
        "Dzień dobry, proszę wyłączyć w routerze SIP ALG i uruchomić telefon ponownie. Czy to pomogło?",
        "Hello, please switch SIP ALG off in the router and restart the phone. Did that help?",
    ),
    (
        "Dzień dobry, numer trzeba wybrać z 00 i numerem kraju. Proszę spróbować jeszcze raz.",
        "Hello, the number must be dialled with 00 and the country code. Please try again.",
    ),
    (
        "Dzień dobry, czekamy na operatora po drugiej stronie. Damy znać, gdy odpowie.",
        "Hello, we are waiting for the carrier on the other side. We will write when it answers.",
    ),
    (
        "Dzień dobry, w Panelu Klienta hasło tego konta jest inne niż w telefonie. Proszę wpisać je na nowo.",
        "Hello, the password in the customer's panel differs from the phone's. Please type it again.",
    ),
];
const RESOLUTION_REPLIES: [(&str, &str); 4] = [
    (
        "Dzień dobry, przyczyna leżała u operatora po drugiej stronie. Połączenia znów działają.",
        "Hello, the cause was at the carrier on the other side. Calls work again.",
    ),
    (
        "Dzień dobry, zdjęliśmy blokadę adresu, telefon powinien już być zalogowany.",
        "Hello, the address is unblocked, the phone should be logged in now.",
    ),
    (
        "Dzień dobry, trasa do tego kraju jest zmieniona. Proszę zadzwonić jeszcze raz.",
        "Hello, the route to this country was changed. Please call once more.",
    ),
    (
        "Cieszymy się, że już działa. Gdyby wróciło, wystarczy odpisać.",
        "Good to hear that it works. If it comes back, just write.",
    ),
];

/// An internal note.
pub(super) fn random_note(rng: &mut SmallRng) -> Option<Note> {
    Note::parse(pick(rng, &NOTES).to_owned()).ok()
}

/// A reply to the customer.
pub(super) fn random_reply(rng: &mut SmallRng, lang: Lang) -> Option<Reply> {
    let (polish, english) = pick(rng, &REPLIES);
    Reply::parse(in_language(lang, polish, english).to_owned()).ok()
}

/// A reply that resolves the ticket.
pub(super) fn random_resolution_reply(rng: &mut SmallRng, lang: Lang) -> Option<Reply> {
    let (polish, english) = pick(rng, &RESOLUTION_REPLIES);
    Reply::parse(in_language(lang, polish, english).to_owned()).ok()
}

/// Saved replies of the staff.
pub(super) const SAVED_REPLIES: [(Lang, &str, &str); 6] = [
    (
        Lang::Pl,
        "Hasło konta SIP",
        "Dzień dobry,\n\nhasło tego konta w telefonie jest inne niż w Panelu Klienta. Proszę wpisać je na nowo we wszystkich \
         urządzeniach, a potem uruchomić je ponownie.",
    ),
    (
        Lang::Pl,
        "SIP ALG w routerze",
        "Dzień dobry,\n\nproszę wyłączyć w routerze funkcję SIP ALG i uruchomić go ponownie. Czy to pomogło?",
    ),
    (
        Lang::Pl,
        "Czekamy na operatora",
        "Dzień dobry,\n\nprzyczyna leży u operatora po drugiej stronie. Zgłosiliśmy mu to połączenie i damy znać, gdy odpowie.",
    ),
    (
        Lang::En,
        "Password of the SIP account",
        "Hello,\n\nthe password of this account in your phone differs from the customer's panel. Please type it again on all \
         devices, then restart them.",
    ),
    (Lang::En, "SIP ALG", "Hello,\n\nplease switch SIP ALG off in your router and restart it. Did that help?"),
    (
        Lang::En,
        "Waiting for the carrier",
        "Hello,\n\nthe cause is at the carrier on the other side. We have reported this call and will write when it answers.",
    ),
];

/// Typical form spam.
pub(super) const SPAM_TEXTS: [&str; 3] = [
    "Cheap SEO for your website, first page guaranteed. Reply for a price list.",
    "Pozyczka bez BIK w 15 minut, decyzja od reki, zadzwon teraz.",
    "Dear Sir, we are a leading manufacturer of cable ties and want to cooperate.",
];

fn in_language(lang: Lang, polish: &'static str, english: &'static str) -> &'static str {
    match lang {
        Lang::Pl => polish,
        Lang::En => english,
    }
}
