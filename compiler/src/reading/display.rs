//! A reading in one line.

use std::fmt;

use super::{NetworkReading, Origin, Reading, Setting};

/// Where choices come from, as a line calls it.
fn source(reading: &NetworkReading, origin: Origin) -> &'static str {
    match (origin, reading.framework) {
        (Origin::Framework, Some(framework)) => framework.name(),
        _ => origin.name(),
    }
}

impl fmt::Display for NetworkReading {
    /// What was given, what the framework does, what the file says and what is assumed. What is
    /// seldom chosen is left out where it is nothing out of the ordinary.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins = [
            Origin::Given,
            Origin::Framework,
            Origin::File,
            Origin::Assumed,
        ];
        let mut parts = Vec::new();
        for origin in origins {
            let mut said = Vec::new();
            if self.dt_origin == origin {
                said.push(format!("dt {}", number(self.dt)));
            }
            for &setting in Setting::ALL {
                let values = self.values(setting);
                let several = values.len() > 1;
                let own = values.iter().filter(|((word, from), _)| {
                    *from == origin && !(origin != Origin::Given && is_ordinary(setting, word))
                });
                let words = own.map(|((word, _), names)| match several {
                    true => format!("{word} ({})", names.join(", ")),
                    false => word.clone(),
                });
                let words: Vec<String> = words.collect();
                if !words.is_empty() {
                    said.push(format!("{} {}", setting.name(), words.join(" and ")));
                }
            }
            if !said.is_empty() {
                parts.push(format!("{}: {}", source(self, origin), said.join(", ")));
            }
        }
        f.write_str(&parts.join("; "))
    }
}

/// A step length in a form that a flag takes.
pub(super) fn number(value: f64) -> String {
    if (1e-3..1e4).contains(&value) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

fn is_ordinary(setting: Setting, word: &str) -> bool {
    let seldom = matches!(
        setting,
        Setting::SpikesAStep | Setting::Refractory | Setting::InputScale | Setting::ForwardDelay
    );
    seldom && word == Reading::assumed(1.0).word(setting)
}
