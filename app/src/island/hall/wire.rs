//! What the console of the screens hears, and how its forms are sent without leaving the page.

use std::collections::BTreeMap;
use std::time::Duration;

use contest::{Moment, PersonId, hall_view::HallDesk};
use js_sys::futures::JsFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, FormData, HtmlElement, HtmlFormElement, HtmlSelectElement, Request, RequestInit,
    Response, SubmitEvent, UrlSearchParams,
};

use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::island::live::Line;
use crate::words::{Locale, td_string};
use crate::words_of;

/// Whoever has pressed a button in front of a hall is told soon that no answer comes.
const PATIENCE: Duration = Duration::from_secs(8);

/// The same act again so soon is the other half of a double click, or a clicker that bounces: what it would do, another
/// step or the light after the dark, nobody means.
const ECHO: Duration = Duration::from_millis(500);
/// The acts whose echo does something else.
const ECHOED: [&str; 3] = [GO, BLANK, TAKE];

/// The addresses of the server functions; they live in `api::hall`.
pub const CLAIM: &str = "/api/fn/claim_screen";
pub const RENAME: &str = "/api/fn/rename_screen";
pub const REMOVE: &str = "/api/fn/remove_screen";
pub const DRESS: &str = "/api/fn/dress_screens";
pub const SHOW: &str = "/api/fn/show_scene";
pub const PREPARE: &str = "/api/fn/prepare_scene";
pub const TAKE: &str = "/api/fn/take_scene";
pub const BLANK: &str = "/api/fn/blank_screens";
pub const RELOAD: &str = "/api/fn/reload_screens";
pub const ADD_LOGO: &str = "/api/fn/add_logo";
pub const REMOVE_LOGO: &str = "/api/fn/remove_logo";
pub const FREEZE: &str = "/api/fn/freeze";
pub const UNFREEZE: &str = "/api/fn/unfreeze";
pub const BEGIN: &str = "/api/fn/begin_reveal";
pub const GO: &str = "/api/fn/go_reveal";
pub const END: &str = "/api/fn/end_reveal";

/// Everything about the hall at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hall {
    pub desk: HallDesk,
    pub seen: BTreeMap<PersonId, Seen>,
}

/// What the console reads of a screen's last word (`ScreenSeen` of the port).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub at: Moment,
    pub health: Health,
    pub current: bool,
}

/// What it reads of a screen's health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub width: u32,
    pub height: u32,
    pub slowest_frame: u32,
    pub drawn_in: u32,
    #[serde(default)]
    pub page: u32,
}

/// The way of forms and keys to the house, and what came of the last one.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    locale: Locale,
    /// Why the last act was not done.
    pub refused: RwSignal<Option<String>>,
    /// How many acts are not answered yet.
    pub under_way: RwSignal<u32>,
    /// The act whose echo is not heard now.
    pub echo: RwSignal<Option<String>>,
}

/// What somebody means by these fields, whatever has moved between two presses: a step on, a step back or a jump; these
/// screens dark or lit. `said` is what the button itself says.
fn act(action: &str, fields: &UrlSearchParams, said: Option<String>) -> String {
    let number = |name: &str| fields.get(name).and_then(|text| text.parse::<i64>().ok());
    let way = number("to").zip(number("from")).map(|(to, from)| to - from);
    let way = way.map(|way| if way.abs() > 1 { way } else { way.signum() });
    let screens = fields.get_all("screens[]").join(",");
    let all = fields.get("all");
    format!("{action} {way:?} {screens} {all:?} {said:?}")
}

impl Way {
    pub fn new(locale: Locale, refused: Option<String>) -> Self {
        Self {
            locale,
            refused: RwSignal::new(refused),
            under_way: RwSignal::new(0),
            echo: RwSignal::new(None),
        }
    }

    /// What is wrong now: nothing is heard of the house, or it has refused the last act.
    pub fn troubles(self, line: Line) -> impl IntoView {
        let locale = self.locale;
        view! {
            {line.cut_off(locale)}
            {move || self.refused.get().map(|words| view! {
                <p class="note refused" role="alert">{icon(Icon::Alert)}<span>{words}</span></p>
            })}
        }
    }

    /// Takes over the sending of a form: the page stays, and what comes of it arrives by the stream.
    /// Forms that carry files, and those that ask, go their own way.
    pub fn submitted(self, event: &SubmitEvent) {
        let Some(form) = event
            .target()
            .and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        else {
            return;
        };
        if form.method() != "post" || form.enctype().starts_with("multipart") {
            return;
        }
        let Some(fields) = FormData::new_with_form(&form).ok().and_then(|data| {
            let data: &JsValue = data.as_ref();
            UrlSearchParams::new_with_str_sequence_sequence(data).ok()
        }) else {
            return;
        };
        event.prevent_default();
        let button = event.submitter();
        let attribute = |name: &str| {
            button
                .as_ref()
                .and_then(|button: &HtmlElement| button.get_attribute(name))
        };
        let said = attribute("name").map(|name| (name, attribute("value").unwrap_or_default()));
        if let Some((name, value)) = &said {
            fields.append(name, value);
        }
        let action = attribute("formaction").or_else(|| form.get_attribute("action"));
        let action = action.unwrap_or_default();
        let act = act(&action, &fields, said.map(|(_, value)| value));
        self.send(action, fields, act, Some(form));
    }

    /// Posts these fields, as a form without a page would.
    pub fn post(self, action: &str, fields: &[(&str, String)]) {
        let Ok(list) = UrlSearchParams::new() else { return };
        for (name, value) in fields {
            list.append(name, value);
        }
        let act = act(action, &list, None);
        self.send(action.to_owned(), list, act, None);
    }

    /// Whether the same was asked for a moment ago.
    fn is_echo(self, action: &str, act: String) -> bool {
        if !ECHOED.contains(&action) {
            return false;
        }
        if self.echo.read_untracked().as_ref() == Some(&act) {
            return true;
        }
        self.echo.set(Some(act.clone()));
        set_timeout(
            move || {
                if self.echo.read_untracked().as_ref() == Some(&act) {
                    self.echo.set(None);
                }
            },
            ECHO,
        );
        false
    }

    fn send(self, action: String, fields: UrlSearchParams, act: String, form: Option<HtmlFormElement>) {
        if self.is_echo(&action, act) {
            return;
        }
        let body = String::from(fields.to_string());
        self.under_way.update(|n| *n += 1);
        spawn_local(async move {
            let told = sent(&action, &body).await;
            self.under_way.update(|n| *n -= 1);
            match told {
                Ok(()) => {
                    self.refused.set(None);
                    // What belonged to this one act does not stand there for the next.
                    if let Some(form) = &form
                        && [SHOW, PREPARE].contains(&&*action)
                        && let Ok(once) = form.query_selector_all("select[data-once]")
                    {
                        for at in 0..once.length() {
                            if let Some(select) = once
                                .item(at)
                                .and_then(|node| node.dyn_into::<HtmlSelectElement>().ok())
                            {
                                select.set_selected_index(0);
                            }
                        }
                    }
                    // An act behind a second look is done: it closes, its words are for the next one.
                    if let Some(form) = form.filter(|form| form.has_attribute("data-once")) {
                        form.reset();
                        if let Ok(Some(fold)) = form.closest("details") {
                            let _ = fold.remove_attribute("open");
                        }
                    }
                }
                Err(Some(AppError::SignIn)) => {
                    let _ = window().location().set_href("/dang-nhap");
                }
                Err(Some(error)) => self.refused.set(Some(words_of::error(self.locale, &error))),
                Err(None) => self
                    .refused
                    .set(Some(td_string!(self.locale, hall.unanswered).into())),
            }
        });
    }
}

/// `None`: no answer came, so nobody here knows whether it was done.
async fn sent(action: &str, body: &str) -> Result<(), Option<AppError>> {
    let away = |_| None;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body.into());
    let abort = AbortController::new().map_err(away)?;
    init.set_signal(Some(&abort.signal()));
    set_timeout(move || abort.abort(), PATIENCE);
    let request = Request::new_with_str_and_init(action, &init).map_err(away)?;
    for (name, value) in [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json"),
    ] {
        request.headers().set(name, value).map_err(away)?;
    }
    let answer = JsFuture::from(window().fetch_with_request(&request))
        .await
        .map_err(away)?;
    let answer: Response = answer.unchecked_into();
    if answer.ok() {
        return Ok(());
    }
    let text = JsFuture::from(answer.text().map_err(away)?).await.map_err(away)?;
    let error = serde_json::from_str(&text.as_string().unwrap_or_default());
    Err(Some(error.unwrap_or(AppError::Internal)))
}
