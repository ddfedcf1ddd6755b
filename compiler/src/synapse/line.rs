//! Spikes on their way: delays of any number of steps.

use std::collections::VecDeque;

use super::Source;

/// The fewest steps between a spike and its effect, by the order of updates: 0 where the target
/// is updated later in the step than the source, 1 where it has been already.
pub fn least_delay(source: Source, target: usize) -> u32 {
    match source {
        Source::Input => 0,
        Source::Population(k) => u32::from(k >= target),
    }
}

/// The spikes of one projection's source that have not arrived yet, step by step.
#[derive(Debug, Clone, Default)]
pub struct DelayLine {
    waiting: VecDeque<Vec<u32>>,
    /// Steps that spikes wait beyond the least delay.
    steps: usize,
}

impl DelayLine {
    /// A line on which spikes take `delay` steps, of which the order of updates makes `least`.
    pub fn new(delay: u32, least: u32) -> Self {
        DelayLine {
            waiting: VecDeque::new(),
            steps: delay.saturating_sub(least) as usize,
        }
    }

    /// Takes the source's spikes of a step and gives those that arrive now: to be called once a
    /// step, when the source has been updated.
    pub fn pass(&mut self, spikes: &[u32]) -> Vec<u32> {
        if self.steps == 0 {
            return spikes.to_vec();
        }
        self.waiting.push_back(spikes.to_vec());
        if self.waiting.len() > self.steps {
            self.waiting.pop_front().unwrap_or_default()
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_arrive_after_their_delay() {
        let mut line = DelayLine::new(3, 1);
        let arrived: Vec<_> = (0..5).map(|step| line.pass(&[step])).collect();
        assert_eq!(arrived, [vec![], vec![], vec![0], vec![1], vec![2]]);
        assert_eq!(DelayLine::new(1, 1).pass(&[7]), [7]);
    }

    #[test]
    fn the_order_of_updates_makes_the_least_delay() {
        assert_eq!(least_delay(Source::Input, 0), 0);
        assert_eq!(least_delay(Source::Population(0), 1), 0);
        assert_eq!(least_delay(Source::Population(1), 1), 1);
        assert_eq!(least_delay(Source::Population(2), 1), 1);
    }
}
