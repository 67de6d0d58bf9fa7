//! A judge with a tablet, and a second implementation of its outbox: written from the protocol, not from
//! the island's code, so that one checks the other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use contest::stage_view::{JudgeView, OwnSheet};
use contest::{Points, RoundId, TeamId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::tablet::Tablet;
use crate::visitor::{Answer, Visitor};

/// What the house has acknowledged of marks: judge, round, team, criterion, revision.
type Marks = BTreeMap<(i64, u32, u32, u32, u32), Points>;

/// It must hold all of it, for ever.
#[derive(Clone, Debug, Default)]
pub struct MarkBook(Arc<Mutex<Marks>>);

impl MarkBook {
    fn note(&self, key: (i64, u32, u32, u32, u32), points: Points) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.insert(key, points);
    }

    pub fn all(&self) -> Marks {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Deserialize)]
struct Kept {
    receipts: Vec<Receipt>,
}

#[derive(Deserialize)]
struct Receipt {
    k: u32,
    r: u32,
    refused: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    revision: u32,
    points: Points,
    sent: bool,
}

/// A judge before the sheet of one team.
#[derive(Clone, Debug)]
pub struct JudgeTablet {
    pub visitor: Visitor,
    pub code: String,
    pub person: i64,
    pub round: RoundId,
    pub team: TeamId,
    book: MarkBook,
    lines: BTreeMap<u32, Line>,
    online: bool,
}

impl JudgeTablet {
    /// A new device that enters by the code.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn enters(base: &str, code: &str, book: &MarkBook) -> Result<Self> {
        let (visitor, answer) = Tablet::tries(base, code).await?;
        answer.ok().with_context(|| format!("entering by {code}"))?;
        let view: JudgeView = visitor.get("/api/cham").await?.ok()?.json()?;
        Ok(Self {
            visitor,
            code: code.to_owned(),
            person: view.judge.0,
            round: RoundId(2),
            team: TeamId(1),
            book: book.clone(),
            lines: BTreeMap::new(),
            online: true,
        })
    }

    /// Another team's sheet is laid on the table.
    pub fn turns_to(&mut self, team: TeamId) {
        if self.team != team {
            self.team = team;
            self.lines.clear();
        }
    }

    /// What the tablet shows now.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn view(&self) -> Result<JudgeView> {
        let path = format!("/api/cham?round={}&team={}", self.round, self.team);
        self.visitor.get(&path).await?.ok()?.json()
    }

    /// The page is loaded again: unsent marks are in local storage still, the rest is asked for.
    ///
    /// # Errors
    /// When it is refused, or there is no sheet.
    pub async fn loads(&mut self) -> Result<OwnSheet> {
        let sheet = self.view().await?.sheet.context("a sheet")?;
        for (criterion, held) in &sheet.marks {
            let Some(held) = held else { continue };
            let line = self.lines.get(criterion).copied();
            // What was written here and is newer stands; else what the house has.
            if line.is_none_or(|line| line.revision <= held.revision)
                && let Some(points) = held.points
            {
                let line = Line {
                    revision: held.revision,
                    points,
                    sent: true,
                };
                self.lines.insert(*criterion, line);
            }
        }
        Ok(sheet)
    }

    /// Writes a mark; it stays on the tablet until the house has it.
    pub fn writes(&mut self, criterion: u32, points: Points) {
        let revision = self.lines.get(&criterion).map_or(0, |line| line.revision) + 1;
        let line = Line {
            revision,
            points,
            sent: false,
        };
        self.lines.insert(criterion, line);
    }

    /// How many marks wait for a receipt.
    pub fn unsent(&self) -> usize {
        self.lines.values().filter(|line| !line.sent).count()
    }

    /// Sends what waits. Without the house it goes on waiting.
    ///
    /// # Errors
    /// When the house refuses a mark.
    pub async fn flushes(&mut self) -> Result<()> {
        if !self.online || self.unsent() == 0 {
            return Ok(());
        }
        let waiting = self.lines.iter().filter(|(_, line)| !line.sent);
        let marks: Vec<Value> = waiting
            .map(|(criterion, line)| json!({"k": criterion, "r": line.revision, "p": line.points}))
            .collect();
        let packet = json!({"round": self.round, "team": self.team, "marks": marks});
        let Ok(answer) = self.visitor.post("/api/cham/marks", &packet).await else {
            return Ok(());
        };
        let kept: Kept = answer.ok()?.json()?;
        for receipt in kept.receipts {
            if let Some(why) = receipt.refused {
                bail!("criterion {}, revision {}: {why}", receipt.k, receipt.r);
            }
            let line = self.lines.get_mut(&receipt.k).context("a receipt for nothing")?;
            if line.revision == receipt.r {
                line.sent = true;
                let key = (self.person, self.round.0, self.team.0, receipt.k, receipt.r);
                self.book.note(key, line.points);
            }
        }
        Ok(())
    }

    /// The Wi-Fi is gone.
    pub fn loses_wifi(&mut self) {
        self.online = false;
    }

    /// The Wi-Fi is back.
    ///
    /// # Errors
    /// When the house refuses a mark.
    pub async fn returns(&mut self) -> Result<()> {
        self.online = true;
        self.flushes().await
    }

    /// Writes a whole sheet, criteria 1, 2, ...
    ///
    /// # Errors
    /// When the house refuses a mark.
    pub async fn fills(&mut self, marks: &[i64]) -> Result<()> {
        for (criterion, points) in (1..).zip(marks) {
            self.writes(criterion, Points(*points));
            self.flushes().await?;
        }
        Ok(())
    }

    /// Hands the sheet in.
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn hands_in(&mut self) -> Result<Answer> {
        self.flushes().await?;
        let packet = json!({"round": self.round, "team": self.team});
        self.visitor.post("/api/cham/hand-in", &packet).await
    }
}
