//! The small words of English. Prose is about half made of them, which tells it from a pile of terms.

/// Articles, pronouns, prepositions, conjunctions, auxiliaries and the commonest adverbs.
#[rustfmt::skip]
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "above", "after", "again", "against", "all", "almost", "alone", "along", "already", "also",
    "although", "always", "am", "among", "an", "and", "another", "any", "anybody", "anyone", "anything", "are",
    "around", "as", "at", "away", "back", "be", "became", "because", "been", "before", "behind", "being", "below",
    "between", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "done", "down", "during", "e",
    "each", "either", "else", "enough", "even", "ever", "every", "everything", "few", "first", "for", "from",
    "further", "g", "get", "gets", "getting", "give", "given", "gives", "go", "goes", "going", "got", "had", "has",
    "have", "having", "he", "hence", "her", "here", "him", "his", "how", "however", "i", "if", "in", "instead",
    "into", "is", "it", "its", "itself", "just", "last", "least", "less", "let", "lets", "like", "made", "make",
    "makes", "many", "may", "maybe", "me", "might", "more", "most", "mostly", "much", "must", "my", "myself", "need",
    "needs", "next", "now", "of", "off", "often", "on", "once", "one", "only", "onto", "or", "other", "others",
    "otherwise", "our", "out", "over", "own", "per", "perhaps", "put", "quite", "rather", "really", "said", "same",
    "say", "see", "shall", "she", "should", "since", "so", "some", "somebody", "someone", "something", "sometimes",
    "still", "such", "take", "taken", "takes", "than", "that", "the", "their", "them", "themselves", "then", "there",
    "therefore", "these", "they", "thing", "things", "this", "those", "though", "through", "thus", "to", "together",
    "too", "toward", "towards", "under", "until", "up", "upon", "us", "use", "used", "uses", "using", "usually",
    "very", "via", "was", "way", "we", "well", "were", "what", "when", "where", "whereas", "whether", "which",
    "while", "who", "whole", "whom", "whose", "why", "will", "with", "within", "would", "yet", "you", "your",
];

/// After these, what follows is denied, left out or avoided.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nor", "neither", "cannot", "without", "instead", "rather", "avoid", "avoids",
    "avoided", "avoiding", "skip", "hardly",
];

/// `word` in lower case, with a straight apostrophe.
pub fn is_function_word(word: &str) -> bool {
    let base = word.split('\'').next().unwrap_or(word);
    FUNCTION_WORDS.binary_search(&base).is_ok()
}

pub fn is_negation(word: &str) -> bool {
    word.ends_with("n't") || NEGATIONS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_listed_words_are_found() {
        for word in FUNCTION_WORDS {
            assert!(is_function_word(word), "{word} is out of order");
        }
        assert!(is_function_word("it's"));
        assert!(!is_function_word("index"));
    }
}
