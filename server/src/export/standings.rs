//! The standings as a file: refused while they are not final, or marked as a draft all over.

use app::words::{Locale, td_string};
use app::words_of;
use contest::audience::Board;
use contest::freeze::{NotFinal, not_final};
use contest::standing::standings;
use contest::{Contest, Points};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};

/// A table of standings, ready to be written down.
#[derive(Debug)]
pub(crate) struct Standings {
    title: String,
    /// The hosts, a line each.
    hosts: Vec<String>,
    /// Why it is a draft, in words; empty when it is final.
    reasons: Vec<String>,
    /// The names of the rounds.
    rounds: Vec<String>,
    rows: Vec<Row>,
    locale: Locale,
}

#[derive(Debug)]
struct Row {
    rank: Option<u32>,
    team: String,
    unit: String,
    marks: Vec<Option<Points>>,
    total: Option<Points>,
}

impl Standings {
    /// The standings as the committee has them. Those that are not final only as a draft.
    ///
    /// # Errors
    /// Every reason why they are not final, unless a draft will do.
    pub(crate) fn of(contest: &Contest, locale: Locale, draft: bool) -> Result<Self, Vec<NotFinal>> {
        let rows = standings(contest, |round, team| contest.mark(round, team));
        let rows = rows.into_iter().filter_map(|row| {
            let team = contest.teams.get(&row.team)?;
            Some(Row {
                rank: row.rank,
                team: team.name.clone(),
                unit: team.unit.clone(),
                marks: row.marks,
                total: row.total,
            })
        });
        let rounds = contest.rules().map_or(&[][..], |rules| &rules.rounds);
        let rounds = rounds.iter().map(|round| round.name.clone()).collect();
        Self::new(contest, locale, draft, rounds, rows.collect())
    }

    /// The standings as the public sees them on the board.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(crate) fn of_board(
        contest: &Contest,
        board: &Board,
        locale: Locale,
        draft: bool,
    ) -> Result<Self, Vec<NotFinal>> {
        let rows = board.rows.iter().map(|row| Row {
            rank: row.rank,
            team: row.name.clone(),
            unit: row.unit.clone(),
            marks: row.marks.clone(),
            total: row.total,
        });
        let rounds = board.rounds.iter().map(|round| round.name.clone());
        Self::new(contest, locale, draft, rounds.collect(), rows.collect())
    }

    fn new(
        contest: &Contest,
        locale: Locale,
        draft: bool,
        rounds: Vec<String>,
        rows: Vec<Row>,
    ) -> Result<Self, Vec<NotFinal>> {
        let why = not_final(contest);
        if !why.is_empty() && !draft {
            return Err(why);
        }
        Ok(Self {
            title: contest.details.name.clone(),
            hosts: contest.details.hosts.clone(),
            reasons: why
                .iter()
                .map(|why| words_of::not_final(locale, why, contest))
                .collect(),
            rounds,
            rows,
            locale,
        })
    }

    /// The first lines of a draft: what it is, and why. Nothing for final standings.
    fn watermark(&self) -> Vec<String> {
        if self.reasons.is_empty() {
            return vec![];
        }
        let draft = td_string!(self.locale, standings.draft).to_owned();
        [draft].into_iter().chain(self.reasons.iter().cloned()).collect()
    }

    /// What a draft's file name ends in; empty for final standings.
    pub(crate) fn suffix(&self) -> &'static str {
        if self.reasons.is_empty() {
            ""
        } else {
            td_string!(self.locale, standings.draft_file)
        }
    }

    fn header(&self) -> Vec<String> {
        let locale = self.locale;
        let mut header = vec![
            td_string!(locale, standings.rank).to_owned(),
            td_string!(locale, standings.team).to_owned(),
            td_string!(locale, standings.unit).to_owned(),
        ];
        header.extend(self.rounds.iter().cloned());
        header.push(td_string!(locale, standings.total).to_owned());
        header
    }

    /// As a workbook. Every word is written as text, so that no name is ever a formula.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub(crate) fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(td_string!(self.locale, standings.sheet))?;
        let header = self.header();
        let last = u16::try_from(header.len() - 1).unwrap_or(u16::MAX);
        let title = Format::new()
            .set_bold()
            .set_font_size(14)
            .set_align(FormatAlign::Center)
            .set_text_wrap();
        let warning = Format::new()
            .set_bold()
            .set_font_size(16)
            .set_font_color(Color::RGB(0xB0_00_20))
            .set_background_color(Color::RGB(0xFF_F1_C2))
            .set_align(FormatAlign::Center)
            .set_text_wrap();
        let mut at = 0;
        for line in self.watermark() {
            sheet.merge_range(at, 0, at, last, &line, &warning)?;
            at += 1;
        }
        if at > 0 {
            // On every printed page, wherever it is cut.
            let words = td_string!(self.locale, standings.draft);
            sheet.set_header(format!("&C&B{words}"));
            sheet.set_footer(format!("&C&B{words}"));
        }
        let name = td_string!(self.locale, standings.title).to_owned();
        for line in self.hosts.iter().chain([&self.title, &name]) {
            sheet.merge_range(at, 0, at, last, line, &title)?;
            at += 1;
        }
        at += 1;
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center);
        for (column, words) in (0..).zip(&header) {
            sheet.write_string_with_format(at, column, words, &head)?;
        }
        for row in &self.rows {
            at += 1;
            if let Some(rank) = row.rank {
                sheet.write_number(at, 0, rank)?;
            }
            sheet.write_string(at, 1, &row.team)?;
            sheet.write_string(at, 2, &row.unit)?;
            for (column, points) in (3..).zip(row.marks.iter().chain([&row.total])) {
                if let Some(points) = points {
                    sheet.write_number(at, column, points.0 as f64 / 1000.0)?;
                }
            }
        }
        sheet.set_column_width(1, 32)?;
        sheet.set_column_width(2, 32)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        book.save_to_buffer()
    }

    /// As CSV. The mark of byte order makes Excel read Vietnamese.
    pub(crate) fn csv(&self) -> String {
        let points = |points: &Option<Points>| points.map(|p| p.english()).unwrap_or_default();
        let rows = self.rows.iter().map(|row| {
            let mut cells = vec![
                row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
                row.team.clone(),
                row.unit.clone(),
            ];
            cells.extend(row.marks.iter().chain([&row.total]).map(points));
            cells
        });
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let lines = self.watermark().into_iter().map(|line| vec![line]);
        for record in lines.chain([self.header()]).chain(rows) {
            // Writing to memory does not fail.
            let _ = writer.write_record(record.iter().map(|cell| plain(cell)));
        }
        let text = writer.into_inner().unwrap_or_default();
        format!("\u{feff}{}", String::from_utf8_lossy(&text))
    }
}

/// Text that a spreadsheet does not take for a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(reasons: &[&str]) -> Standings {
        Standings {
            title: "Hội thi Dân vận khéo".into(),
            hosts: vec!["Ban Dân vận".into()],
            reasons: reasons.iter().map(|why| (*why).to_owned()).collect(),
            rounds: vec!["Trắc nghiệm".into()],
            rows: vec![Row {
                rank: Some(1),
                team: "=cmd|' /C calc'!A0".into(),
                unit: "Xã Bình Mỹ".into(),
                marks: vec![Some(Points(19_500))],
                total: None,
            }],
            locale: Locale::vi,
        }
    }

    #[test]
    fn a_formula_stays_a_name() {
        assert_eq!(plain("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(plain("Xã Bình Mỹ"), "Xã Bình Mỹ");
        let csv = table(&[]).csv();
        assert_eq!(
            csv,
            "\u{feff}Hạng,Đội thi,Đơn vị,Trắc nghiệm,Tổng điểm\n1,'=cmd|' /C calc'!A0,Xã Bình Mỹ,19.5,\n"
        );
        let book = table(&[]).xlsx().expect("a workbook");
        let sheet = part(&book, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>"), "{sheet}");
        assert!(
            sheet.contains("19.5") && !sheet.contains("headerFooter"),
            "{sheet}"
        );
        assert!(part(&book, "xl/sharedStrings.xml").contains("=cmd|"));
    }

    #[test]
    fn a_draft_says_so_all_over() {
        let draft = table(&["Còn khiếu nại."]);
        assert_eq!(draft.suffix(), "NHÁP");
        let csv = draft.csv();
        assert!(
            csv.starts_with("\u{feff}BẢN NHÁP – CHƯA PHẢI KẾT QUẢ CHÍNH THỨC\nCòn khiếu nại.\nHạng,"),
            "{csv}"
        );
        let book = draft.xlsx().expect("a workbook");
        let strings = part(&book, "xl/sharedStrings.xml");
        assert!(
            strings.contains("BẢN NHÁP") && strings.contains("Còn khiếu nại."),
            "{strings}"
        );
        let sheet = part(&book, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<oddHeader>&amp;C&amp;BBẢN NHÁP"), "{sheet}");
    }

    fn part(book: &[u8], name: &str) -> String {
        use std::io::Read;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("a zip");
        let mut text = String::new();
        let mut file = archive.by_name(name).expect("such a part");
        file.read_to_string(&mut text).expect("text");
        text
    }
}
