//! `hoithi verify`.

use app::words::{Locale, td_string};
use contest::ContestId;
use contest::draw::Draw;
use contest::ledger::{Broken, Why};
use serde_json::json;

use super::{Common, Failure, desk};
use crate::store::{Store, ledger};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this contest. Without it: all of them.
    #[arg(long)]
    contest: Option<String>,
    /// Print a JSON array with `id`, `entries`, `draws`, `ok`, and for a bad ledger `seq` and `why`.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(common: &Common, args: Args) -> Result<(), Failure> {
    desk::must_exist(common.database())?;
    // The store and not the house: a house does not open a ledger that it cannot follow.
    let store = Store::open(common.database()).await?;
    let mut ids = ledger::ids(store.read()).await?;
    if let Some(name) = &args.contest {
        ids.retain(|id| id.as_str() == name);
        if ids.is_empty() {
            return Err(Failure::NoContest(name.clone()));
        }
    }
    let mut lines = Vec::new();
    let mut sound = true;
    for id in &ids {
        let outcome = walk(&store, id).await?;
        sound &= outcome.is_ok();
        match &outcome {
            Ok(Sound { entries, draws }) => {
                lines.push(json!({ "id": id, "entries": entries, "draws": draws, "ok": true }));
            }
            Err(broken) => lines.push(json!({
                "id": id, "ok": false, "seq": broken.seq, "why": word(broken.why),
            })),
        }
        if !args.json {
            tell!("{}", sentence(common.lang, id, &outcome));
            if let Ok(Sound { draws, .. }) = outcome
                && draws > 0
            {
                tell!("{}", td_string!(common.lang, cli.verified_draws, n = draws));
            }
        }
    }
    if args.json {
        tell!("{}", json!(lines));
    } else if ids.is_empty() {
        tell!("{}", td_string!(common.lang, cli.nothing_to_verify));
    }
    store.close().await;
    if sound { Ok(()) } else { Err(Failure::Told) }
}

/// A ledger without fault.
struct Sound {
    entries: u64,
    /// Draws by machine that were shuffled anew and came out the same.
    draws: usize,
}

/// What was walked; or the first bad entry.
async fn walk(store: &Store, id: &ContestId) -> Result<Result<Sound, Broken>, Failure> {
    Ok(ledger::verify(store.read(), id).await?.map(|contest| {
        let draws = contest.stages.values().flat_map(|stage| stage.draws.values());
        Sound {
            entries: contest.seq,
            draws: draws.filter(|draw| matches!(draw, Draw::Opened { .. })).count(),
        }
    }))
}

fn word(why: Why) -> &'static str {
    match why {
        Why::Gap => "gap",
        Why::Hash => "hash",
        Why::Unreadable => "unreadable",
        Why::Draw => "draw",
        Why::Content => "content",
    }
}

fn sentence(lang: Locale, id: &ContestId, outcome: &Result<Sound, Broken>) -> String {
    let id = id.to_string();
    match outcome {
        Ok(sound) => td_string!(lang, cli.verified, id = id, n = sound.entries),
        Err(Broken { seq, why }) => {
            let why = match why {
                Why::Gap => td_string!(lang, cli.why_gap),
                Why::Hash => td_string!(lang, cli.why_hash),
                Why::Unreadable => td_string!(lang, cli.why_unreadable),
                Why::Draw => td_string!(lang, cli.why_draw),
                Why::Content => td_string!(lang, cli.why_content),
            };
            td_string!(lang, cli.broken, id = id, seq = *seq, why = why)
        }
    }
}
