//! The C++ between a Verilated class and Rust: a few functions with a C ABI, and a `switch`
//! over the ports.

use super::kind::Recording;
use spikevec_design::{Design, Direction, Port};

/// Class that Verilator makes.
pub(super) const CLASS: &str = "Vmodel";

/// Revision of the functions below; part of what a cached library is known by.
pub(super) const ABI: u32 = 2;

/// Words of 32 bits that a port takes.
pub(super) fn words(port: &Port) -> usize {
    port.width.div_ceil(32)
}

fn get(at: usize, port: &Port) -> String {
    let name = &port.name;
    let body = match port.width {
        0..=32 => format!("words[0] = model->{name};"),
        33..=64 => format!(
            "words[0] = (uint32_t)model->{name}; words[1] = (uint32_t)(model->{name} >> 32);"
        ),
        _ => format!(
            "for (int k = 0; k < {}; k++) words[k] = model->{name}[k];",
            words(port)
        ),
    };
    format!("    case {at}: {body} break;\n")
}

fn set(at: usize, port: &Port) -> String {
    let name = &port.name;
    let mask = |bits: usize| (1u64 << bits) - 1;
    let body = match port.width {
        0..=32 => format!("model->{name} = words[0] & {:#x}u;", mask(port.width)),
        33..=63 => format!(
            "model->{name} = ((uint64_t)words[1] << 32 | words[0]) & {:#x}ull;",
            mask(port.width)
        ),
        64 => format!("model->{name} = (uint64_t)words[1] << 32 | words[0];"),
        width => {
            let last = words(port) - 1;
            let mask = if width % 32 == 0 {
                u64::from(u32::MAX)
            } else {
                mask(width % 32)
            };
            format!(
                "for (int k = 0; k < {last}; k++) model->{name}[k] = words[k]; \
                 model->{name}[{last}] = words[{last}] & {mask:#x}u;"
            )
        }
    };
    format!("    case {at}: {body} break;\n")
}

/// The shim of a design. Bits above a port's width are ignored.
pub(super) fn source(design: &Design, recording: Recording) -> String {
    let (headers, members) = (recording.headers(), recording.members());
    let functions = recording.functions();
    let ports = || design.ports.iter().enumerate();
    let gets: String = ports().map(|(at, port)| get(at, port)).collect();
    let inputs = ports().filter(|(_, port)| port.direction == Direction::Input);
    let sets: String = inputs.map(|(at, port)| set(at, port)).collect();
    format!(
        r#"// Interface revision {ABI}.
#include "{CLASS}.h"
#include "verilated.h"
{headers}#include <cstdint>

struct Instance {{
    VerilatedContext context;
    {CLASS} model{{&context}};{members}
}};

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT void *spikevec_create() {{ return new Instance; }}
EXPORT void spikevec_destroy(void *instance) {{
    auto *it = static_cast<Instance *>(instance);
    it->model.final();
    delete it;
}}
EXPORT void spikevec_eval(void *instance) {{ static_cast<Instance *>(instance)->model.eval(); }}
EXPORT void spikevec_get(void *instance, uint32_t port, uint32_t *words) {{
    auto *model = &static_cast<Instance *>(instance)->model;
    switch (port) {{
{gets}    }}
}}
EXPORT void spikevec_set(void *instance, uint32_t port, const uint32_t *words) {{
    auto *model = &static_cast<Instance *>(instance)->model;
    switch (port) {{
{sets}    }}
}}
EXPORT uint64_t spikevec_run(void *instance, uint32_t clock, uint32_t count,
                             const uint32_t *ports, const uint32_t *values, uint64_t limit) {{
    auto *model = &static_cast<Instance *>(instance)->model;
    const uint32_t low = 0, high = 1;
    for (uint64_t clocks = 0;; clocks++) {{
        if (clocks == limit) return clocks;
        for (uint32_t k = 0; k < count; k++) {{
            uint32_t word = 0;
            spikevec_get(instance, ports[k], &word);
            if (word != values[k]) return clocks;
        }}
        spikevec_set(instance, clock, &low);
        model->eval();
        spikevec_set(instance, clock, &high);
        model->eval();
    }}
}}
{functions}// Verilator's library asks for the time of a simulation without a context of its own.
double sc_time_stamp() {{ return 0; }}
"#
    )
}
