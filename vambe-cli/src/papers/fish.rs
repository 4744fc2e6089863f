//! Completions for fish of the commands that clap_complete leaves out there: those below the second level.

use clap::{Arg, Command, ValueHint};

/// Lines for the end of clap_complete's script; they use a function of it.
pub(super) fn deeper_commands() -> String {
    let mut root = crate::args::grammar().disable_help_subcommand(true);
    root.build();
    let mut script = String::new();
    add(&root, &[], &mut script);
    script
}

fn add(command: &Command, path: &[&str], script: &mut String) {
    if let [first, rest @ ..] = path
        && rest.len() >= 2
    {
        let seen: String = rest.iter().map(|name| format!("; and __fish_seen_subcommand_from {name}")).collect();
        let condition = format!("__fish_vambe_using_subcommand {first}{seen}");
        for option in command.get_arguments() {
            add_option(option, &condition, script);
        }
    }
    for below in command.get_subcommands() {
        add(below, &[path, &[below.get_name()]].concat(), script);
    }
}

fn add_option(option: &Arg, condition: &str, script: &mut String) {
    let Some(long) = option.get_long() else { return };
    let help = option.get_help().map(|help| quoted(&help.to_string())).unwrap_or_default();
    let short = option.get_short().map(|short| format!(" -s {short}")).unwrap_or_default();
    let values: Vec<_> = option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let value = match option.get_value_hint() {
        _ if !option.get_action().takes_values() => String::new(),
        _ if !values.is_empty() => format!(" -r -f -a '{}'", quoted(&values.join(" "))),
        ValueHint::FilePath => " -r -F".to_owned(),
        _ => " -r -f".to_owned(),
    };
    *script += &format!("complete -c vambe -n \"{condition}\"{short} -l {long} -d '{help}'{value}\n");
}

/// As it stands between single quotes.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', " ")
}
