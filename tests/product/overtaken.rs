//! A stale page changes nothing: whoever acts on what he has not seen is told what stands now, and asked again.

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::files::teams;
use harness::{Engine, Hall, Visitor, on_both_engines};
use regex::Regex;
use serde_json::json;

/// What the form of `act` on a page sends back as seen.
fn seen(page: &str, act: &str) -> Result<String> {
    let tags = Regex::new(r"<input\b[^>]*>")?;
    let value = Regex::new(r#"value="([^"]*)""#)?;
    for form in Regex::new(r"(?s)<form\b.*?</form>")?.find_iter(page) {
        let form = form.as_str();
        let field = |name: &str| {
            let tag = tags
                .find_iter(form)
                .find(|tag| tag.as_str().contains(&format!("name=\"{name}\"")))?;
            let value = value.captures(tag.as_str())?;
            Some(value[1].to_owned())
        };
        if field("act").as_deref() == Some(act) && field("team").is_some() {
            return field("seen").context("it says what was seen");
        }
    }
    anyhow::bail!("no form for {act}")
}

async fn marked(hall: &Hall, judge: &Visitor) -> Result<()> {
    let marks: Vec<_> = [(1, 12_000), (2, 10_000), (3, 8_000), (4, 6_000), (5, 4_000)]
        .map(|(criterion, points)| json!({ "k": criterion, "r": 1, "p": points }))
        .into();
    judge
        .post(
            "/api/cham/marks",
            &json!({ "round": 2, "team": 1, "marks": marks }),
        )
        .await?
        .ok()?;
    judge
        .post("/api/cham/hand-in", &json!({ "round": 2, "team": 1 }))
        .await?
        .ok()?;
    hall.board().await.map(drop)
}

on_both_engines! {
    async fn nobody_confirms_what_he_has_not_seen(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = teams(1, 1);
        hall.creates("Hội thi Dân vận khéo").await?;
        hall.imports_teams().await?;
        let passes = [
            hall.invites(Role::Judge, "Giám khảo An").await?,
            hall.invites(Role::Judge, "Giám khảo Bình").await?,
        ];
        let ids = [passes[0].person.to_string(), passes[1].person.to_string()];
        let id = hall.contest.clone();
        let base = [("contest", &*id), ("round", "2")];
        let with = |more: &[(&'static str, &'static str)]| -> Vec<(String, String)> {
            let all = base.iter().copied().chain(more.iter().copied());
            all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let call = async |visitor: &Visitor, function: &str, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
            visitor.act(function, &fields).await.map(drop)
        };
        let panel = [("judges[0]", &*ids[0]), ("judges[1]", &*ids[1]), ("chief", &*ids[0])];
        let panel: Vec<(&str, &str)> = base.iter().copied().chain(panel).collect();
        hall.organizer.act("set_panel", &panel).await?;
        let secretary = hall.secretary().await?;
        for step in ["seal", "open"] {
            call(&secretary, "draw_lots", with(&[("of", "order"), ("step", step)])).await?;
        }
        call(&secretary, "run_stage", with(&[("act", "call"), ("team", "1")])).await?;
        let (chief, other) = (hall.enters(&passes[0]).await?, hall.enters(&passes[1]).await?);
        marked(&hall, &chief).await?;
        marked(&hall, &other).await?;

        let page = format!("/hoi-thi/{id}/san-khau/2?doi=1");
        let old = seen(&chief.page(&page).await?, "confirm")?;
        assert_eq!(old, "40");
        let deduct = [("act", "deduct"), ("team", "1"), ("points", "5"), ("reason", "Vượt khung sân khấu")];
        call(&secretary, "run_stage", with(&deduct)).await?;

        let confirm = |seen: &str| -> Vec<(String, String)> {
            let mut fields = with(&[("act", "confirm"), ("team", "1")]);
            fields.push(("seen".to_owned(), seen.to_owned()));
            fields
        };
        let fields = confirm(&old);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = chief.form(&page, "run_stage", &fields).await?;
        let to = answer.location.context("sent back")?;
        let told = chief.page(to.strip_prefix(hall.base()).unwrap_or(&to)).await?;
        assert!(told.contains("vừa có thay đổi") && told.contains("điểm 35, điểm trừ 5"), "{told}");
        let board = hall.board().await?;
        assert!(board["rows"][0]["marks"][1].is_null(), "nothing is confirmed: {board}");

        // He has looked again.
        call(&chief, "run_stage", confirm(&seen(&told, "confirm")?)).await?;
        hall.board_becomes("confirmed", |board| board["rows"][0]["marks"][1] == 35_000).await?;
        Ok(())
    }
}
