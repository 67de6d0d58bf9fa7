//! Words for the codes of the rules and of the port: every error, refusal and phase as a sentence.
//!
//! Each function matches without a wildcard, so that a new code does not compile before it has words.

use contest::{
    Blocker, Contest, Points, Refusal, RoundId, TeamId,
    actor::Role,
    contest::ContestPhase,
    exam::ExamPhase,
    freeze::NotFinal,
    intake::{Level, Note, Problem, ProblemCode},
    paper::Shortage,
    refusal::{Fault, Field},
    touched::Matter,
};

mod fact;
mod quantity;

use crate::error::AppError;
use crate::words::{Locale, td_string};
pub use fact::{event, scene};
pub use quantity::{duration, number, points, points_aligned};

/// What to say of an error next to the form or in the page that it belongs to.
pub fn error(locale: Locale, error: &AppError) -> String {
    error_in(locale, error, None)
}

/// As [`error`], with the names of rounds and teams from `contest`.
pub fn error_in(locale: Locale, error: &AppError, contest: Option<&Contest>) -> String {
    match error {
        AppError::SignIn => td_string!(locale, error.sign_in).into(),
        AppError::Moved => td_string!(locale, exam.moved).into(),
        AppError::Forbidden => td_string!(locale, error.forbidden).into(),
        AppError::NotFound => td_string!(locale, error.not_found).into(),
        AppError::Refused { refusal } => refusal_in(locale, refusal, contest),
        AppError::Stale => td_string!(locale, error.stale).into(),
        AppError::WrongCode => td_string!(locale, error.wrong_code).into(),
        AppError::DeviceTaken => td_string!(locale, error.device_taken).into(),
        AppError::WrongPassword => td_string!(locale, error.wrong_password).into(),
        AppError::Limited { seconds } => td_string!(locale, error.limited, seconds = *seconds),
        AppError::Taken { constraint } => match constraint.as_str() {
            "account_name_taken" => td_string!(locale, error.taken_account_name),
            "person_sbd_taken" => td_string!(locale, error.taken_person_sbd),
            "question_text_taken" => td_string!(locale, error.taken_question_text),
            "team_has_members" => td_string!(locale, error.team_has_members),
            "person_has_attempt" => td_string!(locale, error.person_has_attempt),
            "judge_on_panel" => td_string!(locale, error.judge_on_panel),
            _ => td_string!(locale, error.taken_other),
        }
        .into(),
        AppError::BadField { field } => {
            td_string!(locale, error.bad_field, field = field_word(locale, field))
        }
        AppError::BadImage => td_string!(locale, error.bad_image).into(),
        AppError::WrongLetters => td_string!(locale, error.wrong_letters).into(),
        AppError::Misplaced { .. } => td_string!(locale, error.misplaced).into(),
        AppError::TooLarge => td_string!(locale, error.too_large).into(),
        AppError::BadRequest { .. } => td_string!(locale, error.bad_request).into(),
        AppError::Internal => td_string!(locale, error.internal).into(),
    }
}

/// The label of a form's field by its name on the wire.
fn field_word(locale: Locale, name: &str) -> String {
    match name {
        "name" => td_string!(locale, field.name),
        "unit" => td_string!(locale, field.unit),
        "reason" => td_string!(locale, field.reason),
        "password" | "new" | "old" => td_string!(locale, field.password),
        "sbd" => td_string!(locale, field.sbd),
        "team" => td_string!(locale, field.team),
        "post" => td_string!(locale, field.post),
        "role" => td_string!(locale, field.role),
        "text" => td_string!(locale, field.text),
        "options" => td_string!(locale, field.options),
        "correct" => td_string!(locale, field.correct),
        "topic" => td_string!(locale, field.topic),
        "level" => td_string!(locale, field.level),
        "source" => td_string!(locale, field.source),
        "starts_at" => td_string!(locale, field.starts_at),
        "code" => td_string!(locale, field.code),
        "file" => td_string!(locale, field.file),
        "minutes" => td_string!(locale, field.minutes),
        "points" => td_string!(locale, field.points),
        "maximum" => td_string!(locale, field.maximum),
        "weight" => td_string!(locale, field.weight),
        "rounding" => td_string!(locale, field.rounding),
        "duration" => td_string!(locale, field.duration),
        "grace" => td_string!(locale, field.grace),
        "cut_off" => td_string!(locale, field.cut_off),
        "papers" => td_string!(locale, field.papers),
        "members" => td_string!(locale, field.members),
        "blueprint" => td_string!(locale, field.blueprint),
        "screens" => td_string!(locale, field.screens),
        "scene" => td_string!(locale, field.scene),
        "letters" => td_string!(locale, field.letters),
        "scale" => td_string!(locale, field.scale),
        "round" => td_string!(locale, field.round),
        "choice" => td_string!(locale, field.choice),
        other => return other.to_owned(),
    }
    .into()
}

/// The label of a field that the rules name.
pub fn field(locale: Locale, field: Field) -> &'static str {
    match field {
        Field::Name => td_string!(locale, field.name),
        Field::Unit => td_string!(locale, field.unit),
        Field::Reason => td_string!(locale, field.reason),
        Field::Weight => td_string!(locale, field.weight),
        Field::Maximum => td_string!(locale, field.maximum),
        Field::Duration => td_string!(locale, field.duration),
        Field::Grace => td_string!(locale, field.grace),
        Field::Entry => td_string!(locale, field.entry),
        Field::Blueprint => td_string!(locale, field.blueprint),
        Field::Papers => td_string!(locale, field.papers),
        Field::Points => td_string!(locale, field.points),
        Field::Rounding => td_string!(locale, field.rounding),
        Field::Rounds => td_string!(locale, field.rounds),
        Field::TieBreaks => td_string!(locale, field.tie_breaks),
        Field::Minutes => td_string!(locale, field.minutes),
        Field::Choice => td_string!(locale, field.choice),
        Field::CutOff => td_string!(locale, field.cut_off),
        Field::Members => td_string!(locale, field.members),
        Field::Mark => td_string!(locale, field.mark),
        Field::Rubric => td_string!(locale, field.rubric),
        Field::Order => td_string!(locale, field.order),
        Field::Text => td_string!(locale, field.words),
        Field::Awards => td_string!(locale, field.awards),
        Field::Screen => td_string!(locale, field.screen),
        Field::Scale => td_string!(locale, field.scale),
        Field::Logo => td_string!(locale, field.logo),
    }
}

/// What is wrong with a field, behind its label.
pub fn fault(locale: Locale, fault: Fault) -> &'static str {
    match fault {
        Fault::Empty => td_string!(locale, fault.empty),
        Fault::TooLong => td_string!(locale, fault.too_long),
        Fault::OutOfRange => td_string!(locale, fault.out_of_range),
        Fault::Duplicate => td_string!(locale, fault.duplicate),
        Fault::Unknown => td_string!(locale, fault.unknown),
        Fault::OffStep => td_string!(locale, fault.off_step),
        Fault::NotANumber => td_string!(locale, fault.not_a_number),
    }
}

/// Why a judge's mark cannot stand: what would be allowed, not only that it is wrong.
pub fn mark_fault(locale: Locale, fault: Fault, text: &str, maximum: Points, step: Points) -> String {
    let below = text.parse().is_ok_and(|typed: Points| typed < Points::ZERO);
    match fault {
        Fault::OutOfRange if below => td_string!(locale, judge.under, maximum = points(locale, maximum)),
        Fault::OutOfRange => td_string!(locale, judge.over, maximum = points(locale, maximum)),
        Fault::OffStep => td_string!(locale, judge.off_step, step = points(locale, step)),
        Fault::NotANumber => td_string!(locale, judge.no_number).into(),
        other => format!(
            "{} {}.",
            td_string!(locale, field.mark),
            self::fault(locale, other)
        ),
    }
}

/// The rules' "no", as a sentence.
pub fn refusal(locale: Locale, refusal: &Refusal) -> String {
    refusal_in(locale, refusal, None)
}

/// As [`refusal`], with the names of rounds and teams from `contest`.
pub fn refusal_in(locale: Locale, refusal: &Refusal, contest: Option<&Contest>) -> String {
    match refusal {
        Refusal::NotAllowed => td_string!(locale, refusal.not_allowed).into(),
        Refusal::UnknownRound => td_string!(locale, refusal.unknown_round).into(),
        Refusal::UnknownTeam => td_string!(locale, refusal.unknown_team).into(),
        Refusal::UnknownQuestion => td_string!(locale, refusal.unknown_question).into(),
        Refusal::WrongPhase { phase } => {
            td_string!(locale, refusal.wrong_phase, phase = exam_phase(locale, *phase))
        }
        Refusal::Blocked(list) => {
            let list: Vec<String> = list.iter().map(|b| blocker(locale, b, contest)).collect();
            td_string!(locale, refusal.blocked, list = list.join(" "))
        }
        Refusal::ReasonNeeded => td_string!(locale, refusal.reason_needed).into(),
        Refusal::Frozen => td_string!(locale, refusal.frozen).into(),
        Refusal::Invalid { field: name, fault } => {
            let fault = self::fault(locale, *fault);
            td_string!(
                locale,
                refusal.invalid,
                field = field(locale, *name),
                fault = fault
            )
        }
        Refusal::LastOrganizer => td_string!(locale, refusal.last_organizer).into(),
        Refusal::SheetLocked => td_string!(locale, refusal.sheet_locked).into(),
        Refusal::StaleMark { points: held, .. } => {
            let held = held.map_or_else(|| "–".to_owned(), |p| points(locale, p));
            td_string!(locale, refusal.stale_mark, points = held)
        }
        Refusal::OtherRun { run } => td_string!(locale, refusal.other_run, run = *run),
        Refusal::Overtaken {
            team,
            moved,
            deduction,
            mark,
        } => {
            let shown = |of: &Option<Points>| of.map_or_else(|| "–".to_owned(), |of| points(locale, of));
            let moved: Vec<&str> = moved.iter().map(|of| matter(locale, *of)).collect();
            match team {
                None => td_string!(locale, refusal.overtaken_round, what = moved.join(", ")),
                Some(team) => td_string!(
                    locale,
                    refusal.overtaken,
                    team = team.as_str(),
                    what = moved.join(", "),
                    deduction = shown(deduction),
                    mark = shown(mark)
                ),
            }
        }
        Refusal::NoSpread => td_string!(locale, refusal.no_spread).into(),
        Refusal::NotTheSecond => td_string!(locale, refusal.not_the_second).into(),
        Refusal::NotOnStage => td_string!(locale, refusal.not_on_stage).into(),
        Refusal::WrongSeal => td_string!(locale, refusal.wrong_seal).into(),
        Refusal::UnknownAppeal => td_string!(locale, refusal.unknown_appeal).into(),
        Refusal::UnknownScreen => td_string!(locale, refusal.unknown_screen).into(),
        Refusal::NoReveal => td_string!(locale, refusal.no_reveal).into(),
        Refusal::OtherReveal => td_string!(locale, refusal.other_reveal).into(),
        Refusal::AppealsClosed => td_string!(locale, refusal.appeals_closed).into(),
    }
}

/// A part of a stage round, in the middle of a sentence.
fn matter(locale: Locale, matter: Matter) -> &'static str {
    match matter {
        Matter::Panel => td_string!(locale, stage.matter_panel),
        Matter::Order => td_string!(locale, stage.matter_order),
        Matter::Packs => td_string!(locale, stage.matter_packs),
        Matter::Turn => td_string!(locale, stage.matter_turn),
        Matter::Sheets => td_string!(locale, stage.matter_sheets),
        Matter::Deduction => td_string!(locale, stage.matter_deduction),
        Matter::Note => td_string!(locale, stage.matter_note),
        Matter::Mark => td_string!(locale, stage.matter_mark),
    }
}

/// One reason why the standings are not final, as a sentence.
pub fn not_final(locale: Locale, why: &NotFinal, contest: &Contest) -> String {
    let as_blocker = |why: Blocker| blocker(locale, &why, Some(contest));
    match why {
        NotFinal::Frozen => td_string!(locale, standings.frozen).into(),
        NotFinal::Revealing => td_string!(locale, standings.revealing).into(),
        NotFinal::OpenAppeals { count } => td_string!(locale, standings.open_appeals, count = *count),
        NotFinal::Unpublished { rounds } => as_blocker(Blocker::Unpublished {
            rounds: rounds.clone(),
        }),
        NotFinal::Incomplete { round, teams } => as_blocker(Blocker::Incomplete {
            round: *round,
            teams: teams.clone(),
        }),
        NotFinal::CorrectionWaiting { round, teams } => as_blocker(Blocker::CorrectionWaiting {
            round: *round,
            teams: teams.clone(),
        }),
        NotFinal::RevealOvertaken => as_blocker(Blocker::RevealOvertaken),
        NotFinal::PrizesNotGiven { awards } => as_blocker(Blocker::PrizesNotGiven {
            awards: awards.clone(),
        }),
        NotFinal::TiedForPrize { award, teams } => as_blocker(Blocker::TiedForPrize {
            award: *award,
            teams: teams.clone(),
        }),
    }
}

/// One thing in the way of the next step, as a sentence; names from `contest` where it is at hand.
pub fn blocker(locale: Locale, blocker: &Blocker, contest: Option<&Contest>) -> String {
    let team_of = |team: &TeamId| team_name(locale, *team, contest);
    blocker_naming(locale, blocker, contest, &team_of)
}

/// As [`blocker`], for a page that has no contest but knows its teams.
pub fn blocker_naming(
    locale: Locale,
    blocker: &Blocker,
    contest: Option<&Contest>,
    team_of: &dyn Fn(&TeamId) -> String,
) -> String {
    let teams_of = |teams: &[TeamId]| teams.iter().map(team_of).collect::<Vec<_>>().join(", ");
    let award_of = |award: &u32| {
        let rules = contest.and_then(|contest| contest.rules());
        let rule = rules.and_then(|rules| rules.awards.iter().find(|rule| rule.id == *award));
        rule.map_or_else(|| award.to_string(), |rule| rule.name.clone())
    };
    match blocker {
        Blocker::NoPanel => td_string!(locale, blocker.no_panel).into(),
        Blocker::NoRubric => td_string!(locale, blocker.no_rubric).into(),
        Blocker::NoOrder => td_string!(locale, blocker.no_order).into(),
        Blocker::ClockRunning { team } => td_string!(locale, blocker.clock_running, team = team_of(team)),
        Blocker::MissingSheets { team, judges } => {
            td_string!(
                locale,
                blocker.missing_sheets,
                count = judges.len(),
                team = team_of(team)
            )
        }
        Blocker::SpreadWithoutNote { team, .. } => {
            td_string!(locale, blocker.spread_without_note, team = team_of(team))
        }
        Blocker::DeductionOpen { team, proposed } => {
            let off = points(locale, *proposed);
            td_string!(locale, blocker.deduction_open, team = team_of(team), points = off)
        }
        Blocker::Blank { criteria } => td_string!(locale, blocker.blank, count = criteria.len()),
        Blocker::SecondPersonNeeded => td_string!(locale, blocker.second_person_needed).into(),
        Blocker::Unconfirmed { teams } => {
            td_string!(locale, blocker.unconfirmed, teams = teams_of(teams))
        }
        Blocker::NotFrozen => td_string!(locale, blocker.not_frozen).into(),
        Blocker::Unpublished { rounds } => {
            let names: Vec<String> = rounds.iter().map(|r| round_name(locale, *r, contest)).collect();
            td_string!(locale, blocker.unpublished, rounds = names.join(", "))
        }
        Blocker::TiedForPrize { award, teams } => {
            td_string!(
                locale,
                blocker.tied_for_prize,
                award = award_of(award),
                teams = teams_of(teams)
            )
        }
        Blocker::Incomplete { round, teams } => {
            td_string!(
                locale,
                blocker.incomplete,
                round = round_name(locale, *round, contest),
                teams = teams_of(teams)
            )
        }
        Blocker::CorrectionWaiting { round, teams } => {
            td_string!(
                locale,
                blocker.correction_waiting,
                round = round_name(locale, *round, contest),
                teams = teams_of(teams)
            )
        }
        Blocker::PrizesNotGiven { awards } => {
            let names: Vec<String> = awards.iter().map(award_of).collect();
            td_string!(locale, blocker.prizes_not_given, awards = names.join(", "))
        }
        Blocker::RevealOvertaken => td_string!(locale, blocker.reveal_overtaken).into(),
        Blocker::RoundsFixed => td_string!(locale, blocker.rounds_fixed).into(),
        Blocker::OpenAppeals { count } => td_string!(locale, blocker.open_appeals, count = *count),
        Blocker::Revealing => td_string!(locale, blocker.revealing).into(),
        Blocker::EarlierRounds { rounds } => {
            let names: Vec<String> = rounds.iter().map(|r| round_name(locale, *r, contest)).collect();
            td_string!(locale, blocker.earlier_rounds, rounds = names.join(", "))
        }
        Blocker::TieForFirst { teams } => {
            td_string!(locale, blocker.tie_for_first, teams = teams_of(teams))
        }
        Blocker::NoTeams => td_string!(locale, blocker.no_teams).into(),
        Blocker::NoContestants => td_string!(locale, blocker.no_contestants).into(),
        Blocker::NoBlueprint => td_string!(locale, blocker.no_blueprint).into(),
        Blocker::Shortage { shortage } => td_string!(
            locale,
            blocker.shortage,
            cell = cell(locale, shortage),
            wanted = shortage.wanted,
            found = shortage.found
        ),
        Blocker::NotAllEquals { teams } if teams.is_empty() => td_string!(locale, blocker.no_equals).into(),
        Blocker::NotAllEquals { teams } => {
            td_string!(locale, blocker.not_all_equals, teams = teams_of(teams))
        }
        Blocker::OtherFinalists { teams } => {
            td_string!(locale, blocker.other_finalists, teams = teams_of(teams))
        }
        Blocker::RoundBegun { round } => {
            td_string!(
                locale,
                blocker.round_begun,
                round = round_name(locale, *round, contest)
            )
        }
        Blocker::SheetsStand { round } => {
            td_string!(
                locale,
                blocker.sheets_stand,
                round = round_name(locale, *round, contest)
            )
        }
        Blocker::MarksStand { round } => {
            td_string!(
                locale,
                blocker.marks_stand,
                round = round_name(locale, *round, contest)
            )
        }
        Blocker::SheetOutdated { team, .. } => {
            td_string!(locale, blocker.sheet_outdated, team = team_of(team))
        }
        Blocker::BankChanged => td_string!(locale, blocker.bank_changed).into(),
        Blocker::NotPrepared => td_string!(locale, blocker.not_prepared).into(),
        Blocker::OtherExamOpen { round } => {
            td_string!(
                locale,
                blocker.other_exam_open,
                round = round_name(locale, *round, contest)
            )
        }
        Blocker::Paused => td_string!(locale, blocker.paused).into(),
        Blocker::Unfinished { count } => td_string!(locale, blocker.unfinished, count = *count),
        Blocker::TimeLeft { millis } => {
            td_string!(locale, blocker.time_left, time = duration(locale, *millis))
        }
        Blocker::TieAtCutOff { teams } => {
            td_string!(locale, blocker.tie_at_cut_off, teams = teams_of(teams))
        }
    }
}

fn cell(locale: Locale, shortage: &Shortage) -> String {
    match (&shortage.topic, shortage.level) {
        (None, None) => td_string!(locale, blocker.any_cell).into(),
        (Some(topic), None) => td_string!(locale, blocker.topic_cell, topic = topic.as_str()),
        (None, Some(of)) => td_string!(locale, blocker.level_cell, level = level(locale, of)),
        (Some(topic), Some(of)) => td_string!(
            locale,
            blocker.topic_level_cell,
            topic = topic.as_str(),
            level = level(locale, of)
        ),
    }
}

/// A round's name, or its number where the contest is not at hand.
pub fn round_name(locale: Locale, round: RoundId, contest: Option<&Contest>) -> String {
    contest.and_then(|c| c.rules()?.round(round)).map_or_else(
        || td_string!(locale, blocker.round_number, n = round.0),
        |r| r.name.clone(),
    )
}

/// The names of teams in one line.
pub fn team_names(locale: Locale, teams: &[TeamId], contest: Option<&Contest>) -> String {
    let names: Vec<String> = teams
        .iter()
        .map(|team| team_name(locale, *team, contest))
        .collect();
    names.join(", ")
}

/// A team's name, or its number where the contest is not at hand or the team is gone.
pub fn team_name(locale: Locale, team: TeamId, contest: Option<&Contest>) -> String {
    contest.and_then(|c| c.teams.get(&team)).map_or_else(
        || td_string!(locale, blocker.team_number, n = team.0),
        |t| t.name.clone(),
    )
}

/// A place in an imported file as people say it: `CSV!A2` is row 2, column A; a workbook's sheet is named.
pub fn place(locale: Locale, place: &str) -> String {
    let Some((sheet, cell)) = place.rsplit_once('!') else {
        return place.to_owned();
    };
    let digits = cell.find(|letter: char| letter.is_ascii_digit());
    let Some((column, row)) = digits.map(|at| cell.split_at(at)) else {
        return place.to_owned();
    };
    let spot = if column.is_empty() {
        td_string!(locale, console.in_row, row = row)
    } else {
        td_string!(locale, console.in_cell, row = row, column = column)
    };
    if sheet == "CSV" {
        return spot;
    }
    let (first, rest) = spot.split_at(spot.chars().next().map_or(0, char::len_utf8));
    let spot = first.to_lowercase() + rest;
    td_string!(locale, console.in_sheet, sheet = sheet, place = spot)
}

/// What is wrong in an imported file, without its place.
pub fn problem(locale: Locale, problem: &Problem) -> String {
    use ProblemCode as Code;
    let (value, see) = (problem.value.as_str(), problem.see.as_str());
    let limit = number(locale, problem.limit.unwrap_or_default());
    match problem.code {
        Code::EmptyFile => td_string!(locale, import_problem.empty_file).into(),
        Code::TooLarge => td_string!(locale, import_problem.too_large, limit = limit),
        Code::TooManyParts => td_string!(locale, import_problem.too_many_parts, limit = limit),
        Code::NotAWorkbook => td_string!(locale, import_problem.not_a_workbook).into(),
        Code::OldWorkbook => td_string!(locale, import_problem.old_workbook).into(),
        Code::Encrypted => td_string!(locale, import_problem.encrypted).into(),
        Code::Damaged => td_string!(locale, import_problem.damaged).into(),
        Code::NotUtf8 => td_string!(locale, import_problem.not_utf8).into(),
        Code::TooManySheets => td_string!(locale, import_problem.too_many_sheets, limit = limit),
        Code::TooManyRows => td_string!(locale, import_problem.too_many_rows, limit = limit),
        Code::TooManyColumns => td_string!(locale, import_problem.too_many_columns, limit = limit),
        Code::MissingHeader => td_string!(locale, import_problem.missing_header, value = value),
        Code::DuplicateHeader => {
            td_string!(locale, import_problem.duplicate_header, value = value, see = see)
        }
        Code::NoRows => td_string!(locale, import_problem.no_rows).into(),
        Code::TooLong => td_string!(locale, import_problem.too_long, limit = limit),
        Code::ControlCharacter => td_string!(locale, import_problem.control_character, value = value),
        Code::Formula => td_string!(locale, import_problem.formula).into(),
        Code::CellError => td_string!(locale, import_problem.cell_error, value = value),
        Code::EmptyText => td_string!(locale, import_problem.empty_text).into(),
        Code::MissingOption => td_string!(locale, import_problem.missing_option).into(),
        Code::TooFewOptions => td_string!(locale, import_problem.too_few_options, limit = limit),
        Code::DuplicateOption => {
            td_string!(locale, import_problem.duplicate_option, value = value, see = see)
        }
        Code::EmptyAnswer => td_string!(locale, import_problem.empty_answer).into(),
        Code::UnknownAnswer => td_string!(locale, import_problem.unknown_answer, value = value),
        Code::AmbiguousAnswer => td_string!(locale, import_problem.ambiguous_answer, value = value),
        Code::EmptyTopic => td_string!(locale, import_problem.empty_topic).into(),
        Code::UnknownLevel => td_string!(locale, import_problem.unknown_level, value = value),
        Code::DuplicateQuestion => td_string!(locale, import_problem.duplicate_question, see = see),
        Code::MissingTeam => td_string!(locale, import_problem.missing_team).into(),
        Code::MissingName => td_string!(locale, import_problem.missing_name).into(),
        Code::NoMembers => td_string!(locale, import_problem.no_members, value = value),
        Code::DuplicateMember => {
            td_string!(locale, import_problem.duplicate_member, value = value, see = see)
        }
        Code::DuplicateSbd => td_string!(locale, import_problem.duplicate_sbd, value = value, see = see),
        Code::DuplicateCaptain => td_string!(locale, import_problem.duplicate_captain, see = see),
        Code::UnknownRole => td_string!(locale, import_problem.unknown_role, value = value),
        Code::BadPhone => td_string!(locale, import_problem.bad_phone, value = value),
        Code::ConflictingUnit => {
            td_string!(locale, import_problem.conflicting_unit, value = value, see = see)
        }
        Code::ConflictingKind => {
            td_string!(locale, import_problem.conflicting_kind, value = value, see = see)
        }
        Code::MoreProblems => td_string!(locale, import_problem.more_problems, limit = limit),
    }
}

/// What should be known about a file before it is written.
pub fn note(locale: Locale, note: &Note) -> String {
    match note {
        Note::ColumnIgnored { heading, .. } => {
            td_string!(locale, import_note.column_ignored, heading = heading.as_str())
        }
        Note::Captains { count } => {
            td_string!(locale, import_note.captains, n = number(locale, (*count).into()))
        }
        Note::Reserves { count } => {
            td_string!(locale, import_note.reserves, n = number(locale, (*count).into()))
        }
        Note::ReservesLeftOut { count } => {
            td_string!(
                locale,
                import_note.reserves_left_out,
                n = number(locale, (*count).into())
            )
        }
        Note::Clusters { count } => {
            td_string!(locale, import_note.clusters, n = number(locale, (*count).into()))
        }
        Note::ClusterKept { team, cluster } => {
            td_string!(
                locale,
                import_note.cluster_kept,
                team = team.as_str(),
                cluster = cluster.as_str()
            )
        }
        Note::OtherAnswers { text, .. } => {
            td_string!(locale, import_note.other_answers, text = text.as_str())
        }
        Note::PhonesNotKept { count } => {
            td_string!(
                locale,
                import_note.phones_not_kept,
                n = number(locale, (*count).into())
            )
        }
    }
}

/// How demanding a question is.
pub fn level(locale: Locale, level: Level) -> &'static str {
    match level {
        Level::NhanBiet => td_string!(locale, common.level_nhan_biet),
        Level::ThongHieu => td_string!(locale, common.level_thong_hieu),
        Level::VanDung => td_string!(locale, common.level_van_dung),
        Level::VanDungCao => td_string!(locale, common.level_van_dung_cao),
    }
}

/// A role that enters by code.
pub fn role(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Contestant => td_string!(locale, common.role_contestant),
        Role::Reserve => td_string!(locale, common.role_reserve),
        Role::Judge => td_string!(locale, common.role_judge),
        Role::Secretary => td_string!(locale, common.role_secretary),
        Role::Host => td_string!(locale, common.role_host),
        Role::Screen => td_string!(locale, common.role_screen),
    }
}

/// How far an exam round has come.
pub fn exam_phase(locale: Locale, phase: ExamPhase) -> &'static str {
    match phase {
        ExamPhase::Draft => td_string!(locale, common.phase_draft),
        ExamPhase::Prepared => td_string!(locale, common.phase_prepared),
        ExamPhase::Open => td_string!(locale, common.phase_open),
        ExamPhase::Closed => td_string!(locale, common.phase_closed),
        ExamPhase::Marked => td_string!(locale, common.phase_marked),
        ExamPhase::Published => td_string!(locale, common.phase_published),
    }
}

/// How far a contest has come.
pub fn contest_phase(locale: Locale, phase: ContestPhase) -> &'static str {
    match phase {
        ContestPhase::Preparing => td_string!(locale, common.contest_preparing),
        ContestPhase::Running => td_string!(locale, common.contest_running),
        ContestPhase::Finished => td_string!(locale, common.contest_finished),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_import_problem_has_words_in_both_languages() {
        for code in ProblemCode::ALL {
            let told = Problem::of_file(*code).value("x").see("A!1").limit(12_000);
            let (vi, en) = (problem(Locale::vi, &told), problem(Locale::en, &told));
            assert!(!vi.is_empty() && !en.is_empty() && vi != en, "{code:?}");
            assert!(!vi.contains("{{") && !en.contains("{{"), "{code:?}");
        }
    }

    #[test]
    fn numbers_and_lengths_of_time_read_as_people_write_them() {
        assert_eq!(number(Locale::vi, 1_234_567), "1.234.567");
        assert_eq!(number(Locale::en, 999), "999");
        assert_eq!(duration(Locale::vi, 750_000), "12 phút 30 giây");
        assert_eq!(duration(Locale::en, 1), "1 s");
        assert_eq!(duration(Locale::vi, 5_400_000), "1 giờ 30 phút");
    }

    #[test]
    fn a_place_in_a_file_is_said_as_people_say_it() {
        assert_eq!(place(Locale::vi, "CSV!A2"), "Dòng 2, cột A");
        assert_eq!(place(Locale::vi, "CSV!3"), "Dòng 3");
        assert_eq!(
            place(Locale::vi, "Câu hỏi!AB12"),
            "Trang “Câu hỏi”, dòng 12, cột AB"
        );
        assert_eq!(place(Locale::en, "CSV!A2"), "Row 2, column A");
        assert_eq!(place(Locale::vi, "ngoài bảng"), "ngoài bảng");
    }

    #[test]
    fn a_mark_that_cannot_stand_says_what_could() {
        let said = |fault, text| mark_fault(Locale::vi, fault, text, Points(15_000), Points(250));
        assert_eq!(said(Fault::OutOfRange, "16"), "Quá điểm tối đa 15.");
        assert_eq!(said(Fault::OutOfRange, "-1"), "Điểm từ 0 đến 15.");
        assert_eq!(said(Fault::OffStep, "10,1"), "Điểm phải là bội số của 0,25.");
    }

    #[test]
    fn marks_of_a_column_have_two_decimals() {
        assert_eq!(points_aligned(Locale::vi, Points(37_000)), "37,00");
        assert_eq!(points_aligned(Locale::vi, Points(37_200)), "37,20");
        assert_eq!(points_aligned(Locale::en, Points(1_037_125)), "1,037.125");
    }

    #[test]
    fn a_blocked_step_says_everything_that_blocks_it() {
        let refusal = Refusal::Blocked([Blocker::NoTeams, Blocker::Unfinished { count: 3 }].into());
        let told = error(Locale::vi, &AppError::Refused { refusal });
        assert!(told.contains("đội thi") && told.contains("3 thí sinh"), "{told}");
    }
}
