//! Papers: what the blueprint asks, from a seed.

use super::*;

#[test]
fn overlapping_cells_are_filled_whenever_they_can_be() {
    // Level cells first would starve the topic cell without moving questions between cells.
    let cells = vec![
        Cell {
            topic: None,
            level: Some(Level::VanDung),
            count: 2,
        },
        Cell {
            topic: Some("Dân vận".into()),
            level: None,
            count: 3,
        },
    ];
    let blueprint = Blueprint { cells };
    // Of 6 questions: 0, 3 are van_dung; 1, 3, 5 are "Dân vận".
    let short = paper::shortages(&blueprint, &bank(6));
    assert_eq!(
        (short.len(), short[0].wanted - short[0].found),
        (1, 1),
        "five wanted of four usable: {short:?}"
    );
    assert_eq!(
        paper::shortages(&blueprint, &bank(7)),
        vec![],
        "0 and 6 for the level, 1 3 5 for the topic"
    );
}

/// The same seed gives the same paper for ever: this paper was printed by the first version.
#[test]
fn the_same_seed_gives_the_same_paper_for_ever() {
    let rules = match &Template::G9.rules().rounds[0].kind {
        RoundKind::Exam(exam) => exam.clone(),
        RoundKind::Stage(_) => panic!("an exam"),
    };
    let seed = "00".repeat(32);
    let bank = bank(40);
    let paper = Builder::new(&bank, &rules, &seed).paper(1);
    insta::assert_json_snapshot!(paper);
}

proptest! {
    #[test]
    fn every_paper_has_what_the_blueprint_asks_and_its_options_all_once(
        seed in any::<[u8; 32]>(), index in 0u32..2000, same in any::<bool>(), personal in any::<bool>(),
    ) {
        let bank = bank(60);
        let mut rules = match &Template::G9.rules().rounds[0].kind { RoundKind::Exam(e) => e.clone(), RoundKind::Stage(_) => unreachable!() };
        rules.same_questions = same;
        rules.papers = if personal { Papers::Personal } else { Papers::Variants(99) };
        rules.blueprint = Blueprint { cells: vec![
            Cell { topic: Some("Dân vận".into()), level: Some(Level::NhanBiet), count: 5 },
            Cell { topic: None, level: Some(Level::VanDung), count: 4 },
            Cell { topic: Some("Dân chủ ở cơ sở".into()), level: None, count: 6 },
        ] };
        let seed = crate::ident::hex(&seed);
        let paper = Builder::new(&bank, &rules, &seed).paper(index);
        prop_assert_eq!(&paper, &Builder::new(&bank, &rules, &seed).paper(index));
        let questions: BTreeSet<u16> = paper.items.iter().map(|item| item.question).collect();
        prop_assert_eq!((questions.len(), paper.items.len()), (15, 15));
        let of = |topic: &str, level: Option<Level>| questions.iter().filter(|q| {
            let question = &bank.questions[usize::from(**q)];
            question.topic == topic && level.is_none_or(|l| l == question.level)
        }).count();
        prop_assert!(of("Dân vận", Some(Level::NhanBiet)) >= 5);
        prop_assert!(of("Dân chủ ở cơ sở", None) >= 6);
        for item in &paper.items {
            let mut options = item.options.clone();
            options.sort_unstable();
            prop_assert_eq!(options, vec![0, 1, 2, 3]);
            for bits in 0..16u8 {
                prop_assert_eq!(item.unshuffle(item.shuffle(Choice(bits))), Choice(bits));
            }
        }
    }
}
