//! Verilated models: a design compiled by Verilator, as a value that Rust can clock.
//!
//! The model is built on first use and kept in a cache, keyed by the text of the design, so
//! that only a changed design is built again. Nothing of it is needed to build this crate.
//!
//! | module | what |
//! | --- | --- |
//! | here | [`Model`] and [`Instance`]: any design |
//! | [`burst`] | external memory at a design's burst port |
//! | [`device`] | a core as its host sees it, with its retirement port |
//! | [`own`] | whose files and folders are |
//! | [`pipe`] | a system behind its serial line |
//! | [`tool`] | programs of others, found and started |

mod build;
pub mod burst;
mod cache;
pub mod device;
mod error;
mod kind;
pub mod own;
pub mod pipe;
mod shim;
pub mod tool;
mod wave;

use std::ffi::{c_char, c_void};
use std::path::Path;
use std::sync::Arc;

use libloading::Library;

pub use build::{check_tools, lint};
pub use cache::cache_folder;
pub use error::VerilatedError;
pub use kind::Recording;

use spikevec_design::{Design, Direction, Port};

/// The functions of a loaded shim, and the library that they are in.
struct Functions {
    create: unsafe extern "C" fn() -> *mut c_void,
    destroy: unsafe extern "C" fn(*mut c_void),
    eval: unsafe extern "C" fn(*mut c_void),
    get: unsafe extern "C" fn(*mut c_void, u32, *mut u32),
    set: unsafe extern "C" fn(*mut c_void, u32, *const u32),
    run: unsafe extern "C" fn(*mut c_void, u32, u32, *const u32, *const u32, u64) -> u64,
    /// Present in a model that records waveforms.
    waves: Option<wave::Functions>,
    /// Present in a model that records coverage.
    coverage: Option<unsafe extern "C" fn(*mut c_void, *const c_char)>,
    // Last, for the pointers above point into it.
    _library: Library,
}

/// A port of a model: its place in [`Design::ports`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Handle {
    at: u32,
    words: usize,
}

/// A compiled design, of which any number of instances can be made.
#[derive(Clone)]
pub struct Model {
    functions: Arc<Functions>,
    top: Arc<str>,
    ports: Arc<[Port]>,
}

/// A clock, and what outputs must read for it to go on: see [`Instance::run_while`].
#[derive(Debug, Clone)]
pub struct Watch {
    clock: Handle,
    ports: Vec<u32>,
    values: Vec<u32>,
}

/// One simulated circuit.
pub struct Instance {
    model: Model,
    state: *mut c_void,
    /// Clocks of [`Instance::tick`].
    ticks: u64,
    /// True while a waveform is written.
    waving: bool,
}

impl Model {
    /// Builds and loads a design, with the cache in [`cache_folder`].
    ///
    /// # Errors
    /// [`VerilatedError`] where a tool is missing or fails.
    pub fn new(design: &Design) -> Result<Self, VerilatedError> {
        Self::in_cache(design, &cache_folder()?)
    }

    /// As [`Model::new`], of a build that records something.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn recording(design: &Design, recording: Recording) -> Result<Self, VerilatedError> {
        Self::build(design, recording, &cache_folder()?)
    }

    /// Builds and loads a design, with the cache in `folder`.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn in_cache(design: &Design, folder: &Path) -> Result<Self, VerilatedError> {
        Self::build(design, Recording::Nothing, folder)
    }

    fn build(design: &Design, recording: Recording, folder: &Path) -> Result<Self, VerilatedError> {
        let path = build::library(design, recording, folder)?;
        let load = |source| VerilatedError::Load {
            path: path.clone(),
            source,
        };
        // SAFETY: the library is one that `build` has just made, or found in a folder that is the user's alone and
        // with the checksum that it was built with. Its
        // initialisers are those of Verilator's library, which touch only its own globals.
        let library = unsafe { Library::new(&path) }.map_err(load)?;
        // SAFETY: the shim in the library defines these with exactly these types, those of a
        // recording where it was built for it; `Functions` keeps the library loaded as long as
        // the pointers live.
        let functions = unsafe {
            Functions {
                create: *library.get(b"spikevec_create\0").map_err(load)?,
                destroy: *library.get(b"spikevec_destroy\0").map_err(load)?,
                eval: *library.get(b"spikevec_eval\0").map_err(load)?,
                get: *library.get(b"spikevec_get\0").map_err(load)?,
                set: *library.get(b"spikevec_set\0").map_err(load)?,
                run: *library.get(b"spikevec_run\0").map_err(load)?,
                waves: match recording {
                    Recording::Waves => Some(wave::Functions::find(&library).map_err(load)?),
                    _ => None,
                },
                coverage: match recording {
                    Recording::Lines | Recording::Toggles => {
                        Some(*library.get(b"spikevec_coverage\0").map_err(load)?)
                    }
                    _ => None,
                },
                _library: library,
            }
        };
        Ok(Self {
            functions: Arc::new(functions),
            top: design.top.as_str().into(),
            ports: design.ports.as_slice().into(),
        })
    }

    /// The ports, in the order of the design.
    pub fn ports(&self) -> &[Port] {
        &self.ports
    }

    /// The input called `name`.
    ///
    /// # Errors
    /// [`VerilatedError::Port`] where there is none.
    pub fn input(&self, name: &str) -> Result<Handle, VerilatedError> {
        self.port(name, Direction::Input, "input")
    }

    /// The output called `name`.
    ///
    /// # Errors
    /// [`VerilatedError::Port`] where there is none.
    pub fn output(&self, name: &str) -> Result<Handle, VerilatedError> {
        self.port(name, Direction::Output, "output")
    }

    fn port(
        &self,
        name: &str,
        direction: Direction,
        wanted: &'static str,
    ) -> Result<Handle, VerilatedError> {
        let mut ports = self.ports.iter().enumerate();
        let found = ports.find(|(_, p)| p.name == name && p.direction == direction);
        let known = || {
            let same = self.ports.iter().filter(|p| p.direction == direction);
            let names: Vec<_> = same.map(|p| p.name.as_str()).collect();
            names.join(", ")
        };
        let (at, port) = found.ok_or_else(|| VerilatedError::Port {
            top: self.top.to_string(),
            wanted,
            name: name.to_owned(),
            known: known(),
        })?;
        Ok(Handle {
            at: at as u32,
            words: shim::words(port),
        })
    }

    /// What [`Instance::run_while`] needs: the clock, and outputs of up to 32 bits with the
    /// values that they must have.
    ///
    /// # Errors
    /// [`VerilatedError::Width`] for a wider port, or one of another design.
    pub fn watch(&self, clock: Handle, ports: &[(Handle, u32)]) -> Result<Watch, VerilatedError> {
        for handle in ports.iter().map(|pair| pair.0).chain([clock]) {
            if !self.holds(handle) || handle.words != 1 {
                let port = self.ports.get(handle.at as usize);
                return Err(VerilatedError::Width {
                    top: self.top.to_string(),
                    name: port.map_or(String::new(), |port| port.name.clone()),
                    width: port.map_or(0, |port| port.width),
                    wanted: 32,
                });
            }
        }
        Ok(Watch {
            clock,
            ports: ports.iter().map(|pair| pair.0.at).collect(),
            values: ports.iter().map(|pair| pair.1).collect(),
        })
    }

    /// A circuit with its registers at their initial values and all inputs zero.
    pub fn instance(&self) -> Instance {
        // SAFETY: the function takes nothing and gives a new object.
        let state = unsafe { (self.functions.create)() };
        Instance {
            model: self.clone(),
            state,
            ticks: 0,
            waving: false,
        }
    }

    /// A handle is only good for the design that it was made for; others must not reach C++.
    fn holds(&self, handle: Handle) -> bool {
        let port = self.ports.get(handle.at as usize);
        port.is_some_and(|port| shim::words(port) == handle.words)
    }
}

// SAFETY: an object of the model has no thread of its own and refers to no thread-local state; its
// context is its own. Every call takes `&mut self`, so that it has one user at a time.
unsafe impl Send for Instance {}

impl Drop for Instance {
    fn drop(&mut self) {
        self.close_wave();
        // SAFETY: `state` came from `create` and nothing uses it after this.
        unsafe { (self.model.functions.destroy)(self.state) }
    }
}

impl Instance {
    /// The model of which this is an instance.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Lets the circuit settle after inputs have changed. A clock's edge is the change of its
    /// port between two calls.
    pub fn eval(&mut self) {
        // SAFETY: `state` is a live object of this library.
        unsafe { (self.model.functions.eval)(self.state) }
    }

    /// Sets an input from words of 32 bits, low word first. Missing words are zero; bits beyond
    /// the port's width are ignored, and so is a handle of another design or of an output.
    pub fn set_words(&mut self, port: Handle, words: &[u32]) {
        if !self.model.holds(port) {
            return;
        }
        let padded: Vec<u32>;
        let words = if words.len() < port.words {
            let zeros = std::iter::repeat_n(0, port.words - words.len());
            padded = words.iter().copied().chain(zeros).collect();
            &padded
        } else {
            words
        };
        // SAFETY: `holds` has checked that the shim reads `port.words` words for this port.
        unsafe { (self.model.functions.set)(self.state, port.at, words.as_ptr()) }
    }

    /// Sets an input of up to 64 bits; a wider one is zero above them.
    pub fn set(&mut self, port: Handle, value: u64) {
        self.set_words(port, &[value as u32, (value >> 32) as u32]);
    }

    /// Reads a port into words of 32 bits, low word first. Words beyond the port's width are
    /// zero, and so is everything for a handle of another design.
    pub fn get_words(&mut self, port: Handle, words: &mut [u32]) {
        words.fill(0);
        if !self.model.holds(port) {
            return;
        }
        if words.len() >= port.words {
            // SAFETY: `holds` has checked that the shim writes `port.words` words for this port.
            unsafe { (self.model.functions.get)(self.state, port.at, words.as_mut_ptr()) }
        } else {
            let mut all = vec![0; port.words];
            // SAFETY: as above.
            unsafe { (self.model.functions.get)(self.state, port.at, all.as_mut_ptr()) }
            words.copy_from_slice(&all[..words.len()]);
        }
    }

    /// Reads the low 64 bits of a port.
    pub fn get(&mut self, port: Handle) -> u64 {
        let mut words = [0; 2];
        self.get_words(port, &mut words);
        u64::from(words[0]) | (u64::from(words[1]) << 32)
    }

    /// One clock: `clock` low, then high.
    pub fn tick(&mut self, clock: Handle) {
        self.set(clock, 0);
        self.eval();
        self.wave_edge(0);
        self.set(clock, 1);
        self.eval();
        self.wave_edge(wave::HIGH);
        self.ticks += 1;
    }

    /// Clocks the circuit as [`Instance::tick`] does, in one call, until an output of `watch`
    /// differs from its value or `limit` clocks have passed; gives the clocks. Outputs are
    /// looked at before each clock, so that none passes where one differs at once. Inputs that have
    /// changed since the last [`Instance::eval`] need one before this.
    pub fn run_while(&mut self, watch: &Watch, limit: u64) -> u64 {
        let own = |&at: &u32| {
            self.model
                .ports
                .get(at as usize)
                .is_some_and(|p| p.width <= 32)
        };
        if self.waving {
            return self.run_and_wave(watch, limit);
        }
        if !self.model.holds(watch.clock) || !watch.ports.iter().all(own) {
            return 0;
        }
        let count = watch.ports.len().min(watch.values.len()) as u32;
        let (ports, values) = (watch.ports.as_ptr(), watch.values.as_ptr());
        // SAFETY: both arrays have `count` elements, and every port is one of this design whose
        // value is one word, as is the clock's.
        let clocks = unsafe {
            (self.model.functions.run)(self.state, watch.clock.at, count, ports, values, limit)
        };
        self.ticks += clocks;
        clocks
    }
}
