//! Requests and their answers.

use std::time::Duration;

use spikevec_isa::Memory;

use super::error::LinkError;
use super::facts::{Description, SLOWEST_KHZ, Status};
use super::frame::{Frame, MAX_WORDS, Scanner};
use super::limit::{self, Limit, Work};
use super::line::Line;
use super::{code, request};

/// Bytes that may come for one request before it is given up: some answers of the greatest length.
const BABBLE: u64 = 8192;

/// Words that one fill writes: its answer should not be long in coming.
pub(crate) const FILL_WORDS: usize = 4096;

/// How many times the patience a line is waited for before the first request.
const SETTLE: u32 = 4;

/// Bytes of the longest frame.
const LONGEST_FRAME: u64 = 9 + 4 * MAX_WORDS as u64;

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
    /// The most words in a payload that the machine takes.
    most_words: usize,
    /// When what is being done must have ended.
    limit: Option<Limit>,
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
            most_words: MAX_WORDS,
            limit: None,
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
    pub(crate) fn chunk(&self) -> usize {
        self.options.words.clamp(2, self.most_words) - 1
    }

    /// Time on the line's clock.
    pub fn elapsed(&self) -> Duration {
        self.line.elapsed()
    }

    /// The machine's clock in kHz.
    pub(crate) fn khz(&self) -> u32 {
        self.khz
    }

    /// Does `work`, every request of which must have ended within `limit` from now. A limit that stands already stays.
    ///
    /// # Errors
    /// Those of `work`, and [`LinkError::Slow`].
    pub(crate) fn within<T>(
        &mut self,
        name: &'static str,
        limit: Duration,
        work: impl FnOnce(&mut Self) -> Result<T, LinkError>,
    ) -> Result<T, LinkError> {
        let outer = self.limit;
        self.begin(name, limit);
        let result = work(self);
        self.limit = outer;
        result
    }

    /// Sets a limit for all requests until [`Link::end`]. One that stands already stays.
    pub(crate) fn begin(&mut self, name: &'static str, limit: Duration) {
        let ends = self.line.elapsed().saturating_add(limit);
        self.limit.get_or_insert(Limit { name, limit, ends });
    }

    /// Ends what [`Link::begin`] began.
    pub(crate) fn end(&mut self) {
        self.limit = None;
    }

    /// The longest time that `work` may take.
    pub(crate) fn time_for(&self, work: Work) -> Duration {
        work.limit(self.options.patience, self.line.rate(), self.khz)
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
        let rate = self.line.rate();
        let accesses = match (kind, words) {
            (request::READ | request::FILL, [_, count, ..]) => u64::from(*count),
            _ => words.len() as u64,
        };
        let patience = self.options.patience
            + limit::bytes_take(bytes.len() as u64, rate)
            + limit::accesses_take(accesses, self.khz);
        let attempts = self.options.attempts.max(1);
        let begin = self.line.elapsed();
        let mut all = 0;
        for attempt in 0..attempts {
            if let Some(limit) = self.limit {
                limit.check(self.line.elapsed())?;
            }
            self.statistics.retries += u64::from(attempt > 0);
            self.statistics.sent += bytes.len() as u64;
            self.line.send(&bytes)?;
            let (answer, bytes) = self.listen(kind | request::ANSWER, patience)?;
            if let Some(answer) = answer {
                self.statistics.requests += 1;
                return Ok(answer);
            }
            all += bytes;
            self.scanner.clear();
        }
        let time = self.line.elapsed().saturating_sub(begin);
        Err(match all {
            0 => LinkError::NoAnswer {
                attempts,
                time,
                rate,
            },
            bytes => LinkError::Noise {
                attempts,
                time,
                bytes,
                rate,
            },
        })
    }

    /// Takes in what comes until it is the answer to the last request, nothing comes for `patience`, or time or bytes
    /// are more than an answer needs: the answer, and the bytes that came.
    fn listen(&mut self, kind: u8, patience: Duration) -> Result<(Option<Frame>, u64), LinkError> {
        let longest = 2 * (patience + limit::bytes_take(LONGEST_FRAME, self.line.rate()));
        let begin = self.line.elapsed();
        let mut here = 0;
        while here < BABBLE {
            let left = longest.saturating_sub(self.line.elapsed().saturating_sub(begin));
            let mut some = [0; 1024];
            let count = self.line.receive(&mut some, patience.min(left))?;
            here += count as u64;
            self.statistics.received += count as u64;
            self.scanner.push(&some[..count]);
            let last = count == 0 || left.is_zero();
            while let Some(answer) = self.scanner.next(last) {
                if answer.sequence == self.sequence && answer.kind == kind {
                    return Ok((Some(answer), here));
                }
                self.statistics.strays += 1;
            }
            if last {
                break;
            }
        }
        Ok((None, here))
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
        self.khz = description.clock_khz;
        self.most_words = description.payload_words as usize;
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
        let limit = self.time_for(Work::words(out.len(), self.chunk()));
        let mut at = address;
        self.within("reading", limit, |link| {
            for part in out.chunks_mut(link.chunk() + 1) {
                let asked = [at, part.len() as u32];
                let answer = link.access(memory, at, request::READ, which, &asked)?;
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
        })
    }

    /// Writes words from a byte address on that is a multiple of 4.
    ///
    /// # Errors
    /// As [`Link::read`]; words before one that is refused have been written.
    pub fn write(&mut self, memory: Memory, address: u32, words: &[u32]) -> Result<(), LinkError> {
        let which = memory.port_number().ok_or(LinkError::External)?;
        let limit = self.time_for(Work::words(words.len(), self.chunk()));
        let mut at = address;
        self.within("writing", limit, |link| {
            for part in words.chunks(link.chunk()) {
                let payload: Vec<u32> = std::iter::once(at).chain(part.iter().copied()).collect();
                link.access(memory, at, request::WRITE, which, &payload)?;
                at = at.wrapping_add(4 * part.len() as u32);
            }
            Ok(())
        })
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
        let limit = self.time_for(Work::fill(count));
        let (mut at, mut left) = (address, count);
        self.within("filling", limit, |link| {
            while left > 0 {
                let now = left.min(FILL_WORDS);
                link.access(memory, at, request::FILL, which, &[at, now as u32, word])?;
                at = at.wrapping_add(4 * now as u32);
                left -= now;
            }
            Ok(())
        })
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

    /// Waits until nothing comes any more: what another program asked for, or noise. A machine that never is silent is
    /// waited for some times the patience.
    ///
    /// # Errors
    /// The line is broken.
    pub fn settle(&mut self) -> Result<(), LinkError> {
        let mut some = [0; 1024];
        let mut all = 0;
        let begin = self.line.elapsed();
        while all < BABBLE {
            let count = self.line.receive(&mut some, self.options.patience)?;
            all += count as u64;
            let time = self.line.elapsed().saturating_sub(begin);
            if count == 0 || time > SETTLE * self.options.patience {
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
