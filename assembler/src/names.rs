//! Addresses of code by the names and the loops around them.

use spikevec_isa::{Instruction, Memory};

use crate::disasm::target;
use crate::image::Image;

/// The named places and the loops of a program's code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeNames {
    /// Names by address.
    names: Vec<(u32, String)>,
    /// Addresses of the first and the last instruction of a stretch that is jumped back over.
    loops: Vec<(u32, u32)>,
}

impl CodeNames {
    /// Those of `image`.
    pub fn of(image: &Image) -> Self {
        let code = image.symbols.iter();
        let code = code.filter(|symbol| symbol.memory == Some(Memory::Instruction));
        let mut names: Vec<_> = code.map(|s| (s.value, s.name.clone())).collect();
        names.sort_by_key(|(address, _)| *address);
        let back = (0u32..)
            .step_by(4)
            .zip(&image.code)
            .filter_map(|(at, word)| {
                let instruction = Instruction::decode(*word).ok()?;
                let to = target(&instruction, at)?;
                (to <= at).then_some((to, at))
            });
        CodeNames {
            names,
            loops: back.collect(),
        }
    }

    /// The last name at or before `pc`, with what `pc` is beyond it: `step+0x8`. `None` where there
    /// is no name so far.
    pub fn place(&self, pc: u32) -> Option<String> {
        let behind = self.names.partition_point(|(address, _)| *address <= pc);
        let (address, name) = self.names.get(behind.checked_sub(1)?)?;
        Some(match pc - address {
            0 => name.clone(),
            offset => format!("{name}+{offset:#x}"),
        })
    }

    /// The innermost loop around `pc`, by its first and last instruction. `pc` may be up to `ahead`
    /// bytes behind what was executed last.
    pub fn innermost(&self, pc: u32, ahead: u32) -> Option<(u32, u32)> {
        let around = self.loops.iter().copied();
        let around = around.filter(|(from, to)| *from <= pc && pc <= to.saturating_add(ahead));
        around.min_by_key(|(from, to)| to - from)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::assemble;

    const SOURCE: &str = "\
        nop
entry:  nop
outer:
step:   nop
inner:  addi a0, a0, -1
        bnez a0, inner
        j outer
self:   j self
        ecall
.vector
weights: .zero 64
";

    fn names() -> CodeNames {
        CodeNames::of(&assemble(SOURCE, "a.s").unwrap())
    }

    #[test]
    fn a_place_is_named_by_what_stands_before_it() {
        let place = |pc| names().place(pc);
        assert_eq!(place(0), None);
        assert_eq!(place(4).as_deref(), Some("entry"));
        assert_eq!(place(8).as_deref(), Some("step"));
        assert_eq!(place(16).as_deref(), Some("inner+0x4"));
        assert_eq!(place(u32::MAX).as_deref(), Some("self+0xffffffe7"));
    }

    #[test]
    fn the_innermost_loop_is_found() {
        let names = names();
        assert_eq!(names.innermost(4, 0), None);
        for pc in [8, 20] {
            assert_eq!(names.innermost(pc, 0), Some((8, 20)), "{pc}");
        }
        for pc in [12, 16] {
            assert_eq!(names.innermost(pc, 0), Some((12, 16)), "{pc}");
        }
        assert_eq!(names.innermost(24, 0), Some((24, 24)));
        // What a core has fetched beyond its jump.
        assert_eq!(names.innermost(28, 0), None);
        assert_eq!(names.innermost(28, 16), Some((24, 24)));
    }
}
