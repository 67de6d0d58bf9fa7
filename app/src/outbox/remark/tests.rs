//! No word that a judge wrote is lost, on whichever tablet.

use super::*;
use proptest::prelude::*;

const WIDE: &str = "Diễn xuất tự nhiên";
const SHORT: &str = "Đúng giờ";

fn written(text: &str) -> Remark {
    let mut remark = Remark::of_sheet();
    assert_eq!(remark.say(text, 0), text);
    remark
}

/// The words of the other tablet were put in the place of those that had not been sent yet.
#[test]
fn words_that_were_never_sent_stand_beside_those_of_the_house() {
    let mut old = written(SHORT);
    old.give_way();
    old.is_held(3, WIDE);
    assert!(old.asks());
    let both = old.say(SHORT, 1);
    assert_eq!(both, format!("{WIDE}\n{SHORT}"));
    let sent = old.to_send().expect("it waits to be sent");
    assert_eq!(
        (sent.revision, sent.value),
        (4, both),
        "on top of what the house holds"
    );
}

/// The house said no to the number, and the words were taken for done with.
#[test]
fn words_refused_for_their_number_are_said_again() {
    let mut remark = written(SHORT);
    let sent = remark.to_send().expect("it waits to be sent");
    remark.hears(
        &sent,
        Heard::Holds {
            revision: 1,
            value: WIDE.into(),
        },
    );
    assert!(
        remark.asks() && remark.to_send().is_none(),
        "not over theirs, unseen"
    );
    let both = remark.say(SHORT, 1);
    assert!(both.contains(WIDE) && both.contains(SHORT));
    assert_eq!(remark.to_send().map(|sent| sent.revision), Some(2));
}

#[test]
fn what_one_side_has_already_is_not_said_twice() {
    let mut remark = written("Diễn xuất  tự nhiên, đúng giờ");
    remark.is_held(2, WIDE);
    // The house keeps one space where two were typed.
    assert_eq!(
        remark.say("Diễn xuất  tự nhiên, đúng giờ", 1),
        "Diễn xuất  tự nhiên, đúng giờ"
    );
    let mut remark = written(WIDE);
    remark.give_way();
    remark.is_held(2, "Diễn xuất tự nhiên, đúng giờ");
    assert_eq!(remark.say(WIDE, 1), "Diễn xuất tự nhiên, đúng giờ");
}

#[test]
fn a_locked_sheet_takes_no_words_and_says_so() {
    let mut remark = written(SHORT);
    let sent = remark.to_send().expect("it waits to be sent");
    remark.hears(&sent, Heard::Refused);
    assert!(remark.is_refused() && remark.to_send().is_none());
    remark.say("Ngắn hơn", 1);
    assert!(!remark.is_refused(), "other words may be taken");
}

proptest! {
    /// Whatever stands on either side, no word of it is lost.
    #[test]
    fn no_word_is_lost(mine in "[a-c ]{0,12}", theirs in "[a-c ]{0,12}", number in 1..5u32, yields: bool) {
        let mut remark = Remark::of_sheet();
        remark.say(&mine, 0);
        if yields {
            remark.give_way();
        }
        let waited = remark.to_send().is_some();
        remark.is_held(number, &theirs);
        let asked = remark.asks();
        let stands = remark.say(&mine, 1);
        for word in mine.split_whitespace() {
            prop_assert!(stands.split_whitespace().any(|other| other.contains(word)), "{word}: {stands:?}");
        }
        if waited && asked {
            for word in theirs.split_whitespace() {
                prop_assert!(stands.split_whitespace().any(|other| other.contains(word)), "{word}: {stands:?}");
            }
        }
    }
}

#[test]
fn what_was_typed_before_the_page_woke_up_is_said_too() {
    let mut remark = written(SHORT);
    remark.add(WIDE, 1);
    assert_eq!(remark.words(), format!("{SHORT}\n{WIDE}"));
}

#[test]
fn nothing_is_asked_where_both_say_the_same() {
    let mut remark = written(SHORT);
    remark.is_held(2, SHORT);
    assert!(!remark.asks() && remark.to_send().is_none());
}
