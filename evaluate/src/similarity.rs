//! How alike two bags of features are.

use std::collections::BTreeMap;

use crate::words::Word;

/// Features and how often they occur.
pub type Bag = BTreeMap<String, f64>;

/// Stems of content words, and pairs of neighbouring ones, which count half.
pub fn bag_of_words<'a>(words: impl IntoIterator<Item = &'a Word>) -> Bag {
    let mut bag = Bag::new();
    let mut previous: Option<&str> = None;
    for word in words.into_iter().filter(|word| word.is_content()) {
        *bag.entry(word.stem.clone()).or_default() += 1.0;
        if let Some(previous) = previous {
            *bag.entry(format!("{previous} {}", word.stem)).or_default() += 0.5;
        }
        previous = Some(&word.stem);
    }
    bag
}

/// The cosine of the angle between two bags, 0..=1, with counts damped as `ln(1 + n)`.
pub fn cosine(one: &Bag, other: &Bag) -> f64 {
    let damped = |count: &f64| (1.0 + count).ln();
    let dot: f64 = one.iter().filter_map(|(key, count)| Some(damped(count) * damped(other.get(key)?))).sum();
    let norm = |bag: &Bag| bag.values().map(|count| damped(count).powi(2)).sum::<f64>().sqrt();
    let norms = norm(one) * norm(other);
    if norms == 0.0 { 0.0 } else { (dot / norms).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    #[test]
    fn the_same_text_is_alike_and_another_is_not() {
        let bag = |text| bag_of_words(&words(text));
        let index = bag("An index is a sorted tree of keys.");
        assert!((cosine(&index, &index) - 1.0).abs() < 1e-9);
        assert!(cosine(&index, &bag("Sorted keys in a tree are an index.")) > 0.4);
        assert!(cosine(&index, &bag("Our team had a nice retrospective.")) < 0.01);
        assert!(cosine(&index, &Bag::new()).abs() < 1e-9);
    }
}
