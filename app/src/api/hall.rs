//! The hall: screens, what they show, freeze and reveal.
//!
//! Acts on screens name them one by one (`screens[]`) or all at once (`all`). A scene comes as the flat
//! fields of a form; [`SceneFields`] reads it.

use std::collections::BTreeMap;

use contest::{
    Command, ContestId, Digest, PersonId, RoundId, TeamId,
    reveal::{RevealAct, RevealBy},
    screen::{Language, Look, Scene, ScreenAct, Theme},
};
use leptos::prelude::*;
use leptos::server_fn::codec::{MultipartData, MultipartFormData};

use super::{act, came_from, contest_id, contests::bad};
use crate::backend::{Visit, house, visit};
use crate::error::AppError;
use crate::layout::paths;

/// No logo is read beyond this; the house has a bound of its own below it and words for it.
const MOST_BYTES: usize = 8 << 20;

/// The browser that shows these four letters becomes a screen of the contest.
#[server(prefix = "/api/fn", endpoint = "claim_screen")]
pub async fn claim_screen(contest: String, letters: String, name: String) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        let letters: String = letters.trim().to_uppercase();
        house().claim_screen(&visit(), &id, &letters, &name).await?;
        Ok(paths::screens(&id))
    })
    .await
}

/// A new name for a screen.
#[server(prefix = "/api/fn", endpoint = "rename_screen")]
pub async fn rename_screen(contest: String, screen: i64, name: String) -> Result<(), AppError> {
    let screen = PersonId(screen);
    on_screens(contest, ScreenAct::Rename { screen, name }).await
}

/// Takes a screen away.
#[server(prefix = "/api/fn", endpoint = "remove_screen")]
pub async fn remove_screen(contest: String, screen: i64) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house().remove_screen(&visit(), &id, PersonId(screen)).await?;
        Ok(back(&id))
    })
    .await
}

/// How screens look. A field left empty stays as it is on each of them.
#[server(prefix = "/api/fn", endpoint = "dress_screens")]
pub async fn dress_screens(
    contest: String,
    #[server(default)] screens: Vec<i64>,
    #[server(default)] all: bool,
    #[server(default)] theme: String,
    #[server(default)] language: String,
    #[server(default)] scale: String,
) -> Result<(), AppError> {
    act(async move {
        let (id, visit) = (contest_id(&contest)?, visit());
        let (desk, _) = house().hall_desk(&visit, &id).await?;
        let theme = chosen_word(&theme, "theme", Theme::named)?;
        let language = chosen_word(&language, "language", Language::named)?;
        let scale = chosen_word(&scale, "scale", |text| text.parse::<u8>().ok())?;
        // Screens that come out alike are dressed in one act.
        let mut looks: BTreeMap<(&str, &str, u8), (Look, Vec<PersonId>)> = BTreeMap::new();
        for of in &desk.screens {
            if !all && !screens.contains(&of.id.0) {
                continue;
            }
            let old = of.screen.look;
            let look = Look {
                theme: theme.unwrap_or(old.theme),
                language: language.unwrap_or(old.language),
                scale: scale.unwrap_or(old.scale),
            };
            let key = (look.theme.as_str(), look.language.as_str(), look.scale);
            looks.entry(key).or_insert((look, vec![])).1.push(of.id);
        }
        if looks.is_empty() {
            return Err(bad("screens"));
        }
        for (look, screens) in looks.into_values() {
            let act = ScreenAct::Dress { screens, look };
            house().execute(&visit, &id, Command::Screen { act }).await?;
        }
        Ok(back(&id))
    })
    .await
}

/// Shows a scene at once.
#[server(prefix = "/api/fn", endpoint = "show_scene")]
#[allow(clippy::too_many_arguments, reason = "the fields of the scene's form")]
pub async fn show_scene(
    contest: String,
    #[server(default)] screens: Vec<i64>,
    #[server(default)] all: bool,
    scene: String,
    #[server(default)] order_round: String,
    #[server(default)] round: String,
    #[server(default)] team: String,
    #[server(default)] message: String,
    #[server(default)] question: String,
    #[server(default)] options: String,
    #[server(default)] answer: String,
) -> Result<(), AppError> {
    let scene = SceneFields {
        scene,
        order_round,
        round,
        team,
        message,
        question,
        options,
        answer,
    };
    on_chosen(contest, screens, all, Some(scene), |screens, scene| {
        ScreenAct::Show { screens, scene }
    })
    .await
}

/// Puts a scene ready.
#[server(prefix = "/api/fn", endpoint = "prepare_scene")]
#[allow(clippy::too_many_arguments, reason = "the fields of the scene's form")]
pub async fn prepare_scene(
    contest: String,
    #[server(default)] screens: Vec<i64>,
    #[server(default)] all: bool,
    scene: String,
    #[server(default)] order_round: String,
    #[server(default)] round: String,
    #[server(default)] team: String,
    #[server(default)] message: String,
    #[server(default)] question: String,
    #[server(default)] options: String,
    #[server(default)] answer: String,
) -> Result<(), AppError> {
    let scene = SceneFields {
        scene,
        order_round,
        round,
        team,
        message,
        question,
        options,
        answer,
    };
    on_chosen(contest, screens, all, Some(scene), |screens, scene| {
        ScreenAct::Prepare { screens, scene }
    })
    .await
}

/// Shows what was put ready.
#[server(prefix = "/api/fn", endpoint = "take_scene")]
pub async fn take_scene(
    contest: String,
    #[server(default)] screens: Vec<i64>,
    #[server(default)] all: bool,
) -> Result<(), AppError> {
    on_chosen(contest, screens, all, None, |screens, _| ScreenAct::Take {
        screens,
    })
    .await
}

/// Makes screens dark, or lights them again.
#[server(prefix = "/api/fn", endpoint = "blank_screens")]
pub async fn blank_screens(
    contest: String,
    #[server(default)] screens: Vec<i64>,
    #[server(default)] all: bool,
    #[server(default)] lit: bool,
) -> Result<(), AppError> {
    on_chosen(contest, screens, all, None, |screens, _| ScreenAct::Blank {
        screens,
        blank: !lit,
    })
    .await
}

/// Has screens load their page again.
#[server(prefix = "/api/fn", endpoint = "reload_screens")]
pub async fn reload_screens(
    contest: String,
    #[server(default)] screens: Vec<i64>,
    #[server(default)] all: bool,
) -> Result<(), AppError> {
    on_chosen(contest, screens, all, None, |screens, _| ScreenAct::Reload {
        screens,
    })
    .await
}

/// Uploads a host's or sponsor's logo. Fields, in this order: `contest`, `name`, `file`.
#[server(prefix = "/api/fn", endpoint = "add_logo", input = MultipartFormData)]
pub async fn add_logo(data: MultipartData) -> Result<(), AppError> {
    act(async move {
        let (contest, name, file) = received(data).await?;
        let id = contest_id(&contest)?;
        house().add_logo(&visit(), &id, &name, file).await?;
        Ok(back(&id))
    })
    .await
}

/// Takes a logo away.
#[server(prefix = "/api/fn", endpoint = "remove_logo")]
pub async fn remove_logo(contest: String, hash: String) -> Result<(), AppError> {
    on_screens(contest, ScreenAct::RemoveLogo { hash: Digest(hash) }).await
}

/// From now on the public sees the standings as they are.
#[server(prefix = "/api/fn", endpoint = "freeze")]
pub async fn freeze(contest: String) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house().freeze(&visit(), &id).await?;
        Ok(back(&id))
    })
    .await
}

/// The public sees the present standings again.
#[server(prefix = "/api/fn", endpoint = "unfreeze")]
pub async fn unfreeze(contest: String, #[server(default)] reason: String) -> Result<(), AppError> {
    let reason = Some(reason).filter(|reason| !reason.trim().is_empty());
    on_reveal(contest, RevealAct::Unfreeze { reason }).await
}

/// Begins a reveal: `by` is `total` or `round`.
#[server(prefix = "/api/fn", endpoint = "begin_reveal")]
pub async fn begin_reveal(
    contest: String,
    by: String,
    #[server(default)] rehearsal: bool,
) -> Result<(), AppError> {
    let by = match by.as_str() {
        "round" => RevealBy::Round,
        _ => RevealBy::Total,
    };
    on_reveal(contest, RevealAct::Begin { by, rehearsal }).await
}

/// Goes to step `to`, if the reveal still stands at `from`: of two hands on the button one moves it. `reveal`
/// is the one that the page was about; another one goes nowhere by it.
#[server(prefix = "/api/fn", endpoint = "go_reveal")]
pub async fn go_reveal(
    contest: String,
    #[server(default)] reveal: Option<u64>,
    from: u32,
    to: u32,
) -> Result<(), AppError> {
    on_reveal(contest, RevealAct::Go { reveal, from, to }).await
}

/// Leaves the reveal that the page was about, `reveal`.
#[server(prefix = "/api/fn", endpoint = "end_reveal")]
pub async fn end_reveal(contest: String, #[server(default)] reveal: Option<u64>) -> Result<(), AppError> {
    on_reveal(contest, RevealAct::End { reveal }).await
}

/// A scene as a form sends it. Each kind of scene reads its own fields.
struct SceneFields {
    scene: String,
    order_round: String,
    round: String,
    team: String,
    message: String,
    question: String,
    /// One a line.
    options: String,
    /// `A`, `B`, ...; empty while the answer is not to be shown.
    answer: String,
}

impl SceneFields {
    fn read(self) -> Result<Scene, AppError> {
        let round = |text: &str| chosen_word(text, "round", |text| text.parse().ok().map(RoundId));
        Ok(match self.scene.as_str() {
            "waiting" => Scene::Waiting,
            "join" => Scene::Join,
            "order" => Scene::Order {
                round: round(&self.order_round)?,
            },
            "on_stage" => Scene::OnStage,
            "exam" => Scene::Exam,
            "standings" => Scene::Standings {
                round: round(&self.round)?,
            },
            "team" => Scene::Team {
                team: TeamId(self.team.trim().parse().map_err(|_| bad("team"))?),
            },
            "question" => {
                let lines = self.options.lines().map(str::trim);
                Scene::Question {
                    text: self.question,
                    options: lines.filter(|line| !line.is_empty()).map(str::to_owned).collect(),
                    answer: letter(&self.answer)?,
                }
            }
            "message" => Scene::Message { text: self.message },
            "hosts" => Scene::Hosts,
            "reveal" => Scene::Reveal,
            "prizes" => Scene::Prizes,
            _ => return Err(bad("scene")),
        })
    }
}

/// The place of an option's letter.
fn letter(text: &str) -> Result<Option<u8>, AppError> {
    let letter = text.trim().to_ascii_uppercase();
    match letter.as_bytes() {
        [] => Ok(None),
        [letter @ b'A'..=b'H'] => Ok(Some(letter - b'A')),
        _ => Err(bad("choice")),
    }
}

/// What a form's word means; empty is `None`.
fn chosen_word<T>(text: &str, field: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or_else(|| bad(field)),
    }
}

/// The page that the form stood on.
fn back(id: &ContestId) -> String {
    came_from(&paths::screens(id))
}

async fn on_screens(contest: String, deed: ScreenAct) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house()
            .execute(&visit(), &id, Command::Screen { act: deed })
            .await?;
        Ok(back(&id))
    })
    .await
}

async fn on_reveal(contest: String, deed: RevealAct) -> Result<(), AppError> {
    act(async move {
        let id = contest_id(&contest)?;
        house()
            .execute(&visit(), &id, Command::Reveal { act: deed })
            .await?;
        Ok(back(&id))
    })
    .await
}

/// An act on the screens that a form ticked, or on all.
async fn on_chosen(
    contest: String,
    screens: Vec<i64>,
    all: bool,
    scene: Option<SceneFields>,
    deed: impl FnOnce(Vec<PersonId>, Scene) -> ScreenAct + Send,
) -> Result<(), AppError> {
    act(async move {
        let (id, visit) = (contest_id(&contest)?, visit());
        let screens = chosen(&visit, &id, screens, all).await?;
        let scene = scene.map_or(Ok(Scene::default()), SceneFields::read)?;
        let act = deed(screens, scene);
        house().execute(&visit, &id, Command::Screen { act }).await?;
        Ok(back(&id))
    })
    .await
}

/// # Errors
/// Whatever keeps the visitor from the screens; [`AppError::BadField`] if none is chosen.
async fn chosen(
    visit: &Visit,
    id: &ContestId,
    screens: Vec<i64>,
    all: bool,
) -> Result<Vec<PersonId>, AppError> {
    let (desk, _) = house().hall_desk(visit, id).await?;
    let list: Vec<PersonId> = if all {
        desk.screens.into_iter().map(|screen| screen.id).collect()
    } else {
        screens.into_iter().map(PersonId).collect()
    };
    if list.is_empty() {
        Err(bad("screens"))
    } else {
        Ok(list)
    }
}

async fn received(data: MultipartData) -> Result<(String, String, Vec<u8>), AppError> {
    let unread = |_| AppError::BadRequest {
        detail: "multipart".into(),
    };
    let mut parts = data.into_inner().ok_or(AppError::Internal)?;
    let (mut contest, mut name) = (None, None);
    while let Some(mut part) = parts.next_field().await.map_err(unread)? {
        let field = part.name().unwrap_or_default().to_owned();
        let (mut bytes, mut size) = (Vec::new(), 0);
        while let Some(chunk) = part.chunk().await.map_err(unread)? {
            // Read to its end all the same: a browser that still sends does not hear why it is refused.
            size += chunk.len();
            if size <= MOST_BYTES {
                bytes.extend_from_slice(&chunk);
            }
        }
        if size > MOST_BYTES {
            return Err(AppError::TooLarge);
        }
        match field.as_str() {
            "contest" => contest = String::from_utf8(bytes).ok(),
            "name" => name = String::from_utf8(bytes).ok(),
            "file" => {
                let contest = contest.ok_or_else(|| bad("contest"))?;
                return Ok((contest, name.ok_or_else(|| bad("name"))?, bytes));
            }
            _ => {}
        }
    }
    Err(bad("file"))
}
