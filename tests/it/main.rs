//! One binary for all tests that need the whole house.

mod postgres;
