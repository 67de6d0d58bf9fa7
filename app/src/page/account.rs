//! `/dang-nhap`, `/khoi-tao/{token}`, `/tai-khoan`: organizers' accounts.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::accounts::{AddAccount, ChangePassword};
use crate::api::entry::{ClaimFirst, SignIn};
use crate::backend::{house, visit};
use crate::dates;
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, Plain, StaffLayout, served, when_ready};
use crate::words::{Locale, request_locale, td_string};

/// Signing in with name and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let locale = request_locale();
    view! {
        <Plain title=td_string!(locale, entry.sign_in)>
            <form method="post" action=SignIn::url() class="entry">
                <ErrorNote form=SignIn::url() />
                {name_field(locale)}
                {password_field("password", td_string!(locale, entry.password), "current-password", None)}
                <button type="submit" class="button large">{td_string!(locale, entry.sign_in_do)}</button>
            </form>
            <p class="entry-other"><a href="/vao">{td_string!(locale, entry.have_code)}</a></p>
        </Plain>
    }
}

/// The first organizer's account, by the one-time link that the server printed.
#[component]
pub fn FirstAccount() -> impl IntoView {
    let locale = request_locale();
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    when_ready(async move {
        let open = house().is_first_link(&token).await;
        view! {
            <Plain title=td_string!(locale, entry.first)>
                {if open {
                    view! {
                        <form method="post" action=ClaimFirst::url() class="entry">
                            <ErrorNote form=ClaimFirst::url() />
                            <p>{td_string!(locale, entry.first_help)}</p>
                            <input type="hidden" name="token" value=token />
                            {name_field(locale)}
                            {password_field(
                                "password",
                                td_string!(locale, entry.password),
                                "new-password",
                                Some(td_string!(locale, entry.password_help)),
                            )}
                            <button type="submit" class="button large">{td_string!(locale, entry.first_do)}</button>
                        </form>
                    }
                        .into_any()
                } else {
                    view! {
                        <p class="note refused" role="alert">
                            {icon(Icon::Alert)}<span>{td_string!(locale, entry.first_used)}</span>
                        </p>
                        <p><a class="button" href="/dang-nhap">{td_string!(locale, entry.sign_in_do)}</a></p>
                    }
                        .into_any()
                }}
            </Plain>
        }
    })
}

/// All accounts, a new one, and the visitor's own password.
#[component]
pub fn Accounts() -> impl IntoView {
    let locale = request_locale();
    let visit = visit();
    let done = use_query_map().with_untracked(|query| query.get("xong"));
    served(async move {
        let accounts = house().accounts(&visit).await?;
        let rows = accounts.into_iter().map(|account| {
            let own = (account.name == visit.name)
                .then(|| view! { <span class="badge">{td_string!(locale, account.you)}</span> });
            view! {
                <tr>
                    <th scope="row">{account.name}" "{own}</th>
                    <td>{dates::date(account.created_at)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let done = match done.as_deref() {
            Some("them") => Some(td_string!(locale, account.added)),
            Some("doi") => Some(td_string!(locale, account.changed)),
            _ => None,
        };
        Ok(view! {
            <StaffLayout title=td_string!(locale, account.title) place=Place::Account>
                {done.map(|words| view! {
                    <p class="note done" role="status">{icon(Icon::Check)}<span>{words}</span></p>
                })}
                <section class="stack">
                    <h2>{td_string!(locale, account.list)}</h2>
                    <div class="table-wrap">
                        <table class="table">
                            <thead>
                                <tr>
                                    <th scope="col">{td_string!(locale, account.name)}</th>
                                    <th scope="col">{td_string!(locale, account.since)}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                </section>
                <div class="columns">
                    <form method="post" action=AddAccount::url() class="card">
                        <h2>{td_string!(locale, account.add)}</h2>
                        <ErrorNote form=AddAccount::url() />
                        {name_field(locale)}
                        {password_field(
                            "password",
                            td_string!(locale, entry.password),
                            "new-password",
                            Some(td_string!(locale, entry.password_help)),
                        )}
                        <button type="submit" class="button">{icon(Icon::Plus)}{td_string!(locale, account.add_do)}</button>
                    </form>
                    <form method="post" action=ChangePassword::url() class="card">
                        <h2>{td_string!(locale, account.change)}</h2>
                        <ErrorNote form=ChangePassword::url() />
                        {password_field("old", td_string!(locale, account.old), "current-password", None)}
                        {password_field(
                            "new",
                            td_string!(locale, account.new),
                            "new-password",
                            Some(td_string!(locale, entry.password_help)),
                        )}
                        <p class="soft small">{td_string!(locale, account.change_help)}</p>
                        <button type="submit" class="button">{td_string!(locale, account.change_do)}</button>
                    </form>
                </div>
            </StaffLayout>
        })
    })
}

fn name_field(locale: Locale) -> impl IntoView {
    view! {
        <div class="field">
            <label for="ten">{td_string!(locale, entry.name)}</label>
            <input
                id="ten"
                name="name"
                autocomplete="username"
                autocapitalize="none"
                spellcheck="false"
                maxlength="100"
                required
            />
        </div>
    }
}

fn password_field(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    hint: Option<&'static str>,
) -> impl IntoView {
    let id = format!("mk-{name}");
    let new = kind == "new-password";
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type="password"
                autocomplete=kind
                minlength=new.then_some("10")
                maxlength="200"
                required
            />
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
        </div>
    }
}
