//! From a blueprint and a seed to papers: the same seed gives the same paper for ever.

use crate::ident::Digest;
use crate::intake::Level;
use crate::{
    question::{Choice, Frozen},
    rules::{Blueprint, Cell, ExamRules, Papers},
};
use rand::Rng;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// One paper (đề thi): which questions, in which order, with the options in which order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The paper code (mã đề) printed on it: from 101 for variants, from 10001 for personal ones.
    pub code: u32,
    pub items: Vec<Item>,
}

/// One question on a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its place in the frozen bank.
    #[serde(rename = "q")]
    pub question: u16,
    /// `options[shown]` is the option's place in the bank.
    #[serde(rename = "o")]
    pub options: Vec<u8>,
}

impl Item {
    /// What was chosen as shown, in the bank's order of options.
    pub fn unshuffle(&self, shown: Choice) -> Choice {
        Choice::of(
            &shown
                .list()
                .iter()
                .filter_map(|i| self.options.get(usize::from(*i)).copied())
                .collect::<Vec<_>>(),
        )
    }

    /// A set of the bank's options, as shown on this paper.
    pub fn shuffle(&self, bank: Choice) -> Choice {
        let shown = (0u8..)
            .zip(&self.options)
            .filter(|(_, option)| bank.has(**option));
        Choice::of(&shown.map(|(i, _)| i).collect::<Vec<_>>())
    }

    /// Whether every option in `shown` stands on the paper.
    pub fn offers(&self, shown: Choice) -> bool {
        shown.list().iter().all(|i| usize::from(*i) < self.options.len())
    }
}

/// A cell of the blueprint that the bank cannot fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    pub topic: Option<String>,
    pub level: Option<Level>,
    pub wanted: u32,
    /// So many could be found beside what the other cells take.
    pub found: u32,
}

/// The number of papers to build for `contestants` people.
pub fn count(papers: Papers, contestants: u32) -> u32 {
    match papers {
        Papers::Variants(n) => n,
        Papers::Personal => contestants,
    }
}

/// Which of `papers` variants the contestant in seat `seat` (from 0, in list order) gets:
/// neighbours get different ones.
pub fn dealt(papers: u32, seat: u32) -> u32 {
    if papers == 0 { 0 } else { seat % papers }
}

/// What the bank lacks for the blueprint; empty when every paper can be built. A blueprint without
/// questions lacks everything: it is answered as one shortage of nothing found.
pub fn shortages(blueprint: &Blueprint, bank: &Frozen) -> Vec<Shortage> {
    if blueprint.count() == 0 {
        return vec![Shortage {
            topic: None,
            level: None,
            wanted: 1,
            found: 0,
        }];
    }
    let order: Vec<u16> = (0..bank.questions.len() as u16).collect();
    let filled = fill(blueprint, bank, &order);
    let short = blueprint
        .cells
        .iter()
        .zip(filled)
        .filter(|(cell, found)| (found.len() as u32) < cell.count);
    short
        .map(|(cell, found)| Shortage {
            topic: cell.topic.clone(),
            level: cell.level,
            wanted: cell.count,
            found: found.len() as u32,
        })
        .collect()
}

fn takes(cell: &Cell, bank: &Frozen, question: u16) -> bool {
    let question = &bank.questions[usize::from(question)];
    cell.topic.as_ref().is_none_or(|topic| *topic == question.topic)
        && cell.level.is_none_or(|level| level == question.level)
}

/// Fills the cells as full as can be, preferring questions early in `order`. Cells may overlap
/// ("any level of topic A", "any topic of level B"), so this is a bipartite matching by augmenting
/// paths: a question moves to another cell when that makes room.
fn fill(blueprint: &Blueprint, bank: &Frozen, order: &[u16]) -> Vec<Vec<u16>> {
    let cells = &blueprint.cells;
    let mut owner: Vec<Option<usize>> = vec![None; bank.questions.len()];
    let mut filled: Vec<Vec<u16>> = vec![Vec::new(); cells.len()];
    for cell in 0..cells.len() {
        for _ in 0..cells[cell].count {
            let mut seen = vec![false; bank.questions.len()];
            if !place(cell, cells, bank, order, &mut owner, &mut seen) {
                break;
            }
        }
    }
    for question in order {
        if let Some(cell) = owner[usize::from(*question)] {
            filled[cell].push(*question);
        }
    }
    filled
}

fn place(
    cell: usize,
    cells: &[Cell],
    bank: &Frozen,
    order: &[u16],
    owner: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    let free = order
        .iter()
        .copied()
        .find(|q| owner[usize::from(*q)].is_none() && takes(&cells[cell], bank, *q));
    if let Some(question) = free {
        owner[usize::from(question)] = Some(cell);
        return true;
    }
    for question in order.iter().copied().filter(|q| takes(&cells[cell], bank, *q)) {
        let at = usize::from(question);
        let Some(other) = owner[at].filter(|other| *other != cell && !seen[at]) else {
            continue;
        };
        seen[at] = true;
        if place(other, cells, bank, order, owner, seen) {
            owner[at] = Some(cell);
            return true;
        }
    }
    false
}

/// Builds the papers of one round.
#[derive(Clone, Debug)]
pub struct Builder<'a> {
    bank: &'a Frozen,
    rules: &'a ExamRules,
    seed: &'a str,
    common: Option<Vec<u16>>,
}

impl<'a> Builder<'a> {
    /// `seed` is the hexadecimal seed of [`Prepared`](crate::exam::Prepared).
    pub fn new(bank: &'a Frozen, rules: &'a ExamRules, seed: &'a str) -> Self {
        let mut builder = Self {
            bank,
            rules,
            seed,
            common: None,
        };
        if rules.same_questions {
            builder.common = Some(builder.draw("questions"));
        }
        builder
    }

    /// The paper number `index`, from 0.
    pub fn paper(&self, index: u32) -> Paper {
        let mut questions = match &self.common {
            Some(common) => common.clone(),
            None => self.draw(&format!("questions {index}")),
        };
        let mut rng = self.stream(&format!("order {index}"));
        questions.sort_unstable();
        if self.rules.shuffle_questions {
            mix(&mut questions, &mut rng);
        }
        let items = questions
            .into_iter()
            .map(|question| {
                let options = self.bank.questions[usize::from(question)].options.len() as u8;
                let mut options: Vec<u8> = (0..options).collect();
                if self.rules.shuffle_options {
                    mix(&mut options, &mut rng);
                }
                Item { question, options }
            })
            .collect();
        let first = if self.rules.papers == Papers::Personal {
            10_001
        } else {
            101
        };
        Paper {
            code: first + index,
            items,
        }
    }

    fn draw(&self, purpose: &str) -> Vec<u16> {
        let mut order: Vec<u16> = (0..self.bank.questions.len() as u16).collect();
        mix(&mut order, &mut self.stream(purpose));
        fill(&self.rules.blueprint, self.bank, &order).concat()
    }

    /// A stream of its own for each purpose, so that one more draw never shifts another.
    fn stream(&self, purpose: &str) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(sha2::Sha256::digest(format!("hoithi paper\n{}\n{purpose}", self.seed)).into())
    }
}

/// Shuffles by Fisher and Yates. Our own few lines, because a library may change how it samples
/// from one version to the next, and a stored seed must give the same paper for ever.
pub fn mix<T>(items: &mut [T], rng: &mut impl Rng) {
    for i in (1..items.len()).rev() {
        items.swap(i, below(i as u32 + 1, rng) as usize);
    }
}

/// A number below `n`, each equally likely: the surplus of 2^32 over a multiple of `n` is rejected.
fn below(n: u32, rng: &mut impl Rng) -> u32 {
    let limit = u32::MAX - (u32::MAX % n + 1) % n;
    loop {
        let value = rng.next_u32();
        if value <= limit {
            return value % n;
        }
    }
}

/// A paper as its contestant sees it: nothing here tells which option is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub code: u32,
    pub questions: Vec<Shown>,
}

impl Sheet {
    /// Tells this paper from every other: what a tablet keeps of it lies under this word.
    pub fn sum(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        Digest::of(text.as_bytes()).0[..12].to_owned()
    }
}

/// One question on a [`Sheet`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    #[serde(rename = "t")]
    pub text: String,
    #[serde(rename = "o")]
    pub options: Vec<String>,
    /// Several options may be right. Says no more than the paper's instructions do.
    #[serde(rename = "m", default, skip_serializing_if = "std::ops::Not::not")]
    pub many: bool,
}

impl Paper {
    /// The paper in words.
    pub fn sheet(&self, bank: &Frozen) -> Sheet {
        let questions = self.items.iter().filter_map(|item| {
            let question = bank.questions.get(usize::from(item.question))?;
            Some(Shown {
                text: question.text.clone(),
                options: item
                    .options
                    .iter()
                    .filter_map(|o| question.options.get(usize::from(*o)).cloned())
                    .collect(),
                many: question.correct.len() > 1,
            })
        });
        Sheet {
            code: self.code,
            questions: questions.collect(),
        }
    }
}
