//! Work on many samples by several workers.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cancel::Cancel;

/// Why not all work was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interrupted<E> {
    /// It was cancelled after `done` pieces.
    Cancelled {
        /// Pieces done.
        done: usize,
    },
    /// The first piece, by index, that failed.
    Failed(E),
}

/// Does pieces 0 to `count` of some work, each by whichever of the `workers` is free, in threads of the current
/// pool; their results come in order. `progress` is told how many pieces are done, each time one is.
///
/// # Errors
/// The error of the first piece that fails, whatever the threads; or that it was cancelled, which each worker looks at
/// before each piece.
pub fn in_parallel<W: Send, T: Send + Sync, E: Send + Sync>(
    workers: impl IntoIterator<Item = W>,
    count: usize,
    cancel: &Cancel,
    progress: &(dyn Fn(usize) + Sync),
    work: impl Fn(&mut W, usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, Interrupted<E>> {
    let outcomes: Vec<OnceLock<Result<T, E>>> = (0..count).map(|_| OnceLock::new()).collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failed = AtomicUsize::new(usize::MAX);
    let all = |mut worker: W| {
        while !cancel.is_cancelled() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            // Pieces after a failed one need not be done; those before may fail and come first.
            let Some(place) = outcomes
                .get(index)
                .filter(|_| index < failed.load(Ordering::Relaxed))
            else {
                return;
            };
            match work(&mut worker, index) {
                // What was cancelled half-way has no result.
                Err(_) if cancel.is_cancelled() => return,
                Err(error) => {
                    failed.fetch_min(index, Ordering::Relaxed);
                    // Nobody else has this index.
                    let _ = place.set(Err(error));
                }
                Ok(result) => {
                    let _ = place.set(Ok(result));
                    progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            }
        }
    };
    let workers: Vec<W> = workers.into_iter().collect();
    rayon::scope(|scope| {
        for worker in workers {
            let all = &all;
            scope.spawn(move |_| all(worker));
        }
    });
    let mut results = Vec::with_capacity(count);
    for outcome in outcomes {
        match outcome.into_inner() {
            Some(Ok(result)) => results.push(result),
            Some(Err(error)) => return Err(Interrupted::Failed(error)),
            None => {
                let done = done.into_inner();
                return Err(Interrupted::Cancelled { done });
            }
        }
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn results_come_in_order_and_every_piece_is_counted() {
        let seen = Mutex::new(Vec::new());
        let progress = |done| seen.lock().expect("no panic").push(done);
        let square = |_: &mut (), k: usize| Ok::<_, ()>(k * k);
        let all = in_parallel([(), (), ()], 100, &Cancel::default(), &progress, square);
        assert_eq!(all, Ok((0..100).map(|k| k * k).collect()));
        let mut seen = seen.into_inner().expect("no panic");
        seen.sort_unstable();
        assert_eq!(seen, (1..=100).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_that_fails_is_told() {
        let odd = |_: &mut (), k: usize| if k % 40 == 7 { Err(k) } else { Ok(()) };
        for workers in 1..4 {
            let all = in_parallel(vec![(); workers], 100, &Cancel::default(), &|_| (), odd);
            assert_eq!(all, Err(Interrupted::Failed(7)));
        }
    }

    #[test]
    fn a_worker_does_no_more_pieces_after_a_cancellation() {
        let cancel = Cancel::default();
        let progress = |done| {
            if done == 5 {
                cancel.cancel();
            }
        };
        let work = |_: &mut (), k: usize| Ok::<_, ()>(k);
        let all = in_parallel([()], 100, &cancel, &progress, work);
        assert_eq!(all, Err(Interrupted::Cancelled { done: 5 }));
    }
}
