//! Above the field for an answer: the language of code, and large text.

use leptos::{
    html::{Button, Select, Textarea},
    prelude::*,
};

use crate::{browser, components::react};

/// As the editor's script calls them. A device starts with the first, and then remembers what was chosen.
const LANGUAGES: [&str; 10] =
    ["Python", "JavaScript", "TypeScript", "Java", "C", "C++", "Go", "Rust", "SQL", "Plain text"];

/// What makes writing into `field` easier; for code, also the editor that comes to lie over it.
#[component]
pub fn Tools(field: NodeRef<Textarea>, code: bool) -> impl IntoView {
    let languages = NodeRef::<Select>::new();
    let large = NodeRef::<Button>::new();
    react(move || {
        browser::large_text(large);
        browser::edit_code(field, languages);
    });
    view! {
        <div class="row">
            {code
                .then(|| {
                    view! {
                        <label class="pick">
                            "Language"
                            <select node_ref=languages autocomplete="off">
                                {LANGUAGES.into_iter().map(|name| view! { <option>{name}</option> }).collect_view()}
                            </select>
                        </label>
                    }
                })}
            <span class="grow"></span>
            <button type="button" class="btn small large" aria-pressed="false" node_ref=large>
                "Large text"
            </button>
        </div>
    }
    .into_any()
}
