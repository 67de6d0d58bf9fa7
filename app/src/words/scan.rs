//! Every visible word stands in the locale files, in both languages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Where Vietnamese words stand in the code, and why they may.
const EXCEPTIONS: [(&str, &str); 2] = [
    (
        "numerals.rs",
        "how a number is read aloud: the grammar of one language, written on its minutes alone",
    ),
    (
        "island/reveal_words.rs",
        "what a team's own name begins with, looked for and never shown",
    ),
];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "js") {
            into.push(path);
        }
    }
}

/// The contents of the string literals of a program, up to its tests; comments are none.
fn literals(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut letters = text.chars().peekable();
    let (mut found, mut before) = (Vec::new(), ' ');
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'/') => {
                letters.by_ref().find(|letter| *letter == '\n');
            }
            // A letter in quotes, or a lifetime.
            '\'' if letters.peek() == Some(&'"') => drop(letters.next()),
            '"' => {
                let raw = matches!(before, 'r' | '#');
                let mut words = String::new();
                while let Some(letter) = letters.next() {
                    match letter {
                        '\\' if !raw => drop(letters.next()),
                        '"' => break,
                        letter => words.push(letter),
                    }
                }
                found.push(words);
            }
            _ => {}
        }
        before = letter;
    }
    found
}

/// Letters that only Vietnamese has among the two languages; signs such as × are none.
fn is_vietnamese(letter: char) -> bool {
    !letter.is_ascii() && letter.is_alphabetic()
}

#[test]
fn no_vietnamese_word_stands_in_the_code() {
    let folder = here().join("src");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    assert!(files.len() > 100, "the sources are where they were");
    let mut unused: BTreeSet<&str> = EXCEPTIONS.iter().map(|(file, _)| *file).collect();
    for file in files {
        let name = file
            .strip_prefix(&folder)
            .expect("inside")
            .to_string_lossy()
            .replace('\\', "/");
        // Whole files of tests.
        if ["tests.rs", "samples.rs", "scan.rs"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            continue;
        }
        let words = literals(&fs::read_to_string(&file).expect("readable"));
        let vietnamese: Vec<&String> = words
            .iter()
            .filter(|words| words.contains(is_vietnamese))
            .collect();
        if !vietnamese.is_empty() && !unused.remove(&*name) {
            let excepted = EXCEPTIONS.iter().any(|(file, _)| *file == name);
            assert!(excepted, "{name} says {vietnamese:?} past the locale files");
        }
    }
    assert!(unused.is_empty(), "no exceptions any more: {unused:?}");
}

/// Every word by its path, with the names of the values that it takes.
fn words(value: &Value, path: &str, into: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                words(value, &format!("{path}.{key}"), into);
            }
        }
        Value::String(text) => {
            assert!(!text.trim().is_empty(), "{path} says nothing");
            let takes = text
                .split("{{")
                .skip(1)
                .filter_map(|rest| rest.split("}}").next());
            into.insert(
                path.to_owned(),
                takes.map(|name| name.trim().to_owned()).collect(),
            );
        }
        other => panic!("{path} is no word: {other}"),
    }
}

#[test]
fn both_languages_say_the_same_things() {
    let [vi, en] = ["vi", "en"].map(|language| {
        let file = here().join(format!("locales/{language}.json"));
        let text = fs::read_to_string(file).expect("a locale file");
        let mut all = BTreeMap::new();
        words(&serde_json::from_str(&text).expect("JSON"), language, &mut all);
        let cut = |(path, takes): (String, BTreeSet<String>)| (path[2..].to_owned(), takes);
        all.into_iter().map(cut).collect::<BTreeMap<_, _>>()
    });
    let missing = |of: &BTreeMap<String, BTreeSet<String>>, from: &BTreeMap<String, BTreeSet<String>>| {
        of.keys()
            .filter(|path| !from.contains_key(*path))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(&vi, &en), Vec::<String>::new(), "missing in English");
    assert_eq!(missing(&en, &vi), Vec::<String>::new(), "missing in Vietnamese");
    for (path, takes) in &vi {
        assert_eq!(takes, &en[path], "the values of {path}");
    }
}
