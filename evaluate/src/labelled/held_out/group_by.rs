use crate::labelled::{LabelledAnswer, LabelledQuestion};
use crate::{Kind, Language};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "group by key",
    kind: Kind::Code,
    question: "Write a TypeScript function groupBy(items, key) that groups an array of objects by what a key function returns, \
               with types.",
    key_points: &[
        ("generic type parameters", 1.5),
        ("Map / Record as the result", 1.5),
        ("append to the existing group / create the group if missing", 1.5),
        ("key function called for each item", 1.0),
    ],
    reference: Some(
        "function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const k = key(item);
    const group = groups.get(k);
    if (group) {
      group.push(item);
    } else {
      groups.set(k, [item]);
    }
  }
  return groups;
}
",
    ),
    language: Some(Language::TypeScript),
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "/** Groups items by key(item); groups and their items keep the order of the input. */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  key: (item: Item) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const id = key(item);
    const existing = groups.get(id);
    if (existing === undefined) {
      groups.set(id, [item]);
    } else {
      existing.push(item);
    }
  }
  return groups;
}
",
        },
        LabelledAnswer {
            rank: 2,
            text: "function groupBy<T>(items: T[], key: (x: T) => string): Record<string, T[]> {
  return items.reduce((acc, x) => {
    (acc[key(x)] ||= []).push(x);
    return acc;
  }, {} as Record<string, T[]>);
}
",
        },
        LabelledAnswer {
            rank: 3,
            text: "function groupBy(items: any[], key: any): any {
  const result: any = {};
  for (let i = 0; i < items.length; i++) {
    const k = key(items[i]);
    if (!result[k]) result[k] = [];
    result[k].push(items[i]);
  }
  return result;
}
",
        },
        LabelledAnswer {
            rank: 4,
            text: "function groupBy(items: any[], key: any) {
  const result: any = {};
  items.forEach((item) => {
    result[item.key] = item;
  });
  return result;
}
",
        },
        LabelledAnswer {
            rank: 5,
            text: "function groupBy(items, key) {
  return items.sort(key)
}
",
        },
    ],
};
