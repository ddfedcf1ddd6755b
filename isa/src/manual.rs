//! The instruction set manual, generated from the table.

use std::fmt::Write as _;

use crate::csr::CSRS;
use crate::table::{Extension, Spec, TABLE};

const INTRO: &str = "\
# The instruction set

This page is generated from the instruction table (`cargo xtask docs`); a test fails where it is
stale.

The core is a 32-bit RISC-V processor with a vector unit of 32 lanes, each 16 bits wide. `x[n]` are
scalar and `v[n]` vector registers; `i` is a lane, 0 to 31. `x0` reads as zero and is never written,
by vector instructions neither. Immediates are sign-extended unless the page says otherwise. Every
word that is not listed is illegal: reserved bits are zero, and nothing is ignored. A faulting
instruction changes no register and leaves `pc` on itself.

Suffixes of vector arithmetic: `.s` saturates, `.rn` rounds to nearest (a half upward), `.rs` rounds
stochastically. Without them a result keeps its low 16 bits, and a right shift goes toward minus
infinity.

The reference machine does not let the very next instruction read the result of `vloadv` or
`vloadl`. This core interlocks, so every order is right; strict mode of the simulator stops on such
a pair.

In the encoding column, `-` marks a bit that an operand fills.
";

fn encoding(spec: &Spec) -> String {
    let bit = |k: u32| match (spec.mask >> k & 1, spec.bits >> k & 1) {
        (0, _) => '-',
        (_, 1) => '1',
        _ => '0',
    };
    let mut out = String::new();
    for k in (0..32).rev() {
        out.push(bit(k));
        // Groups as in the R format: funct7, rs2, rs1, funct3, rd, opcode.
        if [25, 20, 15, 12, 7].contains(&k) {
            out.push(' ');
        }
    }
    out
}

/// The whole page as Markdown.
pub fn markdown() -> String {
    let mut page = String::from(INTRO);
    let mut section: Option<Extension> = None;
    for spec in TABLE {
        if section != Some(spec.extension) {
            section = Some(spec.extension);
            let _ = write!(
                page,
                "\n## {}\n\n| instruction | meaning | encoding |\n| --- | --- | --- |\n",
                spec.extension.title()
            );
        }
        let operands: Vec<&str> = spec.operands.iter().map(|o| o.syntax()).collect();
        let text = format!("{} {}", spec.mnemonic, operands.join(", "));
        let _ = writeln!(
            page,
            "| `{}` | {} | `{}` |",
            text.trim_end(),
            spec.operation.replace('|', "\\|"),
            encoding(spec)
        );
    }
    page.push_str(
        "\n## Control and status registers\n\n| address | name | meaning |\n| --- | --- | --- |\n",
    );
    for (_, address, name, summary) in CSRS {
        let _ = writeln!(page, "| {address:#05x} | `{name}` | {summary} |");
    }
    page.push_str(
        "
DMA status bits: 1 idle, 2 starting, 3 transferring, 4 external memory answered with an error, 5 an
address or count is misaligned or outside its memory (nothing moved), 6 a start while busy
(ignored), 7 the last transfer has finished. Addresses and counts are multiples of 64 bytes.

## Room for an extension

Vector majors 00111 and 01010 to 11111 of the `10` quadrant, the `00` and `01` quadrants, and unused
function codes are free. An extension gets a name, a version and an `Extension` variant of its own;
none exists yet.
",
    );
    page
}
