//! One binary for all tests that need the whole house.

mod architecture;
mod bad_input;
mod clock;
mod given;
mod guides;
mod postgres;
mod report;
mod support;
mod web;
mod words;
