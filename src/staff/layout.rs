//! The layout around every staff page.

use std::borrow::Cow;

use super::{Staff, StaffRole, initials};
use crate::{app::App, i18n::Lang, urls};

/// The layout of a staff page: header, navigation, account menu.
#[derive(Clone)]
pub struct StaffLayout {
    pub app: App,
    pub staff: Staff,
    /// The navigation item of the current page.
    pub active_nav: &'static str,
}

/// A link of the navigation.
pub struct StaffNavItem {
    pub url: Cow<'static, str>,
    pub label: Cow<'static, str>,
    pub is_current: bool,
    /// The width below which the item moves from the bar into the menu "More".
    pub collapse: Collapse,
    /// Has an icon, which stands for the label on narrow screens, and a keyboard shortcut.
    pub is_new_report: bool,
    /// What needs attention there: the number, and the sentence that says so.
    pub attention: Option<(i64, String)>,
}

/// The width below which a navigation item is in the menu "More" only.
#[derive(Clone, Copy)]
pub enum Collapse {
    Never,
    Narrow,
    Medium,
    Always,
}

use Collapse::{Always, Medium, Narrow, Never};

/// The pages of the navigation: name, path, label, and where they collapse.
const NAV_PAGES: [(&str, &str, &str, Collapse); 9] = [
    ("queue", urls::staff::QUEUE, "desk-queue", Never),
    ("report", urls::staff::PHONE_REPORT, "desk-phone-report", Never),
    ("incidents", urls::staff::INCIDENTS, "desk-incidents", Narrow),
    ("inbox", urls::staff::INBOX, "desk-inbound-mail", Medium),
    ("emails", urls::staff::EMAILS, "desk-emails", Always),
    ("replies", urls::staff::REPLIES, "desk-replies", Always),
    ("blocklist", urls::staff::BLOCKLIST, "desk-blocklist", Always),
    ("stats", urls::staff::STATS, "desk-stats", Always),
    ("accounts", urls::staff::ACCOUNTS, "desk-accounts", Always),
];

impl Collapse {
    /// The class of the item in the bar, which is hidden when it collapses.
    pub fn bar_class(self) -> &'static str {
        match self {
            Never | Always => "",
            Narrow => "nav-from-narrow",
            Medium => "nav-from-medium",
        }
    }

    /// The class of the item in the menu, which is hidden until it collapses.
    pub fn menu_class(self) -> &'static str {
        match self {
            Never | Always => "",
            Narrow => "nav-until-narrow",
            Medium => "nav-until-medium",
        }
    }
}

impl StaffLayout {
    pub fn new(app: &App, staff: &Staff, active_nav: &'static str) -> StaffLayout {
        StaffLayout { app: app.clone(), staff: staff.clone(), active_nav }
    }

    pub fn lang(&self) -> Lang {
        self.staff.lang
    }

    pub fn t(&self, id: impl AsRef<str>) -> Cow<'static, str> {
        self.staff.lang.t(id)
    }

    fn nav_items(&self) -> impl Iterator<Item = StaffNavItem> {
        let pages = NAV_PAGES.iter().filter(|(name, ..)| *name != "accounts" || self.is_admin());
        pages.map(|&(name, path, label, collapse)| StaffNavItem {
            url: path.into(),
            label: self.t(label),
            is_current: name == self.active_nav,
            collapse,
            is_new_report: name == "report",
            attention: if name == "emails" { self.failed_emails() } else { None },
        })
    }

    /// The links of the bar. On narrow screens some are hidden; they are in the menu then.
    pub fn bar_items(&self) -> Vec<StaffNavItem> {
        self.nav_items().filter(|item| !matches!(item.collapse, Always)).collect()
    }

    /// The links of the menu "More".
    pub fn menu_items(&self) -> Vec<StaffNavItem> {
        let guides = StaffNavItem {
            url: urls::public::home(self.lang()).into(),
            label: self.t("desk-portal"),
            is_current: false,
            collapse: Always,
            is_new_report: false,
            attention: None,
        };
        self.nav_items().filter(|item| !matches!(item.collapse, Never)).chain([guides]).collect()
    }

    /// The number of e-mails that need a decision, and the sentence that says so. `None` if there are none.
    fn failed_emails(&self) -> Option<(i64, String)> {
        let count = self.app.mail.failed_count()?;
        Some((count, self.lang().t_with("emails-need-attention-count", "count", count)))
    }

    pub fn initials(&self) -> String {
        initials(&self.staff.name)
    }

    pub fn is_admin(&self) -> bool {
        self.staff.role == StaffRole::Admin
    }
}
