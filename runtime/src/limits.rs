//! How much is read, and how much memory machines may take.

/// Bytes of unpacked arrays that any archive may have, and more of them for each of its own bytes.
const ARCHIVE: u64 = 32 << 20;
const ARCHIVE_FACTOR: u64 = 64;

/// Bytes of what is no plain file.
const STREAM: u64 = 1 << 30;

/// Spikes, of four bytes each.
const SPIKES: u64 = 1 << 28;

/// Steps of all samples, and bytes of arrays that bring one more.
const STEPS: u64 = 4_000_000;
const BYTES_A_STEP: u64 = 12;

/// Bytes of each of a machine's memories, where the program does not need more.
const MEMORY: u64 = 32 << 20;

/// Bytes of all machines that run a program side by side.
const MACHINES: u64 = 160 << 20;

/// The limits that a user can move. `None` is what follows from sizes of files and programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes, in place of each limit in bytes.
    pub memory: Option<u64>,
    /// Steps of all samples of a file.
    pub steps: Option<u64>,
}

impl Limits {
    /// Bytes of all arrays of an archive that has `bytes` itself.
    pub fn archive(&self, bytes: u64) -> u64 {
        let more = bytes.saturating_mul(ARCHIVE_FACTOR);
        self.memory.unwrap_or(ARCHIVE.saturating_add(more))
    }

    /// Bytes of arrays that come from a pipe or a device.
    pub fn stream(&self) -> u64 {
        self.memory.unwrap_or(STREAM)
    }

    /// Spikes of all samples.
    pub fn spikes(&self) -> u64 {
        self.memory.map_or(SPIKES, |bytes| bytes / 4)
    }

    /// Steps of all samples, which are in arrays of `bytes`.
    pub fn steps(&self, bytes: u64) -> u64 {
        self.steps.unwrap_or(STEPS + bytes / BYTES_A_STEP)
    }

    /// Bytes of a machine's memory of which a program is known to need `needed`.
    pub fn machine_memory(&self, needed: u64) -> u64 {
        self.memory.unwrap_or(MEMORY).max(needed)
    }

    /// Machines side by side, of `bytes` each: at least one.
    pub fn machines(&self, bytes: u64) -> usize {
        let count = self.memory.unwrap_or(MACHINES) / bytes.max(1);
        usize::try_from(count).unwrap_or(usize::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_given_takes_the_place_of_each() {
        let default = Limits::default();
        assert_eq!(default.archive(10), (32 << 20) + 640);
        assert_eq!(default.steps(1200), 4_000_100);
        assert_eq!(default.machine_memory(1), 32 << 20);
        assert_eq!(default.machine_memory(1 << 30), 1 << 30);
        assert_eq!(default.machines(100 << 20), 1);
        assert_eq!(default.machines(1 << 30), 1);
        assert_eq!(default.machines(16 << 20), 10);
        let given = Limits {
            memory: Some(400),
            steps: Some(7),
        };
        assert_eq!((given.archive(1 << 40), given.stream()), (400, 400));
        assert_eq!((given.spikes(), given.steps(1 << 40)), (100, 7));
        assert_eq!((given.machine_memory(3), given.machines(200)), (400, 2));
    }
}
