//! Files that organizers import: a bank whose key the test knows, and teams.

use contest::paper::{Sheet, Shown};
use contest::question::Choice;

/// A question of which the test knows the answer.
#[derive(Clone, Debug)]
pub struct Known {
    pub text: String,
    pub options: Vec<String>,
    pub right: usize,
    /// A second right option, if there are two.
    pub also: Option<usize>,
    pub topic: String,
    pub level: String,
    pub source: String,
}

impl Known {
    /// The right options.
    pub fn rights(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.right).chain(self.also)
    }
}

/// A bank of questions with its key.
#[derive(Clone, Debug)]
pub struct Bank(pub Vec<Known>);

impl Bank {
    /// `count` questions of four options each; which is right is told by `key` from the question's place.
    pub fn with_key(count: usize, key: impl Fn(usize) -> usize) -> Self {
        let levels = ["nhan_biet", "thong_hieu", "van_dung", "van_dung_cao"];
        let question = |i: usize| Known {
            text: format!("Câu hỏi số {i} về công tác dân vận là gì?"),
            options: (0..4).map(|o| format!("Phương án {o} của câu {i}")).collect(),
            right: key(i) % 4,
            also: None,
            topic: format!("Chuyên đề {}", i % 3 + 1),
            level: levels[i % 4].to_owned(),
            source: format!("Căn cứ {i}"),
        };
        Self((0..count).map(question).collect())
    }

    /// `count` questions with some key.
    pub fn of(count: usize) -> Self {
        Self::with_key(count, |i| i * 7 + 3)
    }

    /// The same questions, each with two right options.
    #[must_use]
    pub fn with_two_right(mut self) -> Self {
        for question in &mut self.0 {
            question.also = Some((question.right + 1) % question.options.len());
        }
        self
    }

    /// As an organizer's file.
    pub fn csv(&self) -> Vec<u8> {
        let mut text = "Câu hỏi,A,B,C,D,Đáp án,Chủ đề,Mức độ,Căn cứ\n".to_owned();
        for question in &self.0 {
            let mut cells = vec![question.text.clone()];
            cells.extend(question.options.iter().cloned());
            let letters = question
                .rights()
                .map(|right| char::from(b'A' + right as u8).to_string());
            cells.push(letters.collect::<Vec<_>>().join(","));
            cells.extend([
                question.topic.clone(),
                question.level.clone(),
                question.source.clone(),
            ]);
            text.push_str(&row(&cells));
        }
        text.into_bytes()
    }

    /// The question that is shown.
    ///
    /// # Panics
    /// When it is none of this bank.
    pub fn known(&self, shown: &Shown) -> &Known {
        let known = self.0.iter().find(|known| known.text == shown.text);
        known.unwrap_or_else(|| panic!("not of this bank: {}", shown.text))
    }

    /// The right choice, as shown.
    ///
    /// # Panics
    /// When the paper lacks it.
    pub fn right(&self, sheet: &Sheet, place: u16) -> Choice {
        let shown = &sheet.questions[usize::from(place)];
        let known = self.known(shown);
        let places: Vec<u8> = known
            .rights()
            .map(|right| {
                let at = shown
                    .options
                    .iter()
                    .position(|option| *option == known.options[right]);
                u8::try_from(at.expect("the right option is on the paper")).expect("few options")
            })
            .collect();
        Choice::of(&places)
    }

    /// A wrong choice, as shown.
    pub fn wrong(&self, sheet: &Sheet, place: u16) -> Choice {
        let right = self.right(sheet, place).list()[0];
        Choice::only((right + 1) % sheet.questions[usize::from(place)].options.len() as u8)
    }
}

/// A team, its unit, and its members' names.
#[derive(Clone, Debug)]
pub struct Team {
    pub name: String,
    pub unit: String,
    pub members: Vec<String>,
}

/// `teams` teams of `members` each. Numbers are given: 101, 102, … for the first team, 201, … for the second.
pub fn teams(teams: usize, members: usize) -> Vec<Team> {
    (1..=teams)
        .map(|t| Team {
            name: format!("Đội xã {t}"),
            unit: format!("Đơn vị {t}"),
            members: (1..=members).map(|m| format!("Nguyễn Văn {t} {m}")).collect(),
        })
        .collect()
}

/// As an organizer's file.
pub fn teams_csv(teams: &[Team]) -> Vec<u8> {
    let mut text = "Đội thi,Đơn vị,Họ và tên,SBD,Chức vụ\n".to_owned();
    for (t, team) in teams.iter().enumerate() {
        for (m, member) in team.members.iter().enumerate() {
            let sbd = format!("{}", (t + 1) * 100 + m + 1);
            text.push_str(&row(&[
                team.name.clone(),
                team.unit.clone(),
                member.clone(),
                sbd,
                "Cán bộ".to_owned(),
            ]));
        }
    }
    text.into_bytes()
}

fn row(cells: &[String]) -> String {
    let quoted: Vec<String> = cells
        .iter()
        .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
        .collect();
    format!("{}\n", quoted.join(","))
}
