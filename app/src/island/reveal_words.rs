//! The words of a reveal for whoever leads it: what a step is, a hint, and the sentence to read out.

use contest::{
    Points,
    hall_view::{StepName, StepView, Told},
    reveal::Holder,
};

use crate::words::{Locale, td_string};
use crate::words_of;

/// A step by its name, for buttons and lists.
pub fn step_title(locale: Locale, step: &StepName) -> String {
    match step {
        StepName::Opening => td_string!(locale, host.step_opening).into(),
        StepName::Round { name } => td_string!(locale, host.step_round, round = name.as_str()),
        StepName::Lift { teams, .. } => td_string!(locale, host.step_lift, teams = teams.join(", ")),
        StepName::Marks { teams, .. } => td_string!(locale, host.step_marks, teams = teams.join(", ")),
        StepName::Place { teams, .. } => td_string!(locale, host.step_place, teams = teams.join(", ")),
        StepName::Plate { prize, teams } => {
            td_string!(
                locale,
                host.step_plate,
                prize = prize.as_str(),
                teams = teams.join(", ")
            )
        }
        StepName::Final => td_string!(locale, host.step_final).into(),
    }
}

/// Steps under one heading: a place of the standings, or a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGroup {
    /// `None` for a step that stands alone: the opening, a prize, the final board.
    pub heading: Option<String>,
    /// The numbers of the steps, from 0, and their names.
    pub steps: Vec<(u32, String)>,
}

/// All steps in their order, as a list to choose from.
pub fn step_groups(locale: Locale, steps: &[StepName]) -> Vec<StepGroup> {
    let mut groups: Vec<StepGroup> = Vec::new();
    // In a reveal by rounds the round that was announced last stands over what follows.
    let mut round: Option<String> = None;
    for (at, step) in (0..).zip(steps) {
        let title = step_title(locale, step);
        let heading = match step {
            StepName::Round { .. } => {
                round = Some(title.clone());
                round.clone()
            }
            StepName::Lift { rank, .. } | StepName::Marks { rank, .. } | StepName::Place { rank, .. } => rank
                .map(|rank| td_string!(locale, host.jump_rank, rank = rank))
                .or_else(|| round.clone()),
            StepName::Opening | StepName::Plate { .. } | StepName::Final => None,
        };
        match groups.last_mut() {
            Some(last) if last.heading == heading => last.steps.push((at, title)),
            _ => groups.push(StepGroup {
                heading,
                steps: vec![(at, title)],
            }),
        }
    }
    groups
}

/// In which language somebody speaks, and of whom: of teams, or of people who compete for themselves.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    pub locale: Locale,
    pub individuals: bool,
}

impl Voice {
    fn one(self) -> &'static str {
        match self.individuals {
            true => td_string!(self.locale, host.one_person),
            false => td_string!(self.locale, host.one_team),
        }
    }

    fn many(self) -> &'static str {
        match self.individuals {
            true => td_string!(self.locale, host.many_people),
            false => td_string!(self.locale, host.many_teams),
        }
    }

    /// "đội Xã Tân Bình", "thí sinh Nguyễn Thị Hạnh".
    fn named(self, name: &str) -> String {
        td_string!(self.locale, host.team, who = self.one(), name = plain(name))
    }
}

/// What to do at a step, beside reading it out.
pub fn hint(voice: Voice, step: &StepView) -> String {
    let locale = voice.locale;
    match step {
        StepView::Opening => td_string!(locale, host.hint_opening).into(),
        StepView::Round { .. } => td_string!(locale, host.hint_round).into(),
        StepView::Lift { .. } => td_string!(locale, host.hint_lift, who = voice.one()),
        StepView::Marks { .. } => td_string!(locale, host.hint_marks).into(),
        StepView::Place { .. } => td_string!(locale, host.hint_place).into(),
        StepView::Plate { plate, .. } if plate.holders.len() > 1 => {
            td_string!(locale, host.hint_joint, many = voice.many())
        }
        StepView::Plate { .. } => td_string!(locale, host.hint_plate, who = voice.one()),
        StepView::Final => td_string!(locale, host.hint_final).into(),
    }
}

/// The sentences to read out at a step.
pub fn script(voice: Voice, title: &str, step: &StepView) -> String {
    let locale = voice.locale;
    match step {
        StepView::Opening => td_string!(locale, host.say_opening, title = title),
        StepView::Round { name } => td_string!(locale, host.say_round, round = name.as_str()),
        StepView::Lift { teams, .. } => {
            let called: Vec<String> = teams.iter().map(|team| called(voice, team)).collect();
            td_string!(locale, host.say_lift, teams = joined(locale, &called))
        }
        StepView::Marks { teams, .. } => sentences(teams.iter().map(|told| marks(voice, told))),
        StepView::Place { teams, .. } => {
            sentences(teams.iter().map(|told| place(voice, told, teams.len() > 1)))
        }
        StepView::Plate { plate, points } => {
            let holders = plate.holders.iter().enumerate();
            let called: Vec<String> = holders
                .map(|(i, team)| with_points(voice, team, points.get(i).copied().flatten()))
                .collect();
            let (prize, teams) = (plate.name.as_str(), joined(locale, &called));
            if called.len() > 1 {
                td_string!(
                    locale,
                    host.say_joint,
                    prize = prize,
                    n = called.len(),
                    many = voice.many(),
                    teams = teams
                )
            } else {
                td_string!(locale, host.say_plate, prize = prize, teams = teams)
            }
        }
        StepView::Final => {
            td_string!(locale, host.say_final, title = title, many = voice.many())
        }
    }
}

/// A team as it is called: "đội Xã Tân Bình, đơn vị Ủy ban nhân dân xã Tân Bình".
fn called(voice: Voice, team: &Holder) -> String {
    let (locale, who) = (voice.locale, voice.one());
    let name = plain(&team.name);
    if team.unit.is_empty() || team.unit == team.name {
        voice.named(&team.name)
    } else {
        td_string!(
            locale,
            host.team_of,
            who = who,
            name = name,
            unit = team.unit.as_str()
        )
    }
}

fn with_points(voice: Voice, team: &Holder, points: Option<Points>) -> String {
    let locale = voice.locale;
    let team = called(voice, team);
    match points {
        Some(points) => {
            let points = words_of::points(locale, points);
            td_string!(locale, host.with_points, team = team, points = points)
        }
        None => team,
    }
}

/// A name without a leading "Đội": the sentence says the word itself.
fn plain(name: &str) -> &str {
    let rest = name.strip_prefix("Đội ").or_else(|| name.strip_prefix("đội "));
    rest.unwrap_or(name)
}

fn marks(voice: Voice, told: &Told) -> String {
    let locale = voice.locale;
    let marks = told.marks.iter().map(|(round, points)| {
        let points = words_of::points(locale, *points);
        td_string!(locale, host.mark, round = round.as_str(), points = points)
    });
    let mut parts: Vec<String> = marks.collect();
    if let Some(total) = told.total {
        let total = words_of::points(locale, total);
        parts.push(td_string!(locale, host.total, points = total));
    }
    let team = voice.named(&told.team.name);
    td_string!(locale, host.say_marks, team = team, marks = parts.join("; "))
}

fn place(voice: Voice, told: &Told, joint: bool) -> String {
    let locale = voice.locale;
    let Some(rank) = told.rank else {
        let team = voice.named(&told.team.name);
        return td_string!(locale, host.say_moved, team = team);
    };
    let team = with_points(voice, &told.team, told.total);
    if joint {
        td_string!(locale, host.say_place_joint, team = team, rank = rank)
    } else {
        td_string!(locale, host.say_place, team = team, rank = rank)
    }
}

/// "a", "a và b", "a; b và c".
fn joined(locale: Locale, parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => td_string!(locale, host.and, first = first.join("; "), last = last.as_str()),
    }
}

/// Sentences, each with a capital at its head.
fn sentences(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.map(|part| capital(&part)).collect();
    parts.join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use contest::{TeamId, reveal::Plate};

    const VI: Voice = Voice {
        locale: Locale::vi,
        individuals: false,
    };
    const EN: Voice = Voice {
        locale: Locale::en,
        ..VI
    };

    fn team(name: &str, unit: &str) -> Holder {
        Holder {
            team: TeamId(1),
            name: name.into(),
            unit: unit.into(),
        }
    }

    #[test]
    fn a_prize_is_read_out_with_team_unit_and_points() {
        let step = |holders: Vec<Holder>| StepView::Plate {
            points: holders.iter().map(|_| Some(Points(87_250))).collect(),
            plate: Plate {
                name: "Giải Ba".into(),
                round: None,
                place: Some(2),
                holders,
            },
        };
        let one = step(vec![team("Đội Hoa Sen", "xã Đất Cuốc")]);
        assert_eq!(
            script(VI, "Hội thi", &one),
            "Giải Ba thuộc về đội Hoa Sen, đơn vị xã Đất Cuốc, với 87,25 điểm."
        );
        assert_eq!(
            script(EN, "Contest", &one),
            "Giải Ba goes to team Hoa Sen of xã Đất Cuốc, with 87.25 points."
        );
        let two = step(vec![team("Hoa Sen", ""), team("Tân Bình", "Tân Bình")]);
        assert_eq!(
            script(VI, "Hội thi", &two),
            "Giải Ba được trao cho 2 đội: đội Hoa Sen, với 87,25 điểm và đội Tân Bình, với 87,25 điểm."
        );
    }

    #[test]
    fn who_competes_for_himself_is_no_team() {
        let people = Voice {
            individuals: true,
            ..VI
        };
        let step = StepView::Lift {
            round: None,
            teams: vec![team("Nguyễn Thị Hạnh", "xã Đất Cuốc")],
        };
        assert_eq!(
            script(people, "", &step),
            "Tiếp theo là kết quả của thí sinh Nguyễn Thị Hạnh, đơn vị xã Đất Cuốc."
        );
        assert_eq!(
            script(people, "Hội thi", &StepView::Final),
            "Trên đây là kết quả chung cuộc của Hội thi. Xin chúc mừng các thí sinh!"
        );
        assert_eq!(hint(people, &step), "Dòng của thí sinh sáng lên; dừng một nhịp.");
    }

    #[test]
    fn marks_and_places_are_whole_sentences() {
        let told = Told {
            team: team("Tân Bình", ""),
            marks: vec![("Tiểu phẩm".into(), Points(40_500))],
            total: Some(Points(87_250)),
            rank: Some(4),
        };
        let teams = vec![told];
        let marks = StepView::Marks {
            round: None,
            teams: teams.clone(),
        };
        assert_eq!(
            script(VI, "", &marks),
            "Đội Tân Bình: phần thi Tiểu phẩm 40,5 điểm; tổng cộng 87,25 điểm."
        );
        let place = StepView::Place { round: None, teams };
        assert_eq!(
            script(VI, "", &place),
            "Đội Tân Bình, với 87,25 điểm, xếp hạng 4."
        );
    }

    #[test]
    fn the_list_of_steps_is_grouped_by_place_or_by_round() {
        let of = |name: &str| vec![name.to_owned()];
        let three = |rank: Option<u32>, name: &str| {
            let teams = of(name);
            [
                StepName::Lift {
                    rank,
                    teams: teams.clone(),
                },
                StepName::Marks {
                    rank,
                    teams: teams.clone(),
                },
                StepName::Place { rank, teams },
            ]
        };
        let group = |heading: Option<&str>, steps: &[(u32, &str)]| StepGroup {
            heading: heading.map(str::to_owned),
            steps: steps.iter().map(|(at, name)| (*at, (*name).to_owned())).collect(),
        };

        let mut steps = vec![StepName::Opening];
        steps.extend(three(Some(2), "Tân Định"));
        steps.push(StepName::Plate {
            prize: "Giải Nhì".into(),
            teams: of("Tân Định"),
        });
        steps.push(StepName::Final);
        let places = [
            (1, "Gọi tên Tân Định"),
            (2, "Điểm của Tân Định"),
            (3, "Thứ hạng của Tân Định"),
        ];
        assert_eq!(
            step_groups(Locale::vi, &steps),
            [
                group(None, &[(0, "Mở đầu")]),
                group(Some("Hạng 2"), &places),
                group(None, &[(4, "Giải Nhì: Tân Định"), (5, "Bảng chung cuộc")]),
            ]
        );

        let mut steps = vec![StepName::Round {
            name: "Tiểu phẩm".into(),
        }];
        steps.extend(three(None, "Tân Định"));
        let by_round = step_groups(Locale::en, &steps);
        assert_eq!(by_round.len(), 1);
        assert_eq!(by_round[0].heading.as_deref(), Some("Round Tiểu phẩm"));
        assert_eq!(by_round[0].steps[3], (3, "Rank of Tân Định".to_owned()));
    }
}
