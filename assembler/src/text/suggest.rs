//! Names that somebody may have meant.

use spikevec_isa::registers::{V_NAMES, X_NAMES};
use spikevec_isa::table::TABLE;

use super::symbols::Symbols;
use super::{directives, pseudo};

/// The names among which one may have been meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    Instructions,
    Directives,
    XRegisters,
    VRegisters,
    /// Symbols of the file; registers as well, where a value was expected.
    Symbols,
}

/// `did you mean x?`, if a name of `kind` is close.
pub(crate) fn guess(word: &str, kind: Vocabulary, symbols: &Symbols) -> Option<String> {
    match kind {
        Vocabulary::Instructions => {
            let names = TABLE.iter().map(|spec| spec.mnemonic);
            let names = names.chain(pseudo::PSEUDO.iter().map(|row| row.name));
            hint(word, names.chain(pseudo::CONSTANTS))
        }
        Vocabulary::Directives => hint(word, directives::NAMES),
        Vocabulary::XRegisters => hint(word, X_NAMES),
        Vocabulary::VRegisters => hint(word, V_NAMES),
        Vocabulary::Symbols => hint(word, symbols.visible().chain(X_NAMES)),
    }
}

/// Edit distance where swapping two neighbours counts as one edit; `None` where it is above `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let (mut before, mut last) = (Vec::new(), (0..=b.len()).collect::<Vec<usize>>());
    let mut row = Vec::with_capacity(b.len() + 1);
    for i in 1..=a.len() {
        row.clear();
        row.push(i);
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                let swapped: usize = before[j - 2];
                best = best.min(swapped + 1);
            }
            row.push(best);
        }
        // No later row gets below the least of two neighbours.
        let least = |row: &[usize]| row.iter().min().is_some_and(|least| *least > most);
        if least(&row) && least(&last) {
            return None;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last.last().copied().filter(|found| *found <= most)
}

/// The closest of `names` to `word`, if one is close enough to be a slip.
pub(crate) fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // Comparing is quadratic in the length, and nobody misspells a whole paragraph.
    if length > 40 {
        return None;
    }
    let allowed = if length <= 3 { 1 } else { 2 };
    let word = word.to_ascii_lowercase();
    // Among equally close names one of the same length: swapped letters are the commonest slip.
    names
        .into_iter()
        .filter(|name| name.len() <= 48)
        .filter_map(|name| {
            let found = distance(&word, name, allowed)?;
            Some((found, name.len().abs_diff(length), name))
        })
        .min()
        .map(|(_, _, name)| name)
}

/// `did you mean x?`, if some name is close.
pub fn hint<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(word, names).map(|name| format!("did you mean {name}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let names = ["vadd", "vadd.s", "addi", "add", "vmul.rn"];
        assert_eq!(closest("vad", names), Some("vadd"));
        assert_eq!(closest("adid", names), Some("addi"));
        assert_eq!(closest("vmul.nr", names), Some("vmul.rn"));
        assert_eq!(closest("ADD", names), Some("add"));
        assert_eq!(closest("load_weights", names), None);
        assert_eq!(distance("", "abc", 3), Some(3));
        assert_eq!(distance("", "abc", 2), None);
        assert_eq!(distance("abcdef", "badcfe", 3), Some(3));
        assert_eq!(distance("abcdef", "badcfe", 2), None);
    }
}
