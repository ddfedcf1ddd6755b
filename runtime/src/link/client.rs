//! Requests and their answers.

use std::time::Duration;

use spikevec_isa::Memory;

use super::error::LinkError;
use super::facts::{Description, Status};
use super::frame::{Frame, MAX_WORDS, Scanner};
use super::line::Line;
use super::{code, request};

/// Bytes that may come for one request before it is given up: some answers of the greatest length.
const BABBLE: u64 = 8192;

/// Words that one fill writes: its answer should not be long in coming.
const FILL_WORDS: usize = 4096;

/// The most clocks that an access to a word takes a machine.
const WORD_CLOCKS: u64 = 10;

/// A clock that no machine is slower than, until the machine has said what it is.
const SLOWEST_KHZ: u32 = 1000;

/// How a link behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkOptions {
    /// Silence after which a request is sent again. It must be longer than the machine's gap (20 ms) and whatever
    /// adapters add; the time of the bytes themselves is added.
    pub patience: Duration,
    /// Times that a request is sent.
    pub attempts: u32,
    /// The most words in a payload, up to 255. On a line that damages many bytes short frames are faster.
    pub words: usize,
}

impl Default for LinkOptions {
    fn default() -> Self {
        Self {
            patience: Duration::from_millis(150),
            attempts: 8,
            words: MAX_WORDS,
        }
    }
}

/// What a link has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkStatistics {
    /// Requests answered.
    pub requests: u64,
    /// Requests sent again.
    pub retries: u64,
    /// Good frames that were no answer to the request: late ones.
    pub strays: u64,
    /// Bytes sent.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
}

/// A line to a machine. Each request waits for its answer.
#[derive(Debug)]
pub struct Link<L> {
    line: L,
    options: LinkOptions,
    sequence: u8,
    scanner: Scanner,
    statistics: LinkStatistics,
    /// The machine's clock.
    khz: u32,
}

impl<L: Line> Link<L> {
    /// A link over `line`. Nothing is sent yet.
    pub fn new(line: L, options: LinkOptions) -> Self {
        Self {
            line,
            options,
            sequence: 0,
            scanner: Scanner::default(),
            statistics: LinkStatistics::default(),
            khz: SLOWEST_KHZ,
        }
    }

    /// The line.
    pub fn line(&mut self) -> &mut L {
        &mut self.line
    }

    /// What has been seen so far.
    pub fn statistics(&self) -> LinkStatistics {
        self.statistics
    }

    /// Words of data in a request, besides what says where they go.
    fn chunk(&self) -> usize {
        self.options.words.clamp(2, MAX_WORDS) - 1
    }

    /// Sends a request until it is answered.
    fn exchange(&mut self, kind: u8, argument: u8, words: &[u32]) -> Result<Frame, LinkError> {
        self.sequence = self.sequence.wrapping_add(1);
        let frame = Frame {
            sequence: self.sequence,
            kind,
            argument,
            words: words.to_vec(),
        };
        let bytes = frame.encode()?;
        // `send` may return before the bytes are on the line.
        let rate = u64::from(self.line.rate().max(1));
        let time = Duration::from_nanos(bytes.len() as u64 * 10_000_000_000 / rate);
        let accesses = match (kind, words) {
            (request::READ | request::FILL, [_, count, ..]) => u64::from(*count),
            _ => words.len() as u64,
        };
        let done = Duration::from_micros(accesses * WORD_CLOCKS * 1000 / u64::from(self.khz));
        let patience = self.options.patience + time + done;
        let mut all = 0;
        for attempt in 0..self.options.attempts.max(1) {
            self.statistics.retries += u64::from(attempt > 0);
            self.statistics.sent += bytes.len() as u64;
            self.line.send(&bytes)?;
            let mut here = 0;
            while here < BABBLE {
                let mut some = [0; 1024];
                let count = self.line.receive(&mut some, patience)?;
                here += count as u64;
                self.statistics.received += count as u64;
                self.scanner.push(&some[..count]);
                let silent = count == 0;
                while let Some(answer) = self.scanner.next(silent) {
                    if answer.sequence == self.sequence && answer.kind == kind | request::ANSWER {
                        self.statistics.requests += 1;
                        return Ok(answer);
                    }
                    self.statistics.strays += 1;
                }
                if silent {
                    break;
                }
            }
            all += here;
            self.scanner.clear();
        }
        let (attempts, rate) = (self.options.attempts.max(1), self.line.rate());
        Err(match all {
            0 => LinkError::NoAnswer { attempts, rate },
            bytes => LinkError::Noise {
                attempts,
                bytes,
                rate,
            },
        })
    }

    /// A request that must be done: the words of its answer, of which there must be `expected`.
    fn ask(
        &mut self,
        kind: u8,
        argument: u8,
        words: &[u32],
        expected: usize,
    ) -> Result<Vec<u32>, LinkError> {
        let answer = self.exchange(kind, argument, words)?;
        match answer.argument {
            code::DONE if answer.words.len() == expected => Ok(answer.words),
            code::DONE => Err(LinkError::Shape {
                kind,
                found: answer.words.len(),
                expected,
            }),
            code::BUSY => Err(LinkError::Busy),
            code => Err(LinkError::Refused { kind, code }),
        }
    }

    /// Sends words forth and back.
    ///
    /// # Errors
    /// The link does not work.
    pub fn ping(&mut self, words: &[u32]) -> Result<(), LinkError> {
        let back = self.ask(request::PING, 0, words, words.len())?;
        if back != words {
            return Err(LinkError::Refused {
                kind: request::PING,
                code: code::DONE,
            });
        }
        Ok(())
    }

    /// What the machine is.
    ///
    /// # Errors
    /// The link does not work, or the machine is one that this version does not know.
    pub fn query(&mut self) -> Result<Description, LinkError> {
        let answer = self.exchange(request::QUERY, 0, &[])?;
        let description = Description::from_words(&answer.words)?;
        self.khz = description.clock_khz.max(1);
        Ok(description)
    }

    /// What the machine does.
    ///
    /// # Errors
    /// The link does not work.
    pub fn status(&mut self) -> Result<Status, LinkError> {
        let answer = self.exchange(request::STATUS, 0, &[])?;
        Status::from_words(&answer.words)
    }

    /// Reads words from a byte address on that is a multiple of 4.
    ///
    /// # Errors
    /// The link does not work, or the machine refuses.
    pub fn read(&mut self, memory: Memory, address: u32, out: &mut [u32]) -> Result<(), LinkError> {
        let which = memory.port_number().ok_or(LinkError::External)?;
        let mut at = address;
        for part in out.chunks_mut(self.chunk() + 1) {
            let answer = self.access(memory, at, request::READ, which, &[at, part.len() as u32])?;
            if answer.len() != part.len() {
                return Err(LinkError::Shape {
                    kind: request::READ,
                    found: answer.len(),
                    expected: part.len(),
                });
            }
            part.copy_from_slice(&answer);
            at = at.wrapping_add(4 * part.len() as u32);
        }
        Ok(())
    }

    /// Writes words from a byte address on that is a multiple of 4.
    ///
    /// # Errors
    /// As [`Link::read`]; words before one that is refused have been written.
    pub fn write(&mut self, memory: Memory, address: u32, words: &[u32]) -> Result<(), LinkError> {
        let which = memory.port_number().ok_or(LinkError::External)?;
        let mut at = address;
        for part in words.chunks(self.chunk()) {
            let payload: Vec<u32> = std::iter::once(at).chain(part.iter().copied()).collect();
            self.access(memory, at, request::WRITE, which, &payload)?;
            at = at.wrapping_add(4 * part.len() as u32);
        }
        Ok(())
    }

    /// Writes `word` `count` times from a byte address on that is a multiple of 4.
    ///
    /// # Errors
    /// As [`Link::write`].
    pub fn fill(
        &mut self,
        memory: Memory,
        address: u32,
        count: usize,
        word: u32,
    ) -> Result<(), LinkError> {
        let which = memory.port_number().ok_or(LinkError::External)?;
        let (mut at, mut left) = (address, count);
        while left > 0 {
            let now = left.min(FILL_WORDS);
            self.access(memory, at, request::FILL, which, &[at, now as u32, word])?;
            at = at.wrapping_add(4 * now as u32);
            left -= now;
        }
        Ok(())
    }

    fn access(
        &mut self,
        memory: Memory,
        address: u32,
        kind: u8,
        which: u8,
        words: &[u32],
    ) -> Result<Vec<u32>, LinkError> {
        let answer = self.exchange(kind, which, words)?;
        match answer.argument {
            code::DONE => Ok(answer.words),
            code::BUSY => Err(LinkError::Busy),
            code::REFUSED => Err(LinkError::Address {
                memory,
                address: answer.words.first().copied().unwrap_or(address),
            }),
            code => Err(LinkError::Refused { kind, code }),
        }
    }

    /// Starts run number `run`: one more than the last one's, [`Status::runs`], wrapping. The number of the last run
    /// is taken, too, and starts nothing: so a repeated request starts no second run.
    ///
    /// # Errors
    /// The link does not work, the machine is busy, or it is not that run's turn.
    pub fn start(&mut self, run: u32) -> Result<(), LinkError> {
        let answer = self.exchange(request::START, 0, &[run])?;
        match answer.argument {
            code::DONE => Ok(()),
            code::BUSY => Err(LinkError::Busy),
            code::RUN_NUMBER => Err(LinkError::RunNumber { run }),
            code => Err(LinkError::Refused {
                kind: request::START,
                code,
            }),
        }
    }

    /// Stops a run, if one is under way.
    ///
    /// # Errors
    /// The link does not work.
    pub fn abort(&mut self) -> Result<(), LinkError> {
        self.ask(request::ABORT, 0, &[], 0).map(drop)
    }

    /// Waits until nothing comes any more: what another program asked for, or noise.
    ///
    /// # Errors
    /// The line is broken.
    pub fn settle(&mut self) -> Result<(), LinkError> {
        let mut some = [0; 1024];
        let mut all = 0;
        while all < BABBLE {
            let count = self.line.receive(&mut some, self.options.patience)?;
            all += count as u64;
            if count == 0 {
                break;
            }
        }
        self.scanner.clear();
        Ok(())
    }

    /// Lets the line's time pass. What comes meanwhile is no answer to anything.
    ///
    /// # Errors
    /// The line is broken.
    pub fn pause(&mut self, time: Duration) -> Result<(), LinkError> {
        let mut some = [0; 256];
        let count = self.line.receive(&mut some, time)?;
        self.statistics.received += count as u64;
        self.scanner.push(&some[..count]);
        Ok(())
    }
}
