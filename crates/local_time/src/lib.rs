//! Polish local time: conversion between UTC and Europe/Warsaw, and dates and times as messages. Everything is stored in UTC;
//! users read and write local time.
//!
//! The rules of the time zone are in the binary (jiff's copy of the IANA database), so the result does not depend on the
//! machine.

mod zone;
mod format;

pub use format::{
    format_call_time, format_clock, format_date, format_date_time, format_day, format_deadline, format_elapsed,
    format_long, format_long_date, format_numeric_date, format_range, format_relative_day, format_short, format_time,
    iso, iso_local,
};
pub use zone::{LocalTimeResolution, ZONE_NAME, resolve_local, to_local, zone_abbreviation};
