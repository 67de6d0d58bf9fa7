//! `/hoi-thi/{id}/the-le`: the rules as a form.

use std::collections::BTreeMap;
use std::sync::Arc;

use contest::{Contest, intake::Level, rules::Rules, template::Template};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::contests::{template_choice, template_words};
use super::parts::{act, contest_field, contest_param, desk, field, note, option, query, tick};
use super::questions::short;
use crate::api::rules::{CellForm, ChooseTemplate, RoundForm, RulesForm, SetRules, tie_word};
use crate::backend::{BankSummary, house};
use crate::icon::{Icon, icon};
use crate::layout::{ErrorNote, Place, StaffLayout, form_error, served};
use crate::words::{Locale, request_locale, td_string};
use crate::words_of;

/// The page.
#[component]
pub fn RulesPage() -> impl IntoView {
    let locale = request_locale();
    let id = contest_param();
    let saved = query::<u8>("luu").is_some();
    served(async move {
        let id = id?;
        let desk = desk(&id).await?;
        let contest = desk.contest.clone();
        let bank = if desk.organizer {
            house().bank_summary(&desk.visit, &id).await?
        } else {
            BankSummary::default()
        };
        let Some(rules) = contest.rules().cloned() else {
            return Err(crate::error::AppError::NotFound);
        };
        let (name, _) =
            Template::named(&rules.template).map_or(("", ""), |template| template_words(locale, template));
        Ok(view! {
            <StaffLayout title=td_string!(locale, console.rules) contest=contest.clone() place=Place::Rules>
                {(saved && form_error(SetRules::url()).is_none()).then(|| note(
                    "done",
                    Icon::Check,
                    view! { <p role="status">{td_string!(locale, rules.saved)}</p> },
                ))}
                {contest.opened_at.is_some().then(|| note("warning", Icon::Lock, td_string!(locale, rules.opened)))}
                <div class="row between">
                    <p class="soft">{td_string!(locale, rules.from_template, name = name)}</p>
                    {desk.organizer.then(|| templates(locale, &contest))}
                </div>
                <form method="post" action=SetRules::url() class="stack">
                    <ErrorNote form=SetRules::url() contest=contest.clone() />
                    {contest_field(&id)}
                    <input type="hidden" name="seq" value=contest.seq />
                    // A secretary reads them.
                    <fieldset disabled=!desk.organizer>
                        <legend class="unseen">{td_string!(locale, console.rules)}</legend>
                        {fields(locale, &rules, &bank)}
                        {desk.organizer.then(|| view! {
                            <div class="save-bar">
                                {contest.opened_at.is_some().then(|| field(
                                    "ly-do",
                                    td_string!(locale, common.reason),
                                    view! { <input id="ly-do" name="reason" required maxlength="500" /> },
                                ))}
                                <button type="submit" class="button large">
                                    {icon(Icon::Check)}{td_string!(locale, rules.save)}
                                </button>
                            </div>
                        })}
                    </fieldset>
                </form>
            </StaffLayout>
        }
        .into_any())
    })
}

fn templates(locale: Locale, contest: &Arc<Contest>) -> impl IntoView + use<> {
    let id = contest.id.clone();
    let opened = contest.opened_at.is_some();
    let now = contest
        .rules()
        .map(|rules| rules.template.clone())
        .unwrap_or_default();
    let contest = contest.clone();
    act(
        Icon::Rules,
        td_string!(locale, rules.other_template),
        form_error(ChooseTemplate::url()).is_some(),
        view! {
            <form method="post" action=ChooseTemplate::url()>
                <ErrorNote form=ChooseTemplate::url() contest=contest />
                {contest_field(&id)}
                <p>{td_string!(locale, rules.template_warning)}</p>
                <fieldset class="templates">
                    <legend>{td_string!(locale, console.template_legend)}</legend>
                    {Template::ALL
                        .map(|template| template_choice(locale, template, template.as_str() == now))
                        .collect_view()}
                </fieldset>
                {opened.then(|| super::parts::reason_field(locale, "ly-do-mau"))}
                <div>
                    <button type="submit" class="button">{td_string!(locale, rules.use_template)}</button>
                </div>
            </form>
        },
    )
}

fn fields(locale: Locale, rules: &Rules, bank: &BankSummary) -> impl IntoView + use<> {
    let form = RulesForm::from(rules);
    let rounds = (0..)
        .zip(&form.rounds)
        .map(|(i, round)| round_card(locale, i, round, bank))
        .collect_view();
    let next = form.rounds.len();
    view! {
        {rounds}
        {new_round(locale, next)}
        {ranking(locale, rules, &form)}
    }
}

/// How totals are made and ranked.
fn ranking(locale: Locale, rules: &Rules, form: &RulesForm) -> impl IntoView + use<> {
    let choices: Vec<(String, String)> = [
        (
            "seconds".to_owned(),
            td_string!(locale, rules.tie_seconds).to_owned(),
        ),
        (
            "decision".to_owned(),
            td_string!(locale, rules.tie_decision).to_owned(),
        ),
    ]
    .into_iter()
    .chain(rules.rounds.iter().map(|round| {
        let by = contest::rules::TieBreak::RoundMark { round: round.id };
        (
            tie_word(&by),
            td_string!(locale, rules.tie_round, name = round.name.as_str()),
        )
    }))
    .collect();
    // One more than there are, so that one can be added.
    let ties = (0..=form.ties.len())
        .map(|i| {
            let chosen = form.ties.get(i).cloned().unwrap_or_default();
            let id = format!("phu-{i}");
            field(
                id.clone(),
                td_string!(locale, rules.tie_n, n = i + 1),
                view! {
                    <select id=id name=format!("ties[{i}]")>
                        {option("", td_string!(locale, rules.no_tie), chosen.is_empty())}
                        {choices
                            .iter()
                            .map(|(word, label)| option(word.clone(), label.clone(), *word == chosen))
                            .collect_view()}
                    </select>
                },
            )
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="xep-hang">
            <h2 id="xep-hang">{td_string!(locale, rules.ranking)}</h2>
            <div class="fields">
                {field(
                    "xep",
                    td_string!(locale, rules.competitor),
                    view! {
                        <select id="xep" name="competitor">
                            {option("team", td_string!(locale, rules.teams), form.competitor == "team")}
                            {option(
                                "individual",
                                td_string!(locale, rules.individuals),
                                form.competitor == "individual",
                            )}
                        </select>
                    },
                )}
                {rounding_field(locale, "lam-tron", "rounding", &form.rounding, td_string!(locale, rules.total_rounding))}
                {field(
                    "vao-sau",
                    td_string!(locale, rules.cut_off),
                    view! {
                        <input
                            id="vao-sau"
                            name="cut_off"
                            type="number"
                            inputmode="numeric"
                            min="1"
                            max="1000000"
                            value=form.cut_off.clone()
                            aria-describedby="vao-sau-y"
                        />
                        <p class="hint" id="vao-sau-y">{td_string!(locale, rules.cut_off_hint)}</p>
                    },
                )}
            </div>
            <fieldset>
                <legend>{td_string!(locale, rules.ties)}</legend>
                <div class="fields">{ties}</div>
            </fieldset>
        </section>
    }
}

fn new_round(locale: Locale, i: usize) -> impl IntoView {
    let name = |field: &str| format!("rounds[{i}][{field}]");
    act(
        Icon::Plus,
        td_string!(locale, rules.add_round),
        false,
        view! {
            <div class="inside">
                <input type="hidden" name=name("id") value="0" />
                <div class="fields">
                    {field(
                        "moi-loai",
                        td_string!(locale, rules.kind),
                        view! {
                            <select id="moi-loai" name=name("kind")>
                                {option("", td_string!(locale, rules.no_round), true)}
                                {option("exam", td_string!(locale, rules.exam), false)}
                                {option("stage", td_string!(locale, rules.stage), false)}
                            </select>
                        },
                    )}
                    {field(
                        "moi-ten",
                        td_string!(locale, rules.round_name),
                        view! { <input id="moi-ten" name=name("name") maxlength="60" /> },
                    )}
                    {field(
                        "moi-toi-da",
                        td_string!(locale, field.maximum),
                        view! { <input id="moi-toi-da" name=name("maximum") inputmode="decimal" value="10" /> },
                    )}
                    {field(
                        "moi-he-so",
                        td_string!(locale, field.weight),
                        view! { <input id="moi-he-so" name=name("weight") inputmode="decimal" value="1" /> },
                    )}
                </div>
                <p class="soft small">{td_string!(locale, rules.add_round_hint)}</p>
            </div>
        },
    )
}

fn round_card(locale: Locale, i: usize, round: &RoundForm, bank: &BankSummary) -> impl IntoView + use<> {
    let name = |field: &str| format!("rounds[{i}][{field}]");
    let id = |field: &str| format!("v{i}-{field}");
    let exam = round.kind == "exam";
    let kind = if exam {
        td_string!(locale, rules.exam)
    } else {
        td_string!(locale, rules.stage)
    };
    view! {
        <section class="card round" aria-labelledby=id("ten-phan")>
            <h2 id=id("ten-phan")>
                {round.name.clone()} " "
                {(kind != round.name).then(|| view! { <span class="badge">{kind}</span> })}
            </h2>
            <input type="hidden" name=name("id") value=round.id />
            <div class="fields">
                {field(
                    id("ten"),
                    td_string!(locale, rules.round_name),
                    view! {
                        <input id=id("ten") name=name("name") required maxlength="60" value=round.name.clone() />
                    },
                )}
                {field(
                    id("thu-tu"),
                    td_string!(locale, rules.order),
                    number_input(id("thu-tu"), name("order"), &round.order, 1, 20),
                )}
                {field(
                    id("toi-da"),
                    td_string!(locale, field.maximum),
                    points_input(id("toi-da"), name("maximum"), &round.maximum),
                )}
                {field(
                    id("he-so"),
                    td_string!(locale, field.weight),
                    points_input(id("he-so"), name("weight"), &round.weight),
                )}
                {field(
                    id("loai"),
                    td_string!(locale, rules.kept),
                    view! {
                        <select id=id("loai") name=name("kind")>
                            {option(round.kind.clone(), td_string!(locale, rules.keep), true)}
                            {option("", td_string!(locale, rules.drop_round), false)}
                        </select>
                    },
                )}
            </div>
            {exam.then(|| exam_fields(locale, i, round, bank))}
        </section>
    }
}

fn exam_fields(locale: Locale, i: usize, round: &RoundForm, bank: &BankSummary) -> impl IntoView + use<> {
    let name = |field: &str| format!("rounds[{i}][{field}]");
    let id = |field: &str| format!("v{i}-{field}");
    let select = |which: &str, label: &'static str, now: &str, choices: &[(&'static str, &'static str)]| {
        let choices = choices
            .iter()
            .map(|(value, words)| option(*value, *words, *value == now))
            .collect_view();
        field(
            id(which),
            label,
            view! { <select id=id(which) name=name(which)>{choices}</select> },
        )
    };
    view! {
        <fieldset>
            <legend>{td_string!(locale, rules.time)}</legend>
            <div class="fields">
                {field(
                    id("minutes"),
                    td_string!(locale, rules.minutes),
                    number_input(id("minutes"), name("minutes"), &round.minutes, 0, 1440),
                )}
                {field(
                    id("seconds"),
                    td_string!(locale, rules.seconds),
                    number_input(id("seconds"), name("seconds"), &round.seconds, 0, 59),
                )}
                {select(
                    "clock",
                    td_string!(locale, rules.clock),
                    &round.clock,
                    &[
                        ("common", td_string!(locale, rules.clock_common)),
                        ("own", td_string!(locale, rules.clock_own)),
                    ],
                )}
                {field(
                    id("entry"),
                    td_string!(locale, rules.entry),
                    view! {
                        <input
                            id=id("entry")
                            name=name("entry")
                            type="number"
                            inputmode="numeric"
                            min="1"
                            max="86400"
                            value=round.entry.clone()
                            aria-describedby=id("entry-y")
                        />
                        <p class="hint" id=id("entry-y")>{td_string!(locale, rules.entry_hint)}</p>
                    },
                )}
                {field(
                    id("grace"),
                    td_string!(locale, rules.grace),
                    number_input(id("grace"), name("grace"), &round.grace, 0, 600),
                )}
            </div>
        </fieldset>
        {blueprint(locale, i, round, bank)}
        <fieldset>
            <legend>{td_string!(locale, rules.papers_legend)}</legend>
            <div class="fields">
                {select(
                    "papers",
                    td_string!(locale, rules.papers),
                    &round.papers,
                    &[
                        ("variants", td_string!(locale, rules.papers_variants)),
                        ("personal", td_string!(locale, rules.papers_personal)),
                    ],
                )}
                {field(
                    id("variants"),
                    td_string!(locale, rules.variants),
                    number_input(id("variants"), name("variants"), &round.variants, 1, 99),
                )}
            </div>
            <div class="ticks">
                {tick(name("same_questions"), td_string!(locale, rules.same_questions), round.same_questions)}
                {tick(name("shuffle_questions"), td_string!(locale, rules.shuffle_questions), round.shuffle_questions)}
                {tick(name("shuffle_options"), td_string!(locale, rules.shuffle_options), round.shuffle_options)}
            </div>
        </fieldset>
        <fieldset>
            <legend>{td_string!(locale, rules.marking)}</legend>
            <div class="fields">
                {field(
                    id("right"),
                    td_string!(locale, rules.right),
                    points_input(id("right"), name("right"), &round.right),
                )}
                {field(
                    id("wrong"),
                    td_string!(locale, rules.wrong),
                    points_input(id("wrong"), name("wrong"), &round.wrong),
                )}
                {select(
                    "members",
                    td_string!(locale, rules.members),
                    &round.members,
                    &[
                        ("mean", td_string!(locale, rules.members_mean)),
                        ("sum", td_string!(locale, rules.members_sum)),
                        ("best", td_string!(locale, rules.members_best)),
                    ],
                )}
                {field(
                    id("best"),
                    td_string!(locale, rules.best),
                    number_input(id("best"), name("best"), &round.best, 1, 100),
                )}
                {select(
                    "absent",
                    td_string!(locale, rules.absent),
                    &round.absent,
                    &[
                        ("zero", td_string!(locale, rules.absent_zero)),
                        ("left_out", td_string!(locale, rules.absent_left_out)),
                    ],
                )}
                {rounding_field(
                    locale,
                    &id("rounding"),
                    &name("rounding"),
                    &round.rounding,
                    td_string!(locale, rules.rounding),
                )}
                {select(
                    "void",
                    td_string!(locale, rules.void),
                    &round.void,
                    &[
                        ("points_to_all", td_string!(locale, rules.void_points)),
                        ("leave_out", td_string!(locale, rules.void_leave_out)),
                    ],
                )}
            </div>
            <div class="ticks">
                {tick(name("scaled"), td_string!(locale, rules.scaled), round.scaled)}
                {tick(name("live_marks"), td_string!(locale, rules.live_marks), round.live_marks)}
                {tick(name("review"), td_string!(locale, rules.review), round.review)}
            </div>
        </fieldset>
    }
}

/// The blueprint: a row for each topic, a column for each level, and "any" of both.
fn blueprint(locale: Locale, i: usize, round: &RoundForm, bank: &BankSummary) -> impl IntoView + use<> {
    let mut topics = vec![String::new()];
    topics.extend(super::questions::topics(bank));
    // Topics that the blueprint names and the bank has not must not vanish unseen.
    for cell in &round.cells {
        if !topics.contains(&cell.topic) {
            topics.push(cell.topic.clone());
        }
    }
    let levels: Vec<Option<Level>> = [None].into_iter().chain(Level::ALL.map(Some)).collect();
    let mut there: BTreeMap<(String, Option<Level>), u32> = BTreeMap::new();
    for (topic, level, count) in &bank.cells {
        for topic in [topic.clone(), String::new()] {
            for level in [Some(*level), None] {
                *there.entry((topic.clone(), level)).or_default() += count;
            }
        }
    }
    let total: u32 = round
        .cells
        .iter()
        .filter_map(|cell| cell.count.parse::<u32>().ok())
        .sum();
    let word = |level: Option<Level>| level.map(Level::as_str).unwrap_or_default();
    // A cell may stand twice in rules made elsewhere: the second has no place in the grid.
    let count = |topic: &str, level: Option<Level>| -> String {
        let of = |cell: &&CellForm| cell.topic == topic && cell.level == word(level);
        let sum: u32 = round
            .cells
            .iter()
            .filter(of)
            .filter_map(|cell| cell.count.parse::<u32>().ok())
            .sum();
        if sum == 0 { String::new() } else { sum.to_string() }
    };
    let mut place = 0;
    let rows = topics
        .iter()
        .map(|topic| {
            let label = if topic.is_empty() {
                td_string!(locale, rules.any_topic).to_owned()
            } else {
                topic.clone()
            };
            let cells = levels
                .iter()
                .map(|level| {
                    let name = |field: &str| format!("rounds[{i}][cells][{place}][{field}]");
                    let available = there.get(&(topic.clone(), *level)).copied().unwrap_or(0);
                    let level_word = level.map_or_else(
                        || td_string!(locale, rules.any_level),
                        |l| words_of::level(locale, l),
                    );
                    let view = view! {
                        <td class="number">
                            <input type="hidden" name=name("topic") value=topic.clone() />
                            <input type="hidden" name=name("level") value=word(*level) />
                            <input
                                type="number"
                                inputmode="numeric"
                                min="0"
                                max="300"
                                name=name("count")
                                value=count(topic, *level)
                                aria-label=format!("{label}, {level_word}")
                            />
                            <span class="soft small">"/ " {available}</span>
                        </td>
                    };
                    place += 1;
                    view
                })
                .collect_view();
            view! { <tr><th scope="row">{label.clone()}</th>{cells}</tr> }
        })
        .collect_view();
    let heads = levels
        .iter()
        .map(|level| match level {
            None => {
                view! { <th scope="col" class="number">{td_string!(locale, rules.any_level)}</th> }.into_any()
            }
            Some(level) => view! {
                <th scope="col" class="number">
                    <abbr title=words_of::level(locale, *level)>{short(*level)}</abbr>
                </th>
            }
            .into_any(),
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>{td_string!(locale, rules.blueprint)}</legend>
            <p class="soft small">{td_string!(locale, rules.blueprint_hint)}</p>
            <div
                class="table-wrap blueprint"
                role="region"
                tabindex="0"
                aria-label=td_string!(locale, rules.blueprint)
            >
                <table class="table tight">
                    <caption>{td_string!(locale, rules.blueprint_total, n = total)}</caption>
                    <thead>
                        <tr><th scope="col">{td_string!(locale, field.topic)}</th>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </fieldset>
    }
}

fn rounding_field(
    locale: Locale,
    id: &str,
    name: &str,
    now: &str,
    label: &'static str,
) -> impl IntoView + use<> {
    let mut steps = vec!["1", "0.5", "0.25", "0.1", "0.01", "0.001"];
    if !steps.contains(&now) {
        steps.push(now);
    }
    let choices = steps
        .into_iter()
        .map(|step| {
            let words = step
                .parse()
                .map_or_else(|_| step.to_owned(), |points| words_of::points(locale, points));
            option(step.to_owned(), words, step == now)
        })
        .collect_view();
    field(
        id.to_owned(),
        label,
        view! { <select id=id.to_owned() name=name.to_owned()>{choices}</select> },
    )
}

fn number_input(id: String, name: String, value: &str, least: u32, most: u32) -> impl IntoView + use<> {
    view! {
        <input
            id=id
            name=name
            type="number"
            inputmode="numeric"
            min=least
            max=most
            required
            value=value.to_owned()
        />
    }
}

/// Takes `8,5` and `8.5`.
fn points_input(id: String, name: String, value: &str) -> impl IntoView + use<> {
    view! {
        <input
            id=id
            name=name
            inputmode="decimal"
            required
            maxlength="12"
            pattern="[0-9]{1,7}([.,][0-9]{1,3})?"
            value=value.replace('.', ",")
        />
    }
}
