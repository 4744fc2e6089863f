//! `vambe completions`.

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
