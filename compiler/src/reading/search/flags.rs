//! Readings as the flags that give them.

use crate::graph::Network;
use crate::reading::{Choices, Readings, Setting};

impl Readings {
    /// The same readings of `network`, with what is said of every population that it means
    /// something for said of all.
    pub(super) fn simplified(mut self, network: &Network) -> Readings {
        for &setting in Setting::ALL {
            let concerned: Vec<&str> = network
                .populations
                .iter()
                .filter(|p| crate::reading::resolve::settings(&p.neuron).contains(&setting))
                .map(|p| p.name.as_str())
                .collect();
            let own = |name: &&str| {
                let choices = self.populations.get(*name).copied().unwrap_or_default();
                Some(choices.only(&[setting])).filter(|c| *c != Choices::default())
            };
            let said: Vec<Option<Choices>> = concerned.iter().map(own).collect();
            let Some(Some(first)) = said.first() else {
                continue;
            };
            if said.iter().any(|other| other.as_ref() != Some(first)) {
                continue;
            }
            self.all = first.or(self.all);
            for name in concerned {
                if let Some(choices) = self.populations.get_mut(name) {
                    *choices = choices.without(setting);
                }
            }
        }
        self.populations
            .retain(|_, choices| *choices != Choices::default());
        self
    }

    /// The flags that say so.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        if let Some(framework) = self.framework {
            flags.push(format!("--framework {framework}"));
        }
        if let Some(dt) = self.dt {
            flags.push(format!("--dt {}", crate::reading::display::number(dt)));
        }
        for (setting, word) in self.all.words() {
            flags.push(format!("--{} {word}", setting.name()));
        }
        for (name, choices) in &self.populations {
            for (setting, word) in choices.words() {
                flags.push(format!("--{} {name}={word}", setting.name()));
            }
        }
        flags
    }
}
