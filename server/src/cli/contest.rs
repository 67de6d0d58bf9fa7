//! `hoithi contest`.

use app::backend::{Accounts, Contests};
use app::words::td_string;
use app::words_of;
use clap::Subcommand;
use contest::people::{Details, Layout};
use contest::template::Template;
use contest::{Contest, UserId};
use serde_json::json;

use super::{Common, Failure, desk};
use crate::store::ledger;

/// What to do with contests.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// List all contests of the database, the newest first.
    List {
        /// Print a JSON array with `id`, `name`, `phase` and `teams`.
        #[arg(long)]
        json: bool,
    },
    /// Create a contest from a template of rules.
    Create {
        /// The full name, as the banner has it.
        #[arg(long)]
        name: String,
        /// The template to begin from, by its number in the gallery of rules: G1, G2, G4, G5, G7 to G13.
        #[arg(long, default_value = "G1")]
        template: String,
        /// Where it is held.
        #[arg(long, default_value = "")]
        place: String,
        /// A host body; may be given several times, the superior first.
        #[arg(long = "host")]
        hosts: Vec<String>,
        /// The organizer's account that it belongs to. Without it: the oldest account.
        #[arg(long)]
        organizer: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show a contest.
    Show {
        /// Which one. Not needed where there is only one.
        id: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(common: &Common, action: Action) -> Result<(), Failure> {
    match action {
        Action::List { json } => list(common, json).await,
        Action::Show { id, json } => show(common, id.as_deref(), json).await,
        Action::Create {
            name,
            template,
            place,
            hosts,
            organizer,
            json,
        } => {
            let template =
                Template::named(&template.to_uppercase()).ok_or(Failure::UnknownTemplate(template))?;
            let details = Details {
                name,
                hosts,
                place,
                starts_at: None,
                layout: Layout::default(),
            };
            create(common, details, template, organizer, json).await
        }
    }
}

async fn list(common: &Common, as_json: bool) -> Result<(), Failure> {
    let house = desk::open(common).await?;
    let mut contests = Vec::new();
    for id in ledger::ids(house.store.read()).await? {
        contests.push(desk::load(&house, &id).await?);
    }
    contests.sort_by_key(|contest| std::cmp::Reverse(contest.created_at));
    if as_json {
        let lines: Vec<_> = contests.iter().map(|contest| line(contest)).collect();
        tell!("{}", json!(lines));
    } else {
        for contest in contests {
            let phase = words_of::contest_phase(common.lang, contest.phase());
            tell!("{}  {phase}  {}", contest.id, contest.details.name);
        }
    }
    house.close().await;
    Ok(())
}

fn line(contest: &Contest) -> serde_json::Value {
    json!({
        "id": contest.id,
        "name": contest.details.name,
        "phase": contest.phase().as_str(),
        "teams": contest.teams.len(),
    })
}

async fn create(
    common: &Common,
    details: Details,
    template: Template,
    organizer: Option<String>,
    as_json: bool,
) -> Result<(), Failure> {
    let house = desk::open(common).await?;
    // Nobody has the number 0: this visit may look at accounts, and at no contest.
    let accounts = house.accounts(&desk::visit_of(UserId(0), common.lang)).await?;
    let user = match organizer {
        Some(name) => {
            let wanted = contest::intake::key(&name);
            let account = accounts
                .iter()
                .find(|account| contest::intake::key(&account.name) == wanted);
            account.ok_or(Failure::NoSuchAccount(name))?.id
        }
        None => {
            let oldest = accounts.iter().min_by_key(|account| account.created_at);
            oldest.ok_or(Failure::NoAccount)?.id
        }
    };
    let id = house
        .create_contest(&desk::visit_of(user, common.lang), details, template)
        .await?;
    if as_json {
        tell!("{}", line(&*desk::load(&house, &id).await?));
    } else {
        tell!("{}", td_string!(common.lang, cli.created, id = id.to_string()));
    }
    house.close().await;
    Ok(())
}

async fn show(common: &Common, id: Option<&str>, as_json: bool) -> Result<(), Failure> {
    let house = desk::open(common).await?;
    let contest = desk::one_contest(&house, id).await?;
    let rounds = || contest.rules().into_iter().flat_map(|rules| &rules.rounds);
    let phase_of = |round: &contest::rules::Round| {
        round.exam()?;
        Some(
            contest
                .exams
                .get(&round.id)
                .map(|exam| exam.phase)
                .unwrap_or_default(),
        )
    };
    if as_json {
        let mut shown = line(&contest);
        let rounds: Vec<_> = rounds()
            .map(|round| json!({ "id": round.id, "name": round.name, "phase": phase_of(round) }))
            .collect();
        shown["template"] = json!(contest.rules().map(|rules| &rules.template));
        shown["place"] = json!(contest.details.place);
        shown["hosts"] = json!(contest.details.hosts);
        shown["rounds"] = json!(rounds);
        shown["entries"] = json!(contest.seq);
        tell!("{shown}");
    } else {
        let lang = common.lang;
        tell!("{}  {}", contest.id, contest.details.name);
        tell!("{}", words_of::contest_phase(lang, contest.phase()));
        tell!("{}", td_string!(lang, cli.contest_teams, n = contest.teams.len()));
        for round in rounds() {
            let phase = phase_of(round).map(|phase| words_of::exam_phase(lang, phase));
            tell!("  {}. {}  {}", round.id, round.name, phase.unwrap_or_default());
        }
        tell!("{}", td_string!(lang, cli.contest_seq, n = contest.seq));
    }
    house.close().await;
    Ok(())
}
