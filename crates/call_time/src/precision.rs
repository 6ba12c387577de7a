//! How exactly the time of a call is known.

use i18n::Label;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How exactly the time of a call is known, the most exact first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(type_name = "call_precision")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum CallTimePrecision {
    #[serde(rename = "exact")]
    #[sqlx(rename = "exact")]
    Exact,
    #[serde(rename = "5min")]
    #[sqlx(rename = "5min")]
    #[strum(serialize = "5min")]
    FiveMinutes,
    #[serde(rename = "30min")]
    #[sqlx(rename = "30min")]
    #[strum(serialize = "30min")]
    HalfHour,
}

impl CallTimePrecision {
    /// How far the call may be from the given time, in minutes to either side.
    pub const fn tolerance_minutes(self) -> u8 {
        match self {
            CallTimePrecision::Exact => 1,
            CallTimePrecision::FiveMinutes => 5,
            CallTimePrecision::HalfHour => 30,
        }
    }
}

impl Label for CallTimePrecision {
    const MESSAGE_PREFIX: &str = "precision";
}
