//! The fields of a long form that is written on paper first: each by its name on the wire, with what is
//! wrong beside it, and with what is saved where that differs from what was typed.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::Value;

use super::super::parts::option;
use crate::api::rules::RulesForm;
use crate::error::AppError;
use crate::icon::{Icon, icon};
use crate::words::{Locale, td_string};
use crate::words_of;

/// Makes the fields of one form.
pub(super) struct Fields {
    pub locale: Locale,
    /// The one that could not stand.
    wrong: Option<(String, String)>,
    /// What is saved, by name; empty when nothing else is shown.
    saved: BTreeMap<String, String>,
}

/// A field's place in the page, from its name on the wire.
fn id_of(name: &str) -> String {
    let mut id = String::from("o-");
    id.extend(
        name.chars()
            .filter(|c| *c != ']')
            .map(|c| if c == '[' { '-' } else { c }),
    );
    id
}

/// Every text of a form by its name on the wire.
fn flat(form: &RulesForm) -> BTreeMap<String, String> {
    fn walk(name: String, value: &Value, into: &mut BTreeMap<String, String>) {
        let inside = |key: &str| {
            if name.is_empty() {
                key.to_owned()
            } else {
                format!("{name}[{key}]")
            }
        };
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(key, value)| walk(inside(key), value, into)),
            Value::Array(list) => {
                list.iter()
                    .enumerate()
                    .for_each(|(n, value)| walk(inside(&n.to_string()), value, into));
            }
            Value::String(text) => {
                into.insert(name, text.clone());
            }
            _ => {}
        }
    }
    let mut texts = BTreeMap::new();
    walk(
        String::new(),
        &serde_json::to_value(form).unwrap_or_default(),
        &mut texts,
    );
    texts
}

/// `8,5` and `8.5` are one.
fn plain(text: &str) -> String {
    text.trim().replace(',', ".")
}

impl Fields {
    /// `error` is what the last try came to, `saved` the rules as they stand while a draft is shown.
    pub(super) fn new(locale: Locale, error: Option<&AppError>, saved: Option<&RulesForm>) -> Self {
        let wrong = error.and_then(|error| match error {
            AppError::Misplaced { place, fault, .. } => {
                Some((place.clone(), words_of::fault(locale, *fault).to_owned()))
            }
            _ => None,
        });
        Self {
            locale,
            wrong,
            saved: saved.map(flat).unwrap_or_default(),
        }
    }

    /// A labelled control with whatever is to be said about it. `control` takes its id, what describes it and
    /// whether it is invalid.
    fn around(
        &self,
        name: &str,
        label: &str,
        now: &str,
        hint: Option<&str>,
        saved_words: impl Fn(&str) -> String,
        control: impl FnOnce(String, Option<String>, Option<&'static str>) -> AnyView,
    ) -> AnyView {
        let id = id_of(name);
        let wrong = self
            .wrong
            .as_ref()
            .filter(|(place, _)| place == name)
            .map(|(_, words)| {
                view! {
                    <p class="field-wrong" id=format!("{id}-sai")>
                        {icon(Icon::Alert)}<span>{format!("{label} {words}.")}</span>
                    </p>
                }
            });
        let was = self
            .saved
            .get(name)
            .filter(|saved| plain(saved) != plain(now))
            .map(|saved| {
                let words = saved_words(saved);
                let words = if words.is_empty() {
                    td_string!(self.locale, rules.saved_empty).to_owned()
                } else {
                    td_string!(self.locale, rules.saved_is, value = words)
                };
                view! { <p class="hint">{words}</p> }
            });
        let hint = hint.map(|words| {
            view! { <p class="hint" id=format!("{id}-y")>{words.to_owned()}</p> }
        });
        let described: Vec<String> = [
            wrong.is_some().then(|| format!("{id}-sai")),
            hint.is_some().then(|| format!("{id}-y")),
        ]
        .into_iter()
        .flatten()
        .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let invalid = wrong.is_some().then_some("true");
        view! {
            <div class="field">
                <label for=id.clone()>{label.to_owned()}</label>
                {control(id, described, invalid)}
                {wrong}
                {was}
                {hint}
            </div>
        }
        .into_any()
    }

    fn input(
        &self,
        name: String,
        label: &str,
        value: &str,
        mode: &'static str,
        hint: Option<&str>,
    ) -> AnyView {
        let shown = value.to_owned();
        self.around(
            &name.clone(),
            label,
            value,
            hint,
            str::to_owned,
            |id, described, invalid| {
                view! {
                    <input
                        id=id
                        name=name
                        inputmode=mode
                        autocomplete="off"
                        value=shown
                        aria-describedby=described
                        aria-invalid=invalid
                    />
                }
                .into_any()
            },
        )
    }

    pub(super) fn text(&self, name: String, label: &str, value: &str) -> AnyView {
        self.input(name, label, value, "text", None)
    }

    pub(super) fn number(&self, name: String, label: &str, value: &str) -> AnyView {
        self.input(name, label, value, "numeric", None)
    }

    /// A number in plain notation as the reader writes it.
    pub(super) fn decimal(&self, text: &str) -> String {
        match self.locale {
            Locale::vi => text.replace('.', ","),
            Locale::en => text.to_owned(),
        }
    }

    /// Takes `8,5` and `8.5`.
    pub(super) fn points(&self, name: String, label: &str, value: &str) -> AnyView {
        let value = self.decimal(value);
        self.input(name, label, &value, "decimal", None)
    }

    /// As [`number`](Self::number) or [`points`](Self::points), with a hint below.
    pub(super) fn hinted(&self, name: String, label: &str, value: &str, hint: &str) -> AnyView {
        self.input(name, label, value, "decimal", Some(hint))
    }

    pub(super) fn select(
        &self,
        name: String,
        label: &str,
        now: &str,
        choices: &[(String, String)],
    ) -> AnyView {
        let options = choices
            .iter()
            .map(|(value, words)| option(value.clone(), words.clone(), value == now))
            .collect_view();
        let words = |saved: &str| {
            let known = choices.iter().find(|(value, _)| value == saved);
            known.map_or_else(|| saved.to_owned(), |(_, words)| words.clone())
        };
        self.around(
            &name.clone(),
            label,
            now,
            None,
            words,
            |id, described, invalid| {
                view! {
                    <select id=id name=name aria-describedby=described aria-invalid=invalid>{options}</select>
                }
                .into_any()
            },
        )
    }

    /// The step to round to.
    pub(super) fn rounding(&self, name: String, label: &str, now: &str) -> AnyView {
        let mut steps = vec!["1", "0.5", "0.25", "0.1", "0.01", "0.001"];
        if !steps.contains(&now) {
            steps.push(now);
        }
        let choices: Vec<(String, String)> = steps
            .into_iter()
            .map(|step| (step.to_owned(), self.shown(step)))
            .collect();
        self.select(name, label, now, &choices)
    }

    /// A number of points as people write it.
    pub(super) fn shown(&self, points: &str) -> String {
        points.parse().map_or_else(
            |_| points.to_owned(),
            |points| words_of::points(self.locale, points),
        )
    }

    /// A cell of a table: the control alone, its label for those who hear it, what is wrong below.
    pub(super) fn cell(&self, name: String, label: String, value: &str, mode: &'static str) -> AnyView {
        let id = id_of(&name);
        let wrong = self.wrong.as_ref().filter(|(place, _)| *place == name).map(|(_, words)| {
            view! {
                <p class="field-wrong" id=format!("{id}-sai")>{icon(Icon::Alert)}<span>{format!("{label} {words}.")}</span></p>
            }
        });
        let described = wrong.is_some().then(|| format!("{id}-sai"));
        let invalid = wrong.is_some().then_some("true");
        let value = if mode == "decimal" && self.locale == Locale::vi {
            value.replace('.', ",")
        } else {
            value.to_owned()
        };
        view! {
            <input
                id=id
                name=name
                inputmode=mode
                autocomplete="off"
                value=value
                aria-label=label
                aria-describedby=described
                aria-invalid=invalid
            />
            {wrong}
        }
        .into_any()
    }

    /// A choice in a cell of a table.
    pub(super) fn cell_select(
        &self,
        name: String,
        label: String,
        now: &str,
        choices: &[(String, String)],
    ) -> AnyView {
        let id = id_of(&name);
        let wrong = self.wrong.as_ref().filter(|(place, _)| *place == name).map(|(_, words)| {
            view! {
                <p class="field-wrong" id=format!("{id}-sai")>{icon(Icon::Alert)}<span>{format!("{label} {words}.")}</span></p>
            }
        });
        let described = wrong.is_some().then(|| format!("{id}-sai"));
        let options = choices
            .iter()
            .map(|(value, words)| option(value.clone(), words.clone(), value == now))
            .collect_view();
        view! {
            <select id=id name=name aria-label=label aria-describedby=described>{options}</select>
            {wrong}
        }
        .into_any()
    }

    /// What is wrong with a part that is no single field.
    pub(super) fn wrong_with(&self, name: &str, label: &str) -> Option<AnyView> {
        let (_, words) = self.wrong.as_ref().filter(|(place, _)| place == name)?;
        Some(view! { <p class="field-wrong" role="alert">{icon(Icon::Alert)}<span>{format!("{label} {words}.")}</span></p> }.into_any())
    }
}

/// Choices whose words are fixed.
pub(super) fn choices<const N: usize>(list: [(&str, &str); N]) -> Vec<(String, String)> {
    list.map(|(value, words)| (value.to_owned(), words.to_owned()))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::template::Template;

    #[test]
    fn names_are_those_of_the_wire() {
        let texts = flat(&RulesForm::from(&Template::G1.rules()));
        assert_eq!(
            texts.get("rounds[1][rubric][0][name]").map(String::as_str),
            Some("Nội dung, thông điệp")
        );
        assert_eq!(
            texts.get("rounds[1][stage][limit]").map(String::as_str),
            Some("12")
        );
        assert_eq!(id_of("rounds[1][stage][limit]"), "o-rounds-1-stage-limit");
    }
}
