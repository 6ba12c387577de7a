//! How exactly the time of a call is known.

use std::str::FromStr;

/// How exactly the time of a call is known, the most exact first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type,
)]
#[sqlx(type_name = "call_precision")]
pub enum CallTimePrecision {
    #[serde(rename = "exact")]
    #[sqlx(rename = "exact")]
    Exact,
    #[serde(rename = "5min")]
    #[sqlx(rename = "5min")]
    FiveMinutes,
    #[serde(rename = "30min")]
    #[sqlx(rename = "30min")]
    HalfHour,
}

impl CallTimePrecision {
    pub const ALL: &[CallTimePrecision] =
        &[CallTimePrecision::Exact, CallTimePrecision::FiveMinutes, CallTimePrecision::HalfHour];

    /// The name in forms, addresses and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            CallTimePrecision::Exact => "exact",
            CallTimePrecision::FiveMinutes => "5min",
            CallTimePrecision::HalfHour => "30min",
        }
    }

    /// The message that names it to people.
    pub const fn label(self) -> &'static str {
        match self {
            CallTimePrecision::Exact => "precision-exact",
            CallTimePrecision::FiveMinutes => "precision-5min",
            CallTimePrecision::HalfHour => "precision-30min",
        }
    }

    /// How far the call may be from the given time, in minutes to either side.
    pub const fn tolerance_minutes(self) -> u8 {
        match self {
            CallTimePrecision::Exact => 1,
            CallTimePrecision::FiveMinutes => 5,
            CallTimePrecision::HalfHour => 30,
        }
    }
}

impl FromStr for CallTimePrecision {
    type Err = ();

    fn from_str(name: &str) -> Result<CallTimePrecision, ()> {
        CallTimePrecision::ALL.iter().copied().find(|precision| precision.as_str() == name).ok_or(())
    }
}
