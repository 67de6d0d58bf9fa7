//! `run_stage` is one address for many acts: each of them against every kind of visitor.

use anyhow::{Result, ensure};
use harness::{Engine, Hall, Visitor, on_both_engines};
use regex::Regex;

use crate::platform::{FORTY, Platform, SKITS};
use crate::rights::class;
use crate::world::{Who, World};
use contest::TeamId;

/// One row an act, as in the table of rights. The columns: nobody, contestant, contestant of another
/// contest, judge of no panel, judge of the panel, chief judge, screen, secretary, organizer, organizer of
/// another contest.
const TABLE: &[(&str, &str)] = &[
    ("call", "nnnnnnnyyn"),
    ("start", "nnnnnnnyyn"),
    ("pause", "nnnnnnnyyn"),
    ("stop", "nnnnnnnyyn"),
    ("absent", "nnnnnnnyyn"),
    ("present", "nnnnnnnyyn"),
    ("judge_absent", "nnnnnnnyyn"),
    ("judge_present", "nnnnnnnyyn"),
    ("deduct", "nnnnnnnyyn"),
    // The chief judge alone, who answers for the marks.
    ("waive", "nnnnnynnnn"),
    ("note", "nnnnnynnnn"),
    ("confirm", "nnnnnynnnn"),
    // What takes a mark back or changes it afterwards: he or the organizers.
    ("correct", "nnnnnynnyn"),
    ("agree", "nnnnnynnyn"),
    ("drop", "nnnnnynnyn"),
    ("withdraw", "nnnnnynnyn"),
    ("reopen", "nnnnnynnyn"),
    // Each judge declares his own; the row names the judge of the panel.
    ("conflict", "nnnnynnnyn"),
    ("no_conflict", "nnnnnnnnyn"),
    ("repeat", "nnnnnnnyyn"),
    ("publish", "nnnnnnnnyn"),
];

#[test]
fn every_act_has_a_row() -> Result<()> {
    let source = include_str!("../../app/src/api/judging.rs");
    let arms = source.split("pub async fn run_stage").nth(1).unwrap_or_default();
    let arms = arms.split("pub async fn").next().unwrap_or_default();
    let acts: Vec<String> = Regex::new(r#"\n\s+"([a-z_]+)" =>"#)?
        .captures_iter(arms)
        .map(|found| found[1].to_owned())
        .collect();
    ensure!(acts.len() > 10, "the acts are read from the source: {acts:?}");
    let mut rows: Vec<&str> = TABLE.iter().map(|(act, _)| *act).collect();
    let mut acts: Vec<&str> = acts.iter().map(String::as_str).collect();
    rows.sort_unstable();
    acts.sort_unstable();
    // Some acts stand in more than one form.
    acts.dedup();
    assert_eq!(rows, acts);
    Ok(())
}

on_both_engines! {
    async fn every_act_is_open_to_those_of_the_table_alone(engine: Engine) -> Result<()> {
        let mut world = World::of(Hall::with_contest(engine).await?).await?;
        let mut platform = Platform::of(world.lends_hall().await?, 3).await?;
        platform.performs(TeamId(1)).await?;
        for tablet in &mut platform.judges {
            tablet.fills(&FORTY).await?;
        }
        let panel = [&platform.judges[1], &platform.judges[0]].map(|tablet| tablet.visitor.clone());
        let columns: Vec<(String, Visitor)> = [Who::Nobody, Who::Contestant, Who::Stranger, Who::Judge]
            .into_iter()
            .map(|who| (format!("{who:?}"), world.visitor(who).clone()))
            .chain([
                ("Judge of the panel".to_owned(), panel[0].clone()),
                ("Chief judge".to_owned(), panel[1].clone()),
            ])
            .chain(
                [Who::Screen, Who::Secretary, Who::Organizer, Who::Neighbour]
                    .into_iter()
                    .map(|who| (format!("{who:?}"), world.visitor(who).clone())),
            )
            .collect();
        let judge = platform.passes[1].person.to_string();
        let fields = [
            ("contest", world.hall.contest.as_str()),
            ("round", SKITS),
            ("team", "1"),
            ("judge", &judge),
            ("points", "1"),
            ("reason", "Theo quyết định của ban tổ chức"),
        ];
        let mut wrong = Vec::new();
        for (act, letters) in TABLE {
            assert_eq!(letters.len(), columns.len());
            for ((name, visitor), letter) in columns.iter().zip(letters.chars()) {
                let mut fields = fields.to_vec();
                fields.push(("act", act));
                let answer = visitor.call("run_stage", &fields).await?;
                let got = class(&answer);
                if got != letter || answer.status.is_server_error() {
                    wrong.push(format!("{act} as {name}: {got}, not {letter}: {}", answer.text()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }
}
