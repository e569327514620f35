use crate::labelled::{LabelledAnswer, LabelledQuestion};
use crate::{Kind, Language};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "reverse a linked list",
    kind: Kind::Code,
    question: "In C, write a function that reverses a singly linked list in place and returns its new head.",
    key_points: &[
        ("previous, current and next pointers", 2.0),
        ("save next before changing it", 1.5),
        ("in place, without allocating / constant memory", 1.0),
        ("empty list / NULL head", 1.0),
        ("returns the new head", 1.0),
    ],
    reference: Some(
        "struct node *reverse(struct node *head) {
    struct node *previous = NULL;
    while (head != NULL) {
        struct node *next = head->next;
        head->next = previous;
        previous = head;
        head = next;
    }
    return previous;
}
",
    ),
    language: Some(Language::C),
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "#include <stddef.h>

typedef struct Node {
    int value;
    struct Node *next;
} Node;

/* Reverses the list in place, in O(n) time and constant memory. An empty list (NULL) stays empty. */
Node *reverse_list(Node *head)
{
    Node *prev = NULL;
    Node *current = head;
    while (current != NULL) {
        Node *next = current->next; /* save it before the link is turned round */
        current->next = prev;
        prev = current;
        current = next;
    }
    return prev;
}
",
        },
        LabelledAnswer {
            rank: 2,
            text: "struct Node* rev(struct Node* n) {
    if (n == NULL || n->next == NULL) return n;
    struct Node* r = rev(n->next);
    n->next->next = n;
    n->next = NULL;
    return r;
}
",
        },
        LabelledAnswer {
            rank: 3,
            text: "struct Node* reverse(struct Node* head) {
    struct Node* prev = NULL;
    while (head) {
        head->next = prev;
        prev = head;
        head = head->next;
    }
    return head;
}
",
        },
        LabelledAnswer {
            rank: 4,
            text: "void reverse(int arr[], int n) {
    for (int i = 0; i < n / 2; i++) {
        int tmp = arr[i];
        arr[i] = arr[n - 1 - i];
        arr[n - 1 - i] = tmp;
    }
}
",
        },
        LabelledAnswer {
            rank: 5,
            text: "A linked list can be reversed by going through it. I'd use a library for that in practice.",
        },
    ],
};
