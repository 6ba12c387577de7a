//! The lamp beside an account in the customer panel (column PING): what its colour means.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::describe::Describe;
use crate::{
    i18n::{MessageArg, UiMessage},
    tickets::TicketCategory,
};

/// The colour in the column PING. The ranges are the operator's: the time from a SIP OPTIONS request to its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum Lamp {
    /// The panel waits for the device's first response.
    Blue,
    /// Up to about 150 ms.
    Green,
    /// About 150 to 600 ms.
    Yellow,
    /// Over 600 ms.
    Red,
    /// Logged out.
    Grey,
    /// Not found on the screen.
    None,
}

/// The lamp that a visitor chose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LampResult {
    pub lamp: Lamp,
}

impl Lamp {
    /// The message id of the range that the colour stands for, if it stands for one.
    pub const fn ping_range(self) -> Option<&'static str> {
        match self {
            Lamp::Green => Some("lamps-range-green"),
            Lamp::Yellow => Some("lamps-range-yellow"),
            Lamp::Red => Some("lamps-range-red"),
            Lamp::Blue | Lamp::Grey | Lamp::None => None,
        }
    }

    /// The guide to continue with.
    pub const fn guide_category(self) -> Option<TicketCategory> {
        match self {
            Lamp::Blue | Lamp::Grey => Some(TicketCategory::LoggedOut),
            Lamp::Yellow | Lamp::Red => Some(TicketCategory::Audio),
            // the account works: the guide depends on the problem
            Lamp::Green | Lamp::None => None,
        }
    }
}

impl Describe for LampResult {
    fn verdict(&self) -> &str {
        self.lamp.into_str()
    }

    fn summary(&self) -> UiMessage {
        UiMessage::new(match self.lamp {
            Lamp::Blue => "lamps-result-blue",
            Lamp::Green => "lamps-result-green",
            Lamp::Yellow => "lamps-result-yellow",
            Lamp::Red => "lamps-result-red",
            Lamp::Grey => "lamps-result-grey",
            Lamp::None => "lamps-result-none",
        })
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        let range = self.lamp.ping_range().map(|range| (UiMessage::new("lamps-ping"), UiMessage::new(range).into()));
        range.into_iter().collect()
    }
}
