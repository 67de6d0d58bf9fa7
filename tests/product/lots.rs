//! Lots drawn on paper and typed in, with the slip that is signed; teams that come late; who is told which
//! judges stand apart; and marks that the hall sees only once they are published.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use contest::{Blocker, TeamId};
use harness::process::run;
use harness::{Engine, Hall, on_both_engines};

use crate::platform::{FORTY, Platform, SKITS};
use crate::rules_form::Form;

/// A contest by the rules G5, whose situations are drawn from ten packs, with the words of its round.
async fn with_packs(engine: Engine) -> Result<(Hall, &'static str)> {
    let mut hall = Hall::empty(engine).await?;
    let fields = [
        ("name", "Hội thi xử lý tình huống"),
        ("hosts", "Ban Dân vận Huyện ủy"),
        ("place", ""),
        ("starts_at", ""),
        ("template", "G5"),
    ];
    let answer = hall.organizer.act("create_contest", &fields).await?;
    let page = answer.location.context("sent to the new contest")?;
    let id = page.trim_start_matches("/hoi-thi/");
    hall.contest = id.split(['/', '?']).next().unwrap_or_default().to_owned();
    hall.imports_teams().await?;
    Ok((hall, "2"))
}

on_both_engines! {
    async fn paper_lots_are_typed_in_and_stand_on_the_slip(engine: Engine) -> Result<()> {
        let (hall, round) = with_packs(engine).await?;
        let secretary = hall.secretary().await?;
        let contest = hall.contest.clone();
        let page = format!("/hoi-thi/{contest}/san-khau/{round}/boc-tham");
        let base = [("contest", &*contest), ("round", round), ("reason", "Bốc thăm bằng phiếu giấy")];
        let with = |more: &[(&'static str, &'static str)]| {
            let mut fields = base.to_vec();
            fields.extend(more);
            fields
        };
        let twice = with(&[("places[1]", "1"), ("places[2]", "1"), ("places[3]", "2")]);
        let refused = secretary.call("enter_order", &twice).await?;
        assert_eq!(refused.status, 422, "{}", refused.text());
        secretary.act("enter_order", &with(&[("places[1]", "3"), ("places[2]", "1"), ("places[3]", "2")])).await?;
        let beyond = with(&[("packs[1]", "7"), ("packs[2]", "4"), ("packs[3]", "99")]);
        let refused = secretary.call("enter_packs", &beyond).await?;
        assert_eq!(refused.status, 422, "{}", refused.text());
        // A page of packs that is old overwrites nothing.
        secretary.act("enter_packs", &with(&[("packs[1]", "7"), ("packs[2]", "4"), ("packs[3]", "9")])).await?;
        let stale = with(&[("packs[1]", "1"), ("packs[2]", "1"), ("packs[3]", "1"), ("seen", "1")]);
        let refused = secretary.call("enter_packs", &stale).await?;
        let told: serde_json::Value = refused.json()?;
        assert_eq!(told["refusal"]["refusal"], "overtaken", "{told}");
        assert_eq!(told["refusal"]["of"]["moved"], serde_json::json!(["packs"]), "{told}");

        let slip = secretary.page(&page).await?;
        let table = slip.split("<table class=\"paper-table\">").nth(1).context("the result")?;
        let table = table.split("</table>").next().unwrap_or_default();
        let cells = regex::Regex::new(r"<[^>]*>")?.replace_all(table, "|").into_owned();
        let cells: Vec<&str> = cells.split('|').filter(|cell| !cell.trim().is_empty()).collect();
        let at = |word: &str| cells.iter().position(|cell| *cell == word);
        let (four, nine, seven) = (at("4"), at("9"), at("7"));
        ensure!(four.is_some() && four < nine && nine < seven, "in the order of the lots: {cells:?}");
        ensure!(slip.contains("Nhập từ phiếu giấy") || slip.contains("phiếu giấy"), "it says that paper lots were drawn");
        Ok(())
    }

    /// `hoithi verify` draws every opened lot again and says how many.
    async fn verify_says_how_many_draws_it_has_drawn_again(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 2).await?;
        platform.hall.stops().await?;
        let program = Path::new(env!("CARGO_BIN_EXE_hoithi-under-test"));
        let url = platform.hall.database.url().to_owned();
        let (done, out, err) = run(program, &["verify", "--database", &url]).await?;
        ensure!(done, "{out}{err}");
        ensure!(out.lines().any(|line| line.contains("bốc thăm") && line.contains('1')), "{out}");
        let (_, out, _) = run(program, &["verify", "--json", "--database", &url]).await?;
        let told: serde_json::Value = serde_json::from_str(&out)?;
        assert_eq!((&told[0]["draws"], &told[0]["ok"]), (&1.into(), &true.into()), "{out}");
        Ok(())
    }

    async fn a_team_that_comes_late_is_called_after_all(engine: Engine) -> Result<()> {
        let platform = Platform::new(engine, 2).await?;
        let (team, page) = (TeamId(2), format!("/hoi-thi/{}/san-khau/{SKITS}?doi=2", platform.hall.contest));
        let has = |page: &str, act: &str| page.contains(&format!("name=\"act\" value=\"{act}\""));
        // Called and not come: the desk still offers to record it.
        platform.table("call", team).await?;
        ensure!(has(&platform.secretary.page(&page).await?, "absent"), "offered after the call");
        platform.tries(&platform.secretary, "absent", team, &[("reason", "Chưa đến")]).await?.ok()?;
        let shown = platform.secretary.page(&page).await?;
        ensure!(shown.contains("Vắng mặt") && has(&shown, "present"), "{shown}");
        let refused = platform.tries(&platform.secretary, "call", team, &[]).await?;
        assert_eq!(refused.status, 409, "{}", refused.text());
        platform.table("present", team).await?;
        platform.performs(team).await?;
        let shown = platform.secretary.page(&page).await?;
        ensure!(!shown.contains("Vắng mặt") && shown.contains("Chạy tiếp"), "stopped by mistake, it can go on");
        // Another team is on stage when this one is granted a repeat: it can be called again.
        platform.performs(TeamId(1)).await?;
        platform.tries(&platform.secretary, "repeat", team, &[("reason", "Mất điện")]).await?.ok()?;
        let shown = platform.secretary.page(&page).await?;
        let calls = |form: &str| has(form, "call") && form.contains("name=\"team\" value=\"2\"");
        ensure!(shown.split("<form").any(calls), "a button calls it");
        platform.performs(team).await?;
        let desk = platform.desk(&platform.secretary).await?;
        let line = desk.teams.iter().find(|line| line.team == team).context("its line")?;
        assert_eq!((line.run, line.absent), (2, false));
        Ok(())
    }

    /// A conflict declared for the wrong judge is taken back on the page.
    async fn a_wrong_conflict_is_taken_back(engine: Engine) -> Result<()> {
        let platform = Platform::new(engine, 2).await?;
        let judge = platform.passes[1].person.to_string();
        let organizer = platform.hall.organizer.clone();
        let fields = [("judge", &*judge), ("reason", "Khai nhầm")];
        platform.tries(&organizer, "conflict", TeamId(1), &fields).await?.ok()?;
        let page = organizer.page(&format!("/hoi-thi/{}/san-khau/{SKITS}?doi=1", platform.hall.contest)).await?;
        ensure!(page.contains("value=\"no_conflict\""), "{page}");
        platform.tries(&organizer, "no_conflict", TeamId(1), &fields).await?.ok()?;
        platform.performs(TeamId(1)).await?;
        ensure!(platform.judges[1].view().await?.sheet.is_some(), "he has a sheet again");
        Ok(())
    }

    /// Sheets of 40, 40 and 0: who is told that one stands apart, and which.
    async fn outliers_are_shown_to_those_who_judge_the_judges(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 3).await?;
        platform.performs(TeamId(1)).await?;
        for (judge, marks) in [(1, FORTY), (2, [0; 5])] {
            platform.judges[judge].fills(&marks).await?;
            platform.judges[judge].hands_in().await?.ok()?;
        }
        let chief = platform.judges[0].visitor.clone();
        let visitors = [chief.clone(), platform.hall.organizer.clone(), platform.secretary.clone()];
        let told = async |platform: &Platform| -> Result<Vec<(bool, bool)>> {
            let mut list = Vec::new();
            for visitor in &visitors {
                let line = platform.desk(visitor).await?.teams.into_iter().find(|line| line.team == TeamId(1));
                let line = line.context("the line")?;
                let named = line.blockers.iter().any(|blocker| {
                    matches!(blocker, Blocker::SpreadWithoutNote { judges, .. } if !judges.is_empty())
                });
                list.push((!line.outliers.is_empty(), named));
            }
            Ok(list)
        };
        assert_eq!(told(&platform).await?, [(false, false), (true, false), (false, false)], "the chief still marks");
        let refused = platform.tries(&chief, "confirm", TeamId(1), &[]).await?.text();
        ensure!(!refused.contains("spread"), "nor by a refusal: {refused}");
        platform.judges[0].fills(&FORTY).await?;
        platform.judges[0].hands_in().await?.ok()?;
        assert_eq!(told(&platform).await?, [(true, true), (true, true), (false, false)]);
        Ok(())
    }

    /// Where the rules say so, a confirmed mark is nobody's outside before the round is published.
    async fn a_confirmed_mark_is_hidden_until_publication_if_the_rules_say_so(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 2).await?;
        let rules = format!("/hoi-thi/{}/the-le", platform.hall.contest);
        let mut form = Form::of(&platform.hall.organizer.page(&rules).await?, "set_rules")?;
        form.unticks("rounds[1][stage][show_confirmed]")?;
        let (to, _) = form.sent(&platform.hall, &rules, "set_rules").await?;
        ensure!(to.ends_with("?luu=1"), "{to}");
        for team in (1..=3).map(TeamId) {
            platform.performs(team).await?;
            for judge in &mut platform.judges {
                judge.turns_to(team);
                judge.fills(&FORTY).await?;
                judge.hands_in().await?.ok()?;
            }
        }
        let chief = platform.judges[0].visitor.clone();
        let everything = [("contest", &*platform.hall.contest), ("round", SKITS), ("act", "confirm")];
        chief.act("run_stage", &everything).await?;
        let organizer = platform.hall.organizer.clone();
        assert_eq!(platform.mark(&organizer, TeamId(1)).await?, Some(40_000), "the staff see it");
        let public = platform.hall.board_of(&platform.hall.passer_by()?).await?.to_string();
        ensure!(!public.contains("40000"), "{public}");
        platform.tries(&organizer, "publish", TeamId(1), &[]).await?.ok()?;
        let public = platform.hall.board_of(&platform.hall.passer_by()?).await?.to_string();
        ensure!(public.contains("40000"), "{public}");
        Ok(())
    }
}
