//! Completions and manual pages.

use std::fs;

use crate::support::{run, vambe};

#[test]
fn each_shell_has_its_completions() {
    for (shell, word) in [
        ("bash", "complete -F _vambe"),
        ("zsh", "#compdef vambe"),
        ("fish", "complete -c vambe"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[vambe]"),
    ] {
        let outcome = run(&mut vambe(&["completions", shell]));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{shell}");
        for word in [word, "allow-closed-ticket", "api-key-file", "fault-mix"] {
            assert!(outcome.stdout.contains(word), "{shell}: {word} is not in {}", outcome.stdout);
        }
    }
    run(&mut vambe(&["completions", "tcsh"])).assert(2, &["[possible values: bash,"]);
}

#[test]
fn the_manual_of_the_command_is_printed() {
    let outcome = run(&mut vambe(&["man"]));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    for word in
        [".TH vambe 1", ".SH SYNOPSIS", "vambe\\-ticket(1)", ".SH \"EXIT STATUS\"", ".SH ENVIRONMENT", "VAMBE_API_KEY"]
    {
        assert!(outcome.stdout.contains(word), "{word} is not in {}", outcome.stdout);
    }
}

#[test]
fn each_command_has_its_page_in_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(vambe(&["man", "--out"]).arg(folder.path()));
    assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = [
        "vambe-completions.1",
        "vambe-emulator.1",
        "vambe-man.1",
        "vambe-ticket-metadata-import.1",
        "vambe-ticket-metadata-set.1",
        "vambe-ticket-metadata.1",
        "vambe-ticket.1",
        "vambe.1",
    ];
    assert_eq!(names, expected);
    let page = fs::read_to_string(folder.path().join("vambe-ticket-metadata-set.1")).unwrap();
    assert!(page.contains("\\-\\-contact\\-number") && page.contains(".SH \"EXIT STATUS\""), "{page}");
    let page = fs::read_to_string(folder.path().join("vambe-emulator.1")).unwrap();
    assert!(page.contains("\\-\\-fault\\-mix"), "{page}");

    let missing = folder.path().join("missing");
    run(vambe(&["man", "--out"]).arg(&missing)).assert(2, &["cannot write the manual page", "caused by: "]);
}
