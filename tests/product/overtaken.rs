//! A stale page changes nothing: whoever acts on what he has not seen is told what has changed, and asked again.

use anyhow::{Context, Result, ensure};
use contest::TeamId;
use harness::files::teams;
use harness::{Engine, Hall, Visitor, on_both_engines};
use regex::Regex;
use serde_json::json;

use crate::platform::{FORTY, Platform, SKITS};

/// Who acts.
#[derive(Clone, Copy)]
enum By {
    Chief,
    Secretary,
    Organizer,
}
use By::{Chief, Organizer, Secretary};

/// An act on one team by its button's name, with its own fields. `{judge}` is the second judge of the panel.
type Act = (By, &'static str, &'static [(&'static str, &'static str)]);

const WHY: (&str, &str) = ("reason", "Theo biên bản hội ý");
const OFF: Act = (Secretary, "deduct", &[("points", "5"), WHY]);
const CONFIRM: Act = (Chief, "confirm", &[]);
const REOPEN: Act = (Chief, "reopen", &[("judge", "{judge}"), WHY]);

/// What somebody does on a page that is old since another has done something, and what he is told of.
const TABLE: &[(Act, Act, &str)] = &[
    (CONFIRM, OFF, "điểm trừ. Hiện nay: điểm 21,67, điểm trừ 5"),
    (CONFIRM, REOPEN, "phiếu chấm"),
    ((Secretary, "deduct", &[("points", "1"), WHY]), OFF, "điểm trừ"),
    ((Chief, "waive", &[WHY]), OFF, "điểm trừ"),
    (
        (Chief, "withdraw", &[WHY]),
        (Organizer, "correct", &[("points", "5"), WHY]),
        "điểm đã chốt",
    ),
    ((Chief, "note", &[WHY]), REOPEN, "phiếu chấm"),
    ((Secretary, "repeat", &[WHY]), CONFIRM, "điểm đã chốt"),
    (
        (Organizer, "reopen", &[("judge", "{judge}"), WHY]),
        CONFIRM,
        "điểm đã chốt",
    ),
    ((Secretary, "absent", &[WHY]), CONFIRM, "điểm đã chốt"),
    (
        (Organizer, "correct", &[("points", "5"), WHY]),
        (Chief, "withdraw", &[WHY]),
        "điểm đã chốt",
    ),
];

/// What the form that calls `function` on a page sends back as seen; of several the one of `act`.
fn seen(page: &str, function: &str, act: Option<&str>) -> Result<String> {
    let tags = Regex::new(r"<input\b[^>]*>")?;
    let value = Regex::new(r#"value="?([^" >]*)"#)?;
    for form in Regex::new(r"(?s)<form\b.*?</form>")?.find_iter(page) {
        let form = form.as_str();
        let field = |name: &str| {
            let named = |tag: &str| tag.contains(&format!("name=\"{name}\""));
            let tag = tags.find_iter(form).find(|tag| named(tag.as_str()))?;
            Some(value.captures(tag.as_str())?[1].to_owned())
        };
        if form.contains(function) && field("act").as_deref() == act {
            return field("seen").context("it says what was seen");
        }
    }
    anyhow::bail!("no form for {function} {act:?}")
}

/// Presses on the old page, and is sent back to be told of `what`; nothing is written.
async fn is_told(
    platform: &Platform,
    who: &Visitor,
    page: &str,
    function: &str,
    fields: &[(&str, &str)],
    what: &str,
) -> Result<()> {
    let before = platform.facts().await?;
    let answer = who.form(page, function, fields).await?;
    let to = answer.location.context("sent back")?;
    let told = who
        .page(to.strip_prefix(platform.hall.base()).unwrap_or(&to))
        .await?;
    ensure!(
        told.contains("khi trang này mở") && told.contains("Chưa làm gì cả") && told.contains(what),
        "{function} {fields:?} is not told of {what}: {told}"
    );
    assert_eq!(
        platform.facts().await?,
        before,
        "{function} {fields:?} writes nothing"
    );
    Ok(())
}

impl Platform {
    /// The team has performed; the sheets are 40, 40 and 0, which is noted.
    async fn is_marked(&self, team: TeamId) -> Result<()> {
        self.performs(team).await?;
        for (n, judge) in self.judges.iter().enumerate() {
            let of = |points: i64| if n == 2 { 0 } else { points };
            let marks: Vec<_> = (1..)
                .zip(FORTY)
                .map(|(criterion, points)| json!({ "k": criterion, "r": 1, "p": of(points) }))
                .collect();
            let packet = json!({ "round": 2, "team": team.0, "run": 1, "marks": marks });
            judge.visitor.post("/api/cham/marks", &packet).await?.ok()?;
            let packet = json!({ "round": 2, "team": team.0, "run": 1 });
            judge.visitor.post("/api/cham/hand-in", &packet).await?.ok()?;
        }
        self.does(&(Chief, "note", &[WHY]), team).await
    }

    fn by(&self, by: By) -> &Visitor {
        match by {
            Chief => &self.judges[0].visitor,
            Secretary => &self.secretary,
            Organizer => &self.hall.organizer,
        }
    }

    fn fields(&self, act: &Act) -> Vec<(&'static str, String)> {
        let judge = self.passes[1].person.to_string();
        let field = |(name, value): &(&'static str, &'static str)| (*name, value.replace("{judge}", &judge));
        act.2.iter().map(field).collect()
    }

    async fn does(&self, act: &Act, team: TeamId) -> Result<()> {
        let fields = self.fields(act);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
        let answer = self.tries(self.by(act.0), act.1, team, &fields).await?;
        answer.ok().with_context(|| act.1.to_owned()).map(drop)
    }
}

async fn of_teams(engine: Engine, count: usize) -> Result<Platform> {
    let mut hall = Hall::empty(engine).await?;
    hall.teams = teams(count, 1);
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.imports_teams().await?;
    Platform::of(hall, 3).await
}

on_both_engines! {
    async fn no_act_on_a_team_is_done_from_an_overtaken_page(engine: Engine) -> Result<()> {
        let platform = of_teams(engine, TABLE.len()).await?;
        let contest = platform.hall.contest.clone();
        for (team, (act, before, what)) in (1..).map(TeamId).zip(TABLE) {
            platform.is_marked(team).await?;
            if matches!(act.1, "withdraw" | "correct") {
                platform.does(&CONFIRM, team).await?;
            }
            if act.1 == "waive" {
                platform.does(&(Secretary, "deduct", &[("points", "1"), WHY]), team).await?;
            }
            let page = match act.1 {
                "correct" => format!("/hoi-thi/{contest}/giai-thuong?diem-cua={SKITS}-{team}&viec=tru&diem-tru=5"),
                _ => format!("/hoi-thi/{contest}/san-khau/{SKITS}?doi={team}"),
            };
            let who = platform.by(act.0);
            let old = seen(&who.page(&page).await?, "run_stage", Some(act.1))?;
            platform.does(before, team).await?;
            let (number, own) = (team.to_string(), platform.fields(act));
            let mut fields = vec![("contest", &*contest), ("round", SKITS), ("act", act.1), ("seen", &*old)];
            fields.extend(own.iter().map(|(name, value)| (*name, &**value)));
            let all = act.1 == "confirm" && before.1 == "deduct";
            if all {
                // The button that confirms all that are ready names no team.
                is_told(&platform, who, &page, "run_stage", &fields, what).await?;
            }
            fields.push(("team", &number));
            is_told(&platform, who, &page, "run_stage", &fields, what).await?;
            // He has looked again.
            if all {
                let new = seen(&who.page(&page).await?, "run_stage", Some(act.1))?;
                for field in &mut fields {
                    if field.0 == "seen" {
                        field.1 = &new;
                    }
                }
                who.act("run_stage", &fields).await?;
            }
        }
        platform.holds().await
    }

    async fn neither_panel_nor_order_is_set_from_an_overtaken_page(engine: Engine) -> Result<()> {
        let platform = of_teams(engine, 3).await?;
        let contest = platform.hall.contest.clone();
        let base = [("contest", &*contest), ("round", SKITS)];
        let people: Vec<String> = platform.passes.iter().map(|pass| pass.person.to_string()).collect();
        let panel = |chief: usize| {
            let judges = ["judges[0]", "judges[1]", "judges[2]"].into_iter().zip(&people);
            let mut fields = base.to_vec();
            fields.extend(judges.map(|(name, person)| (name, &**person)));
            fields.push(("chief", &people[chief]));
            fields
        };
        let organizer = &platform.hall.organizer;
        let page = format!("/hoi-thi/{contest}/san-khau/{SKITS}");
        let old = seen(&organizer.page(&page).await?, "set_panel", None)?;
        organizer.act("set_panel", &panel(1)).await?;
        let mut fields = panel(2);
        fields.push(("seen", &old));
        is_told(&platform, organizer, &page, "set_panel", &fields, "ban giám khảo").await?;

        let order = |places: [&'static str; 3]| {
            let mut fields = base.to_vec();
            fields.extend(["places[1]", "places[2]", "places[3]"].into_iter().zip(places));
            fields.push(("reason", "Bốc thăm bằng phiếu giấy"));
            fields
        };
        let page = format!("{page}/boc-tham");
        let old = seen(&platform.secretary.page(&page).await?, "enter_order", None)?;
        // One of the two at least is not what was drawn.
        organizer.act("enter_order", &order(["2", "3", "1"])).await?;
        organizer.act("enter_order", &order(["1", "3", "2"])).await?;
        let mut fields = order(["3", "2", "1"]);
        fields.push(("seen", &old));
        is_told(&platform, &platform.secretary, &page, "enter_order", &fields, "thứ tự dự thi").await
    }
}
