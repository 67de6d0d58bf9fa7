//! `hoithi demo`.

use std::sync::Arc;

use app::words::td_string;

use super::rehearsal::Rehearsal;
use super::serve::{self, DoorArgs};
use super::{Common, Failure};
use crate::config::Kind;
use crate::desk::Demo;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    door: DoorArgs,
    /// Play the whole contest at once, exam, judging and prizes; without it `/demo` has a button for that.
    #[arg(long)]
    play: bool,
    /// How many times faster than people the simulated people are, 1 to 1000.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    speed: u32,
}

const DATABASE: &str = "sqlite://hoithi-demo.db";

pub(super) async fn run(common: &Common, args: Args) -> Result<(), Failure> {
    let lang = common.lang;
    let database = common.database.as_deref().unwrap_or(DATABASE);
    let site = serve::open(database, Kind::Demo, &args.door).await?;
    let rehearsal = Arc::new(Rehearsal::prepare(site.house(), site.addr(), lang).await?);
    site.house().rehearse(rehearsal.clone());

    serve::announce(lang, &site, &args.door);
    let origin = args
        .door
        .public_url
        .clone()
        .or_else(|| crate::lan::lan_urls(site.addr()).into_iter().next());
    let origin = origin.unwrap_or_else(|| serve::local_url(site.addr()));
    tell!("{}", td_string!(lang, cli.demo_links));
    for (label, link) in rehearsal.links(&origin).await? {
        tell!("  {label}\n    {link}");
    }
    let console = format!("{}/demo", serve::local_url(site.addr()));
    tell!("\n{}\n", td_string!(lang, cli.demo_console, url = console));
    if args.play {
        rehearsal.play(args.speed).await?;
    }
    serve::serve(lang, site).await;
    Ok(())
}
