//! Style sheets, scripts and images. They are embedded in the binary, bundled and compressed at start. Their names
//! contain a hash of the content, so browsers may cache them for a year.

use std::collections::{BTreeMap, HashMap};

use rust_embed::RustEmbed;

use crate::{operator::Operator, precompressed::PrecompressedBody};

#[derive(RustEmbed)]
#[folder = "static"]
struct StaticFiles;

/// A page loads one style sheet: the shared files, then those of the public or the staff pages.
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
/// Charts and metrics of the line test and the sound check, which load this beside the public style sheet.
const MEASUREMENT_CSS: [&str; 2] = ["css/chart.css", "css/line_test.css"];

/// The order of the layers must be declared before their rules.
const CSS_LAYER_ORDER: &str = "@layer tokens,base,components,modules;\n";

const IMMUTABLE_CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// All static files, by URL.
pub struct Assets {
    files: HashMap<String, PrecompressedBody>,
    pub public_css_url: String,
    pub desk_css_url: String,
    pub measurement_css_url: String,
    /// The URLs of the scripts, by name.
    script_urls: BTreeMap<String, String>,
    pub icon_url: String,
    /// The operator's own logo, if there is one.
    pub logo_url: Option<String>,
}

impl Assets {
    pub fn load(operator: &Operator) -> Assets {
        let mut files = HashMap::new();
        let mut add = |name: &str, extension: &str, content_type, body: Vec<u8>| {
            let url = format!("/static/{name}.{}.{extension}", PrecompressedBody::fingerprint(&body));
            files.insert(url.clone(), PrecompressedBody::new(body, content_type, IMMUTABLE_CACHE_CONTROL, 11));
            url
        };
        let bundle = |files: &[&str]| {
            CSS_LAYER_ORDER.to_owned() + &files.iter().map(|file| minify_css(&read_text(file))).collect::<String>()
        };
        let mut add_css = |name: &str, css: String| add(name, "css", "text/css; charset=utf-8", css.into_bytes());
        let public_css_url =
            add_css("public", bundle(&[&SHARED_CSS[..], &PUBLIC_CSS].concat()) + &operator.css_overrides());
        let desk_css_url = add_css("desk", bundle(&[&SHARED_CSS[..], &DESK_CSS].concat()) + &operator.css_overrides());
        let measurement_css_url = add_css("line-test", bundle(&MEASUREMENT_CSS));
        let mut script_urls = BTreeMap::new();
        for name in script_names() {
            add_script(&name, &mut script_urls, &mut add);
        }
        let icon_url = add("icon", "svg", "image/svg+xml", read_text("icon.svg").into_bytes());
        let logo_url = operator.logo_svg.clone().map(|svg| add("logo", "svg", "image/svg+xml", svg));
        Assets { files, public_css_url, desk_css_url, measurement_css_url, script_urls, icon_url, logo_url }
    }

    /// The URL of `static/js/NAME.js`.
    #[expect(clippy::panic, reason = "a wrong name in a template is a defect that every test of the page finds")]
    pub fn script_url(&self, name: &str) -> &str {
        self.script_urls.get(name).unwrap_or_else(|| panic!("a page uses static/js/{name}.js, which does not exist"))
    }

    pub fn get(&self, path: &str) -> Option<&PrecompressedBody> {
        self.files.get(path)
    }
}

fn script_names() -> Vec<String> {
    let name = |file: &str| Some(file.strip_prefix("js/")?.strip_suffix(".js")?.to_owned());
    StaticFiles::iter().filter_map(|file| name(&file)).collect()
}

/// Adds a script after its imports, with their URLs in place of `./name.js`.
fn add_script(
    name: &str,
    urls: &mut BTreeMap<String, String>,
    add: &mut impl FnMut(&str, &str, &'static str, Vec<u8>) -> String,
) {
    if urls.contains_key(name) {
        return;
    }
    let mut script = read_text(&format!("js/{name}.js"));
    for other in script_names() {
        let import = format!("'./{other}.js'");
        if script.contains(&import) {
            assert_ne!(other, name, "a script imports itself");
            add_script(&other, urls, add);
            script = script.replace(&import, &format!("'{}'", urls[&other]));
        }
    }
    urls.insert(
        name.to_owned(),
        add(name, "js", "text/javascript; charset=utf-8", minify_script(&script).into_bytes()),
    );
}

#[expect(clippy::panic, reason = "a missing file is a defect that shows at every start")]
fn read_text(name: &str) -> String {
    let file = StaticFiles::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    file.unwrap_or_else(|| panic!("static/{name} does not exist"))
}

/// Removes indentation, empty lines and lines that are comments.
fn minify_script(script: &str) -> String {
    let is_comment = |line: &str| ["//", "/*", "*/", "* "].iter().any(|start| line.starts_with(start)) || line == "*";
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Removes comments, indentation and empty lines.
fn minify_css(css: &str) -> String {
    let mut rest = css;
    let mut minified = String::with_capacity(css.len());
    while let Some((before, after)) = rest.split_once("/*") {
        minified += before;
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    minified += rest;
    minified.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n") + "\n"
}
