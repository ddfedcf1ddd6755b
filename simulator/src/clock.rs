//! What an engine asks about time, and the ports through which it reaches what time changes.

use spikevec_isa::csr::Csr;
use spikevec_isa::{Op, Vector};

use crate::observe::Issue;
use crate::state::{Failure, Memories, Now};

/// The clock of a run. An engine tells it of every instruction before and after it is executed,
/// and goes through it to vector memory and to the registers of DMA, so that an access sees and
/// leaves what is there in its own clock.
pub(crate) trait Clock {
    /// What every instruction changes: the engine's loop has it in registers.
    type Front: Copy;
    /// What is known of an instruction between its entering the stage A and its retirement.
    type Entered: Copy;

    /// Where the run stands.
    fn front(&self) -> Self::Front;

    /// Where it stands when the loop ends.
    fn set_front(&mut self, front: Self::Front);

    /// The instruction at `index` enters A. `taken` says whether a branch is taken, for those to the next
    /// instruction, of which the address does not tell; `explain` asks for an [`Issue`] as well.
    fn enter(
        &mut self,
        front: Self::Front,
        index: usize,
        op: Op,
        explain: bool,
        taken: impl FnOnce() -> bool,
    ) -> Self::Entered;

    /// It has retired, and did or did not go on at the next word.
    fn leave(&self, entered: Self::Entered, straight: bool) -> Self::Front;

    /// The front of a run that the instruction has stopped.
    fn stopped(&self, front: Self::Front, entered: Self::Entered) -> Self::Front;

    /// The machine's clock when `retired` instructions have retired: the one in which the last of them left A.
    fn clock(&self, front: Self::Front, retired: u64) -> u64;

    /// When the instruction that entered last did so, where runs are timed.
    fn issue(&self) -> Option<Issue>;

    /// When a CSR instruction looks at counters, `retired` instructions before it.
    fn csr_time(&self, entered: Self::Entered, retired: u64) -> Now;

    /// The vector at `address` of vector memory.
    fn load_vector<'a>(
        &'a mut self,
        entered: Self::Entered,
        memories: &'a mut Memories,
        address: u32,
    ) -> Result<&'a Vector, Failure>;

    /// Writes the vector at `address` of vector memory.
    fn store_vector(
        &mut self,
        entered: Self::Entered,
        memories: &mut Memories,
        address: u32,
        value: &Vector,
    ) -> Result<(), Failure>;

    /// Value of a DMA CSR, `None` for a CSR that is none.
    fn read_dma(
        &mut self,
        entered: Self::Entered,
        memories: &mut Memories,
        csr: Csr,
    ) -> Option<u32>;

    /// Writes a DMA CSR; `false` for a CSR that is none or is read only.
    fn write_dma(
        &mut self,
        entered: Self::Entered,
        memories: &mut Memories,
        csr: Csr,
        value: u32,
    ) -> bool;
}

/// An instruction a clock, and transfers in no time. The number of instructions retired and
/// this, modulo 2^64, are the clock.
pub(crate) struct Untimed(pub u64);

impl Clock for Untimed {
    type Front = ();
    type Entered = ();

    fn front(&self) {}

    fn set_front(&mut self, (): ()) {}

    #[inline(always)]
    fn enter(&mut self, (): (), _: usize, _: Op, _: bool, _: impl FnOnce() -> bool) {}

    #[inline(always)]
    fn leave(&self, (): (), _: bool) {}

    #[inline(always)]
    fn stopped(&self, (): (), (): ()) {}

    #[inline(always)]
    fn clock(&self, (): (), retired: u64) -> u64 {
        retired.wrapping_add(self.0)
    }

    fn issue(&self) -> Option<Issue> {
        None
    }

    fn csr_time(&self, (): (), retired: u64) -> Now {
        let clock = retired.wrapping_add(self.0);
        Now {
            retired,
            clock,
            inhibited_from: clock,
        }
    }

    #[inline(always)]
    fn load_vector<'a>(
        &'a mut self,
        (): (),
        memories: &'a mut Memories,
        address: u32,
    ) -> Result<&'a Vector, Failure> {
        memories.vector.load(address)
    }

    #[inline(always)]
    fn store_vector(
        &mut self,
        (): (),
        memories: &mut Memories,
        address: u32,
        value: &Vector,
    ) -> Result<(), Failure> {
        memories.vector.store(address, value)
    }

    fn read_dma(&mut self, (): (), memories: &mut Memories, csr: Csr) -> Option<u32> {
        memories.dma.read(csr)
    }

    fn write_dma(&mut self, (): (), memories: &mut Memories, csr: Csr, value: u32) -> bool {
        let Memories {
            vector,
            external,
            dma,
            ..
        } = memories;
        dma.write(csr, value, vector, external)
    }
}
