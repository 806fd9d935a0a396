//! The keywright command.

fn main() {}
