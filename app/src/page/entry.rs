//! `/vao`, `/vao/{code}`: coming in with the code of a printed card.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::entry::Enter;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::layout::{Plain, form_error};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The form with the code's field, large.
#[component]
pub fn Entry() -> impl IntoView {
    let locale = request_locale();
    // Sent here by the exam's page, because the secretary has moved him.
    let moved = use_query_map().with_untracked(|query| query.get("da-chuyen").is_some());
    view! {
        <Plain title=td_string!(locale, entry.title)>
            <form method="post" action=Enter::url() class="entry" autocomplete="off">
                {moved.then(|| view! {
                    <p class="note warning" role="status">
                        {icon(Icon::Alert)}<span>{td_string!(locale, exam.moved)}</span>
                    </p>
                })}
                {refused(locale)}
                <div class="field">
                    <label for="ma">{td_string!(locale, entry.code)}</label>
                    // A keyboard for addresses: on tablets it neither corrects nor puts marks on letters.
                    <input
                        id="ma"
                        name="code"
                        class="entry-code"
                        inputmode="email"
                        autocapitalize="characters"
                        autocomplete="off"
                        autocorrect="off"
                        spellcheck="false"
                        maxlength="40"
                        required
                        autofocus
                        aria-describedby="ma-giup"
                    />
                    <p class="hint" id="ma-giup">{td_string!(locale, entry.help)}</p>
                </div>
                <button type="submit" class="button large">{td_string!(locale, entry.enter)}</button>
            </form>
            <p class="entry-other"><a href="/dang-nhap">{td_string!(locale, entry.staff)}</a></p>
        </Plain>
    }
}

/// What a card's QR code leads to. Looking at it does not sign in: messengers look at links too.
#[component]
pub fn EntryByCard() -> impl IntoView {
    let locale = request_locale();
    let code = use_params_map().with_untracked(|params| params.get("code").unwrap_or_default());
    view! {
        <Plain title=td_string!(locale, entry.confirm)>
            <form method="post" action=Enter::url() class="entry">
                {refused(locale)}
                <input type="hidden" name="code" value=code.clone() />
                <p class="entry-shown">{grouped(&code)}</p>
                <p>{td_string!(locale, entry.confirm_help)}</p>
                <button type="submit" class="button large" autofocus>
                    {td_string!(locale, entry.enter_with)}
                    {icon(Icon::ArrowRight)}
                </button>
            </form>
            <p class="entry-other"><a href="/vao">{td_string!(locale, entry.other_code)}</a></p>
        </Plain>
    }
}

/// A code as it is printed on its card, in groups of four: whoever compares the two sees the same.
fn grouped(code: &str) -> String {
    let bare: Vec<char> = code
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .collect();
    let groups: Vec<String> = bare.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Why the code did not open the door.
fn refused(locale: Locale) -> Option<impl IntoView> {
    form_error(Enter::url()).map(|error| {
        let words = match error {
            AppError::DeviceTaken => td_string!(locale, entry.device_taken).to_owned(),
            error => words_of::error(locale, &error),
        };
        view! { <p class="note refused" role="alert">{icon(Icon::Alert)}<span>{words}</span></p> }
    })
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_code_stands_as_on_its_card() {
        assert_eq!(grouped("VJMX5G7GP3MF"), "VJMX-5G7G-P3MF");
        assert_eq!(grouped("vjmx-5g7g-p3mf"), "vjmx-5g7g-p3mf");
        assert_eq!(grouped(""), "");
    }
}
