//! Through a whole reveal no byte outside the committee depends on what is not told yet: two houses that
//! differ only in the marks of the best two teams send everybody the same, step by step, until the step
//! that tells of them.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use contest::audience::Stage;
use contest::question::Choice;
use harness::files::teams;
use harness::{Engine, Hall, Tablet, Visitor, on_both_engines, until};
use serde_json::{Value, json};

use crate::leaks::{Twin, crawl, normal};
use crate::world::{Who, World};

/// Right answers of each team, in the two houses: the best two are others, and in another order.
const RIGHT: [[u16; 4]; 2] = [[13, 17, 23, 29], [13, 17, 28, 24]];
/// The names that only one of the houses may put forward.
const WITHHELD: [&str; 2] = ["Đội xã 3", "Đội xã 4"];
/// The all-round prizes, and one by the committee's choice.
const PRIZES: [&str; 3] = ["Giải Nhất", "Giải Nhì", "Giải Ba"];
const SIDE: &str = "Giải Cổ động viên";

/// The houses and everybody who looks.
struct Pair {
    world: World,
    twins: [Twin; 2],
    /// Everybody who writes.
    tablets: Vec<Tablet>,
    /// A screen for each scene that may tell something.
    screens: Vec<(&'static str, Visitor)>,
}

impl Pair {
    /// Both houses as they are before anybody has written a word.
    async fn serves(engine: Engine) -> Result<Self> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = teams(4, 1);
        hall.creates("Hội thi công bố").await?;
        hall.has_only_the_exam_with(&[
            ("awards[0][id]", "1"),
            ("awards[0][name]", PRIZES[0]),
            ("awards[0][by]", "total"),
            ("awards[1][id]", "2"),
            ("awards[1][name]", PRIZES[1]),
            ("awards[1][by]", "total"),
            ("awards[2][id]", "3"),
            ("awards[2][name]", PRIZES[2]),
            ("awards[2][by]", "total"),
            ("awards[3][id]", "4"),
            ("awards[3][name]", SIDE),
            ("awards[3][by]", "chosen"),
        ])
        .await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        hall.prepares().await?;
        let mut screens = Vec::new();
        for scene in ["reveal", "prizes", "standings", "team"] {
            let (browser, id) = hall.has_screen(scene).await?;
            let fields = [("screens[0]", &*id), ("scene", scene), ("team", "4")];
            hall.hall_act("show_scene", &fields).await?;
            screens.push((scene, browser));
        }
        let mut world = World::of(hall).await?;
        let tablets = world.hall.contestants_after(&world.tablet).await?;
        let now = world.hall.now() + 1000;
        world.hall.stops().await?;
        let mut twins = [
            Twin::of(&world.hall, now).await?,
            Twin::of(&world.hall, now).await?,
        ];
        for twin in &mut twins {
            twin.serves().await?;
        }
        Ok(Self {
            world,
            twins,
            tablets,
            screens,
        })
    }

    /// Does the same in both houses.
    async fn acts(&self, function: &str, more: &[(&str, &str)]) -> Result<()> {
        for twin in &self.twins {
            let mut fields = vec![("contest", &*self.world.hall.contest)];
            fields.extend(more);
            self.world
                .hall
                .organizer
                .at(&twin.base)
                .act(function, &fields)
                .await?;
        }
        Ok(())
    }

    /// Each team's contestant answers as it is said of his house, and hands in.
    async fn write(&self) -> Result<()> {
        for (twin, right) in self.twins.iter().zip(RIGHT) {
            for (tablet, right) in self.tablets.iter().zip(right) {
                let visitor = tablet.visitor.at(&twin.base);
                let sitting: contest::audience::Sitting = visitor.get("/api/thi").await?.ok()?.json()?;
                let Stage::Writing { attempt, sheet, .. } = sitting.stage else {
                    panic!("he is writing")
                };
                let bank = &self.world.hall.bank;
                let answers: Vec<Value> = (0..30u16)
                    .map(|place| {
                        let choice: Choice = if place < right {
                            bank.right(&sheet, place)
                        } else {
                            bank.wrong(&sheet, place)
                        };
                        json!({"q": place, "r": 1, "c": choice, "t": 0})
                    })
                    .collect();
                let packet = json!({"attempt": attempt, "answers": answers, "unsent": 0});
                visitor.post("/api/thi/answers", &packet).await?.ok()?;
                visitor
                    .post("/api/thi/hand-in", &json!({"attempt": attempt}))
                    .await?
                    .ok()?;
            }
        }
        Ok(())
    }

    /// Everything that `visitor` is sent by that house.
    async fn sent(&self, twin: &Twin, visitor: &Visitor) -> Result<BTreeMap<String, String>> {
        let found = crawl(&self.world, &visitor.at(&twin.base)).await?;
        found
            .into_iter()
            .map(|(path, text)| Ok((path, normal(&text, &twin.base)?)))
            .collect()
    }

    /// Both houses send `visitor` the same; answers with it.
    async fn same(&self, phase: &str, who: &str, visitor: &Visitor) -> Result<BTreeMap<String, String>> {
        let one = self.sent(&self.twins[0], visitor).await?;
        let two = self.sent(&self.twins[1], visitor).await?;
        for (path, text) in &one {
            assert_eq!(text, &two[path], "{phase}: {who} at {path}");
        }
        Ok(one)
    }

    /// Both houses send everybody outside the committee the same.
    async fn same_for_all(&self, phase: &str) -> Result<()> {
        for who in Who::OUTSIDE {
            self.same(phase, &format!("{who:?}"), self.world.visitor(who))
                .await?;
        }
        Ok(())
    }

    /// What the screens are sent, without the numbers of the ledger.
    async fn pictures(&self, twin: &Twin) -> Result<Vec<String>> {
        let mut pictures = Vec::new();
        for (_, screen) in &self.screens {
            let mut stream = screen.at(&twin.base).stream("/api/man-hinh/events").await?;
            pictures.push(stream.next().await?.context("an event")?.data.to_string());
        }
        Ok(pictures)
    }

    /// The reveal as its host sees it in that house.
    async fn reveal(&self, twin: &Twin) -> Result<Value> {
        let path = format!("/api/contests/{}/host/events", self.world.hall.contest);
        let mut page = self.world.hall.organizer.at(&twin.base).stream(&path).await?;
        Ok(page.view().await?["reveal"].clone())
    }

    async fn goes(&self, from: u64, to: u64) -> Result<()> {
        self.acts(
            "go_reveal",
            &[("from", &from.to_string()), ("to", &to.to_string())],
        )
        .await
    }
}

/// Whether a step tells of the teams in which the houses differ.
fn tells(step: &Value) -> bool {
    let text = step.to_string();
    step["step"] == "final" || WITHHELD.iter().any(|name| text.contains(name))
}

on_both_engines! {
    async fn no_byte_runs_ahead_of_the_reveal_by_total(engine: Engine) -> Result<()> {
        runs_ahead(engine, "total").await
    }

    async fn no_byte_runs_ahead_of_the_reveal_by_round(engine: Engine) -> Result<()> {
        runs_ahead(engine, "round").await
    }
}

async fn runs_ahead(engine: Engine, by: &str) -> Result<()> {
    let pair = Pair::serves(engine).await?;
    let world = &pair.world;
    pair.acts("open_exam", &[("round", "1")]).await?;
    pair.write().await?;
    for twin in &pair.twins {
        until("the house to know that all have handed in", async || {
            let path = format!("/api/contests/{}/board.json", world.hall.contest);
            let board: Value = world.hall.organizer.at(&twin.base).get(&path).await?.json()?;
            Ok((board["rounds"][0]["running"]["handed_in"] == 4).then_some(()))
        })
        .await?;
    }
    pair.acts("freeze", &[]).await?;
    pair.acts("close_exam", &[("round", "1")]).await?;
    for twin in &pair.twins {
        twin.clock.0.fetch_add(60_000, Ordering::SeqCst);
    }
    for act in ["mark_exam", "publish_exam"] {
        pair.acts(act, &[("round", "1")]).await?;
    }
    pair.same_for_all("published behind the freeze").await?;
    let side = [
        ("award", "4"),
        ("teams[0]", "1"),
        ("reason", "Cổ vũ sôi nổi nhất"),
    ];
    pair.acts("give_award", &side).await?;
    pair.same_for_all("given behind the freeze").await?;
    pair.acts("begin_reveal", &[("by", by)]).await?;

    let public = world.visitor(Who::Nobody);
    // From the opening on the host has the names of all steps, and by them the houses differ: whoever
    // else was sent them would be found below.
    let names = [
        pair.reveal(&pair.twins[0]).await?["names"].take(),
        pair.reveal(&pair.twins[1]).await?["names"].take(),
    ];
    assert_ne!(names[0], names[1], "the order of the best two");
    let steps = pair.reveal(&pair.twins[0]).await?["steps"]
        .as_u64()
        .context("steps")?;
    // The first step that tells of the best two, the first that tells their prizes, and the side prize's.
    let (mut told, mut prized, mut sided, mut seen) = (None, None, None, Vec::new());
    for step in 0..steps {
        if step > 0 {
            pair.goes(step - 1, step).await?;
        }
        let phase = format!("step {step}");
        let reveal = pair.reveal(&pair.twins[0]).await?;
        let now = &reveal["now"];
        assert_eq!(names[0][step as usize]["step"], now["step"], "{phase}");
        let ahead = told.is_none() && tells(&reveal["next"]);
        if tells(now) {
            told.get_or_insert(step);
            if now["step"] == "plate" {
                prized.get_or_insert(step);
            }
        }
        if now["plate"]["name"] == SIDE {
            sided = Some(step);
        }
        // At the beginning, at the last step before the best two, at the first of theirs, at the end.
        if step == 0 || ahead || told == Some(step) || step + 1 == steps {
            pair.same_for_all(&phase).await?;
        }
        // The public, its phones and the broadcast hear nothing of any step.
        pair.same(&phase, "the public", public).await?;
        if told.is_none() {
            pair.same(&phase, "the screen", &pair.screens[0].1).await?;
        }
        let [one, two] = [&pair.twins[0], &pair.twins[1]].map(|twin| pair.pictures(twin));
        let (one, two) = (one.await?, two.await?);
        for ((scene, _), (one, two)) in pair.screens.iter().zip(one.iter().zip(&two)) {
            // What is told is for the screens of the reveal and of the prizes alone.
            let may_differ = match *scene {
                "reveal" => told.is_some(),
                "prizes" => prized.is_some(),
                _ => false,
            };
            if may_differ {
                continue;
            }
            assert_eq!(one, two, "{phase}: {scene}");
        }
        // The wall of prizes has the side prize from its step on, and nothing before it.
        assert_eq!(one[1].contains(SIDE), sided.is_some(), "{phase}: {}", one[1]);
        seen.push(one);
    }
    let told = told.context("the best two come last")? as usize;
    assert!(told >= 7, "two teams were told before them: {told}");
    assert_ne!(seen[told - 1], seen[told], "the scan can see");
    let prized = prized.context("their prizes are told")? as usize;
    assert!(
        prized > told && !seen[prized - 1][1].contains(PRIZES[1]),
        "{}",
        seen[prized - 1][1]
    );
    assert!(seen[prized][1].contains(PRIZES[1]) && !seen[prized][1].contains(PRIZES[0]));
    assert!(
        seen[prized - 1][1].contains(PRIZES[2]),
        "the wall of prizes is not empty"
    );
    assert!(sided > Some(prized as u64), "the side prize comes last");
    let other = pair.pictures(&pair.twins[1]).await?;
    assert_ne!(
        &other,
        seen.last().context("a last step")?,
        "the houses do differ"
    );
    assert!(seen[steps as usize - 1][0].contains("29000"));

    // Back again, each step is the picture that it was, and again tells nothing of what follows it.
    for step in (0..steps - 1).rev() {
        pair.goes(step + 1, step).await?;
        assert_eq!(
            pair.pictures(&pair.twins[0]).await?,
            seen[step as usize],
            "back at {step}"
        );
    }
    pair.same("back at the opening", "the screen", &pair.screens[0].1)
        .await?;
    // A jump to before the withheld ones.
    pair.goes(0, told as u64 - 1).await?;
    for (scene, screen) in &pair.screens {
        pair.same("after a jump", scene, screen).await?;
    }
    assert_eq!(pair.pictures(&pair.twins[0]).await?, seen[told - 1]);

    // Leaving the reveal publishes nothing either; lifting the freeze does.
    pair.acts("end_reveal", &[]).await?;
    pair.same_for_all("after the reveal").await?;
    // What was announced stays on the wall, and nothing comes to it.
    let left = pair.pictures(&pair.twins[0]).await?;
    assert_eq!(left[1], seen[told - 1][1]);
    assert_eq!(left, pair.pictures(&pair.twins[1]).await?);
    pair.acts("unfreeze", &[("reason", "Kết thúc hội thi")]).await?;
    let path = format!("/api/contests/{}/board.json", world.hall.contest);
    let [one, two] = [&pair.twins[0], &pair.twins[1]].map(|twin| public.at(&twin.base));
    let (one, two) = (one.get(&path).await?.text(), two.get(&path).await?.text());
    assert!(one.contains("29000") && two.contains("28000"), "{one}");
    Ok(())
}
