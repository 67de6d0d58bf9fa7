//! `hoithi`: one program for the hall's laptop and for the Internet.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
