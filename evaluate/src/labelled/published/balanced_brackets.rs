use crate::labelled::{LabelledAnswer, LabelledQuestion};
use crate::{Kind, Language};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "balanced brackets",
    kind: Kind::Code,
    question: "In Java, write a method that tells whether the brackets (), [] and {} in a string are balanced.",
    key_points: &[
        ("stack / deque of open brackets", 2.0),
        ("push an open bracket, pop on a closing one", 1.0),
        ("closing bracket must match the last open one", 1.5),
        ("empty stack at a closing bracket is false", 1.0),
        ("stack must be empty at the end", 1.0),
    ],
    reference: Some(
        "static boolean isBalanced(String text) {
    Deque<Character> open = new ArrayDeque<>();
    for (char c : text.toCharArray()) {
        switch (c) {
            case '(', '[', '{' -> open.push(c);
            case ')' -> { if (open.isEmpty() || open.pop() != '(') return false; }
            case ']' -> { if (open.isEmpty() || open.pop() != '[') return false; }
            case '}' -> { if (open.isEmpty() || open.pop() != '{') return false; }
            default -> { }
        }
    }
    return open.isEmpty();
}
",
    ),
    language: Some(Language::Java),
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

class Brackets {
    private static final Map<Character, Character> OPENING = Map.of(')', '(', ']', '[', '}', '{');

    /** True if each closing bracket matches the last one still open, and none stays open. */
    static boolean balanced(String input) {
        Deque<Character> stack = new ArrayDeque<>();
        for (char c : input.toCharArray()) {
            if (OPENING.containsValue(c)) {
                stack.push(c);
            } else if (OPENING.containsKey(c)) {
                if (stack.isEmpty() || stack.pop() != OPENING.get(c).charValue()) {
                    return false;
                }
            }
        }
        return stack.isEmpty();
    }
}
",
        },
        LabelledAnswer {
            rank: 2,
            text: "public boolean check(String s) {
    Stack<Character> st = new Stack<>();
    for (int i = 0; i < s.length(); i++) {
        char c = s.charAt(i);
        if (c == '(' || c == '[' || c == '{') st.push(c);
        else if (c == ')' && st.pop() != '(') return false;
        else if (c == ']' && st.pop() != '[') return false;
        else if (c == '}' && st.pop() != '{') return false;
    }
    return st.isEmpty();
}
",
        },
        LabelledAnswer {
            rank: 3,
            text: "public boolean isBalanced(String text) {
    int round = 0, square = 0, curly = 0;
    for (char c : text.toCharArray()) {
        if (c == '(') round++;
        if (c == ')') round--;
        if (c == '[') square++;
        if (c == ']') square--;
        if (c == '{') curly++;
        if (c == '}') curly--;
    }
    return round == 0 && square == 0 && curly == 0;
}
",
        },
        LabelledAnswer {
            rank: 4,
            text: "public boolean isBalanced(String text) {
    return text.contains(\"(\") && text.contains(\")\");
}
",
        },
        LabelledAnswer {
            rank: 5,
            text: "public class Main {
    public static void main(String[] args) {
        System.out.println(\"Hello World\");
    }
}
",
        },
        LabelledAnswer { rank: 6, text: "stack push pop brackets balanced closing open match empty deque" },
    ],
};
