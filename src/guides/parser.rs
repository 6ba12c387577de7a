//! Parses one guide file: front matter, steps, text, answers.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html::push_html};

use super::guide::{AnswerOption, AnswerTarget, CheckKind, Guide, GuideStep, OperatorLink, PanelClick, StepBlock};
use crate::{
    i18n::{Lang, typeset},
    tickets::TicketCategory,
};

/// An error in a guide file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideError {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub text: String,
}

impl fmt::Display for GuideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}

/// Parses one file and collects its errors.
pub(super) struct GuideParser<'a> {
    file: &'a str,
    text: &'a str,
    lang: Lang,
    category: TicketCategory,
    errors: Vec<GuideError>,
}

impl<'a> GuideParser<'a> {
    pub(super) fn new(file: &'a str, text: &'a str, lang: Lang, category: TicketCategory) -> GuideParser<'a> {
        GuideParser { file, text, lang, category, errors: Vec::new() }
    }

    pub(super) fn parse(mut self) -> Result<Guide, Vec<GuideError>> {
        let (front, body, body_line) = self.parse_front_matter();
        let mut value = |name: &str| match front.get(name) {
            Some(value) if !value.is_empty() => value.clone(),
            _ => {
                self.add_error(1, format!("the front matter has no {name}"));
                String::new()
            }
        };
        let (title, lead, order) = (value("title"), value("lead"), value("order"));
        let order = order.parse().unwrap_or_else(|_| {
            self.add_error(1, "order is not a number from 0 to 255");
            0
        });
        let steps = self.parse_steps(body, body_line);
        let steps = self.resolve_targets(steps);
        let (title, lead) = (self.typeset(&title), self.typeset(&lead));
        if self.errors.is_empty() {
            Ok(Guide { category: self.category, title, lead, order, steps })
        } else {
            Err(self.errors)
        }
    }

    fn add_error(&mut self, line: usize, text: impl Into<String>) {
        self.errors.push(GuideError { file: self.file.to_owned(), line, text: text.into() });
    }

    fn typeset(&self, text: &str) -> String {
        typeset(self.lang, text)
    }

    /// Parses the lines `name: value` between two lines of `---`. Returns them, the text after them and its first line.
    fn parse_front_matter(&mut self) -> (HashMap<String, String>, &'a str, usize) {
        let mut front = HashMap::new();
        let Some(rest) = self.text.strip_prefix("---\n") else {
            self.add_error(1, "the file does not begin with a line of ---");
            return (front, self.text, 1);
        };
        let Some((head, body)) = rest.split_once("\n---\n") else {
            self.add_error(1, "the front matter does not end with a line of ---");
            return (front, "", 1);
        };
        for (index, line) in head.lines().enumerate() {
            match line.split_once(':') {
                Some((name, value)) if ["title", "lead", "order"].contains(&name.trim()) => {
                    front.insert(name.trim().to_owned(), value.trim().to_owned());
                }
                _ => self.add_error(index + 2, format!("{line:?} is not title:, lead: or order:")),
            }
        }
        (front, body, head.lines().count() + 3)
    }

    /// Splits the body into steps at its `##` headings.
    fn parse_steps(&mut self, body: &'a str, first_line: usize) -> Vec<RawStep> {
        let mut starts = Vec::new();
        for (event, range) in Parser::new(body).into_offset_iter() {
            if let Event::Start(Tag::Heading { level, .. }) = event {
                let line = first_line + body[..range.start].matches('\n').count();
                if level == HeadingLevel::H2 {
                    starts.push((range.start, range.end, line));
                } else {
                    self.add_error(line, "only ## headings are allowed, one for each step");
                }
            }
        }
        if starts.is_empty() {
            self.add_error(first_line, "there is no step: a line such as `## first: Is the phone on?`");
        }
        let ends = starts.iter().skip(1).map(|(start, ..)| *start).chain([body.len()]);
        let sections: Vec<_> =
            starts.iter().zip(ends).map(|((start, head, line), end)| (*start, *head, end, *line)).collect();
        let mut steps: Vec<RawStep> = Vec::new();
        for (start, head, end, line) in sections {
            let heading = body[start..head].trim().trim_start_matches('#').trim();
            let Some((id, question)) = heading.split_once(": ").filter(|(id, _)| is_valid_id(id)) else {
                self.add_error(line, format!("the heading {heading:?} is not of the form `step-id: Question?`"));
                continue;
            };
            if steps.iter().any(|step| step.id == id) {
                self.add_error(line, format!("the step {id} is there twice"));
            }
            let body_line = line + body[start..head].matches('\n').count();
            let (blocks, answers) = self.parse_step_body(&body[head..end], body_line);
            if answers.is_empty() {
                self.add_error(line, format!("the step {id} has no answers: its last block must be their list"));
            }
            steps.push(RawStep { id: id.to_owned(), question: self.typeset(question), body: blocks, answers, line });
        }
        steps
    }

    /// Splits a step into its blocks. If the last block is a list, it holds the answers.
    fn parse_step_body(&mut self, text: &str, first_line: usize) -> (Vec<StepBlock>, Vec<RawAnswer>) {
        let mut blocks = Vec::new();
        let mut answers = Vec::new();
        let top_level_blocks = split_top_level_blocks(text);
        let count = top_level_blocks.len();
        for (index, block) in top_level_blocks.into_iter().enumerate() {
            let line = first_line + text[..block.start].matches('\n').count();
            let source = &text[block.start..block.end];
            let trimmed = source.trim();
            if index + 1 == count && block.is_list {
                answers = self.parse_answers(source, line);
            } else if let Some(path) = self.parse_panel_path(trimmed) {
                blocks.push(StepBlock::Panel(path));
            } else if let Some(name) = trimmed.strip_prefix("{check ").and_then(|rest| rest.strip_suffix('}')) {
                match name.parse::<CheckKind>().ok() {
                    Some(check) => blocks.push(StepBlock::Check(check)),
                    None => self.add_error(line, format!("there is no check {name:?}")),
                }
            } else if let Some(name) = trimmed.strip_prefix("{link ").and_then(|rest| rest.strip_suffix('}')) {
                match name.parse::<OperatorLink>().ok() {
                    Some(link) => blocks.push(StepBlock::OperatorLink(link)),
                    None => self.add_error(line, format!("there is no link {name:?}")),
                }
            } else {
                let html = render_markdown(&self.typeset(source));
                match blocks.last_mut() {
                    Some(StepBlock::Html(before)) => *before += &html,
                    _ => blocks.push(StepBlock::Html(html)),
                }
            }
        }
        (blocks, answers)
    }

    /// Parses `> Panel: A > B > *the icon beside C*`.
    fn parse_panel_path(&self, source: &str) -> Option<Vec<PanelClick>> {
        let path = source.strip_prefix('>')?.trim().strip_prefix("Panel:")?;
        let path = path.lines().map(|line| line.trim_start_matches(['>', ' '])).collect::<Vec<_>>().join(" ");
        let click = |words: &str| match words.strip_prefix('*').and_then(|words| words.strip_suffix('*')) {
            Some(description) => PanelClick { text: self.typeset(description), is_label: false },
            None => PanelClick { text: typeset(Lang::Pl, words), is_label: true },
        };
        Some(path.split(" > ").map(|words| click(words.trim())).collect())
    }

    /// Parses the items of the answer list: `- [Label](target "id"): hint`.
    fn parse_answers(&mut self, list: &str, first_line: usize) -> Vec<RawAnswer> {
        let mut answers: Vec<RawAnswer> = Vec::new();
        let mut current: Option<RawAnswer> = None;
        let mut in_link = false;
        let mut line = first_line;
        for (event, range) in Parser::new(list).into_offset_iter() {
            match event {
                Event::Start(Tag::Item) => {
                    line = first_line + list[..range.start].matches('\n').count();
                    current = Some(RawAnswer { line, ..RawAnswer::default() });
                }
                Event::Start(Tag::Link { dest_url, title, .. }) => {
                    in_link = true;
                    if let Some(answer) = &mut current {
                        answer.target = dest_url.into_string();
                        answer.id = title.into_string();
                    }
                }
                Event::End(TagEnd::Link) => in_link = false,
                Event::Text(text) | Event::Code(text) => {
                    if let Some(answer) = &mut current {
                        if in_link { answer.label += &text } else { answer.hint += &text }
                    }
                }
                Event::SoftBreak => {
                    if let Some(answer) = &mut current {
                        if in_link { answer.label.push(' ') } else { answer.hint.push(' ') }
                    }
                }
                Event::End(TagEnd::Item) => {
                    let Some(answer) = current.take() else { continue };
                    if answer.label.is_empty() || !is_valid_id(&answer.id) {
                        self.add_error(line, "an answer is not of the form `- [Label](target \"answer-id\"): hint`");
                    } else if answers.iter().any(|other| other.id == answer.id) {
                        self.add_error(line, format!("the answer {} is there twice", answer.id));
                    } else {
                        answers.push(answer);
                    }
                }
                _ => {}
            }
        }
        answers
    }

    /// Resolves the targets of the answers to indexes of steps.
    fn resolve_targets(&mut self, raw: Vec<RawStep>) -> Vec<GuideStep> {
        let indexes: HashMap<String, usize> =
            raw.iter().enumerate().map(|(index, step)| (step.id.clone(), index)).collect();
        let mut reachable = HashSet::from([0]);
        let mut steps = Vec::new();
        let lines: Vec<_> = raw.iter().map(|step| (step.id.clone(), step.line)).collect();
        for step in raw {
            let mut answers = Vec::new();
            for answer in step.answers {
                let target = match answer.target.as_str() {
                    "resolved" => Some(AnswerTarget::Resolved),
                    "report" => Some(AnswerTarget::Report),
                    name => match name.strip_prefix('#') {
                        Some(id) => indexes.get(id).copied().map(AnswerTarget::Step),
                        None => name.parse().ok().filter(|guide| *guide != self.category).map(AnswerTarget::Guide),
                    },
                };
                let Some(target) = target else {
                    self.add_error(
                        answer.line,
                        format!("the answer {} leads to {:?}, which is not there", answer.id, answer.target),
                    );
                    continue;
                };
                if let AnswerTarget::Step(index) = target {
                    reachable.insert(index);
                }
                let hint = answer.hint.trim().trim_start_matches(':').trim();
                let hint = Some(self.typeset(hint)).filter(|hint| !hint.is_empty());
                answers.push(AnswerOption { id: answer.id, label: self.typeset(&answer.label), hint, target });
            }
            steps.push(GuideStep {
                id: step.id,
                question: step.question,
                body: step.body,
                answers,
                max_remaining: 0,
                line: step.line,
            });
        }
        for (index, (id, line)) in lines.into_iter().enumerate() {
            if !reachable.contains(&index) {
                self.add_error(line, format!("no answer leads to the step {id}"));
            }
        }
        steps
    }
}

struct RawStep {
    id: String,
    question: String,
    body: Vec<StepBlock>,
    answers: Vec<RawAnswer>,
    line: usize,
}

#[derive(Default)]
struct RawAnswer {
    id: String,
    label: String,
    hint: String,
    target: String,
    line: usize,
}

struct TopLevelBlock {
    start: usize,
    end: usize,
    is_list: bool,
}

fn split_top_level_blocks(text: &str) -> Vec<TopLevelBlock> {
    let mut blocks = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    let is_list = matches!(tag, Tag::List(None));
                    blocks.push(TopLevelBlock { start: range.start, end: range.end, is_list });
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    blocks
}

/// Renders Markdown to HTML. Raw HTML becomes text. The target of a link must be `https:`, `tel:`, `mailto:` or a path of
/// the portal; otherwise it is replaced by `#`.
fn render_markdown(markdown: &str) -> String {
    let is_safe = |url: &str| ["https://", "tel:", "mailto:", "/", "#"].iter().any(|start| url.starts_with(start));
    let events = Parser::new(markdown).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::List(None)) => Event::Html(CowStr::Borrowed("<ul class=\"bullets\">")),
        Event::Start(Tag::List(Some(_))) => Event::Html(CowStr::Borrowed("<ol class=\"numbered\">")),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if !is_safe(&dest_url) => {
            Event::Start(Tag::Link { link_type, dest_url: "#".into(), title, id })
        }
        event => event,
    });
    let mut html = String::new();
    push_html(&mut html, events);
    html
}

fn is_valid_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
