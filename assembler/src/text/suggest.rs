//! Names that somebody may have meant.

/// Edit distance where swapping two neighbours counts as one edit.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
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
        .map(|name| (distance(&word, name), name.len().abs_diff(length), name))
        .filter(|(d, _, _)| *d <= allowed)
        .min()
        .map(|(_, _, name)| name)
}

/// `did you mean x?`, if some name is close.
pub(crate) fn hint<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
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
        assert_eq!(distance("", "abc"), 3);
    }
}
