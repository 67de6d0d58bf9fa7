//! The ledger: altered, missing, forged and replayed entries.

use super::*;

#[test]
fn an_altered_a_missing_and_a_foreign_entry_are_named() {
    let mut play = Play::new(Template::G1);
    play.teams(&["A", "B", "C"]);
    let id = play.contest.id.clone();
    assert_eq!(ledger::replay(&id, play.ledger.clone()), Ok(play.contest.clone()));
    let mut altered = play.ledger.clone();
    altered[2].body = altered[2].body.replace("\"B\"", "\"Đ\"");
    assert_eq!(ledger::replay(&id, altered).expect_err("broken").seq, 3);
    let mut missing = play.ledger.clone();
    missing.remove(1);
    assert_eq!(ledger::replay(&id, missing).expect_err("broken").seq, 2);
    let other = "khac".parse().expect("a name");
    assert_eq!(
        ledger::replay(&other, play.ledger.clone())
            .expect_err("broken")
            .seq,
        1
    );
}

#[test]
fn a_draw_that_does_not_follow_from_its_seed_is_found_even_in_a_sound_chain() {
    let mut play = Play::ready(rules(1), 5);
    let packs = DrawOf::Packs;
    let commitment = draw::commitment(SEED);
    play.act(
        SECRETARY,
        StageAct::SealDraw {
            of: packs,
            commitment,
            reason: None,
        },
    );
    let seed = SEED.to_owned();
    play.act(SECRETARY, StageAct::OpenDraw { of: packs, seed });
    let id = play.contest.id.clone();
    assert_eq!(
        ledger::verify(&id, play.ledger.clone()).as_ref(),
        Ok(&play.contest)
    );

    // Whoever has the file can write the chain anew behind what he changed.
    let forged = |change: &dyn Fn(&mut StageFact)| {
        let mut contest = Contest::new(id.clone());
        let forge = |sealed: &Sealed| {
            let mut entry: Entry = serde_json::from_str(&sealed.body).expect("an entry");
            if let Event::Stage { fact, .. } = &mut entry.event {
                change(fact);
            }
            let sealed = entry.seal(&contest.head);
            ledger::follow(&mut contest, &sealed).expect("chained");
            sealed
        };
        let chain: Vec<Sealed> = play.ledger.iter().map(forge).collect();
        assert!(ledger::replay(&id, chain.clone()).is_ok());
        ledger::verify(&id, chain).map(|contest| contest.seq)
    };
    let opened = |fact: &StageFact, which| matches!(fact, StageFact::DrawOpened { of, .. } if *of == which);
    let at = |which| {
        let is = |sealed: &&Sealed| {
            let entry: Entry = serde_json::from_str(&sealed.body).expect("an entry");
            matches!(&entry.event, Event::Stage { fact, .. } if opened(fact, which))
        };
        play.ledger.iter().find(is).expect("drawn").seq
    };
    let broken = |which| {
        let why = ledger::Why::Draw;
        Err(ledger::Broken { seq: at(which), why })
    };
    assert_eq!(forged(&|_| {}), Ok(play.contest.seq));
    let turned = forged(&|fact| {
        if let StageFact::DrawOpened { order, .. } = fact {
            order.reverse();
        }
    });
    assert_eq!(turned, broken(DrawOf::Order));
    let repacked = forged(&|fact| {
        if let StageFact::DrawOpened { packs, .. } = fact {
            packs.iter_mut().for_each(|(_, pack)| *pack = 1);
        }
    });
    assert_eq!(repacked, broken(DrawOf::Packs));
    // A seed chosen afterwards, with the draw that it does give: the seal is another.
    let chosen = "00".repeat(32);
    let teams: Vec<TeamId> = (1..=5).map(TeamId).collect();
    let other = forged(&|fact| {
        if let StageFact::DrawOpened {
            seed,
            order,
            of: DrawOf::Order,
            ..
        } = fact
        {
            seed.clone_from(&chosen);
            *order = draw::order(&chosen, &id, ROUND, &teams);
        }
    });
    assert_eq!(other, broken(DrawOf::Order));
}

#[test]
fn replaying_the_ledger_gives_the_same_contest_byte_for_byte() {
    let mut play = Play::ready(rules(2), 4);
    for team in 1..=4 {
        play.all_mark(ROUND, team, i64::from(team) * 1_000);
    }
    play.confirms(ROUND);
    let again = ledger::replay(&play.contest.id, play.ledger.clone()).expect("sound");
    let bytes =
        |contest: &Contest| serde_json::to_vec(&standings(contest, |r, t| contest.mark(r, t))).expect("json");
    assert_eq!(again, play.contest);
    let whole = |contest: &Contest| serde_json::to_vec(contest).expect("json");
    assert_eq!(whole(&again), whole(&play.contest));
    assert_eq!(bytes(&again), bytes(&play.contest));
}
