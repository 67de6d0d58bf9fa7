//! The words of an import: what a file of questions or teams turns into, and what can be wrong
//! with it. Reading files is the server's business; the browser needs these words for the preview.
//!
//! An import reports **every** problem at once. If there is a single one, nothing may be written.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Fewest options of a question.
pub const FEWEST_OPTIONS: usize = 2;
/// Most options of a question (columns `A` to `H`).
pub const MOST_OPTIONS: usize = 8;
/// Longest question text, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// Longest option, in characters.
pub const LONGEST_OPTION: usize = 1_000;
/// Longest legal source of a question, in characters.
pub const LONGEST_SOURCE: usize = 1_000;
/// Longest name of a topic, team, unit, kind, person or post, in characters.
pub const LONGEST_NAME: usize = 200;
/// Longest name of a cluster (cụm, khối, bảng), in characters.
pub const LONGEST_CLUSTER: usize = 60;
/// Longest candidate number (số báo danh), in characters.
pub const LONGEST_SBD: usize = 20;
/// Longest [`Problem::value`], in characters.
pub const LONGEST_VALUE: usize = 80;

/// How demanding a question is (mức độ), from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nhận biết: to recognise.
    NhanBiet,
    /// Thông hiểu: to understand.
    ThongHieu,
    /// Vận dụng: to apply.
    VanDung,
    /// Vận dụng cao: to apply in an unfamiliar case.
    VanDungCao,
}

impl Level {
    /// Every level, from the least demanding to the most.
    pub const ALL: [Level; 4] = [
        Level::NhanBiet,
        Level::ThongHieu,
        Level::VanDung,
        Level::VanDungCao,
    ];

    /// Reads a level as people write it: `Nhận biết`, `NB`, `nhan_biet`, `Mức độ 1`, whatever the
    /// case, accents and punctuation. `None` for anything else, the empty text included.
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
        let bare = folded
            .strip_prefix("mucdo")
            .or_else(|| folded.strip_prefix("muc"));
        match bare.unwrap_or(&folded) {
            "nhanbiet" | "biet" | "nb" | "1" => Some(Self::NhanBiet),
            "thonghieu" | "hieu" | "th" | "2" => Some(Self::ThongHieu),
            "vandung" | "vandungthap" | "vd" | "vdt" | "3" => Some(Self::VanDung),
            "vandungcao" | "vdc" | "4" => Some(Self::VanDungCao),
            _ => None,
        }
    }

    /// The word of the files and of the wire, for example `nhan_biet`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NhanBiet => "nhan_biet",
            Self::ThongHieu => "thong_hieu",
            Self::VanDung => "van_dung",
            Self::VanDungCao => "van_dung_cao",
        }
    }
}

/// A question read from a file and found sound. All texts are [`clean`].
///
/// A round freezes questions by the hash of this JSON: fields may be added, with
/// `skip_serializing_if`, but neither renamed nor moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionDraft {
    /// What is asked; 1 to [`LONGEST_TEXT`] characters.
    pub text: String,
    /// The options in the order of the file, [`FEWEST_OPTIONS`] to [`MOST_OPTIONS`], all different.
    pub options: Vec<String>,
    /// The right options: zero-based, ascending, at least one.
    pub correct: Vec<u8>,
    /// The topic (chủ đề) a blueprint draws from; never empty.
    pub topic: String,
    /// How demanding it is.
    pub level: Level,
    /// The article of law the answer rests on (căn cứ); may be empty.
    pub source: String,
}

impl QuestionDraft {
    /// Two drafts with equal keys are the same question: importing it again changes nothing.
    pub fn key(&self) -> String {
        key(&self.text)
    }
}

/// What a member is to the team (vai trò).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// Đội trưởng.
    Captain,
    /// Thành viên chính thức. Also what an empty cell means.
    #[default]
    Member,
    /// Dự bị.
    Reserve,
}

impl MemberRole {
    /// Reads a role as people write it; the empty text is a plain member, `None` is not understood.
    pub fn parse(text: &str) -> Option<Self> {
        match fold(text).as_str() {
            "" | "thanh vien" | "thanh vien chinh thuc" | "chinh thuc" | "member" | "official" => {
                Some(Self::Member)
            }
            "doi truong" | "truong doan" | "truong nhom" | "captain" => Some(Self::Captain),
            "du bi" | "thanh vien du bi" | "du khuyet" | "reserve" => Some(Self::Reserve),
            _ => None,
        }
    }
}

/// A team member read from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDraft {
    /// Full name as written, family name first.
    pub name: String,
    /// Candidate number (số báo danh), unique in the file, when the file gives one.
    pub sbd: Option<String>,
    /// Office held (chức vụ).
    pub post: Option<String>,
    /// Digits only, with a leading `+` if the file has one; never shown in public lists.
    pub phone: Option<String>,
    /// Captain, member or reserve.
    pub role: MemberRole,
}

/// A team read from a file, its members in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamDraft {
    /// Name of the team (đội thi).
    pub name: String,
    /// The unit (đơn vị) that sends it; the name of the team if the file says nothing else.
    pub unit: String,
    /// The cluster it competes in (khối, cụm, bảng), when the file gives one.
    pub kind: Option<String>,
    /// At least one member.
    pub members: Vec<MemberDraft>,
}

impl TeamDraft {
    /// Two drafts with equal keys are the same team.
    pub fn key(&self) -> String {
        key(&self.name)
    }
}

/// Declares the codes together with their words, so that neither can be forgotten.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What is wrong. The word is stable: locale files and scripts are keyed by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl ProblemCode {
            /// Every code, in the order of declaration; a locale file must have a sentence for each.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$name,)*];

            /// The word of the wire and of the locale keys.
            pub fn as_str(self) -> &'static str {
                match self { $(ProblemCode::$name => $word,)* }
            }
        }
    };
}

codes! {
    // --- the file as a whole; nothing of it was read -------------------------------------------
    /// No bytes at all, or nothing but blanks.
    EmptyFile = "empty_file",
    /// More bytes than accepted, packed or unpacked; `limit` is in bytes.
    TooLarge = "too_large",
    /// More parts in the package than any workbook needs; `limit` is their number.
    TooManyParts = "too_many_parts",
    /// Neither a workbook (.xlsx) nor text (.csv).
    NotAWorkbook = "not_a_workbook",
    /// An Excel 97-2003 workbook (.xls): save it as .xlsx.
    OldWorkbook = "old_workbook",
    /// A workbook with a password: save it without.
    Encrypted = "encrypted",
    /// A workbook that breaks off or contradicts itself.
    Damaged = "damaged",
    /// A text file in another encoding than UTF-8; the place is the first such line.
    NotUtf8 = "not_utf8",
    /// More sheets than accepted; `limit` is their number.
    TooManySheets = "too_many_sheets",
    /// More rows than accepted, all sheets together; `limit` is their number.
    TooManyRows = "too_many_rows",
    /// Something written beyond the last accepted column; `limit` is their number.
    TooManyColumns = "too_many_columns",

    // --- the header ---------------------------------------------------------------------------
    /// A column that must be there was not found; `value` is the heading to write.
    MissingHeader = "missing_header",
    /// Two columns claim to be the same; `see` is the first.
    DuplicateHeader = "duplicate_header",
    /// A header and nothing under it.
    NoRows = "no_rows",

    // --- one cell -----------------------------------------------------------------------------
    /// Longer than the column allows; `limit` is in characters.
    TooLong = "too_long",
    /// An invisible control character, or the mark of a letter lost in conversion.
    ControlCharacter = "control_character",
    /// A formula without a computed value: open and save the file in Excel, or write the value.
    Formula = "formula",
    /// A formula that ended in an error such as `#REF!`.
    CellError = "cell_error",

    // --- questions ----------------------------------------------------------------------------
    /// A row without a question text.
    EmptyText = "empty_text",
    /// An empty option before a filled one.
    MissingOption = "missing_option",
    /// Fewer than two options; `limit` is the fewest.
    TooFewOptions = "too_few_options",
    /// The same option twice; `see` is the first.
    DuplicateOption = "duplicate_option",
    /// No answer given.
    EmptyAnswer = "empty_answer",
    /// An answer that names none of the options.
    UnknownAnswer = "unknown_answer",
    /// An answer that means one option as a number or letter and another one as a text.
    AmbiguousAnswer = "ambiguous_answer",
    /// No topic given.
    EmptyTopic = "empty_topic",
    /// No level given, or none of the known ones.
    UnknownLevel = "unknown_level",
    /// The same question text as in an earlier row; `see` is that row.
    DuplicateQuestion = "duplicate_question",

    // --- teams --------------------------------------------------------------------------------
    /// A member before any team was named.
    MissingTeam = "missing_team",
    /// A row without the name of a member.
    MissingName = "missing_name",
    /// A team without members.
    NoMembers = "no_members",
    /// The same name twice in a team, not told apart by candidate numbers; `see` is the first.
    DuplicateMember = "duplicate_member",
    /// The same candidate number twice; `see` is the first.
    DuplicateSbd = "duplicate_sbd",
    /// A second captain of a team; `see` is the first.
    DuplicateCaptain = "duplicate_captain",
    /// A role that is neither captain, member nor reserve.
    UnknownRole = "unknown_role",
    /// Not a telephone number.
    BadPhone = "bad_phone",
    /// Another unit than an earlier row of the team; `see` is that row.
    ConflictingUnit = "conflicting_unit",
    /// Another kind (khối) than an earlier row of the team; `see` is that row.
    ConflictingKind = "conflicting_kind",

    // --- the report itself --------------------------------------------------------------------
    /// The last entry of a long report; `limit` is how many more problems there are.
    MoreProblems = "more_problems",
}

/// One thing wrong with a file: where, what, and the facts from which a sentence is built.
/// The sentence itself belongs to the locale files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `Câu hỏi!C12` for a cell, `Câu hỏi!12` for a row, `Câu hỏi` for a sheet, empty for the
    /// whole file. Rows count from 1 as Excel shows them; in a text file they are lines.
    pub place: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// The offending text, at most [`LONGEST_VALUE`] characters; may be empty. Untrusted.
    pub value: String,
    /// The earlier place this one clashes with, written like `place`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub see: String,
    /// The bound that was broken; the code says in which unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

impl Problem {
    /// A problem of `code` at `place`.
    pub fn new(place: impl Into<String>, code: ProblemCode) -> Self {
        Self {
            place: place.into(),
            code,
            value: String::new(),
            see: String::new(),
            limit: None,
        }
    }

    /// A problem of the whole file.
    pub fn of_file(code: ProblemCode) -> Self {
        Self::new("", code)
    }

    /// Names the offending text, shortened to [`LONGEST_VALUE`] characters.
    #[must_use]
    pub fn value(mut self, text: &str) -> Self {
        self.value = shorten(text, LONGEST_VALUE);
        self
    }

    /// Names the earlier place it clashes with.
    #[must_use]
    pub fn see(mut self, place: impl Into<String>) -> Self {
        self.see = place.into();
        self
    }

    /// Names the bound that was broken.
    #[must_use]
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }
}

/// What came of reading a file. The caller writes only if [`Intake::is_sound`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake<T> {
    /// The sound entries, in the order of the file.
    pub accepted: Vec<T>,
    /// Where each of them stands in the file, as [`Problem::place`] has it; empty for teams, whose
    /// rows need not stand together.
    #[serde(default)]
    pub places: Vec<String>,
    /// Everything wrong, in the order of the file.
    pub problems: Vec<Problem>,
    /// What is no problem but should be known before anything is written.
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// Something that was read and does not simply arrive as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Note {
    /// A column that nothing here has a use for.
    ColumnIgnored { place: String, heading: String },
    /// Members who lead their team: their office says so.
    Captains { count: u32 },
    /// Members who are enrolled as reserves: no paper is dealt to them.
    Reserves { count: u32 },
    /// Reserves in a contest where each competes for himself: they are not enrolled.
    ReservesLeftOut { count: u32 },
    /// Teams that come with a cluster.
    Clusters { count: u32 },
    /// A team that is registered in another cluster already, and stays there.
    ClusterKept { team: String, cluster: String },
    /// A question that is in the bank already with other options or another key: the bank stays.
    OtherAnswers { place: String, text: String },
    /// Telephone numbers: they are looked at and not kept, since nothing here needs them.
    PhonesNotKept { count: u32 },
}

impl Note {
    /// The word of the wire and of the locale keys.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::ColumnIgnored { .. } => "column_ignored",
            Self::Captains { .. } => "captains",
            Self::Reserves { .. } => "reserves",
            Self::ReservesLeftOut { .. } => "reserves_left_out",
            Self::Clusters { .. } => "clusters",
            Self::ClusterKept { .. } => "cluster_kept",
            Self::OtherAnswers { .. } => "other_answers",
            Self::PhonesNotKept { .. } => "phones_not_kept",
        }
    }

    /// Where in the file; empty when it is about the whole of it.
    pub fn place(&self) -> &str {
        match self {
            Self::ColumnIgnored { place, .. } | Self::OtherAnswers { place, .. } => place,
            _ => "",
        }
    }
}

impl<T> Intake<T> {
    /// No problem was found.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// The intake of a file of which nothing could be read.
    pub fn refused(problem: Problem) -> Self {
        Self {
            accepted: Vec::new(),
            places: Vec::new(),
            problems: vec![problem],
            notes: Vec::new(),
        }
    }
}

/// The letters of a zero-based column: 0 is `A`, 25 `Z`, 26 `AA`.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect()
}

/// Names a cell: `Câu hỏi!C12`. `row` counts from 1, `column` from 0.
pub fn cell_place(sheet: &str, row: u32, column: u32) -> String {
    format!("{sheet}!{}{row}", column_name(column))
}

/// Names a row: `Câu hỏi!12`. `row` counts from 1.
pub fn row_place(sheet: &str, row: u32) -> String {
    format!("{sheet}!{row}")
}

/// The first `most` characters of a text, the last of them an ellipsis if something was cut.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A text as it is kept: NFC, no blanks around, inner blanks (line ends and no-break spaces too)
/// made one space, invisible formatting dropped. Control characters stay, to be found by
/// [`is_broken`]; markup stays and is just text.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().filter(|c| !is_invisible(*c)).nfc() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Holds something that no one typed: a control character, or U+FFFD where a letter was lost.
pub fn is_broken(text: &str) -> bool {
    text.chars()
        .any(|c| (c.is_control() && !c.is_whitespace()) || c == '\u{fffd}')
}

/// Zero-width characters, soft hyphens and marks of writing direction: they come with copied web
/// pages, and two texts that look alike would differ.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

/// For **search** and for recognising headings: cleaned, lower case, without accents, `đ` as `d`.
/// `Hòa`, `hoà` and `HOA` are one. Too coarse to call two texts equal: use [`key`] for that.
pub fn fold(text: &str) -> String {
    clean(text)
        .to_lowercase()
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// For **duplicates**: cleaned, lower case, and the tone mark taken to the end of its syllable, so
/// that `hòa` and `hoà` are one. Letters and tones still count: `bán` and `bạn`, `Tân Định` and
/// `Tân Đinh` differ, as they do for a reader. Compare keys with keys only.
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut tones = String::new();
    for c in clean(text).to_lowercase().nfd() {
        if is_tone(c) {
            tones.push(c);
            continue;
        }
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            out.push_str(&tones);
            tones.clear();
        }
        out.push(c);
    }
    out.push_str(&tones);
    out
}

/// Huyền, sắc, ngã, hỏi, nặng. The marks of â, ă, ơ are part of the letter.
fn is_tone(c: char) -> bool {
    matches!(c, '\u{0300}' | '\u{0301}' | '\u{0303}' | '\u{0309}' | '\u{0323}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn levels_are_read_as_people_write_them() {
        for (text, level) in [
            ("Nhận biết", Level::NhanBiet),
            ("NHẬN BIẾT", Level::NhanBiet),
            ("nhan_biet", Level::NhanBiet),
            ("Mức độ 2", Level::ThongHieu),
            (" thông  hiểu ", Level::ThongHieu),
            ("Vận dụng", Level::VanDung),
            ("VDC", Level::VanDungCao),
            ("Vận dụng cao.", Level::VanDungCao),
        ] {
            assert_eq!(Level::parse(text), Some(level), "{text}");
        }
        assert_eq!(Level::parse("khó"), None);
        assert_eq!(Level::parse(""), None);
        for level in Level::ALL {
            assert_eq!(Level::parse(level.as_str()), Some(level));
            assert_eq!(serde_json::to_value(level).expect("json"), level.as_str());
        }
    }

    #[test]
    fn codes_and_their_words_agree_with_the_wire() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).expect("json"), code.as_str());
        }
        let bare = Problem::of_file(ProblemCode::EmptyFile);
        let json = serde_json::to_string(&bare).expect("json");
        assert_eq!(json, r#"{"place":"","code":"empty_file","value":""}"#);
        assert_eq!(serde_json::from_str::<Problem>(&json).expect("back"), bare);
    }

    #[test]
    fn cleaning_composes_and_straightens() {
        assert_eq!(
            clean("  Da\u{302}n\u{a0} va\u{323}\u{302}n\r\n\tkhe\u{301}o\u{200b} "),
            "Dân vận khéo"
        );
        assert_eq!(clean("\u{feff}Câu\u{2009}hỏi"), "Câu hỏi");
        assert_eq!(clean("<b>=1+1</b>"), "<b>=1+1</b>");
        assert!(is_broken("a\u{7}b") && is_broken("Tr\u{fffd}n"));
        assert!(!is_broken("dòng 1\ndòng 2\tx"));
    }

    #[test]
    fn folding_is_for_search_and_keys_are_for_duplicates() {
        assert_eq!(fold("ĐỘI THI hoà Bình"), "doi thi hoa binh");
        assert_eq!(fold("hòa"), fold("hoà"));
        assert_eq!(key("Hòa  bình, thủy lợi"), key("hoà bình, thuỷ lợi"));
        assert_eq!(key("kho\u{1ebb}"), key("khoẻ"));
        assert_ne!(key("Tân Định"), key("Tân Đinh"));
        assert_ne!(key("bán"), key("bạn"));
        assert_ne!(key("cơ"), key("cờ"));
        assert_ne!(key("má ma"), key("ma má"));
    }

    #[test]
    fn places_look_like_excel() {
        assert_eq!(cell_place("Câu hỏi", 12, 2), "Câu hỏi!C12");
        assert_eq!(row_place("CSV", 3), "CSV!3");
        assert_eq!(
            [25, 26, 51, 52, 701, 702].map(column_name),
            ["Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }

    #[test]
    fn values_are_shortened_by_characters() {
        let long = "ậ".repeat(200);
        let problem = Problem::of_file(ProblemCode::TooLong).value(&long);
        assert_eq!(problem.value.chars().count(), LONGEST_VALUE);
        assert!(problem.value.ends_with('…'));
        assert_eq!(shorten("ậậ", 2), "ậậ");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC*") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone());
            prop_assert_eq!(fold(&once), fold(&text));
            prop_assert_eq!(key(&once), key(&text));
        }
    }
}
