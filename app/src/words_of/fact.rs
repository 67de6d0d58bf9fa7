//! What the ledger calls what has happened, and what the hall sees.

use contest::{
    Event,
    reveal::RevealFact,
    screen::{Scene, ScreenFact},
    stage::StageFact,
};

use crate::words::{Locale, td_string};

/// What kind of fact a ledger entry holds.
pub fn event(locale: Locale, event: &Event) -> &'static str {
    match event {
        Event::ContestCreated { .. } => td_string!(locale, event.contest_created),
        Event::DetailsChanged { .. } => td_string!(locale, event.details_changed),
        Event::OrganizerAdded { .. } => td_string!(locale, event.organizer_added),
        Event::OrganizerRemoved { .. } => td_string!(locale, event.organizer_removed),
        Event::TeamAdded { .. } => td_string!(locale, event.team_added),
        Event::TeamChanged { .. } => td_string!(locale, event.team_changed),
        Event::TeamRemoved { .. } => td_string!(locale, event.team_removed),
        Event::RulesSet { .. } => td_string!(locale, event.rules_set),
        Event::ExamPrepared { .. } => td_string!(locale, event.exam_prepared),
        Event::ExamOpened { .. } => td_string!(locale, event.exam_opened),
        Event::ExamPaused { .. } => td_string!(locale, event.exam_paused),
        Event::ExamResumed { .. } => td_string!(locale, event.exam_resumed),
        Event::TimeGranted { .. } => td_string!(locale, event.time_granted),
        Event::LateAdmitted { .. } => td_string!(locale, event.late_admitted),
        Event::ExamClosed { .. } => td_string!(locale, event.exam_closed),
        Event::ExamReopened { .. } => td_string!(locale, event.exam_reopened),
        Event::KeyCorrected { .. } => td_string!(locale, event.key_corrected),
        Event::ExamMarked { .. } => td_string!(locale, event.exam_marked),
        Event::ExamPublished { .. } => td_string!(locale, event.exam_published),
        Event::FinalistsFixed { .. } => td_string!(locale, event.finalists_fixed),
        Event::TieDecided { .. } => td_string!(locale, event.tie_decided),
        Event::PlaceShared { .. } => td_string!(locale, event.place_shared),
        Event::Stage { fact, .. } => stage_fact(locale, fact),
        Event::Screen { fact } => screen_fact(locale, fact),
        Event::Reveal { fact } => reveal_fact(locale, fact),
        Event::AwardGiven { .. } => td_string!(locale, event.award_given),
        Event::AppealFiled { .. } => td_string!(locale, event.appeal_filed),
        Event::AppealAnswered { .. } => td_string!(locale, event.appeal_answered),
    }
}

/// The name of a scene.
pub fn scene(locale: Locale, scene: &Scene) -> &'static str {
    match scene {
        Scene::Waiting => td_string!(locale, screen.scene_waiting),
        Scene::Join => td_string!(locale, screen.scene_join),
        Scene::Order { .. } => td_string!(locale, screen.scene_order),
        Scene::OnStage => td_string!(locale, screen.scene_on_stage),
        Scene::Exam => td_string!(locale, screen.scene_exam),
        Scene::Standings { .. } => td_string!(locale, screen.scene_standings),
        Scene::Team { .. } => td_string!(locale, screen.scene_team),
        Scene::Question { .. } => td_string!(locale, screen.scene_question),
        Scene::Message { .. } => td_string!(locale, screen.scene_message),
        Scene::Hosts => td_string!(locale, screen.scene_hosts),
        Scene::Reveal => td_string!(locale, screen.scene_reveal),
        Scene::Prizes => td_string!(locale, screen.scene_prizes),
    }
}

fn screen_fact(locale: Locale, fact: &ScreenFact) -> &'static str {
    match fact {
        ScreenFact::Added { .. } => td_string!(locale, event.screen_added),
        ScreenFact::Renamed { .. } => td_string!(locale, event.screen_renamed),
        ScreenFact::Removed { .. } => td_string!(locale, event.screen_removed),
        ScreenFact::Dressed { .. } => td_string!(locale, event.screen_dressed),
        ScreenFact::Shown { .. } => td_string!(locale, event.screen_shown),
        ScreenFact::Prepared { .. } => td_string!(locale, event.screen_prepared),
        ScreenFact::Taken { .. } => td_string!(locale, event.screen_taken),
        ScreenFact::Blanked { .. } => td_string!(locale, event.screen_blanked),
        ScreenFact::Reloaded { .. } => td_string!(locale, event.screen_reloaded),
        ScreenFact::LogoAdded { .. } => td_string!(locale, event.logo_added),
        ScreenFact::LogoRemoved { .. } => td_string!(locale, event.logo_removed),
    }
}

fn reveal_fact(locale: Locale, fact: &RevealFact) -> &'static str {
    match fact {
        RevealFact::Frozen { .. } => td_string!(locale, event.standings_frozen),
        RevealFact::Unfrozen { .. } => td_string!(locale, event.standings_unfrozen),
        RevealFact::Begun { .. } => td_string!(locale, event.reveal_begun),
        RevealFact::Moved { .. } => td_string!(locale, event.reveal_moved),
        RevealFact::Ended => td_string!(locale, event.reveal_ended),
    }
}

fn stage_fact(locale: Locale, fact: &StageFact) -> &'static str {
    match fact {
        StageFact::PanelSet { .. } => td_string!(locale, event.panel_set),
        StageFact::ConflictDeclared { .. } => td_string!(locale, event.conflict_declared),
        StageFact::ConflictLifted { .. } => td_string!(locale, event.conflict_lifted),
        StageFact::DrawSealed { .. } => td_string!(locale, event.draw_sealed),
        StageFact::DrawOpened { .. } => td_string!(locale, event.draw_opened),
        StageFact::DrawEntered { .. } => td_string!(locale, event.draw_entered),
        StageFact::OrderChanged { .. } => td_string!(locale, event.order_changed),
        StageFact::TeamAbsent { .. } => td_string!(locale, event.team_absent),
        StageFact::TeamReturned { .. } => td_string!(locale, event.team_returned),
        StageFact::Called { .. } => td_string!(locale, event.team_called),
        StageFact::ClockStarted { .. } => td_string!(locale, event.clock_started),
        StageFact::ClockPaused { .. } => td_string!(locale, event.clock_paused),
        StageFact::ClockStopped { .. } => td_string!(locale, event.clock_stopped),
        StageFact::Repeated { .. } => td_string!(locale, event.performance_repeated),
        StageFact::JudgeAbsent { .. } => td_string!(locale, event.judge_absent),
        StageFact::JudgeReturned { .. } => td_string!(locale, event.judge_returned),
        StageFact::CorrectionAsked { .. } => td_string!(locale, event.correction_asked),
        StageFact::CorrectionDropped { .. } => td_string!(locale, event.correction_dropped),
        StageFact::DeductionSet { .. } => td_string!(locale, event.deduction_set),
        StageFact::DeductionWaived { .. } => td_string!(locale, event.deduction_waived),
        StageFact::MarkSet { .. } => td_string!(locale, event.mark_set),
        StageFact::RemarkSet { .. } => td_string!(locale, event.remark_set),
        StageFact::SheetHandedIn { .. } => td_string!(locale, event.sheet_handed_in),
        StageFact::ReopeningAsked { .. } => td_string!(locale, event.reopening_asked),
        StageFact::SheetReopened { .. } => td_string!(locale, event.sheet_reopened),
        StageFact::SpreadNoted { .. } => td_string!(locale, event.spread_noted),
        StageFact::MarksConfirmed { .. } => td_string!(locale, event.marks_confirmed),
        StageFact::MarkWithdrawn { .. } => td_string!(locale, event.mark_withdrawn),
        StageFact::Published => td_string!(locale, event.stage_published),
    }
}
