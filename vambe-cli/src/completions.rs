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

/// Returns completions for fish of the commands below the second level, which clap_complete leaves out. They use a function
/// of its script.
fn fish_subcommands() -> String {
    let mut root = args::grammar().disable_help_subcommand(true);
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
        // Files after all, since clap_complete turns them off below the second level.
        if command.get_positionals().any(|argument| argument.get_value_hint() == ValueHint::FilePath) {
            *script += &format!("complete -c vambe -n \"{condition}\" -F\n");
        }
    }
    for below in command.get_subcommands() {
        add(below, &[path, &[below.get_name()]].concat(), script);
    }
}

fn add_option(option: &Arg, condition: &str, script: &mut String) {
    let Some(long) = option.get_long() else { return };
    let help = option.get_help().map(|help| escaped(&help.to_string())).unwrap_or_default();
    let short = option.get_short().map(|short| format!(" -s {short}")).unwrap_or_default();
    let values: Vec<_> = option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let value = match option.get_value_hint() {
        _ if !option.get_action().takes_values() => String::new(),
        _ if !values.is_empty() => format!(" -r -f -a '{}'", escaped(&values.join(" "))),
        ValueHint::FilePath => " -r -F".to_owned(),
        _ => " -r -f".to_owned(),
    };
    *script += &format!("complete -c vambe -n \"{condition}\"{short} -l {long} -d '{help}'{value}\n");
}

/// Escapes a text for single quotes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', " ")
}
