//! The names of an image, made visible.

use std::borrow::Cow;

use spikevec_visible::visible;

use crate::image::Image;

impl Image {
    /// Makes the names of symbols and all texts of the manifest [`visible`].
    pub fn make_names_visible(&mut self) {
        for symbol in &mut self.symbols {
            show(&mut symbol.name);
        }
        let Some(manifest) = &mut self.manifest else {
            return;
        };
        show(&mut manifest.model);
        show(&mut manifest.target.name);
        show(&mut manifest.rounding);
        show(&mut manifest.reset);
        for buffer in &mut manifest.buffers {
            show(&mut buffer.name);
            show(&mut buffer.population);
        }
        for population in &mut manifest.populations {
            show(&mut population.name);
            show(&mut population.kind);
            for (what, format) in &mut population.formats {
                show(what);
                show(format);
            }
        }
    }
}

fn show(name: &mut String) {
    if let Cow::Owned(shown) = visible(name) {
        *name = shown;
    }
}
