//! One judge's marks are in no byte that another is sent before he may see them, and in none that the
//! hall is sent before the chief judge has confirmed.

use std::collections::BTreeMap;

use anyhow::Result;
use contest::TeamId;
use harness::{Engine, Hall, Visitor, on_both_engines};
use serde_json::json;

use crate::leaks::{crawl, tells_number};
use crate::platform::Platform;
use crate::world::{Who, World};

/// Marks that stand nowhere else: 13,75 + 11,25 + 9,75 + 6,25 + 3,25 = 44,25. As JSON and as a page has them.
const MARKS: [i64; 5] = [13_750, 11_250, 9_750, 6_250, 3_250];
const TOLD: [&str; 12] = [
    "13750", "11250", "9750", "6250", "3250", "44250", "13,75", "11,25", "9,75", "6,25", "3,25", "44,25",
];

/// The remark of the same judge.
const REMARK: &str = "Nhận xét chỉ dành cho phiếu này";

/// Looks for the marks of a judge in everything that `visitor` is sent.
async fn nothing_is_told(world: &World, phase: &str, name: &str, visitor: &Visitor) -> Result<()> {
    for (path, text) in crawl(world, visitor).await? {
        for mark in TOLD {
            assert!(
                !tells_number(&text, mark),
                "{phase}: {name} reads {mark} at {path}: {text}"
            );
        }
        assert!(
            !text.contains(REMARK),
            "{phase}: {name} reads the remark at {path}"
        );
    }
    Ok(())
}

on_both_engines! {
    async fn no_byte_tells_one_judges_marks_to_another(engine: Engine) -> Result<()> {
        let mut world = World::of(Hall::with_contest(engine).await?).await?;
        let mut platform = Platform::of(world.lends_hall().await?, 3).await?;
        let team = TeamId(1);
        platform.performs(team).await?;
        let [chief, marker, other] = &mut platform.judges[..] else { unreachable!("three judges") };
        marker.fills(&MARKS).await?;
        let remark = json!({"round": 2, "team": 1, "r": 1, "text": REMARK});
        marker.visitor.post("/api/cham/remark", &remark).await?.ok()?;

        let outside: Vec<(&str, Visitor)> = Who::OUTSIDE
            .into_iter()
            .map(|who| ("somebody outside", world.visitor(who).clone()))
            .collect();
        let mut all = outside.clone();
        all.push(("the chief judge", chief.visitor.clone()));
        all.push(("another judge", other.visitor.clone()));
        for (name, visitor) in &all {
            nothing_is_told(&world, "draft", name, visitor).await?;
        }
        // A draft is nobody's but its judge's: the table does not see it either.
        for who in [Who::Secretary, Who::Organizer] {
            nothing_is_told(&world, "draft", "the table", world.visitor(who)).await?;
        }
        let own: String = crawl(&world, &marker.visitor).await?.into_values().collect();
        assert!(TOLD[..6].iter().all(|mark| tells_number(&own, mark)), "he reads his own sheet");

        marker.hands_in().await?.ok()?;
        for (name, visitor) in &all {
            nothing_is_told(&world, "handed in", name, visitor).await?;
        }
        // What the others hear when they write and hand in tells nothing either.
        other.fills(&[12_000, 10_000, 8_000, 6_000, 4_000]).await?;
        let receipt = other.hands_in().await?.ok()?.text();
        let again = json!({"round": 2, "team": 1, "marks": [{"k": 1, "r": 1, "p": 12_000}]});
        let again = other.visitor.post("/api/cham/marks", &again).await?.text();
        for text in [receipt, again] {
            assert!(TOLD.iter().all(|mark| !tells_number(&text, mark)), "{text}");
        }
        nothing_is_told(&world, "handed in his own", "another judge", &other.visitor).await?;

        // The chief judge sees the sheets once his own is in; the hall does not.
        chief.fills(&[12_000, 10_000, 8_000, 6_000, 4_000]).await?;
        nothing_is_told(&world, "writing his own", "the chief judge", &chief.visitor).await?;
        chief.hands_in().await?.ok()?;
        let desk: BTreeMap<String, String> = crawl(&world, &chief.visitor).await?;
        assert!(desk.values().any(|text| tells_number(text, "44250")), "his desk has the sheets");
        for (name, visitor) in &outside {
            nothing_is_told(&world, "all in", name, visitor).await?;
        }
        nothing_is_told(&world, "all in", "another judge", &platform.judges[2].visitor).await?;
        // (44,25 + 40 + 40) : 3 = 41,4166… → 41,42: nobody outside reads it before it is confirmed.
        for (name, visitor) in &outside {
            for (path, text) in crawl(&world, visitor).await? {
                let told = tells_number(&text, "41420") || tells_number(&text, "41,42");
                assert!(!told, "{name} reads the mark before it is confirmed at {path}");
            }
        }
        let chief = platform.judges[0].visitor.clone();
        platform.tries(&chief, "confirm", team, &[]).await?.ok()?;
        let public: String = crawl(&world, world.visitor(Who::Nobody)).await?.into_values().collect();
        assert!(tells_number(&public, "41420"), "the confirmed mark is on the board");
        assert!(!tells_number(&public, "44250"), "single sheets never are");
        platform.holds().await
    }
}
