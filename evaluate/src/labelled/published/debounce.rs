use crate::labelled::{LabelledAnswer, LabelledQuestion};
use crate::{Kind, Language};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "debounce",
    kind: Kind::Code,
    question: "Write debounce(fn, ms) in JavaScript: the returned function calls fn only after it has not been called for ms \
               milliseconds, with the arguments and this of the last call.",
    key_points: &[
        ("clear the pending timer / clearTimeout on every call", 2.0),
        ("setTimeout with the delay", 1.5),
        ("timer kept in a closure", 1.0),
        ("pass on arguments / args", 1.0),
        ("keep this / apply / call", 1.0),
    ],
    reference: Some(
        "function debounce(fn, ms) {
  let timer;
  return function (...args) {
    clearTimeout(timer);
    timer = setTimeout(() => fn.apply(this, args), ms);
  };
}
",
    ),
    language: Some(Language::JavaScript),
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "/** Calls fn once it has been quiet for ms milliseconds, with the last call's this and arguments. */
export function debounce(fn, ms) {
  let timeoutId = null;

  function debounced(...args) {
    // Each call starts the wait anew.
    clearTimeout(timeoutId);
    timeoutId = setTimeout(() => {
      timeoutId = null;
      fn.apply(this, args);
    }, ms);
  }

  debounced.cancel = () => clearTimeout(timeoutId);
  return debounced;
}
",
        },
        LabelledAnswer {
            rank: 2,
            text: "const debounce = (fn, ms) => {
  let t;
  return (...args) => {
    clearTimeout(t);
    t = setTimeout(() => fn(...args), ms);
  };
};
",
        },
        LabelledAnswer {
            rank: 3,
            text: "function debounce(fn, ms) {
  return function () {
    setTimeout(function () {
      fn();
    }, ms);
  };
}
",
        },
        LabelledAnswer {
            rank: 4,
            text: "function debounce(fn, ms) {
  var start = Date.now()
  while (Date.now() - start < ms) {
    // wait
  }
  fn()
}
",
        },
        LabelledAnswer {
            rank: 5,
            text: "function debounce(fn ms {
   wait(ms;
   fn call
",
        },
    ],
};
