//! `hoithi demo`.
use super::*;
#[derive(Debug, clap::Args)]
pub(super) struct Args {}
pub(super) async fn run(_: &Common, _: Args) -> Result<(), Failure> {
    Ok(())
}
