//! The core: its blocks, and the wires between them.

use rust_hdl::prelude::*;

use super::{Access, Commit, Config, Execute, Fetch, Host, Issue, LateOperand};
use crate::comment;
use crate::dma::DmaEngine;
use crate::leaf::Pack;
use crate::scalar::Csrs;
use crate::vector::{SlowPick, VectorUnit};

/// A core with `LANES` lanes in hardware, which is `GROUPS * EACH`: docs/core.md. `WIDE` is 16 `LANES`, `PLACES` 17 `LANES`.
///
/// Ports are those of the host, of external memory, and of retirement. The last are for simulation: left open, they
/// and what only they need are removed by synthesis. Everything is zero at first; there is no reset.
#[derive(LogicBlock)]
pub struct Core<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Starts the core at address zero, if it is stopped.
    pub host_start: Signal<In, Bit>,
    /// Stops it.
    pub host_stop: Signal<In, Bit>,
    /// Reads a word; see [`Host`].
    pub host_read: Signal<In, Bit>,
    /// Writes a word.
    pub host_write: Signal<In, Bit>,
    /// Of instruction (0), scalar (1), vector (2) or lane-local (3) memory.
    pub host_memory: Signal<In, Bits<3>>,
    /// Byte address.
    pub host_address: Signal<In, Bits<32>>,
    /// What to write.
    pub host_data: Signal<In, Bits<32>>,
    /// A request is taken at this edge.
    pub host_ready: Signal<Out, Bit>,
    /// The request is done.
    pub host_valid: Signal<Out, Bit>,
    /// It was refused.
    pub host_error: Signal<Out, Bit>,
    /// What was read.
    pub host_value: Signal<Out, Bits<32>>,
    /// The core runs.
    pub running: Signal<Out, Bit>,
    /// A transfer is under way.
    pub dma_busy: Signal<Out, Bit>,
    /// Why the core stopped last: [`super::cause`].
    pub cause: Signal<Out, Bits<4>>,
    /// Where.
    pub stop_pc: Signal<Out, Bits<32>>,
    /// Clocks of the run.
    pub clocks: Signal<Out, Bits<64>>,
    /// Instructions that have retired in the run.
    pub retired: Signal<Out, Bits<64>>,
    /// DMA wants a burst; see docs/dma.md.
    pub external_request: Signal<Out, Bit>,
    /// The burst goes to external memory.
    pub external_write: Signal<Out, Bit>,
    /// Its first byte.
    pub external_address: Signal<Out, Bits<32>>,
    /// Its vectors of 64 bytes.
    pub external_vectors: Signal<Out, Bits<8>>,
    /// The burst is taken.
    pub external_accept: Signal<In, Bit>,
    /// There is a word for DMA.
    pub external_read_valid: Signal<In, Bit>,
    /// The word.
    pub external_read_data: [Signal<In, Bits<16>>; LANES],
    /// DMA takes a word.
    pub external_read_ready: Signal<Out, Bit>,
    /// There is a word for external memory.
    pub external_write_valid: Signal<Out, Bit>,
    /// The word.
    pub external_write_data: [Signal<Out, Bits<16>>; LANES],
    /// External memory takes a word.
    pub external_write_ready: Signal<In, Bit>,
    /// The burst ends.
    pub external_done: Signal<In, Bit>,
    /// It has failed.
    pub external_error: Signal<In, Bit>,
    /// X1: an instruction retires.
    pub retire: Signal<Out, Bit>,
    /// Its address.
    pub retire_pc: Signal<Out, Bits<32>>,
    /// The instruction.
    pub retire_word: Signal<Out, Bits<32>>,
    /// It writes a scalar register.
    pub retire_x: Signal<Out, Bit>,
    /// Which one.
    pub retire_rd: Signal<Out, Bits<5>>,
    /// What.
    pub retire_value: Signal<Out, Bits<32>>,
    /// X: scalar memory is written.
    pub scalar_store: Signal<Out, Bit>,
    /// The word's address.
    pub scalar_store_address: Signal<Out, Bits<32>>,
    /// Its bytes.
    pub scalar_store_mask: Signal<Out, Bits<4>>,
    /// What.
    pub scalar_store_data: Signal<Out, Bits<32>>,
    /// W: a vector register is written.
    pub vector_write: Signal<Out, Bit>,
    /// The physical register: eight times its number, and the beat.
    pub vector_write_register: Signal<Out, Bits<8>>,
    /// What.
    pub vector_write_data: Signal<Out, Bits<WIDE>>,
    /// X: vector memory is written by an instruction.
    pub vector_store: Signal<Out, Bit>,
    /// The word: of a core with fewer lanes, a part of a vector.
    pub vector_store_word: Signal<Out, Bits<20>>,
    /// What.
    pub vector_store_data: Signal<Out, Bits<WIDE>>,
    /// X: lane-local memory is written.
    pub lane_store: Signal<Out, Bit>,
    /// The lanes that write.
    pub lane_store_lanes: Signal<Out, Bits<LANES>>,
    /// The beat.
    pub lane_store_beat: Signal<Out, Bits<3>>,
    /// Byte address within the lane's memory.
    pub lane_store_address: Signal<Out, Bits<PLACES>>,
    /// What.
    pub lane_store_data: Signal<Out, Bits<WIDE>>,
    fetch: Fetch,
    issue: Issue,
    execute: Execute,
    late: LateOperand,
    access: Access,
    commit: Commit,
    csrs: Csrs,
    unit: VectorUnit<GROUPS, EACH, LANES>,
    engine: DmaEngine<LANES>,
    host_port: Host,
    written: Pack<LANES, 16, WIDE>,
    stored: Pack<LANES, 16, WIDE>,
    lane_stored: Pack<LANES, 16, WIDE>,
    lane_enables: Pack<LANES, 1, LANES>,
    lane_places: Pack<LANES, 17, PLACES>,
    kill: Signal<Local, Bit>,
    unused_immediate: Signal<Local, Bits<16>>,
    starts: Signal<Local, Bit>,
    flush: Signal<Local, Bit>,
    host_even: SlowPick<LANES>,
    host_odd: SlowPick<LANES>,
    host_pair: Signal<Local, Bits<5>>,
    half: [Signal<Local, Bits<16>>; 2],
    one: Signal<Local, Bits<LANES>>,
    first_select: Signal<Local, Bits<LANES>>,
    second_select: Signal<Local, Bits<LANES>>,
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> Core<GROUPS, EACH, LANES, WIDE, PLACES>
{
    /// The core of a configuration with `LANES` lanes.
    pub fn new(config: &Config) -> Self {
        let (beats, target) = (config.target.beats(), &config.target);
        Self {
            clock: Signal::default(),
            host_start: Signal::default(),
            host_stop: Signal::default(),
            host_read: Signal::default(),
            host_write: Signal::default(),
            host_memory: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            host_ready: Signal::default(),
            host_valid: Signal::default(),
            host_error: Signal::default(),
            host_value: Signal::default(),
            running: Signal::default(),
            dma_busy: Signal::default(),
            cause: Signal::default(),
            stop_pc: Signal::default(),
            clocks: Signal::default(),
            retired: Signal::default(),
            external_request: Signal::default(),
            external_write: Signal::default(),
            external_address: Signal::default(),
            external_vectors: Signal::default(),
            external_accept: Signal::default(),
            external_read_valid: Signal::default(),
            external_read_data: std::array::from_fn(|_| Signal::default()),
            external_read_ready: Signal::default(),
            external_write_valid: Signal::default(),
            external_write_data: std::array::from_fn(|_| Signal::default()),
            external_write_ready: Signal::default(),
            external_done: Signal::default(),
            external_error: Signal::default(),
            retire: Signal::default(),
            retire_pc: Signal::default(),
            retire_word: Signal::default(),
            retire_x: Signal::default(),
            retire_rd: Signal::default(),
            retire_value: Signal::default(),
            scalar_store: Signal::default(),
            scalar_store_address: Signal::default(),
            scalar_store_mask: Signal::default(),
            scalar_store_data: Signal::default(),
            vector_write: Signal::default(),
            vector_write_register: Signal::default(),
            vector_write_data: Signal::default(),
            vector_store: Signal::default(),
            vector_store_word: Signal::default(),
            vector_store_data: Signal::default(),
            lane_store: Signal::default(),
            lane_store_lanes: Signal::default(),
            lane_store_beat: Signal::default(),
            lane_store_address: Signal::default(),
            lane_store_data: Signal::default(),
            fetch: Fetch::new(target.instruction_bytes),
            issue: Issue::new(beats),
            execute: Execute::new(beats, target.scalar_bytes, target.vector_bytes),
            late: LateOperand::default(),
            access: Access::new(beats, target.scalar_bytes),
            commit: Commit::default(),
            csrs: Csrs::default(),
            unit: VectorUnit::new(&config.vector()),
            engine: DmaEngine::new(&config.dma()),
            host_port: Host::new(config.target.lanes, target),
            written: Pack::default(),
            stored: Pack::default(),
            lane_stored: Pack::default(),
            lane_enables: Pack::default(),
            lane_places: Pack::default(),
            kill: Signal::default(),
            unused_immediate: Signal::default(),
            starts: Signal::default(),
            flush: Signal::default(),
            host_even: SlowPick::default(),
            host_odd: SlowPick::default(),
            host_pair: Signal::default(),
            half: Default::default(),
            one: Signal::default(),
            first_select: Signal::default(),
            second_select: Signal::default(),
        }
    }
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> Logic for Core<GROUPS, EACH, LANES, WIDE, PLACES>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module core: the pipeline");
        self.fetch.clock.next = self.clock.val();
        self.issue.clock.next = self.clock.val();
        self.execute.clock.next = self.clock.val();
        self.late.clock.next = self.clock.val();
        self.access.clock.next = self.clock.val();
        self.commit.clock.next = self.clock.val();
        self.csrs.clock.next = self.clock.val();
        self.unit.clock.next = self.clock.val();
        self.engine.clock.next = self.clock.val();
        self.host_port.clock.next = self.clock.val();

        comment!("A fault in X1 drops what is younger; a taken jump what is in F and D.");
        self.kill.next = self.commit.halt.val() | self.host_stop.val();
        self.flush.next = self.kill.val() | self.execute.redirect.val();
        self.starts.next = self.host_start.val() & !self.commit.running.val();

        comment!("F.");
        self.fetch.start.next = self.starts.val();
        self.fetch.running.next = self.commit.running.val();
        self.fetch.redirect.next = self.execute.redirect.val();
        self.fetch.target.next = self.execute.target.val();
        self.fetch.accept.next = self.issue.accept.val();
        self.fetch.host_address.next = self.host_port.instruction_address.val();
        self.fetch.host_write.next = self.host_port.instruction_write.val();
        self.fetch.host_data.next = self.host_port.word.val();

        comment!("D.");
        self.issue.running.next = self.commit.running.val();
        self.issue.flush.next = self.flush.val();
        self.issue.fetched.next = self.fetch.valid.val();
        self.issue.fetched_pc.next = self.fetch.pc.val();
        self.issue.fetched_word.next = self.fetch.word.val();
        self.issue.fetched_note.next = self.fetch.note.val();
        self.issue.fetched_fault.next = self.fetch.fault.val();
        self.issue.free.next = self.execute.free.val();
        self.issue.writes[0].next = self.execute.valid.val() & self.execute.writes_x.val();
        self.issue.stage_rd[0].next = self.execute.rd.val();
        self.issue.stage_value[0].next = self.execute.result.val();
        self.issue.stage_valid[0].next = self.execute.valid.val();
        self.issue.stage_writes_v[0].next = self.execute.writes_v.val();
        self.issue.stage_flags[0].next = self.execute.flags.val();
        self.issue.stage_beat[0].next = self.execute.beat.val();
        for i in 0..2 {
            self.issue.writes[i + 1].next = self.access.writes[i].val();
            self.issue.stage_rd[i + 1].next = self.access.rd[i].val();
            self.issue.stage_value[i + 1].next = self.access.value[i].val();
            self.issue.stage_valid[i + 1].next = self.access.valid[i].val();
            self.issue.stage_writes_v[i + 1].next = self.access.writes_v[i].val();
            self.issue.stage_flags[i + 1].next = self.access.flags[i].val();
            self.issue.stage_beat[i + 1].next = self.access.beat[i].val();
        }
        self.issue.writes[3].next = self.commit.writes.val();
        self.issue.stage_rd[3].next = self.commit.rd.val();
        self.issue.stage_value[3].next = self.commit.value.val();
        self.issue.register_write.next = self.commit.write.val();
        self.issue.register_rd.next = self.commit.rd.val();
        self.issue.register_value.next = self.commit.value.val();

        comment!("A.");
        self.execute.kill.next = self.kill.val();
        self.execute.stop.next = self.host_stop.val();
        self.execute.enter.next = self.issue.leave.val();
        self.execute.enter_pc.next = self.issue.pc.val();
        self.execute.enter_word.next = self.issue.word.val();
        self.execute.enter_fault.next = self.issue.fault.val();
        self.execute.enter_illegal.next = self.issue.illegal.val();
        self.execute.enter_op.next = self.issue.op.val();
        self.execute.enter_flags.next = self.issue.flags.val();
        self.execute.enter_writes_x.next = self.issue.writes_x.val();
        self.execute.enter_writes_v.next = self.issue.writes_v.val();
        self.execute.enter_immediate.next = self.issue.immediate.val();
        self.execute.enter_rd.next = self.issue.rd.val();
        self.execute.enter_rs1.next = self.issue.rs1.val();
        self.execute.enter_rs2.next = self.issue.rs2.val();
        self.execute.enter_a.next = self.issue.a.val();
        self.execute.enter_b.next = self.issue.b.val();
        self.execute.conflict.next = self.access.conflict.val();
        self.execute.csr_value.next = self.csrs.value.val();
        self.execute.csr_illegal.next = self.csrs.illegal.val();
        self.late.enter.next = self.execute.free.val();
        self.late.enter_value.next = self.issue.late.val();
        self.late.enter_register.next = self.issue.late_register.val();
        self.late.writes.next = self.commit.writes.val();
        self.late.rd.next = self.commit.rd.val();
        self.late.committed.next = self.commit.value.val();

        comment!("CSRs.");
        self.csrs.access.next = self.execute.csr_access.val();
        self.csrs.take.next = self.execute.free.val();
        self.csrs.address.next = self.issue.word.val().get_bits::<12>(20);
        self.csrs.operation.next = self.execute.csr_operation.val();
        self.csrs.no_write.next = self.execute.csr_no_write.val();
        self.csrs.operand.next = self.execute.csr_operand.val();
        self.csrs.running.next = self.commit.running.val();
        self.csrs.retire.next = self.commit.retire.val();
        self.csrs.retire_uncounted.next = self.commit.uncounted.val();
        self.csrs.dma_value.next = self.engine.csr_value.val();

        comment!("M and X.");
        self.access.kill.next = self.kill.val();
        self.access.enter.next = self.execute.leave.val();
        self.access.enter_pc.next = self.execute.pc.val();
        self.access.enter_word.next = self.execute.word.val();
        self.access.enter_fault.next = self.execute.fault.val();
        self.access.enter_flags.next = self.execute.flags.val();
        self.access.enter_writes_x.next = self.execute.writes_x.val();
        self.access.enter_writes_v.next = self.execute.writes_v.val();
        self.access.enter_rd.next = self.execute.rd.val();
        self.access.enter_beat.next = self.execute.beat.val();
        self.access.enter_last.next = self.execute.last.val();
        self.access.enter_result.next = self.execute.result.val();
        self.access.enter_address.next = self.execute.address.val();
        self.access.enter_a.next = self.execute.a.val();
        self.access.enter_b.next = self.execute.b.val();
        self.access.enter_a_signed.next = self.execute.a_signed.val();
        self.access.enter_b_signed.next = self.execute.b_signed.val();
        self.access.enter_high.next = self.execute.high.val();
        self.access.enter_count_operation.next = self.execute.count_operation.val();
        self.access.enter_width.next = self.execute.width.val();
        self.access.enter_load_signed.next = self.execute.load_signed.val();
        self.access.enter_late.next = self.late.value.val();
        self.access.enter_late_register.next = self.late.register.val();
        self.access.enter_uncounted.next = self.csrs.wrote_instret.val();
        self.access.commit_writes.next = self.commit.writes.val();
        self.access.commit_rd.next = self.commit.rd.val();
        self.access.commit_value.next = self.commit.value.val();
        self.access.running.next = self.commit.running.val();
        self.access.host_address.next = self.host_port.scalar_address.val();
        self.access.host_write.next = self.host_port.scalar_write.val();
        self.access.host_data.next = self.host_port.word.val();

        comment!("X1.");
        self.commit.start.next = self.starts.val();
        self.commit.stop.next = self.host_stop.val();
        self.commit.enter.next = self.access.valid[1].val();
        self.commit.enter_pc.next = self.access.pc.val();
        self.commit.enter_word.next = self.access.word.val();
        self.commit.enter_fault.next = self.access.fault.val();
        self.commit.enter_flags.next = self.access.flags[1].val();
        self.commit.enter_writes.next = self.access.writes[1].val();
        self.commit.enter_rd.next = self.access.rd[1].val();
        self.commit.enter_value.next = self.access.value[1].val();
        self.commit.enter_last.next = self.access.last.val();
        self.commit.enter_uncounted.next = self.access.uncounted.val();
        self.commit.gathered.next = self.unit.gathered.val();
        for i in 0..2 {
            self.commit.lane_fails[i].next = self.unit.lane_fails[i].val();
        }
        self.commit.lane_misaligned.next = self.unit.lane_misaligned.val();

        comment!("The lanes.");
        self.unit.issue.next = self.execute.issue.val();
        self.unit.drop.next = self.access.faulty.val();
        self.unit.take.next = self.execute.free.val();
        self.unit.enter_op.next = self.issue.op.val();
        self.unit.enter_rd.next = self.issue.rd.val();
        self.unit.enter_rs1.next = self.issue.rs1.val();
        self.unit.enter_rs2.next = self.issue.rs2.val();
        self.unit.beat.next = self.execute.beat.val();
        self.unit.check.next = self.execute.check.val();
        self.unused_immediate.next = self.execute.immediate.val().get_bits::<16>(16);
        self.unit.immediate.next = self.execute.immediate.val().get_bits::<16>(0);
        self.unit.word.next = self.execute.vector_word.val();
        self.unit.vector_load_in_a.next = self.execute.vector_load.val();
        self.unit.scalar.next = self.access.operand.val();
        self.unit.mask_from_compare.next = self.access.mask_from_compare.val();
        self.unit.halt.next = self.kill.val();
        self.unit.fault.next = self.commit.halt.val();

        comment!("DMA, and the host where DMA is idle, in the clocks that vector memory is free.");
        self.engine.csr_write.next = self.csrs.dma_write.val();
        self.engine.csr_channel.next = self.csrs.dma_channel.val();
        self.engine.csr_register.next = self.csrs.dma_register.val();
        self.engine.csr_data.next = self.csrs.dma_data.val();
        self.engine.memory_read_grant.next = self.unit.memory_read_grant.val();
        self.engine.memory_write_grant.next = self.unit.memory_write_grant.val();
        self.unit.memory_read_address.next = self.engine.memory_read_address.val();
        self.unit.memory_write_address.next = self.engine.memory_write_address.val();
        if self.host_port.vector_turn.val() {
            self.unit.memory_read_address.next = self.host_port.vector_address.val();
            self.unit.memory_write_address.next = self.host_port.vector_address.val();
        }
        self.half[0].next = self.host_port.word.val().get_bits::<16>(0);
        self.half[1].next = self.host_port.word.val().get_bits::<16>(16);
        self.one.next = 1.into();
        self.first_select.next = self.one.val() << self.host_port.vector_lane.val();
        self.second_select.next = self.first_select.val() << 1;
        self.host_pair.next = self.host_port.vector_lane.val() & 0x1e;
        self.host_even.clock.next = self.clock.val();
        self.host_odd.clock.next = self.clock.val();
        self.host_even.index.next = self.host_pair.val();
        self.host_odd.index.next = self.host_pair.val() | 1;
        for i in 0..LANES {
            self.engine.memory_read_data[i].next = self.unit.memory_read_data[i].val();
            self.unit.memory_write[i].next = self.engine.memory_write.val()
                | (self.host_port.vector_write.val()
                    & (self.first_select.val().get_bit(i) | self.second_select.val().get_bit(i)));
            self.unit.memory_write_data[i].next = self.engine.memory_write_data[i].val();
            if self.host_port.vector_turn.val() {
                self.unit.memory_write_data[i].next = self.half[i % 2].val();
            }
            self.host_even.from[i].next = self.unit.memory_read_data[i].val();
            self.host_odd.from[i].next = self.unit.memory_read_data[i].val();
            self.engine.external_read_data[i].next = self.external_read_data[i].val();
            self.external_write_data[i].next = self.engine.external_write_data[i].val();
            self.written.part[i].next = self.unit.vector_write_data[i].val();
            self.stored.part[i].next = self.unit.vector_store_data[i].val();
            self.lane_enables.part[i].next = self.unit.lane_store_lanes[i].val().into();
            self.lane_places.part[i].next = self.unit.lane_store_address[i].val();
            self.lane_stored.part[i].next = self.unit.lane_store_data[i].val();
        }

        comment!("The host.");
        self.host_port.read.next = self.host_read.val();
        self.host_port.write.next = self.host_write.val();
        self.host_port.memory.next = self.host_memory.val();
        self.host_port.address.next = self.host_address.val();
        self.host_port.data.next = self.host_data.val();
        self.host_port.busy.next =
            self.commit.running.val() | self.starts.val() | self.engine.busy.val();
        self.host_port.instruction_value.next = self.fetch.word.val();
        self.host_port.scalar_value.next = self.access.host_value.val();
        self.host_port.vector_value.next = bit_cast::<32, 16>(self.host_even.picked.val())
            | (bit_cast::<32, 16>(self.host_odd.picked.val()) << 16);
        self.host_port.local_value.next = self.unit.local_value.val();
        self.unit.local_lane.next = self.host_port.local_lane.val();
        self.unit.local_address.next = self.host_port.local_address.val();
        self.unit.local_turn.next = self.host_port.local_turn.val();
        self.unit.local_write.next = self.host_port.local_write.val();
        self.unit.local_data.next = self.host_port.local_data.val();
        self.host_ready.next = self.host_port.ready.val();
        self.host_valid.next = self.host_port.valid.val();
        self.host_error.next = self.host_port.error.val();
        self.host_value.next = self.host_port.value.val();
        self.running.next = self.commit.running.val();
        self.dma_busy.next = self.engine.busy.val();
        self.cause.next = self.commit.cause.val();
        self.stop_pc.next = self.commit.stop_pc.val();
        self.clocks.next = self.commit.clocks.val();
        self.retired.next = self.commit.retired.val();

        comment!("External memory.");
        self.external_request.next = self.engine.external_request.val();
        self.external_write.next = self.engine.external_write.val();
        self.external_address.next = self.engine.external_address.val();
        self.external_vectors.next = self.engine.external_vectors.val();
        self.external_read_ready.next = self.engine.external_read_ready.val();
        self.external_write_valid.next = self.engine.external_write_valid.val();
        self.engine.external_accept.next = self.external_accept.val();
        self.engine.external_read_valid.next = self.external_read_valid.val();
        self.engine.external_write_ready.next = self.external_write_ready.val();
        self.engine.external_done.next = self.external_done.val();
        self.engine.external_error.next = self.external_error.val();

        comment!("Retirement.");
        self.vector_write_data.next = self.written.whole.val();
        self.vector_store_data.next = self.stored.whole.val();
        self.lane_store_data.next = self.lane_stored.whole.val();
        self.lane_store_lanes.next = self.lane_enables.whole.val();
        self.lane_store_address.next = self.lane_places.whole.val();
        self.retire.next = self.commit.retire.val();
        self.retire_pc.next = self.commit.pc.val();
        self.retire_word.next = self.commit.word.val();
        self.retire_x.next = self.commit.write.val();
        self.retire_rd.next = self.commit.rd.val();
        self.retire_value.next = self.commit.value.val();
        self.scalar_store.next = self.access.store.val();
        self.scalar_store_address.next = self.access.store_address.val();
        self.scalar_store_mask.next = self.access.store_mask.val();
        self.scalar_store_data.next = self.access.store_data.val();
        self.vector_write.next = self.unit.vector_write.val();
        self.vector_write_register.next = self.unit.vector_write_register.val();
        self.vector_store.next = self.unit.vector_store.val();
        self.vector_store_word.next = self.unit.vector_store_word.val();
        self.lane_store.next = self.unit.lane_store.val();
        self.lane_store_beat.next = self.unit.lane_store_beat.val();
    }
}
