//! The `tamis` program: argument list in, exit code out.

fn main() {}
