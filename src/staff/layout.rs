//! What every staff page has around its content.

use std::borrow::Cow;

use super::{Staff, StaffRole, initials};
use crate::{app::App, i18n::Lang};

/// The frame of a staff page.
#[derive(Clone)]
pub struct StaffLayout {
    pub app: App,
    pub staff: Staff,
    /// The part of the house that is open, for the navigation.
    pub active_nav: &'static str,
}

impl StaffLayout {
    pub fn new(app: &App, staff: &Staff, here: &'static str) -> StaffLayout {
        StaffLayout { app: app.clone(), staff: staff.clone(), active_nav: here }
    }

    pub fn lang(&self) -> Lang {
        self.staff.lang
    }

    pub fn t(&self, id: &str) -> Cow<'static, str> {
        self.staff.lang.t(id)
    }

    /// How many letters need a person, and that in words, if any do.
    pub fn failed_emails(&self) -> Option<(i64, String)> {
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
