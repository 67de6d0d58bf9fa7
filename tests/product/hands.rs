//! Two judges, the secretary and the chief act at once: no mark is lost, nothing is taken off twice, and
//! everybody comes to see the same.

use anyhow::{Context, Result, ensure};
use contest::stage::StageFact;
use contest::{Points, TeamId};
use futures::future::{join_all, try_join_all};
use harness::{Engine, JudgeTablet, Visitor, on_both_engines, until};

use crate::platform::{FORTY, Platform};

/// Everything at once, each hand by way of one of `bases`. `(12 + 10 + 8 + 6 + 4) = 40` by all three,
/// less the deduction of 1,5: 38,5.
async fn all_hands(platform: &mut Platform, bases: &[String]) -> Result<()> {
    let at = |visitor: &Visitor, n: usize| visitor.at(&bases[n % bases.len()]);
    let teams: Vec<TeamId> = {
        let desk = platform.desk(&platform.secretary).await?;
        desk.teams.iter().map(|line| line.team).collect()
    };
    for team in teams {
        platform.performs(team).await?;
        let mut tablets: Vec<JudgeTablet> = platform.judges.clone();
        for (n, tablet) in tablets.iter_mut().enumerate() {
            tablet.turns_to(team);
            tablet.visitor = at(&tablet.visitor, n);
        }
        // The judges mark while the secretary, at two laptops, takes off the same for the same reason.
        let marking = try_join_all(tablets.iter_mut().map(|tablet| tablet.fills(&FORTY)));
        let off = [("points", "1.5"), ("reason", "đạo cụ để lại trên sân khấu")];
        let laptops = [at(&platform.secretary, 0), at(&platform.secretary, 1)];
        let taking = join_all(
            laptops
                .iter()
                .map(|laptop| platform.tries(laptop, "deduct", team, &off)),
        );
        let (marked, taken) = futures::join!(marking, taking);
        marked?;
        for answer in taken {
            answer?.ok().context("taken off")?;
        }
        // Two hand in at once; the third after them, while the chief tries to confirm at two desks.
        let (first, rest) = tablets.split_at_mut(2);
        for answer in join_all(first.iter_mut().map(JudgeTablet::hands_in)).await {
            answer?.ok().context("handed in")?;
        }
        let chief = &platform.judges[0].visitor;
        let desks = [at(chief, 0), at(chief, 1)];
        let confirming = join_all(
            desks
                .iter()
                .map(|desk| platform.tries(desk, "confirm", team, &[])),
        );
        let (handed, early) = futures::join!(rest[0].hands_in(), confirming);
        handed?.ok().context("handed in")?;
        for answer in early {
            // Taken, or told that a sheet is missing: nothing else.
            let answer = answer?;
            ensure!(!answer.status.is_server_error(), "{}", answer.text());
        }
        for answer in join_all(
            desks
                .iter()
                .map(|desk| platform.tries(desk, "confirm", team, &[])),
        )
        .await
        {
            answer?.ok().context("confirmed")?;
        }
    }

    platform.holds().await?;
    let facts = platform.facts().await?;
    let count = |is: &dyn Fn(&StageFact) -> bool| facts.iter().filter(|fact| is(fact)).count();
    assert_eq!(
        count(&|f| matches!(f, StageFact::MarkSet { .. })),
        3 * 3 * 5,
        "each mark once"
    );
    assert_eq!(count(&|f| matches!(f, StageFact::SheetHandedIn { .. })), 3 * 3);
    assert_eq!(
        count(&|f| matches!(f, StageFact::DeductionSet { .. })),
        3,
        "no double deduction"
    );
    let confirmed = facts.iter().filter_map(|fact| match fact {
        StageFact::MarksConfirmed { marks } => Some(marks),
        _ => None,
    });
    let confirmed: Vec<_> = confirmed.flatten().collect();
    assert_eq!(confirmed.len(), 3, "each confirmed once");
    for mark in confirmed {
        assert_eq!(mark.sheets.len(), 3, "all three sheets count");
        assert_eq!((mark.combined, mark.mark), (Points(40_000), Points(38_500)));
    }
    // The same end at every desk of every node.
    until("all desks to agree", async || {
        let mut seen = Vec::new();
        for base in bases {
            for who in [&platform.secretary, &platform.judges[0].visitor] {
                let mut desk = platform.desk(&who.at(base)).await?;
                desk.now = 0;
                seen.push(serde_json::to_string(&desk.teams)?);
            }
        }
        // What each may see beyond the teams differs by role, what the marks are does not.
        Ok(seen.windows(2).all(|two| two[0] == two[1]).then_some(()))
    })
    .await?;
    for base in bases {
        for team in 1..=3 {
            let mark = platform
                .mark(&platform.hall.organizer.at(base), TeamId(team))
                .await?;
            assert_eq!(mark, Some(38_500));
        }
    }
    Ok(())
}

on_both_engines! {
    async fn all_hands_at_once_on_one_node(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 3).await?;
        let base = platform.hall.base().to_owned();
        all_hands(&mut platform, &[base]).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_hands_at_once_on_two_nodes() -> Result<()> {
    if Engine::Postgres.left_out() {
        return Ok(());
    }
    let mut platform = Platform::new(Engine::Postgres, 3).await?;
    let bases = [
        platform.hall.base().to_owned(),
        platform.hall.another_node().await?,
    ];
    all_hands(&mut platform, &bases).await
}
