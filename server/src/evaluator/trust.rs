//! When a language model is not believed.
//!
//! An answer may try to talk to the model. That alone proves nothing: an answer about prompt injection has to quote some. And
//! a score far above the offline rules' alone proves nothing either: they know no synonyms. Both together are a reason to
//! doubt, whatever the score: then the offline rules' verdict counts, and its notes say why, so that a person can look and
//! correct it. The model is never overruled for being strict.

use app::model::Verdict;

/// Points above the offline score from which on a verdict on such an answer is doubted.
const APART: f64 = 4.0;

/// Why a model's verdict on an answer that speaks to the judge is not believed; `None` if it is.
pub fn doubt(model: &Verdict, offline: &Verdict) -> Option<String> {
    let apart = model.score - offline.score;
    (apart > APART).then(|| {
        format!(
            "The answer holds words that address whoever scores it, and the language model gave {:.1}, far more than the \
             offline rules; offline rules evaluated instead. Please look at this answer yourself.",
            model.score
        )
    })
}
