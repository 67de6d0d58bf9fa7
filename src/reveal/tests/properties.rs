//! What holds whatever the marks are.

use super::*;

/// The same plan with everything changed that step `at` does not tell: marks, totals and the order
/// of those still to come, the holders of prizes not announced.
fn censored(play: &Play, plan: &Plan, at: u32) -> Plan {
    let taken = &plan.steps[..=at as usize];
    let told = |team: TeamId, round: RoundId| {
        taken.iter().any(|step| match step {
            Step::Marks { round: of, teams } => teams.contains(&team) && of.is_none_or(|of| of == round),
            _ => false,
        })
    };
    let rounds: Vec<RoundId> = play
        .contest
        .rules()
        .expect("rules")
        .rounds
        .iter()
        .map(|r| r.id)
        .collect();
    let mut other = plan.clone();
    // In a reveal by rounds the places are told with the last of the withheld marks: before that, and
    // before anything is told, the order of the end is nobody's to know.
    let places = |step: &Step| matches!(step, Step::Place { .. });
    let ordered = taken.iter().any(places) && !plan.steps[taken.len()..].iter().any(places);
    let placed = |team: TeamId| match plan.by {
        RevealBy::Round => ordered,
        RevealBy::Total => taken
            .iter()
            .any(|step| matches!(step, Step::Place { round: None, teams } if teams.contains(&team))),
    };
    for row in &mut other.rows {
        let mut whole = true;
        for (i, round) in rounds.iter().enumerate() {
            let base = plan
                .base
                .iter()
                .find(|base| base.team == row.team)
                .expect("a base row");
            if !told(row.team, *round) && base.marks[i].is_none() {
                whole &= row.marks[i].is_none();
                row.marks[i] = row.marks[i].map(|mark| Points(mark.0 + 777_000));
            }
        }
        if !whole {
            row.total = row.total.map(|total| Points(total.0 + 999_000));
        }
        if !placed(row.team) {
            row.rank = row.rank.map(|rank| rank + 100);
            row.tied = !row.tied;
        }
    }
    // Those still to come, in another order before those who have their place.
    let (mut rest, done): (Vec<Standing>, Vec<Standing>) =
        other.rows.into_iter().partition(|row| !placed(row.team));
    rest.reverse();
    other.rows = rest.into_iter().chain(done).collect();
    for (i, award) in (0..).zip(&mut other.awards) {
        let announced = taken
            .iter()
            .any(|step| matches!(step, Step::Plate { award } if *award == i));
        if !announced {
            award.holders = vec![TeamId(1)];
        }
    }
    other
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What a step shows does not depend on anything that is told later.
    #[test]
    fn no_picture_knows_what_is_still_to_come(
        sheet in sheets(2..16),
        by in prop_oneof![Just(RevealBy::Total), Just(RevealBy::Round)],
        held in 0u32..4,
    ) {
        let mut play = Play::withheld(sheet.len(), &sheet, held, |rules| {
            rules.tie_breaks = vec![TieBreak::Decision];
        });
        play.decides_every_tie();
        play.begins(by);
        let plan = play.plan();
        for at in 0..plan.steps.len() as u32 {
            if matches!(plan.step(at), Step::Final) {
                break;
            }
            let other = censored(&play, &plan, at);
            prop_assert_eq!(
                bytes(&plan.picture(&play.contest, at)),
                bytes(&other.picture(&play.contest, at)),
                "step {} of {:?}", at, &plan.steps
            );
            let plates = |plan: &Plan| serde_json::to_string(&plan.plates(&play.contest, at)).expect("json");
            prop_assert_eq!(plates(&plan), plates(&other));
        }
    }

    /// Every team with a mark has its place told once, the last first, equals together; every prize
    /// that has holders is announced once, and an all-round prize not before its holders have their
    /// places; the last picture is the standings.
    #[test]
    fn everybody_is_told_once_and_prizes_follow(
        sheet in sheets(2..16),
        by in prop_oneof![Just(RevealBy::Total), Just(RevealBy::Round)],
        ties in prop_oneof![Just(Ties::Joint), Just(Ties::Consume)],
    ) {
        let play = Play::up_to_the_reveal(sheet.len(), &sheet, by, |rules| {
            rules.awards.iter_mut().for_each(|award: &mut AwardRule| award.ties = ties);
        });
        let plan = play.plan();
        let ranked: Vec<TeamId> = plan.rows.iter().filter(|row| row.rank.is_some()).map(|row| row.team).collect();
        if by == RevealBy::Total {
            let placed: Vec<TeamId> = plan.steps.iter().filter_map(|step| match step {
                Step::Place { teams, .. } => Some(teams.clone()),
                _ => None,
            }).flatten().collect();
            let mut sorted = placed.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), placed.len(), "nobody twice");
            prop_assert_eq!(placed.len(), ranked.len());
            let rank = |team: &TeamId| plan.rows.iter().find(|row| row.team == *team).and_then(|row| row.rank);
            prop_assert!(placed.windows(2).all(|pair| rank(&pair[0]) >= rank(&pair[1])));
            for (at, step) in plan.steps.iter().enumerate() {
                let Step::Plate { award } = step else { continue };
                let award = &plan.awards[*award as usize];
                if award.rule.by == AwardBy::Total {
                    let before = teams_of(&plan.steps[..at], |step| matches!(step, Step::Place { .. }));
                    prop_assert!(award.holders.iter().all(|team| before.contains(team)));
                }
            }
        }
        let mut announced: Vec<u32> = plan.steps.iter().filter_map(|step| match step {
            Step::Plate { award } => Some(*award),
            _ => None,
        }).collect();
        let count = announced.len();
        announced.sort_unstable();
        announced.dedup();
        prop_assert_eq!(count, announced.len());
        let held = (0..).zip(&plan.awards).filter(|(_, award)| !award.holders.is_empty());
        prop_assert_eq!(announced, held.map(|(at, _)| at).collect::<Vec<u32>>());
        let boards: Vec<Picture> = (0..plan.steps.len() as u32)
            .filter(|at| !matches!(plan.step(*at), Step::Plate { .. } | Step::Final))
            .map(|at| plan.picture(&play.contest, at))
            .collect();
        // Nobody is lost on the way, and the last board before the end stands as the standings do.
        for picture in &boards {
            let Picture::Board { rows, .. } = picture else { panic!("a board") };
            prop_assert_eq!(rows.len(), plan.rows.len());
        }
        // Where nothing was withheld the board stays what the hall knew, and the end tells the places.
        let moved = plan.steps.iter().any(|step| matches!(step, Step::Place { .. }));
        if let Some(Picture::Board { rows, .. }) = boards.last().filter(|_| moved) {
            let seen: Vec<_> = rows.iter().filter(|row| row.rank.is_some()).map(|row| (row.team, row.rank, row.total)).collect();
            let truth: Vec<_> = plan.rows.iter().filter(|row| row.rank.is_some()).map(|row| (row.team, row.rank, row.total)).collect();
            prop_assert_eq!(seen, truth);
        }
    }
}
