//! Style sheets, scripts and pictures: inside the binary, bundled and compressed once at start, under names that change
//! with their content, so that browsers keep them for a year.

use std::collections::{BTreeMap, HashMap};

use rust_embed::RustEmbed;

use crate::{operator::Operator, precompressed::PrecompressedBody};

#[derive(RustEmbed)]
#[folder = "static"]
struct StaticFiles;

/// One page loads one style sheet: what all pages share, then the rooms of its side of the house.
const SHARED_CSS: [&str; 3] = ["css/tokens.css", "css/base.css", "css/components.css"];
const PUBLIC_CSS: [&str; 5] =
    ["css/guides.css", "css/checks.css", "css/report.css", "css/customer.css", "css/incidents.css"];
const DESK_CSS: [&str; 9] = [
    "css/report.css",
    "css/desk.css",
    "css/ticket.css",
    "css/actions.css",
    "css/chart.css",
    "css/stats.css",
    "css/staff.css",
    "css/live.css",
    "css/incidents.css",
];
/// Drawings and figures of the checks that measure: their pages load it beside the public sheet.
const MEASUREMENT_CSS: [&str; 2] = ["css/chart.css", "css/line_test.css"];

/// The layers' order must be said before any layer is filled.
const CSS_LAYER_ORDER: &str = "@layer tokens,base,components,modules;\n";

const IMMUTABLE_CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// All static files, by address.
pub struct Assets {
    files: HashMap<String, PrecompressedBody>,
    pub public_css_url: String,
    pub desk_css_url: String,
    pub measurement_css_url: String,
    /// The addresses of the desk's scripts, by name.
    script_urls: BTreeMap<String, String>,
    pub icon_url: String,
    /// The operator's own logo, when there is one.
    pub logo_url: Option<String>,
}

impl Assets {
    pub fn load(operator: &Operator) -> Assets {
        let mut files = HashMap::new();
        let mut add = |name: &str, extension: &str, content_type, body: Vec<u8>| {
            let address = format!("/static/{name}.{}.{extension}", PrecompressedBody::fingerprint(&body));
            files.insert(address.clone(), PrecompressedBody::new(body, content_type, IMMUTABLE_CACHE_CONTROL, 11));
            address
        };
        let sheet = |files: &[&str]| {
            CSS_LAYER_ORDER.to_owned() + &files.iter().map(|file| minify_css(&read_text(file))).collect::<String>()
        };
        let mut css = |name: &str, sheet: String| add(name, "css", "text/css; charset=utf-8", sheet.into_bytes());
        let public_css = css("public", sheet(&[&SHARED_CSS[..], &PUBLIC_CSS].concat()) + &operator.css_overrides());
        let desk_css = css("desk", sheet(&[&SHARED_CSS[..], &DESK_CSS].concat()) + &operator.css_overrides());
        let measure_css = css("line-test", sheet(&MEASUREMENT_CSS));
        let mut scripts = BTreeMap::new();
        for name in script_names() {
            add_script(&name, &mut scripts, &mut add);
        }
        let icon = add("icon", "svg", "image/svg+xml", read_text("icon.svg").into_bytes());
        let logo = operator.logo_svg.clone().map(|svg| add("logo", "svg", "image/svg+xml", svg));
        Assets {
            files,
            public_css_url: public_css,
            desk_css_url: desk_css,
            measurement_css_url: measure_css,
            script_urls: scripts,
            icon_url: icon,
            logo_url: logo,
        }
    }

    /// The address of `static/js/NAME.js`.
    pub fn script_url(&self, name: &str) -> &str {
        self.script_urls.get(name).unwrap_or_else(|| panic!("static/js/{name}.js is named on a page but not there"))
    }

    pub fn get(&self, address: &str) -> Option<&PrecompressedBody> {
        self.files.get(address)
    }
}

fn script_names() -> Vec<String> {
    let named = |file: &str| Some(file.strip_prefix("js/")?.strip_suffix(".js")?.to_owned());
    StaticFiles::iter().filter_map(|file| named(&file)).collect()
}

/// Adds a script after those that it imports, with their addresses in place of `./name.js`.
fn add_script(
    name: &str,
    done: &mut BTreeMap<String, String>,
    add: &mut impl FnMut(&str, &str, &'static str, Vec<u8>) -> String,
) {
    if done.contains_key(name) {
        return;
    }
    let mut script = read_text(&format!("js/{name}.js"));
    for other in script_names() {
        let import = format!("'./{other}.js'");
        if script.contains(&import) {
            assert_ne!(other, name, "a script imports itself");
            add_script(&other, done, add);
            script = script.replace(&import, &format!("'{}'", done[&other]));
        }
    }
    done.insert(name.to_owned(), add(name, "js", "text/javascript; charset=utf-8", script.into_bytes()));
}

fn read_text(name: &str) -> String {
    let file = StaticFiles::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    file.unwrap_or_else(|| panic!("static/{name} is named here but not there"))
}

/// Drops comments and indentation: the cheap half of what a minifier does.
fn minify_css(css: &str) -> String {
    let mut rest = css;
    let mut kept = String::with_capacity(css.len());
    while let Some((before, after)) = rest.split_once("/*") {
        kept += before;
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept += rest;
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n") + "\n"
}
