//! A hall with a stage: judges at their tablets, a chief, a secretary, the skits' running order drawn.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use contest::actor::Role;
use contest::ledger::Entry;
use contest::stage::StageFact;
use contest::stage_view::PanelView;
use contest::{Event, TeamId};
use harness::{Answer, Engine, Hall, JudgeTablet, MarkBook, Pass, Visitor};
use serde::Deserialize;
use sqlx::Row;

/// The round of the template G1 in which skits are judged: criteria of 15, 12,5, 10, 7,5 and 5 points.
pub(crate) const SKITS: &str = "2";
/// A sheet: 12 + 10 + 8 + 6 + 4 = 40.
pub(crate) const FORTY: [i64; 5] = [12_000, 10_000, 8_000, 6_000, 4_000];

/// The hall, and everybody around the stage. Judge 0 is the chief, who marks too.
pub(crate) struct Platform {
    pub(crate) hall: Hall,
    pub(crate) secretary: Visitor,
    pub(crate) judges: Vec<JudgeTablet>,
    pub(crate) passes: Vec<Pass>,
    pub(crate) book: MarkBook,
}

#[derive(Deserialize)]
pub(crate) struct Desk {
    pub(crate) panel: PanelView,
    #[allow(dead_code, reason = "part of the answer")]
    names: BTreeMap<i64, String>,
}

impl Platform {
    pub(crate) async fn of(hall: Hall, judges: usize) -> Result<Self> {
        let pass = hall.invites(Role::Secretary, "Thư ký sân khấu").await?;
        let secretary = hall.enters(&pass).await?;
        let book = MarkBook::default();
        let (mut passes, mut tablets) = (Vec::new(), Vec::new());
        for n in 0..judges {
            let pass = hall
                .invites(Role::Judge, &format!("Giám khảo số {}", n + 1))
                .await?;
            tablets.push(JudgeTablet::enters(hall.base(), &pass.code, &book).await?);
            passes.push(pass);
        }
        let platform = Self {
            hall,
            secretary,
            judges: tablets,
            passes,
            book,
        };
        platform.sits().await?;
        Ok(platform)
    }

    pub(crate) async fn new(engine: Engine, judges: usize) -> Result<Self> {
        Self::of(Hall::with_contest(engine).await?, judges).await
    }

    /// The panel is set and the order drawn.
    async fn sits(&self) -> Result<()> {
        let people: Vec<String> = self.passes.iter().map(|pass| pass.person.to_string()).collect();
        let keys: Vec<String> = (0..people.len()).map(|n| format!("judges[{n}]")).collect();
        let mut fields = vec![
            ("contest", &*self.hall.contest),
            ("round", SKITS),
            ("chief", &people[0]),
        ];
        fields.extend(keys.iter().zip(&people).map(|(key, person)| (&**key, &**person)));
        self.hall.organizer.act("set_panel", &fields).await?;
        for step in ["seal", "open"] {
            let fields = [
                ("contest", &*self.hall.contest),
                ("round", SKITS),
                ("of", "order"),
                ("step", step),
            ];
            self.secretary.act("draw_lots", &fields).await?;
        }
        Ok(())
    }

    /// An act on the stage by `who`; the answer is taken as it comes.
    pub(crate) async fn tries(
        &self,
        who: &Visitor,
        act: &str,
        team: TeamId,
        more: &[(&str, &str)],
    ) -> Result<Answer> {
        let team = team.to_string();
        let mut fields = vec![
            ("contest", &*self.hall.contest),
            ("round", SKITS),
            ("act", act),
            ("team", &team),
        ];
        fields.extend(more);
        who.call("run_stage", &fields).await
    }

    /// An act of the secretary that must be taken.
    pub(crate) async fn table(&self, act: &str, team: TeamId) -> Result<()> {
        self.tries(&self.secretary, act, team, &[]).await?.ok().map(drop)
    }

    /// The team is called, performs for a minute, and leaves.
    pub(crate) async fn performs(&self, team: TeamId) -> Result<()> {
        self.table("call", team).await?;
        self.table("start", team).await?;
        self.hall.passes(1);
        self.table("stop", team).await
    }

    /// The panel's desk as `who` is sent it.
    pub(crate) async fn desk(&self, who: &Visitor) -> Result<PanelView> {
        let path = format!("/api/contests/{}/stage/{SKITS}", self.hall.contest);
        let desk: Desk = who.get(&path).await?.ok()?.json()?;
        Ok(desk.panel)
    }

    /// What the ledger tells of the skits, in its order.
    pub(crate) async fn facts(&self) -> Result<Vec<StageFact>> {
        let rows = sqlx::query("SELECT body FROM entry WHERE contest = $1 ORDER BY seq")
            .bind(&self.hall.contest)
            .fetch_all(&mut self.hall.database.connect().await?)
            .await?;
        let mut facts = Vec::new();
        for row in rows {
            let entry: Entry = serde_json::from_str(row.try_get("body")?)?;
            if let Event::Stage { round, fact } = entry.event
                && round.to_string() == SKITS
            {
                facts.push(fact);
            }
        }
        Ok(facts)
    }

    /// Every acknowledged mark stands in the ledger, once.
    pub(crate) async fn holds(&self) -> Result<()> {
        let mut held = BTreeMap::new();
        for fact in self.facts().await? {
            let StageFact::MarkSet {
                team,
                judge,
                criterion,
                revision,
                points,
            } = fact
            else {
                continue;
            };
            let key = (judge.0, 2, team.0, criterion, revision);
            if held.insert(key, points).is_some() {
                bail!("{key:?} stands twice");
            }
        }
        for (key, points) in self.book.all() {
            let stands = held.get(&key).copied().flatten();
            if stands != Some(points) {
                bail!("{key:?}: acknowledged {points}, held {stands:?}");
            }
        }
        Ok(())
    }

    /// A judge's tablet has died: the secretary frees his place, and he enters on another one.
    pub(crate) async fn changes_tablet(&self, judge: usize) -> Result<JudgeTablet> {
        let person = self.passes[judge].person.to_string();
        let fields = [("contest", &*self.hall.contest), ("person_id", &person)];
        self.secretary.act("release_device", &fields).await?;
        let base = self.judges[judge].visitor.base().to_owned();
        let mut other = JudgeTablet::enters(&base, &self.passes[judge].code, &self.book).await?;
        other.turns_to(self.judges[judge].team);
        other.loads().await.context("the drafts on another tablet")?;
        Ok(other)
    }

    /// The mark that the staff's board shows of a team in the skits.
    pub(crate) async fn mark(&self, at: &Visitor, team: TeamId) -> Result<Option<i64>> {
        let board = self.hall.board_of(at).await?;
        let rows = board["rows"].as_array().context("rows")?;
        let row = rows
            .iter()
            .find(|row| row["team"] == team.0)
            .context("the team")?;
        Ok(row["marks"][1].as_i64())
    }
}
