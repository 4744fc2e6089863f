//! `vambe man`.

use std::fs;

use crate::support::{run, vambe};

#[test]
fn prints_the_page_of_vambe() {
    let outcome = run(&mut vambe(&["man"]));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    for word in
        [".TH vambe 1", ".SH SYNOPSIS", "vambe\\-ticket(1)", ".SH \"EXIT STATUS\"", ".SH ENVIRONMENT", "VAMBE_API_KEY"]
    {
        assert!(outcome.stdout.contains(word), "{word} is not in {}", outcome.stdout);
    }
}

#[test]
fn writes_a_page_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(vambe(&["man", "--out"]).arg(folder.path()));
    assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = [
        "vambe-completions.1",
        "vambe-doctor.1",
        "vambe-emulator.1",
        "vambe-man.1",
        "vambe-queue-dead-drop.1",
        "vambe-queue-dead-retry.1",
        "vambe-queue-dead.1",
        "vambe-queue-enqueue.1",
        "vambe-queue-hold.1",
        "vambe-queue-list.1",
        "vambe-queue-migrate.1",
        "vambe-queue-pause.1",
        "vambe-queue-release.1",
        "vambe-queue-resume.1",
        "vambe-queue-show.1",
        "vambe-queue-status.1",
        "vambe-queue-worker.1",
        "vambe-queue.1",
        "vambe-quota-resume.1",
        "vambe-quota-set.1",
        "vambe-quota-show.1",
        "vambe-quota.1",
        "vambe-ticket-metadata-import.1",
        "vambe-ticket-metadata-report.1",
        "vambe-ticket-metadata-set.1",
        "vambe-ticket-metadata-status.1",
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
