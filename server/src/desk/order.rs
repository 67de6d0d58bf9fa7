//! The order of Vietnamese lists: "Đ" after "D", tones in their order, people by their given names.

use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

static VIETNAMESE: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    Collator::try_new(locale!("vi").into(), CollatorOptions::default()).expect("Vietnamese is compiled in")
});

/// Words and titles.
pub(super) fn words(a: &str, b: &str) -> Ordering {
    VIETNAMESE.compare(a, b).then_with(|| a.cmp(b))
}

/// People: by given name, which stands last, then by the names between, then by the family name.
pub(super) fn people(a: &str, b: &str) -> Ordering {
    let (a_given, a_between, a_family) = parts(a);
    let (b_given, b_between, b_family) = parts(b);
    words(a_given, b_given)
        .then_with(|| words(a_between, b_between))
        .then_with(|| words(a_family, b_family))
}

/// Numbers of contestants (số báo danh): a shorter one comes first, as 99 before 101. As the database has
/// it with `LENGTH(sbd), sbd`.
pub(super) fn numbers(a: &str, b: &str) -> Ordering {
    a.chars().count().cmp(&b.chars().count()).then_with(|| a.cmp(b))
}

fn parts(name: &str) -> (&str, &str, &str) {
    let (rest, given) = name.rsplit_once(' ').unwrap_or(("", name));
    let (family, between) = rest.split_once(' ').unwrap_or((rest, ""));
    (given, between, family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_stand_by_their_given_names() {
        let mut names = [
            "Trần Văn Đức",
            "Lê Thị Ánh",
            "Nguyễn Văn An",
            "Đỗ Văn An",
            "Nguyễn Thị An",
            "Phạm Dũng",
            "Bùi Thị Dậu",
            "An",
        ];
        names.sort_by(|a, b| people(a, b));
        assert_eq!(
            names,
            [
                "An",
                "Nguyễn Thị An",
                "Đỗ Văn An",
                "Nguyễn Văn An",
                "Lê Thị Ánh",
                "Bùi Thị Dậu",
                "Phạm Dũng",
                "Trần Văn Đức",
            ]
        );
    }

    #[test]
    fn letters_have_the_order_of_the_alphabet() {
        let mut topics = ["Đảng", "Dân vận", "Ân", "Ăn", "An", "Ơn", "Ông", "Ong"];
        topics.sort_by(|a, b| words(a, b));
        assert_eq!(topics, ["An", "Ăn", "Ân", "Dân vận", "Đảng", "Ong", "Ông", "Ơn"]);
    }
}
