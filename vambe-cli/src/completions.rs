//! `vambe completions`: shell completions, made from the grammar.

use clap::{Arg, Command, ValueHint};
use clap_complete::Shell;

use crate::{args, exit::Exit, output};

/// Prints the completions for a shell.
pub(crate) fn print(shell: Shell) -> Exit {
    // Into memory first: clap_complete panics on a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::grammar(), "vambe", &mut script);
    if shell == Shell::Fish {
        script.extend(fish_subcommands().bytes());
    }
    output::print(|out| out.write_all(&script)).err().unwrap_or(Exit::Done)
}

/// Returns completions for fish that clap_complete leaves out: the options of commands below the second level, and the values of
/// arguments. They use a function of its script.
fn fish_subcommands() -> String {
    let mut root = args::grammar().disable_help_subcommand(true);
    root.build();
    let mut script = String::new();
    add(&root, &[], &mut script);
    script
}

fn add(command: &Command, path: &[&str], script: &mut String) {
    if let [first, rest @ ..] = path {
        let seen: String = rest.iter().map(|name| format!("; and __fish_seen_subcommand_from {name}")).collect();
        let condition = format!("__fish_vambe_using_subcommand {first}{seen}");
        if rest.len() >= 2 {
            for option in command.get_arguments() {
                add_option(option, &condition, script);
            }
        }
        for argument in command.get_positionals() {
            // Files, although clap_complete turns them off below the second level.
            let value =
                if argument.get_value_hint() == ValueHint::FilePath { " -F".to_owned() } else { values(argument) };
            if !value.is_empty() {
                *script += &format!("complete -c vambe -n \"{condition}\"{value}\n");
            }
        }
    }
    for below in command.get_subcommands() {
        add(below, &[path, &[below.get_name()]].concat(), script);
    }
}

/// Returns the possible values of an argument, without files; empty if there is no list of them.
fn values(argument: &Arg) -> String {
    let values: Vec<_> = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if values.is_empty() { String::new() } else { format!(" -f -a '{}'", escaped(&values.join(" "))) }
}

fn add_option(option: &Arg, condition: &str, script: &mut String) {
    let Some(long) = option.get_long() else { return };
    let help = option.get_help().map(|help| escaped(&help.to_string())).unwrap_or_default();
    let short = option.get_short().map(|short| format!(" -s {short}")).unwrap_or_default();
    let value = match (option.get_value_hint(), values(option)) {
        _ if !option.get_action().takes_values() => String::new(),
        (_, values) if !values.is_empty() => format!(" -r{values}"),
        (ValueHint::FilePath, _) => " -r -F".to_owned(),
        _ => " -r -f".to_owned(),
    };
    *script += &format!("complete -c vambe -n \"{condition}\"{short} -l {long} -d '{help}'{value}\n");
}

/// Escapes a text for single quotes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', " ")
}
