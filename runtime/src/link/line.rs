//! Streams of bytes to a machine.

use std::io;
use std::time::Duration;

use spikevec_verilated::pipe::SystemPipe;

/// A serial line as the host sees it.
///
/// Unlike `Read` and `Write` it says how long to wait, in the line's own time: a simulated one waits clocks, not seconds.
pub trait Line {
    /// Sends all bytes, or hands them to whoever does.
    ///
    /// # Errors
    /// The line is broken.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for bytes, up to `patience`, and gives how many have come: 0 if none.
    ///
    /// # Errors
    /// The line is broken.
    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize>;

    /// Bits a second, of which a byte has ten.
    fn rate(&self) -> u32;

    /// Time that has passed on the line's clock since a moment that does not change. All limits in time are on it: a
    /// simulated machine is not late because its host is loaded.
    fn elapsed(&self) -> Duration;
}

impl<L: Line + ?Sized> Line for &mut L {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).send(bytes)
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        (**self).receive(out, patience)
    }

    fn rate(&self) -> u32 {
        (**self).rate()
    }

    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }
}

impl<L: Line + ?Sized> Line for Box<L> {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).send(bytes)
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        (**self).receive(out, patience)
    }

    fn rate(&self) -> u32 {
        (**self).rate()
    }

    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }
}

/// Deterministic: the system's clock runs while the host sends or waits, and not otherwise.
impl Line for SystemPipe {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        SystemPipe::send(self, bytes);
        Ok(())
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        let clocks = patience.as_nanos() * u128::from(self.clock_hz()) / 1_000_000_000;
        let Some(first) = out.first_mut() else {
            return Ok(0);
        };
        let byte = SystemPipe::receive(self, u64::try_from(clocks).unwrap_or(u64::MAX));
        Ok(byte.map_or(0, |byte| {
            *first = byte;
            1
        }))
    }

    fn rate(&self) -> u32 {
        self.baud()
    }

    fn elapsed(&self) -> Duration {
        let nanoseconds =
            u128::from(self.ticks()) * 1_000_000_000 / u128::from(self.clock_hz().max(1));
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}
