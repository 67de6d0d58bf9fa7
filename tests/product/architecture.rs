//! The page that walks through the code names what there is: whoever moves a function moves its name there.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_name_of_the_architecture_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for room in ["src", "app", "server", "tests", "xtask"] {
        sources(&root.join(room), &mut files);
    }
    let text = std::fs::read_to_string(root.join("docs/ARCHITECTURE.md")).expect("the page");
    // What stands between two ticks is every second piece.
    let pieces = text.split('`').skip(1).step_by(2);
    let (mut last, mut wrong, mut count) = (String::new(), Vec::new(), 0);
    for piece in pieces {
        let Some((file, name)) = piece.split_once("::") else {
            continue;
        };
        // `::name` is of the file named last.
        if file.ends_with(".rs") {
            last = file.to_owned();
        } else if !file.is_empty() {
            // A path that the page writes without its ending: a module of the face.
            last = format!("{file}.rs");
        }
        let name = name.split(['(', ' ', '<']).next().unwrap_or_default();
        let name = name.rsplit("::").next().unwrap_or_default();
        let mut homes = files.iter().filter(|path| path.ends_with(&last)).peekable();
        if homes.peek().is_none() {
            wrong.push(format!("there is no {last} ({piece})"));
            continue;
        }
        count += 1;
        let defines = |path: &PathBuf| {
            let code = std::fs::read_to_string(path).expect("a source");
            let kinds = [
                "fn",
                "struct",
                "enum",
                "trait",
                "const",
                "static",
                "type",
                "mod",
                "macro_rules!",
            ];
            let mut starts = kinds.iter().flat_map(|kind| {
                let start = format!("{kind} {name}");
                code.match_indices(&start)
                    .map(|(at, _)| code[at + start.len()..].chars().next())
                    .collect::<Vec<_>>()
            });
            starts.any(|next| next.is_none_or(|next| !next.is_alphanumeric() && next != '_'))
        };
        if !homes.any(defines) {
            wrong.push(format!("{last} does not define {name} ({piece})"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 100, "the page was read: {count}");
}
