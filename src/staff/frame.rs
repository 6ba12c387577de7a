//! What every staff page has around its content.

use std::borrow::Cow;

use super::{Role, Staff, initials};
use crate::{app::App, words::Lang};

/// The frame of a staff page.
#[derive(Clone)]
pub struct Frame {
    pub app: App,
    pub staff: Staff,
    /// The part of the house that is open, for the navigation.
    pub here: &'static str,
}

impl Frame {
    pub fn new(app: &App, staff: &Staff, here: &'static str) -> Frame {
        Frame { app: app.clone(), staff: staff.clone(), here }
    }

    pub fn lang(&self) -> Lang {
        self.staff.lang
    }

    pub fn t(&self, id: &str) -> Cow<'static, str> {
        self.staff.lang.t(id)
    }

    /// How many letters need a person, and that in words, if any do.
    pub fn stuck_letters(&self) -> Option<(i64, String)> {
        let count = self.app.mail.stuck()?;
        Some((count, self.lang().t1("letters-need", "count", count)))
    }

    pub fn initials(&self) -> String {
        initials(&self.staff.name)
    }

    pub fn is_admin(&self) -> bool {
        self.staff.role == Role::Admin
    }
}
