//! Broken guides are refused at start, with file and line.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use dzwoni::{
    guides::{self, GuideError, Guides, StepBlock},
    i18n::Lang,
    tickets::TicketCategory,
};
use uuid::Uuid;

/// A copy of the built-in guides, for changing.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("guides-{}", Uuid::new_v4().simple()));
        fs::create_dir_all(&folder).unwrap();
        for entry in fs::read_dir("templates/guides").unwrap() {
            let file = entry.unwrap();
            if file.path().extension().is_some_and(|kind| kind == "md") {
                fs::copy(file.path(), folder.join(file.file_name())).unwrap();
            }
        }
        Folder(folder)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }

    #[track_caller]
    fn change(self, file: &str, from: &str, to: &str) -> Folder {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        fs::write(self.0.join(file), text.replacen(from, to, 1)).unwrap();
        self
    }

    fn add(self, file: &str, text: &str) -> Folder {
        fs::write(self.0.join(file), format!("{}\n{text}\n", self.read(file))).unwrap();
        self
    }

    fn load(&self) -> Result<Guides, Vec<GuideError>> {
        guides::load_folder(&self.0)
    }

    fn errors(&self) -> Vec<GuideError> {
        self.load().err().unwrap_or_default()
    }

    /// The number of the first line that contains `text`.
    fn line_of(&self, file: &str, text: &str) -> usize {
        1 + self.read(file).lines().position(|line| line.contains(text)).unwrap()
    }

    #[track_caller]
    fn assert_error(&self, file: &str, at: &str, message: &str) {
        let line = if at.is_empty() { 1 } else { self.line_of(file, at) };
        let errors = self.errors();
        let found = errors.iter().any(|error| error.file == file && error.line == line && error.text.contains(message));
        assert!(found, "no error {file}:{line}: …{message}… in {errors:#?}");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const PL: &str = "outgoing.pl.md";
const EN: &str = "outgoing.en.md";

#[test]
fn a_copy_of_the_built_in_guides_is_valid() {
    assert_eq!(Folder::new().errors(), []);
}

#[test]
fn a_guide_with_windows_line_ends_and_byte_order_mark_is_valid() {
    let folder = Folder::new();
    fs::write(folder.0.join(PL), format!("\u{feff}{}", folder.read(PL).replace('\n', "\r\n"))).unwrap();
    let guides = folder.load().unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(guides.get(Lang::Pl, TicketCategory::Outgoing).unwrap().title, "Nie mogę zadzwonić");
}

#[test]
fn each_mistake_in_a_guide_is_reported_with_file_and_line() {
    let table = [
        // old text, new text, a text on the line of the error, the message
        ("(#destination \"yes\")", "(#nowhere \"yes\")", "#nowhere", "\"#nowhere\", which is not there"),
        ("(logged-out \"no\")", "(logged-in \"no\")", "(logged-in", "\"logged-in\", which is not there"),
        ("(logged-out \"no\")", "(outgoing \"no\")", "(outgoing", "\"outgoing\", which is not there"),
        ("(logged-out \"no\")", "(javascript:alert \"no\")", "(javascript", "which is not there"),
        ("(logged-out \"no\")", "(https://example.com \"no\")", "(https:", "which is not there"),
        ("[Nie](logged-out \"no\")", "[Nie](logged-out)", "[Nie](logged-out)", "not of the form"),
        ("[Nie](logged-out \"no\")", "[Nie](logged-out \"Nie!\")", "Nie!", "not of the form"),
        ("[Nie](logged-out \"no\")", "[](logged-out \"no\")", "[](logged", "not of the form"),
        ("[Nie](logged-out \"no\")", "[Nie](logged-out \"yes\")", "[Nie](logged-out", "the answer yes is there twice"),
        ("## nobody: ", "## nobody - ", "## nobody - ", "not of the form `step-id: Question?`"),
        ("## nobody: ", "### nobody: ", "### nobody", "only ## headings"),
        (
            "> Panel: Konto",
            "{check horoscope}\n\n> Panel: Konto",
            "{check horoscope",
            "there is no check \"horoscope\"",
        ),
        ("title: ", "titel: ", "titel:", "is not title:, lead: or order:"),
        ("title: ", "lead: ", "", "the front matter has no title"),
        ("order: 4", "order: four", "", "order is not a number"),
        ("order: 4", "order: 4000", "", "order is not a number"),
        ("---\ntitle", "title", "", "does not begin with a line of ---"),
        ("order: 4\n---\n", "order: 4\n", "", "does not end with a line of ---"),
    ];
    for (from, to, at, message) in table {
        Folder::new().change(PL, from, to).assert_error(PL, at, message);
    }
}

#[test]
fn a_guide_step_that_no_answer_leads_to_is_an_error() {
    let lonely = "## lonely: Is anybody there?\n\n- [No](resolved \"no\")";
    Folder::new().add(PL, lonely).add(EN, lonely).assert_error(EN, "## lonely", "no answer leads to the step lonely");
}

#[test]
fn a_guide_step_without_answers_is_an_error() {
    let answers = "- [Tak](resolved \"yes\")\n- [Nie](#rate-global \"no\"): Sprawdzimy limit ceny\n";
    let folder = Folder::new().change(PL, answers, "");
    folder.assert_error(PL, "## nobody", "the step nobody has no answers");
    let folder = Folder::new().change(PL, answers, &format!("{answers}\nI jeszcze jedno.\n"));
    folder.assert_error(PL, "## nobody", "the step nobody has no answers");
}

#[test]
fn a_duplicate_guide_step_is_an_error() {
    let folder = Folder::new().add(PL, "## nobody: Jeszcze raz?\n\n- [Nie](resolved \"no\")");
    folder.assert_error(PL, "Jeszcze raz?", "the step nobody is there twice");
}

#[test]
fn an_empty_guide_is_an_error() {
    let folder = Folder::new();
    fs::write(folder.0.join(PL), "---\ntitle: a\nlead: b\norder: 1\n---\n").unwrap();
    assert!(folder.errors().iter().any(|error| error.file == PL && error.text.contains("there is no step")));
    fs::write(folder.0.join(PL), "").unwrap();
    folder.assert_error(PL, "", "does not begin with a line of ---");
}

#[test]
fn a_missing_or_unreadable_guide_is_an_error() {
    let folder = Folder::new();
    fs::remove_file(folder.0.join(EN)).unwrap();
    folder.assert_error(EN, "", "missing");
    fs::write(folder.0.join(EN), b"---\ntitle: \xff\n").unwrap();
    folder.assert_error(EN, "", "can't be read");
    assert_eq!(guides::load_folder(Path::new("/nonexistent")).err().map(|errors| errors.len()), Some(8));
}

#[test]
fn different_steps_or_answers_in_the_two_languages_are_an_error() {
    let other_id = Folder::new().change(EN, "(#rate-global \"right\")", "(#rate-global \"correct\")");
    other_id.assert_error(EN, "## number-poland", "the answers of number-poland differ");
    let other_target = Folder::new().change(EN, "(#rate-global \"right\")", "(#history \"right\")");
    other_target.assert_error(EN, "## number-poland", "the answers of number-poland differ");
    let other_step = Folder::new().change(EN, "(#nobody", "(#no-one").change(EN, "## nobody:", "## no-one:");
    assert!(!other_step.errors().is_empty());
    let less = Folder::new().change(EN, "- [Yes](#destination \"yes\")\n", "");
    less.assert_error(EN, "## logged-in", "the answers of logged-in differ");
    let more = Folder::new()
        .change(EN, "- [Nobody](#nobody \"nobody\")", "- [Nobody](#nobody \"nobody\")\n- [More](#more \"more\")")
        .add(EN, "## more: More?\n\n- [No](resolved \"no\")");
    more.assert_error(EN, "## destination", "the answers of destination differ");
    more.assert_error(EN, "## more", "the step more is not in the Polish guide");
}

#[test]
fn a_loop_in_a_guide_is_an_error() {
    let add_loop = |folder: Folder, file| folder.change(file, "(#history \"right\")", "(#rate-global \"right\")");
    let folder = add_loop(add_loop(Folder::new(), PL), EN);
    for file in [PL, EN] {
        folder.assert_error(file, "## rate-global", "leads back to it");
        folder.assert_error(file, "## rate-account", "leads back to it");
    }
    let only_loop =
        folder.errors().iter().all(|error| error.text.contains("leads back") && error.file.contains("outgoing"));
    assert!(only_loop, "{:#?}", folder.errors());

    let add_self_loop = |folder: Folder, file| folder.change(file, "(#history \"right\")", "(#rate-account \"right\")");
    add_self_loop(add_self_loop(Folder::new(), PL), EN).assert_error(EN, "## rate-account", "leads back to it");
}

#[test]
fn a_loop_through_two_guides_is_an_error() {
    let add_loop = |folder: Folder, file| folder.change(file, "(report \"partly\")", "(outgoing \"partly\")");
    let folder = add_loop(add_loop(Folder::new(), "logged-out.pl.md"), "logged-out.en.md");
    for (file, step) in [(PL, "## logged-in"), (EN, "## logged-in"), ("logged-out.pl.md", "## before")] {
        folder.assert_error(file, step, "leads back to it");
    }
}

#[test]
fn all_errors_in_the_guides_are_reported_at_once() {
    let folder = Folder::new()
        .change(PL, "(#destination \"yes\")", "(#nowhere \"yes\")")
        .change(PL, "title: ", "titel: ")
        .change("audio.en.md", "(#echo \"echo\")", "(#ohce \"echo\")");
    folder.assert_error(PL, "#nowhere", "which is not there");
    folder.assert_error(PL, "titel", "is not title:");
    folder.assert_error("audio.en.md", "#ohce", "which is not there");
}

/// The HTML of the first step of the guide for outgoing calls after inserting `text`.
#[track_caller]
fn rendered(text: &str) -> String {
    let folder = Folder::new().change(PL, "Wylogowany telefon", &format!("{text} Wylogowany telefon"));
    let guides = folder.load().unwrap_or_else(|errors| panic!("{errors:?}"));
    let step = &guides.get(Lang::Pl, TicketCategory::Outgoing).unwrap().steps[0];
    step.body.iter().map(|block| if let StepBlock::Html(html) = block { html.as_str() } else { "" }).collect()
}

#[test]
fn raw_html_in_a_guide_is_escaped() {
    for text in ["<script>alert(1)</script>", "a <img src=x onerror=alert(1)>", "a <b onclick=\"x\">b</b>"] {
        let html = rendered(text);
        assert!(html.contains("&lt;"), "{html}");
        for tag in ["<script", "<img", "<b "] {
            assert!(!html.contains(tag), "{html}");
        }
    }
}

#[test]
fn links_in_a_guide_use_only_allowed_schemes() {
    for link in ["[x](javascript:alert(1))", "[x](JavaScript:alert(1))", "<javascript:alert>", "[x](data:text/html,x)"]
    {
        let html = rendered(link);
        assert!(html.contains("href=\"#\""), "{html}");
        assert!(!html.contains("href=\"j") && !html.contains("href=\"J") && !html.contains("href=\"d"), "{html}");
    }
    for link in ["https://example.com/", "tel:+48225550100", "mailto:a@example.com", "/pl/check/address"] {
        assert!(rendered(&format!("[x]({link})")).contains(&format!("href=\"{link}\"")));
    }
}

fn run_guides_check(folder: &Folder) -> (bool, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(["guides", "check"]).arg(&folder.0).output().unwrap();
    (run.status.success(), String::from_utf8(run.stdout).unwrap() + &String::from_utf8(run.stderr).unwrap())
}

#[test]
fn guides_check_prints_file_and_line_and_fails() {
    let folder = Folder::new().change(PL, "(#destination \"yes\")", "(#nowhere \"yes\")");
    let (success, output) = run_guides_check(&folder);
    let line = folder.line_of(PL, "#nowhere");
    assert!(!success);
    assert!(output.contains(&format!("{PL}:{line}: the answer yes leads to \"#nowhere\"")), "{output}");

    let (success, output) = run_guides_check(&Folder::new());
    assert!(success, "{output}");
}
