//! Ready-made rules from the gallery of real contests, to begin from and to edit.

use crate::rules::Rules;
use serde::{Deserialize, Serialize};

mod exams;
mod prizes;
mod rubrics;
mod stages;

pub use rubrics::Rubric;

/// A template of the rule gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Template {
    /// Bắc Tân Uyên 2023: exam, skit and presentation of teams, one total.
    G1,
    /// Nghệ An 2026, qualifier: 30 questions in 20 minutes, points and then fewer seconds.
    G2,
    /// Nghệ An 2026, final parts 2 and 3: two situations of 20, then a round of 100 points.
    G4,
    /// Hòa giải viên giỏi, Vĩnh Phúc 2023: introduction, drawn pack, skit.
    G5,
    /// Bí thư chi bộ giỏi, Hữu Lũng 2023: greeting, knowledge and situation, presentation.
    G7,
    /// Đắk Lắk 2022: knowledge 50, talent 20, grace 30; the best six go to a situation round.
    G8,
    /// Pháp luật học đường: 20 questions of 10 points, the best 15 by points and then time.
    G9,
    /// Bình Phước 2023: 18 teams, joint all-round prizes and prizes for each part.
    G10,
    /// Kbang 2024: 21 teams; first to third, five encouragement prizes, side prizes.
    G11,
    /// Thường Tín and Ba Vì 2024: four clusters, the first two of each to a final of eight.
    G12,
    /// Phú Yên 2015: four parts in 33 minutes in all, two of them by draw.
    G13,
}

impl Template {
    /// All templates, in the order of the gallery.
    pub const ALL: [Template; 11] = [
        Template::G1,
        Template::G2,
        Template::G4,
        Template::G5,
        Template::G7,
        Template::G8,
        Template::G9,
        Template::G10,
        Template::G11,
        Template::G12,
        Template::G13,
    ];

    /// The gallery's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Template::G1 => "G1",
            Template::G2 => "G2",
            Template::G4 => "G4",
            Template::G5 => "G5",
            Template::G7 => "G7",
            Template::G8 => "G8",
            Template::G9 => "G9",
            Template::G10 => "G10",
            Template::G11 => "G11",
            Template::G12 => "G12",
            Template::G13 => "G13",
        }
    }

    /// The template of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == name)
    }

    /// The rules to begin from.
    pub fn rules(self) -> Rules {
        let rules = match self {
            Template::G1 => stages::home_case(),
            Template::G2 => exams::qualifier(),
            Template::G4 => stages::situations_and_hundred(),
            Template::G5 => stages::mediators(),
            Template::G7 => stages::secretaries(),
            Template::G8 => stages::best_six(),
            Template::G9 => exams::school_law(),
            Template::G10 => stages::two_days(),
            Template::G11 => stages::side_prizes(),
            Template::G12 => stages::clusters(),
            Template::G13 => stages::four_parts(),
        };
        Rules {
            template: self.as_str().into(),
            ..rules
        }
    }
}
