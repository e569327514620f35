use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "accessible dialog",
    kind: Kind::Text,
    question: "How do you make a modal dialog in a web application accessible to people who use a keyboard or a screen reader?",
    key_points: &[
        ("native dialog element / role dialog with aria-modal", 1.5),
        ("label the dialog / aria-labelledby / accessible name", 1.0),
        ("move focus into the dialog when it opens", 1.5),
        ("trap focus / tab stays inside the dialog / inert background", 1.5),
        ("escape key closes it", 1.0),
        ("return focus to the button that opened it", 1.5),
        ("test with a screen reader and keyboard", 1.0),
    ],
    reference: Some(
        "Use the native dialog element with showModal, which makes the rest of the page inert, handles Escape and has the \
         right role. Give it an accessible name with aria-labelledby pointing to its heading. When it opens, focus moves \
         inside, to the first field or the heading, Tab stays within it, and when it closes focus goes back to the element \
         that opened it. If a custom widget is unavoidable, use role=dialog and aria-modal and do the same by hand. Test \
         with the keyboard alone and with a screen reader such as NVDA or VoiceOver.",
    ),
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "I start with the native <dialog> and showModal(), because the browser then makes everything behind it \
                   inert, closes on Escape and announces it as a dialog. What remains for me is: name it, so \
                   aria-labelledby with the id of the heading; put the initial focus somewhere sensible, for example the \
                   first field, or the least destructive button in a confirmation; and give the focus back to the trigger \
                   after closing, otherwise a keyboard user ends up at the top of the page. There has to be a visible \
                   close button too, and a visible focus ring. If we're stuck with a custom div I'd add role=\"dialog\" \
                   aria-modal=\"true\" and a focus trap. Then I go through it without the mouse and with NVDA and \
                   VoiceOver, since axe only finds part of the problems.",
        },
        LabelledAnswer {
            rank: 2,
            text: "The focus must go into the modal when it's opened and stay there while tabbing, Esc has to close it, and \
                   afterwards the focus is restored to the button which opened it. For screen readers it needs \
                   role=\"dialog\", aria-modal and a label.",
        },
        LabelledAnswer {
            rank: 3,
            text: "You should use ARIA attributes so the screen reader knows it's a dialog, like role dialog. Also all buttons \
                   must be reachable with tab, and the user should be able to close it with the escape key.",
        },
        LabelledAnswer {
            rank: 4,
            text: "I'd add alt texts to the images and make sure the contrast is high enough, and use big fonts. You can check \
                   this with Lighthouse, we had a score over 90.",
        },
        LabelledAnswer {
            rank: 5,
            text: "How to make a modal dialog in a web application accessible to people who use a keyboard or a screen reader is \
                   a very important question. To make a modal dialog accessible to people who use a keyboard or a screen \
                   reader, one has to make the dialog accessible. In a web application a modal dialog should always be \
                   accessible, both to people who use a keyboard and to people who use a screen reader.",
        },
    ],
};
