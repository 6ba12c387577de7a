//! What a customer could not walk is refused at start, with file and line.

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

/// A copy of the built-in guides, to be broken.
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

    fn faults(&self) -> Vec<GuideError> {
        self.load().err().unwrap_or_default()
    }

    /// The line of the first place where `text` stands.
    fn line_of(&self, file: &str, text: &str) -> usize {
        1 + self.read(file).lines().position(|line| line.contains(text)).unwrap()
    }

    #[track_caller]
    fn must_be_refused(&self, file: &str, at: &str, say: &str) {
        let line = if at.is_empty() { 1 } else { self.line_of(file, at) };
        let faults = self.faults();
        let found = faults.iter().any(|fault| fault.file == file && fault.line == line && fault.text.contains(say));
        assert!(found, "no fault {file}:{line}: …{say}… in {faults:#?}");
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
fn an_unbroken_copy_is_taken() {
    assert_eq!(Folder::new().faults(), []);
}

#[test]
fn a_file_written_on_windows_is_taken() {
    let folder = Folder::new();
    fs::write(folder.0.join(PL), format!("\u{feff}{}", folder.read(PL).replace('\n', "\r\n"))).unwrap();
    let guides = folder.load().unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(guides.get(Lang::Pl, TicketCategory::Outgoing).unwrap().title, "Nie mogę zadzwonić");
}

#[test]
fn one_mistake_is_one_fault_with_its_file_and_line() {
    let table = [
        // what is changed into what, where the fault stands, what it says
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
    for (from, to, at, say) in table {
        Folder::new().change(PL, from, to).must_be_refused(PL, at, say);
    }
}

#[test]
fn a_step_that_no_answer_leads_to_is_refused() {
    let lonely = "## lonely: Is anybody there?\n\n- [No](resolved \"no\")";
    Folder::new().add(PL, lonely).add(EN, lonely).must_be_refused(
        EN,
        "## lonely",
        "no answer leads to the step lonely",
    );
}

#[test]
fn a_step_without_answers_is_refused() {
    let answers = "- [Tak](resolved \"yes\")\n- [Nie](#rate-global \"no\"): Sprawdzimy limit ceny\n";
    let folder = Folder::new().change(PL, answers, "");
    folder.must_be_refused(PL, "## nobody", "the step nobody has no answers");
    let folder = Folder::new().change(PL, answers, &format!("{answers}\nI jeszcze jedno.\n"));
    folder.must_be_refused(PL, "## nobody", "the step nobody has no answers");
}

#[test]
fn a_step_that_is_there_twice_is_refused() {
    let folder = Folder::new().add(PL, "## nobody: Jeszcze raz?\n\n- [Nie](resolved \"no\")");
    folder.must_be_refused(PL, "Jeszcze raz?", "the step nobody is there twice");
}

#[test]
fn an_empty_guide_is_refused() {
    let folder = Folder::new();
    fs::write(folder.0.join(PL), "---\ntitle: a\nlead: b\norder: 1\n---\n").unwrap();
    assert!(folder.faults().iter().any(|fault| fault.file == PL && fault.text.contains("there is no step")));
    fs::write(folder.0.join(PL), "").unwrap();
    folder.must_be_refused(PL, "", "does not begin with a line of ---");
}

#[test]
fn a_file_that_is_missing_or_unreadable_is_refused() {
    let folder = Folder::new();
    fs::remove_file(folder.0.join(EN)).unwrap();
    folder.must_be_refused(EN, "", "missing");
    fs::write(folder.0.join(EN), b"---\ntitle: \xff\n").unwrap();
    folder.must_be_refused(EN, "", "can't be read");
    assert_eq!(guides::load_folder(Path::new("/nonexistent")).err().map(|faults| faults.len()), Some(8));
}

#[test]
fn languages_whose_steps_or_answers_differ_are_refused() {
    let other_id = Folder::new().change(EN, "(#rate-global \"right\")", "(#rate-global \"correct\")");
    other_id.must_be_refused(EN, "## number-poland", "the answers of number-poland differ");
    let other_target = Folder::new().change(EN, "(#rate-global \"right\")", "(#history \"right\")");
    other_target.must_be_refused(EN, "## number-poland", "the answers of number-poland differ");
    let other_step = Folder::new().change(EN, "(#nobody", "(#no-one").change(EN, "## nobody:", "## no-one:");
    assert!(!other_step.faults().is_empty());
    let less = Folder::new().change(EN, "- [Yes](#destination \"yes\")\n", "");
    less.must_be_refused(EN, "## logged-in", "the answers of logged-in differ");
    let more = Folder::new()
        .change(EN, "- [Nobody](#nobody \"nobody\")", "- [Nobody](#nobody \"nobody\")\n- [More](#more \"more\")")
        .add(EN, "## more: More?\n\n- [No](resolved \"no\")");
    more.must_be_refused(EN, "## destination", "the answers of destination differ");
    more.must_be_refused(EN, "## more", "the step more is not in the Polish guide");
}

#[test]
fn a_way_that_comes_back_is_refused() {
    let back = |folder: Folder, file| folder.change(file, "(#history \"right\")", "(#rate-global \"right\")");
    let folder = back(back(Folder::new(), PL), EN);
    for file in [PL, EN] {
        folder.must_be_refused(file, "## rate-global", "leads back to it");
        folder.must_be_refused(file, "## rate-account", "leads back to it");
    }
    let only_loop =
        folder.faults().iter().all(|fault| fault.text.contains("leads back") && fault.file.contains("outgoing"));
    assert!(only_loop, "{:#?}", folder.faults());

    let itself = |folder: Folder, file| folder.change(file, "(#history \"right\")", "(#rate-account \"right\")");
    itself(itself(Folder::new(), PL), EN).must_be_refused(EN, "## rate-account", "leads back to it");
}

#[test]
fn a_way_that_comes_back_through_another_guide_is_refused() {
    let back = |folder: Folder, file| folder.change(file, "(report \"partly\")", "(outgoing \"partly\")");
    let folder = back(back(Folder::new(), "logged-out.pl.md"), "logged-out.en.md");
    for (file, step) in [(PL, "## logged-in"), (EN, "## logged-in"), ("logged-out.pl.md", "## before")] {
        folder.must_be_refused(file, step, "leads back to it");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let folder = Folder::new()
        .change(PL, "(#destination \"yes\")", "(#nowhere \"yes\")")
        .change(PL, "title: ", "titel: ")
        .change("audio.en.md", "(#echo \"echo\")", "(#ohce \"echo\")");
    folder.must_be_refused(PL, "#nowhere", "which is not there");
    folder.must_be_refused(PL, "titel", "is not title:");
    folder.must_be_refused("audio.en.md", "#ohce", "which is not there");
}

/// The text of the first step of the guide for outgoing calls, with `text` in it.
#[track_caller]
fn rendered(text: &str) -> String {
    let folder = Folder::new().change(PL, "Wylogowany telefon", &format!("{text} Wylogowany telefon"));
    let guides = folder.load().unwrap_or_else(|faults| panic!("{faults:?}"));
    let step = &guides.get(Lang::Pl, TicketCategory::Outgoing).unwrap().steps[0];
    step.body.iter().map(|block| if let StepBlock::Html(html) = block { html.as_str() } else { "" }).collect()
}

#[test]
fn raw_html_is_only_text() {
    for text in ["<script>alert(1)</script>", "a <img src=x onerror=alert(1)>", "a <b onclick=\"x\">b</b>"] {
        let html = rendered(text);
        assert!(html.contains("&lt;"), "{html}");
        for tag in ["<script", "<img", "<b "] {
            assert!(!html.contains(tag), "{html}");
        }
    }
}

#[test]
fn a_link_leads_only_where_a_guide_may_lead() {
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

fn check(folder: &Folder) -> (bool, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(["guides", "check"]).arg(&folder.0).output().unwrap();
    (run.status.success(), String::from_utf8(run.stdout).unwrap() + &String::from_utf8(run.stderr).unwrap())
}

#[test]
fn the_command_prints_file_and_line_and_fails() {
    let folder = Folder::new().change(PL, "(#destination \"yes\")", "(#nowhere \"yes\")");
    let (good, said) = check(&folder);
    let line = folder.line_of(PL, "#nowhere");
    assert!(!good);
    assert!(said.contains(&format!("{PL}:{line}: the answer yes leads to \"#nowhere\"")), "{said}");

    let (good, said) = check(&Folder::new());
    assert!(good, "{said}");
}
