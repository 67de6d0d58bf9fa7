//! `hoithi user`.

use std::io::BufRead;

use app::backend::Accounts;
use app::words::td_string;
use clap::Subcommand;
use contest::UserId;
use data_encoding::BASE32_NOPAD;
use rand::RngExt;
use serde_json::json;

use super::{Common, Failure, desk};

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Make an organizer's account. Without `--password-stdin` a password is drawn and printed.
    Add {
        /// The user name, 3 to 60 characters.
        name: String,
        /// Read the password (10 to 200 characters) from the first line of the standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the organizers' accounts.
    List {
        /// Print a JSON array with `id`, `name` and `created_at`.
        #[arg(long)]
        json: bool,
    },
    /// Set an account's password and end its sessions. Without `--password-stdin` one is drawn and printed.
    Password {
        /// The user name.
        name: String,
        /// Read the password from the first line of the standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) async fn run(common: &Common, action: Action) -> Result<(), Failure> {
    let lang = common.lang;
    // Nobody has the number 0: this visit may see to accounts, and to no contest.
    let visit = desk::visit_of(UserId(0), lang);
    match action {
        Action::List { json: as_json } => {
            let house = desk::open(common).await?;
            let accounts = house.accounts(&visit).await?;
            if as_json {
                let lines: Vec<_> = accounts
                    .iter()
                    .map(|a| json!({ "id": a.id, "name": a.name, "created_at": a.created_at }))
                    .collect();
                tell!("{}", json!(lines));
            } else {
                accounts.iter().for_each(|account| tell!("{}", account.name));
            }
            house.close().await;
        }
        Action::Add { name, password_stdin } => {
            let house = desk::open_or_make(common).await?;
            let (password, drawn) = password(password_stdin)?;
            house.add_account(&visit, &name, &password).await?;
            tell!("{}", td_string!(lang, cli.account_added, name = name));
            if drawn {
                tell!("{}", td_string!(lang, cli.generated, password = password));
            }
            house.close().await;
        }
        Action::Password { name, password_stdin } => {
            let house = desk::open(common).await?;
            let (password, drawn) = password(password_stdin)?;
            if !house.set_password(&name, &password).await? {
                return Err(Failure::NoSuchAccount(name));
            }
            tell!("{}", td_string!(lang, cli.password_set, name = name));
            if drawn {
                tell!("{}", td_string!(lang, cli.generated, password = password));
            }
            house.close().await;
        }
    }
    Ok(())
}

/// The password, and whether it was drawn here.
fn password(from_stdin: bool) -> Result<(String, bool), Failure> {
    if !from_stdin {
        let secret: [u8; 10] = rand::rng().random();
        return Ok((BASE32_NOPAD.encode(&secret).to_lowercase(), true));
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::CannotRead("-".into(), error))?;
    Ok((line.trim_end_matches(['\r', '\n']).to_owned(), false))
}
