//! Progress, and runs that end early.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use spikevec::{Cancel, Data, Error, Progress, RunOptions, Stage};

use crate::common::{data, program};

#[test]
fn progress_tells_of_every_sample_of_both_stages() {
    let program = program();
    let seen = Mutex::new(Vec::new());
    let progress = |progress: Progress| seen.lock().unwrap().push(progress);
    let options = RunOptions {
        limit: Some(12),
        progress: Some(&progress),
        ..RunOptions::default()
    };
    program.run(&data(&program), &options).unwrap();
    let seen = seen.into_inner().unwrap();
    for stage in [Stage::Program, Stage::Reference] {
        let of_stage = seen.iter().filter(|progress| progress.stage == stage);
        let mut done: Vec<usize> = of_stage.map(|progress| progress.done).collect();
        assert_eq!(done[0], 0, "a stage begins with nothing done");
        done.sort_unstable();
        assert_eq!(done, (0..=12).collect::<Vec<_>>());
    }
    assert!(seen.iter().all(|progress| progress.samples == 12));
    // The reference begins when the program has ended.
    let first = seen.iter().position(|p| p.stage == Stage::Reference);
    assert_eq!(first, Some(13));
}

/// Cancels in `stage` after its second sample.
fn cancelled_in(stage: Stage) -> Error {
    let program = program();
    let cancel = Cancel::default();
    let token = cancel.clone();
    let progress = move |progress: Progress| {
        if progress.stage == stage && progress.done == 2 {
            token.cancel();
        }
    };
    let options = RunOptions {
        limit: Some(100),
        progress: Some(&progress),
        cancel,
        ..RunOptions::default()
    };
    program.run(&data(&program), &options).unwrap_err()
}

#[test]
fn a_cancelled_run_says_what_was_cancelled_and_how_far_it_was() {
    for stage in [Stage::Program, Stage::Reference] {
        let error = cancelled_in(stage);
        let text = error.to_string();
        let Error::Cancelled {
            stage: found,
            done,
            samples: 100,
        } = error
        else {
            panic!("{text}");
        };
        assert_eq!(found, stage, "{text}");
        // Each other thread may have been in the middle of a sample.
        let most = 2 + rayon::current_num_threads();
        assert!((2..most).contains(&done), "{text}");
        assert!(text.contains(&format!("{stage} was cancelled")), "{text}");
        assert!(text.contains("of 100 samples"), "{text}");
    }
}

/// One sample of so many steps that it would take a minute is cancelled from another thread.
#[test]
fn a_run_stops_within_a_sample() {
    let program = program();
    let once = data(&program).samples()[0].clone();
    let steps = once.iter().cycle().take(1_000_000).cloned();
    let long = Data::new(64, vec![steps.collect()]);
    let options = RunOptions {
        float: false,
        ..RunOptions::default()
    };
    let cancel = options.cancel.clone();
    let (error, cancelled) = std::thread::scope(|scope| {
        let canceller = scope.spawn(move || {
            std::thread::sleep(Duration::from_millis(200));
            cancel.cancel();
            Instant::now()
        });
        let error = program.run(&long, &options).unwrap_err();
        (error, canceller.join().unwrap())
    });
    assert!(cancelled.elapsed() < Duration::from_secs(5));
    assert!(
        matches!(
            error,
            Error::Cancelled {
                done: 0,
                samples: 1,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn what_was_cancelled_before_does_not_begin() {
    let program = program();
    let options = RunOptions::default();
    options.cancel.cancel();
    let error = program.run(&data(&program), &options).unwrap_err();
    assert!(matches!(error, Error::Cancelled { done: 0, .. }), "{error}");
}
