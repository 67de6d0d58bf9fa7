use super::*;

#[test]
fn a_form_left_alone_changes_nothing() {
    for template in Template::ALL {
        let rules = template.rules();
        assert_eq!(RulesForm::from(&rules).over(&rules, &Taken::default()), Ok(rules));
    }
}

#[test]
fn rounds_come_and_go_and_change_places() {
    let old = Template::G1.rules();
    let mut form = RulesForm::from(&old);
    form.rounds[0].order = "9".into();
    form.rounds[1].kind = String::new();
    form.ties = vec![String::new(), "round-3".into(), "criterion-3-5".into()];
    // The prize of the round that goes.
    form.awards.retain(|award| award.by != "round-2");
    form.rounds.push(RoundForm {
        kind: "exam".into(),
        name: "Vòng hai".into(),
        weight: "0,5".into(),
        maximum: "10".into(),
        ..RoundForm::default()
    });
    let new = form.over(&old, &Taken::default()).unwrap();
    let named: Vec<(u32, &str)> = new.rounds.iter().map(|r| (r.id.0, r.name.as_str())).collect();
    assert_eq!(named, [(3, "Thuyết trình"), (1, "Trắc nghiệm"), (4, "Vòng hai")]);
    assert_eq!(new.rounds[2].weight, 500);
    let criterion = TieBreak::Criterion {
        round: RoundId(3),
        criterion: 5,
    };
    assert_eq!(
        new.tie_breaks,
        [TieBreak::RoundMark { round: RoundId(3) }, criterion]
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    let old = Template::G1.rules();
    let mut form = RulesForm::from(&old);
    form.rounds[0].right = "một".into();
    assert_eq!(
        form.over(&old, &Taken::default()),
        Err(wrong("rounds[0][right]", Fault::NotANumber))
    );
}

/// What a form with one change comes to.
fn changed(change: impl FnOnce(&mut RulesForm)) -> Result<Rules, AppError> {
    let old = Template::G1.rules();
    let mut form = RulesForm::from(&old);
    change(&mut form);
    form.over(&old, &Taken::default())
}

#[test]
fn criteria_come_and_go_and_change_places() {
    let rules = changed(|form| {
        let rubric = &mut form.rounds[1].rubric;
        rubric[0].order = "9".into();
        rubric[1] = CriterionForm::default();
        rubric.push(CriterionForm {
            order: "1".into(),
            name: "Tác phong".into(),
            maximum: "12,5".into(),
            step: "0,5".into(),
            ..CriterionForm::default()
        });
    })
    .unwrap();
    let rubric = &rules.rounds[1].stage().unwrap().rubric;
    let lines: Vec<(u32, Points, Points)> = rubric
        .iter()
        .map(|line| (line.id, line.maximum, line.step))
        .collect();
    let quarter = Points(250);
    assert_eq!(
        lines,
        [
            (6, Points(12_500), Points(500)),
            (3, Points(10_000), quarter),
            (4, Points(7_500), quarter),
            (5, Points(5_000), quarter),
            (1, Points(15_000), quarter),
        ]
    );
}

#[test]
fn a_new_criterion_never_takes_the_number_of_one_that_has_marks() {
    let old = Template::G1.rules();
    let mut form = RulesForm::from(&old);
    form.rounds[1].rubric[4] = CriterionForm {
        name: "Mới".into(),
        maximum: "5".into(),
        ..CriterionForm::default()
    };
    let taken = Taken {
        criteria: BTreeMap::from([(RoundId(2), 8)]),
        ..Taken::default()
    };
    let rules = form.over(&old, &taken).unwrap();
    let ids: Vec<u32> = rules.rounds[1]
        .stage()
        .unwrap()
        .rubric
        .iter()
        .map(|line| line.id)
        .collect();
    assert_eq!(ids, [1, 2, 3, 4, 9]);
}

#[test]
fn the_usual_rubric_can_be_taken_and_a_stage_set() {
    let rules = changed(|form| {
        let round = &mut form.rounds[1];
        round.maximum = "100".into();
        round.rounding = "0,5".into();
        round.stage = StageForm {
            limit: "12:30".into(),
            warning: "11".into(),
            cut_off: "15".into(),
            overtime: "once".into(),
            overtime_by: "15".into(),
            overtime_points: "5".into(),
            judges: "trimmed".into(),
            trimmed_from: "5".into(),
            missing: "block".into(),
            spread: "20".into(),
            packs: "4".into(),
            show_confirmed: true,
            usual: "skit".into(),
            ..StageForm::default()
        };
    })
    .unwrap();
    let stage = rules.rounds[1].stage().unwrap();
    let total: Points = stage.rubric.iter().map(|line| line.maximum).sum();
    assert_eq!((stage.rubric.len(), total), (5, Points::whole(100)));
    assert_eq!((stage.time.limit, stage.time.warning), (750_000, 660_000));
    assert_eq!(stage.time.cut_off, Some(900_000));
    assert_eq!(stage.judges, contest::rules::Judges::Trimmed { from: 5 });
    assert_eq!(stage.rounding.step, Points(500));
}

#[test]
fn what_cannot_stand_is_told_at_its_place() {
    let at = |place: &str, fault, change: &dyn Fn(&mut RulesForm)| {
        assert_eq!(changed(change), Err(wrong(place, fault)), "{place}");
    };
    at("rounds[1][rubric][2][step]", Fault::OutOfRange, &|form| {
        form.rounds[1].rubric[2].step = "11".into();
    });
    at("rounds[1][rubric][0][maximum]", Fault::Empty, &|form| {
        form.rounds[1].rubric[0].maximum.clear();
    });
    at("rounds[2][stage][warning]", Fault::OutOfRange, &|form| {
        form.rounds[2].stage.warning = "8".into();
    });
    at("rounds[2][stage][limit]", Fault::NotANumber, &|form| {
        form.rounds[2].stage.limit = "bảy".into();
    });
    at("rounds[2][name]", Fault::Duplicate, &|form| {
        form.rounds[2].name = "Tiểu phẩm".into();
    });
    at("ties[1]", Fault::Duplicate, &|form| {
        form.ties = vec!["seconds".into(), "seconds".into()];
    });
    at("ties[0]", Fault::Unknown, &|form| form.rounds[1].kind.clear());
    at("awards[5][by]", Fault::Duplicate, &|form| {
        form.ties.clear();
        form.rounds[2].kind.clear();
    });
    at("awards[1][places]", Fault::OutOfRange, &|form| {
        form.awards[1].places = "0".into();
    });
    at("final_from", Fault::Unknown, &|form| {
        form.final_from = "1".into();
        form.final_teams = "6".into();
    });
    at("appeal_hours", Fault::OutOfRange, &|form| {
        form.appeal_hours = "721".into()
    });
    at("rounds[0][minutes]", Fault::OutOfRange, &|form| {
        form.rounds[0].minutes = "0".into();
    });
}
