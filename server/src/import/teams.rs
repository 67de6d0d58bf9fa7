//! Teams from a file: a row for each member, the team beside the first of them or beside all.

use super::headers::{Table, Vocabulary, tables};
use super::sheet::{self, Row};
use super::{Problems, guarded};
use contest::intake::{
    Intake, LONGEST_CLUSTER, LONGEST_NAME, LONGEST_SBD, MemberDraft, MemberRole, Note, Problem, ProblemCode,
    TeamDraft, cell_place, key, row_place,
};
use std::collections::HashMap;

/// What a column of a team file means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Column {
    Team,
    Unit,
    Kind,
    Name,
    /// Family and middle names, where they have a column of their own.
    Family,
    /// The given name beside [`Column::Family`].
    Given,
    Sbd,
    Post,
    Role,
    Phone,
}

const VOCABULARY: Vocabulary<Column> = Vocabulary { recognise, missing };

/// Reads teams from a workbook or a text file; never writes and never panics.
///
/// A blank team means the one above, so merged cells and a row that holds only the team work.
/// Rows of one team need not stand together. A team with a problem in any row is not accepted.
pub fn teams(bytes: &[u8]) -> Intake<TeamDraft> {
    guarded(|| {
        let sheets = sheet::read(bytes)?;
        let mut roster = Roster::default();
        for table in tables(&sheets, &VOCABULARY, &mut roster.problems) {
            roster.current = None;
            roster.notes.extend(table.ignored());
            for row in table.rows.iter().filter(|row| !table.is_blank(row)) {
                roster.read_row(&table, row);
            }
        }
        Ok(roster.into_intake())
    })
}

fn recognise(heading: &str) -> Option<Column> {
    Some(match heading {
        "doi" | "doi thi" | "ten doi" | "ten doi thi" | "doi du thi" | "team" | "team name" => Column::Team,
        "don vi" | "ten don vi" | "don vi du thi" | "don vi cong tac" | "co quan" | "co quan don vi"
        | "unit" => Column::Unit,
        "khoi" | "khoi thi" | "khoi thi dua" | "cum" | "cum thi dua" | "bang" | "bang dau" | "group"
        | "kind" => Column::Kind,
        "ho va ten"
        | "ho ten"
        | "ho va ten thi sinh"
        | "ho ten thi sinh"
        | "ten thi sinh"
        | "thi sinh"
        | "ho va ten thanh vien"
        | "ten thanh vien"
        | "name"
        | "full name" => Column::Name,
        "ho" | "ho dem" | "ho va dem" | "ho va ten dem" | "ho va chu dem" | "ho lot" => Column::Family,
        "ten" => Column::Given,
        "sbd" | "so bao danh" | "ma thi sinh" | "ma so thi sinh" | "candidate number" => Column::Sbd,
        "chuc vu" | "chuc danh" | "chuc vu chuc danh" | "chuc vu don vi" | "position" | "post" => {
            Column::Post
        }
        "vai tro" | "tu cach" | "nhiem vu" | "role" => Column::Role,
        "so dien thoai" | "dien thoai" | "dien thoai lien he" | "so dt" | "sdt" | "dt" | "phone" => {
            Column::Phone
        }
        _ => return None,
    })
}

fn missing(found: &[Column]) -> Vec<&'static str> {
    let has = |column| found.contains(&column);
    let mut missing = Vec::new();
    if !has(Column::Team) && !has(Column::Unit) {
        missing.push("Đội thi");
    }
    // A given name alone would silently lose the family name.
    let named = has(Column::Name) || (has(Column::Family) && has(Column::Given));
    if !named {
        missing.push("Họ và tên");
    }
    missing
}

/// A team being put together.
struct OpenTeam {
    draft: TeamDraft,
    place: String,
    /// Row that said the unit, and the one that said the kind.
    unit_row: Option<String>,
    kind_row: Option<String>,
    captain: Option<String>,
    /// Key of the name -> candidate number and row.
    names: HashMap<String, (Option<String>, String)>,
    sound: bool,
}

/// The teams read so far.
#[derive(Default)]
struct Roster {
    teams: Vec<OpenTeam>,
    by_key: HashMap<String, usize>,
    /// Key of the candidate number -> its row.
    numbers: HashMap<String, String>,
    /// The team that a blank means.
    current: Option<usize>,
    problems: Problems,
    notes: Vec<Note>,
}

impl Roster {
    fn read_row(&mut self, table: &Table<'_, Column>, row: &Row) {
        let before = self.problems.count();
        let teams = self.teams.len();
        let index = self.team_of(table, row);
        let opens_team = self.teams.len() > teams;
        let member = self.member_of(table, row, opens_team);
        if let (Some(index), Some(member)) = (index, member) {
            self.join(index, member, table, row);
        }
        if self.problems.count() > before
            && let Some(index) = index
        {
            self.teams[index].sound = false;
        }
    }

    /// The clean text under a meaning; blank if it could not be read, which has been reported.
    fn text(
        &mut self,
        table: &Table<'_, Column>,
        row: &Row,
        column: Column,
        longest: usize,
    ) -> (String, String) {
        let (value, place) = table.cell(row, column);
        (
            self.problems.text(value, &place, longest).unwrap_or_default(),
            place,
        )
    }

    /// The team a row belongs to: the one it names, or the one above.
    fn team_of(&mut self, table: &Table<'_, Column>, row: &Row) -> Option<usize> {
        let before = self.problems.count();
        let (team, team_place) = self.text(table, row, Column::Team, LONGEST_NAME);
        let (unit, unit_place) = self.text(table, row, Column::Unit, LONGEST_NAME);
        let (kind, kind_place) = self.text(table, row, Column::Kind, LONGEST_CLUSTER);
        // A file may speak only of units: then each sends one team.
        let by_unit = table.column(Column::Team).is_none();
        let name = if by_unit { &unit } else { &team };
        if !name.is_empty() {
            let place = if by_unit { &unit_place } else { &team_place };
            self.current = Some(self.open(name, place));
        } else if self.problems.count() > before {
            // The name is there but unreadable: these are not members of the team above.
            self.current = None;
            return None;
        }
        let Some(index) = self.current else {
            let place = row_place(&table.sheet.name, row.number);
            self.problems.add(Problem::new(place, ProblemCode::MissingTeam));
            return None;
        };
        let team = &mut self.teams[index];
        if !unit.is_empty() && !by_unit {
            match &team.unit_row {
                Some(first) if key(&team.draft.unit) != key(&unit) => self.problems.add(
                    Problem::new(unit_place, ProblemCode::ConflictingUnit)
                        .value(&unit)
                        .see(first.as_str()),
                ),
                Some(_) => {}
                None => {
                    team.draft.unit = unit;
                    team.unit_row = Some(unit_place);
                }
            }
        }
        if !kind.is_empty() {
            match &team.kind_row {
                Some(first) if team.draft.kind.as_deref().map(key) != Some(key(&kind)) => self.problems.add(
                    Problem::new(kind_place, ProblemCode::ConflictingKind)
                        .value(&kind)
                        .see(first.as_str()),
                ),
                Some(_) => {}
                None => {
                    team.draft.kind = Some(kind);
                    team.kind_row = Some(kind_place);
                }
            }
        }
        Some(index)
    }

    /// The team of this name, opened if it is new.
    fn open(&mut self, name: &str, place: &str) -> usize {
        *self.by_key.entry(key(name)).or_insert_with(|| {
            self.teams.push(OpenTeam {
                draft: TeamDraft {
                    name: name.to_owned(),
                    unit: name.to_owned(),
                    ..TeamDraft::default()
                },
                place: place.to_owned(),
                unit_row: None,
                kind_row: None,
                captain: None,
                names: HashMap::new(),
                sound: true,
            });
            self.teams.len() - 1
        })
    }

    /// The member in a row. `None` if something is wrong with it, which has been reported, or if the
    /// row opens a team and says nothing else: then it is the heading of that team.
    fn member_of(&mut self, table: &Table<'_, Column>, row: &Row, opens_team: bool) -> Option<MemberDraft> {
        let before = self.problems.count();
        let (name, name_place) = if table.column(Column::Name).is_some() {
            self.text(table, row, Column::Name, LONGEST_NAME)
        } else {
            let (family, place) = self.text(table, row, Column::Family, LONGEST_NAME / 2);
            let (given, _) = self.text(table, row, Column::Given, LONGEST_NAME / 2);
            (format!("{family} {given}").trim().to_owned(), place)
        };
        let (sbd, _) = self.text(table, row, Column::Sbd, LONGEST_SBD);
        let (post, _) = self.text(table, row, Column::Post, LONGEST_NAME);
        let (role, role_place) = self.text(table, row, Column::Role, LONGEST_NAME);
        let (phone, phone_place) = self.text(table, row, Column::Phone, LONGEST_NAME);

        if name.is_empty() && self.problems.count() == before {
            let heading = opens_team && [&sbd, &post, &role, &phone].iter().all(|text| text.is_empty());
            if !heading {
                self.problems
                    .add(Problem::new(name_place, ProblemCode::MissingName));
            }
            return None;
        }

        let role = MemberRole::parse(&role).or_else(|| {
            self.problems
                .add(Problem::new(role_place, ProblemCode::UnknownRole).value(&role));
            None
        });
        let digits = if phone.is_empty() {
            Some(String::new())
        } else {
            phone_digits(&phone)
        };
        if digits.is_none() {
            self.problems
                .add(Problem::new(phone_place, ProblemCode::BadPhone).value(&phone));
        }
        let some = |text: String| (!text.is_empty()).then_some(text);
        let member = MemberDraft {
            name,
            sbd: some(sbd),
            post: some(post),
            phone: digits.and_then(some),
            role: role.unwrap_or_default(),
        };
        (self.problems.count() == before).then_some(member)
    }

    fn join(&mut self, index: usize, member: MemberDraft, table: &Table<'_, Column>, row: &Row) {
        let name_column = table.column(Column::Name).or(table.column(Column::Family));
        let place = match name_column {
            Some(column) => cell_place(&table.sheet.name, row.number, column),
            None => row_place(&table.sheet.name, row.number),
        };
        let here = row_place(&table.sheet.name, row.number);
        if let Some(sbd) = &member.sbd {
            let (_, sbd_place) = table.cell(row, Column::Sbd);
            let first = self.numbers.entry(key(sbd)).or_insert_with(|| here.clone());
            if *first != here {
                let problem = Problem::new(sbd_place, ProblemCode::DuplicateSbd).value(sbd);
                self.problems.add(problem.see(first.as_str()));
            }
        }
        let team = &mut self.teams[index];
        match team.names.get(&key(&member.name)) {
            // Namesakes in one team happen; their numbers tell them apart.
            Some((sbd, first)) if sbd.is_none() || member.sbd.is_none() || *sbd == member.sbd => {
                let problem = Problem::new(place, ProblemCode::DuplicateMember).value(&member.name);
                self.problems.add(problem.see(first.as_str()));
            }
            _ => {
                team.names
                    .insert(key(&member.name), (member.sbd.clone(), here.clone()));
            }
        }
        if member.role == MemberRole::Captain {
            match &team.captain {
                Some(first) => {
                    let (_, role_place) = table.cell(row, Column::Role);
                    let problem = Problem::new(role_place, ProblemCode::DuplicateCaptain).value(&member.name);
                    self.problems.add(problem.see(first.as_str()));
                }
                None => team.captain = Some(here),
            }
        }
        team.draft.members.push(member);
    }

    fn into_intake(mut self) -> Intake<TeamDraft> {
        let mut accepted = Vec::new();
        for team in self.teams {
            if !team.sound {
                continue;
            }
            if team.draft.members.is_empty() {
                self.problems
                    .add(Problem::new(team.place, ProblemCode::NoMembers).value(&team.draft.name));
                continue;
            }
            accepted.push(team.draft);
        }
        let mut notes = self.notes;
        notes.extend(notes_of(&accepted));
        Intake {
            accepted,
            places: Vec::new(),
            problems: self.problems.into_list(),
            notes,
        }
    }
}

/// What should be known about these teams before they are written.
fn notes_of(teams: &[TeamDraft]) -> impl Iterator<Item = Note> {
    let members = || teams.iter().flat_map(|team| &team.members);
    let in_role = |role| members().filter(|member| member.role == role).count();
    let clusters = teams.iter().filter(|team| team.kind.is_some()).count();
    let phones = members().filter(|member| member.phone.is_some()).count();
    type Noted = fn(u32) -> Note;
    let notes: [(usize, Noted); 4] = [
        (in_role(MemberRole::Captain), |count| Note::Captains { count }),
        (in_role(MemberRole::Reserve), |count| Note::Reserves { count }),
        (clusters, |count| Note::Clusters { count }),
        (phones, |count| Note::PhonesNotKept { count }),
    ];
    notes
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, note)| note(u32::try_from(count).unwrap_or(u32::MAX)))
}

/// The digits of a telephone number, after a `+` if it has one; `None` if it is something else.
/// Excel drops the zero in front when it takes the number for one: nine digits get it back.
fn phone_digits(phone: &str) -> Option<String> {
    let (plus, rest) = phone.strip_prefix('+').map_or(("", phone), |rest| ("+", rest));
    if !rest
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '(' | ')'))
    {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        9 if plus.is_empty() && !digits.starts_with('0') => Some(format!("0{digits}")),
        8..=15 => Some(format!("{plus}{digits}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_reduced_to_digits() {
        assert_eq!(phone_digits("0912.345.678").as_deref(), Some("0912345678"));
        assert_eq!(phone_digits("912345678").as_deref(), Some("0912345678"));
        assert_eq!(phone_digits("+84 912 345 678").as_deref(), Some("+84912345678"));
        assert_eq!(phone_digits("113"), None);
        assert_eq!(phone_digits("không có"), None);
    }
}
