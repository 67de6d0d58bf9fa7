//! Rubrics (bảng tiêu chí) of common practice, to begin from and to edit.

use crate::{Points, rules::Criterion};

/// A usual rubric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rubric {
    /// Tiểu phẩm, of 100.
    Skit,
    /// Thuyết trình, of 100.
    Presentation,
    /// Chào hỏi, of 20.
    Greeting,
    /// Xử lý tình huống, of 20.
    Situation,
    /// Năng khiếu, of 20.
    Talent,
}

impl Rubric {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Skit,
        Self::Presentation,
        Self::Greeting,
        Self::Situation,
        Self::Talent,
    ];

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skit => "skit",
            Self::Presentation => "presentation",
            Self::Greeting => "greeting",
            Self::Situation => "situation",
            Self::Talent => "talent",
        }
    }

    /// The rubric of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rubric| rubric.as_str() == name)
    }

    /// Its lines, numbered from 1, marked in quarters of a point.
    pub fn criteria(self) -> Vec<Criterion> {
        let lines: &[(&str, i64)] = match self {
            Self::Skit => &[
                ("Nội dung, thông điệp", 30),
                ("Xử lý tình huống", 25),
                ("Diễn xuất", 20),
                ("Dàn dựng, trang phục, đạo cụ", 15),
                ("Thời gian, kỷ luật", 10),
            ],
            Self::Presentation => &[
                ("Nội dung", 40),
                ("Bố cục, lập luận", 20),
                ("Phong cách trình bày", 20),
                ("Trả lời câu hỏi", 10),
                ("Thời gian", 10),
            ],
            Self::Greeting => &[
                ("Nội dung", 8),
                ("Sáng tạo", 6),
                ("Phong cách", 4),
                ("Thời gian", 2),
            ],
            Self::Situation => &[
                ("Đúng quy định, chủ trương", 8),
                ("Cách vận động, thuyết phục", 8),
                ("Trình bày", 4),
            ],
            Self::Talent => &[("Nội dung", 8), ("Kỹ thuật thể hiện", 8), ("Sáng tạo", 4)],
        };
        let line = |(id, (name, maximum)): (u32, &(&str, i64))| Criterion {
            id,
            name: (*name).into(),
            maximum: Points::whole(*maximum),
            step: Points(250),
        };
        (1..).zip(lines).map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_adds_up() {
        let total = |rubric: Rubric| -> Points { rubric.criteria().iter().map(|line| line.maximum).sum() };
        let totals = Rubric::ALL.map(|rubric| total(rubric).0 / 1000);
        assert_eq!(totals, [100, 100, 20, 20, 20]);
        assert!(
            Rubric::ALL
                .iter()
                .all(|rubric| Rubric::named(rubric.as_str()) == Some(*rubric))
        );
    }
}
