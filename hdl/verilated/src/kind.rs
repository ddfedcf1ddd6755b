//! What a model records, and what its build needs for that.

/// What a model records besides its ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Recording {
    /// Nothing: the fastest.
    #[default]
    Nothing,
    /// Waveforms, where asked for: see [`Instance::open_wave`](super::Instance::open_wave).
    Waves,
    /// How often each line ran: see
    /// [`Instance::write_coverage`](super::Instance::write_coverage).
    Lines,
    /// How often each bit changed, likewise. The C++ has a counter for each bit of each
    /// instance, so that its build takes minutes; it is slow.
    Toggles,
}

impl Recording {
    /// Arguments of Verilator.
    pub(super) fn arguments(self) -> &'static [&'static str] {
        match self {
            Recording::Nothing => &[],
            Recording::Waves => &["--trace-fst"],
            Recording::Lines => &["--coverage-line"],
            Recording::Toggles => &["--coverage-toggle", "--coverage-max-width", "64"],
        }
    }

    /// Arguments of the C++ compiler.
    pub(super) fn defines(self) -> &'static [&'static str] {
        match self {
            Recording::Nothing => &["-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TRACE=0"],
            Recording::Waves => &[
                "-DVM_COVERAGE=0",
                "-DVM_SC=0",
                "-DVM_TRACE=1",
                "-DVM_TRACE_FST=1",
            ],
            Recording::Lines => &["-DVM_COVERAGE=1", "-DVM_SC=0", "-DVM_TRACE=0"],
            // Optimised, it takes a quarter of an hour to compile.
            Recording::Toggles => &["-O0", "-DVM_COVERAGE=1", "-DVM_SC=0", "-DVM_TRACE=0"],
        }
    }

    /// Libraries to link.
    pub(super) fn libraries(self) -> &'static [&'static str] {
        match self {
            Recording::Waves => &["-lz"],
            _ => &[],
        }
    }

    /// The file of Verilator's library that it needs beside the usual ones.
    pub(super) fn runtime(self) -> Option<&'static str> {
        match self {
            Recording::Nothing => None,
            Recording::Waves => Some("verilated_fst_c.cpp"),
            Recording::Lines | Recording::Toggles => Some("verilated_cov.cpp"),
        }
    }

    /// Headers of the shim.
    pub(super) fn headers(self) -> &'static str {
        match self {
            Recording::Nothing => "",
            Recording::Waves => "#include \"verilated_fst_c.h\"\n",
            Recording::Lines | Recording::Toggles => "#include \"verilated_cov.h\"\n",
        }
    }

    /// Members of the shim's object, after the model.
    pub(super) fn members(self) -> &'static str {
        match self {
            Recording::Waves => "\n    VerilatedFstC *wave = nullptr;",
            _ => "",
        }
    }

    /// Functions of the shim.
    pub(super) fn functions(self) -> &'static str {
        match self {
            Recording::Nothing => "",
            Recording::Waves => WAVES,
            Recording::Lines | Recording::Toggles => COVERAGE,
        }
    }
}

// A file is traced from the object's making on: Verilator attaches one to a model before it
// opens it.
const WAVES: &str = r#"EXPORT void spikevec_wave_close(void *instance) {
    auto *it = static_cast<Instance *>(instance);
    if (!it->wave) return;
    it->wave->close();
    delete it->wave;
    it->wave = nullptr;
}
EXPORT uint32_t spikevec_wave_open(void *instance, const char *path) {
    auto *it = static_cast<Instance *>(instance);
    spikevec_wave_close(instance);
    it->context.traceEverOn(true);
    it->wave = new VerilatedFstC;
    it->model.trace(it->wave, 99);
    it->wave->open(path);
    return it->wave->isOpen();
}
EXPORT void spikevec_wave_dump(void *instance, uint64_t time) {
    auto *it = static_cast<Instance *>(instance);
    if (it->wave) it->wave->dump(time);
}
"#;

const COVERAGE: &str = r#"EXPORT void spikevec_coverage(void *instance, const char *path) {
    static_cast<Instance *>(instance)->context.coveragep()->write(path);
}
"#;
