use crate::labelled::{LabelledAnswer, LabelledQuestion};
use crate::{Kind, Language};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "most frequent words",
    kind: Kind::Code,
    question: "In Go, write TopWords(text string, n int) []string, which returns the n most frequent words of a text, ignoring \
               case; ties in alphabetical order.",
    key_points: &[
        ("map counting words / frequency", 2.0),
        ("lower case", 1.0),
        ("split into words / Fields", 1.0),
        ("sort by count descending, then alphabetically", 2.0),
        ("n may be larger than the number of words", 1.0),
    ],
    reference: Some(
        "func TopWords(text string, n int) []string {
	counts := map[string]int{}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		counts[word]++
	}
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		if counts[words[i]] != counts[words[j]] {
			return counts[words[i]] > counts[words[j]]
		}
		return words[i] < words[j]
	})
	if n > len(words) {
		n = len(words)
	}
	return words[:n]
}
",
    ),
    language: Some(Language::Go),
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "package words

import (
	\"cmp\"
	\"maps\"
	\"slices\"
	\"strings\"
	\"unicode\"
)

// TopWords returns the n most frequent words of text in lower case, ties alphabetically.
func TopWords(text string, n int) []string {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) && r != '\\'' }
	freq := make(map[string]int)
	for _, w := range strings.FieldsFunc(strings.ToLower(text), notLetter) {
		freq[w]++
	}
	words := slices.Collect(maps.Keys(freq))
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(freq[b], freq[a]), cmp.Compare(a, b))
	})
	// There may be fewer than n words.
	return words[:min(max(n, 0), len(words))]
}
",
        },
        LabelledAnswer {
            rank: 2,
            text: "func TopWords(text string, n int) []string {
	m := map[string]int{}
	for _, w := range strings.Fields(strings.ToLower(text)) {
		m[w]++
	}
	keys := []string{}
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if m[keys[i]] == m[keys[j]] {
			return keys[i] < keys[j]
		}
		return m[keys[i]] > m[keys[j]]
	})
	return keys[:n]
}
",
        },
        LabelledAnswer {
            rank: 3,
            text: "func TopWords(text string, n int) []string {
	words := strings.Split(text, \" \")
	counts := make(map[string]int)
	for _, word := range words {
		counts[word] = counts[word] + 1
	}
	result := []string{}
	for word, count := range counts {
		if count > 1 {
			result = append(result, word)
		}
	}
	return result
}
",
        },
        LabelledAnswer {
            rank: 4,
            text: "func TopWords(text string, n int) []string {
	words := strings.Split(text, \" \")
	return words[0:n]
}
",
        },
        LabelledAnswer {
            rank: 5,
            text: "func TopWords(text, n) {
  for word in text.split(' '):
    count[word] += 1
  return count.sort()
",
        },
    ],
};
