//! The layout around every staff page.

use std::borrow::Cow;

use super::{Staff, StaffRole, initials};
use crate::{app::App, i18n::Lang};

/// The layout of a staff page: header, navigation, account menu.
#[derive(Clone)]
pub struct StaffLayout {
    pub app: App,
    pub staff: Staff,
    /// The navigation item of the current page.
    pub active_nav: &'static str,
}

impl StaffLayout {
    pub fn new(app: &App, staff: &Staff, active_nav: &'static str) -> StaffLayout {
        StaffLayout { app: app.clone(), staff: staff.clone(), active_nav }
    }

    pub fn lang(&self) -> Lang {
        self.staff.lang
    }

    pub fn t(&self, id: &str) -> Cow<'static, str> {
        self.staff.lang.t(id)
    }

    /// The number of e-mails that need a decision, and the sentence that says so. `None` if there are none.
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
