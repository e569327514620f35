//! What the grammars call the things that all languages have.

#[rustfmt::skip]
const FUNCTIONS: &[&str] = &[
    "function_definition", "function_declaration", "function_item", "function_expression", "generator_function",
    "generator_function_declaration", "arrow_function", "method_declaration", "method_definition",
    "constructor_declaration", "func_literal", "lambda", "lambda_expression", "closure_expression", "create_function",
];

/// Defines something that can be called.
pub fn is_function(kind: &str) -> bool {
    FUNCTIONS.contains(&kind)
}

#[rustfmt::skip]
const LOOPS: &[&str] = &[
    "for_statement", "for_in_statement", "enhanced_for_statement", "for_range_loop", "for_expression",
    "for_in_clause", "while_statement", "while_expression", "do_statement", "loop_expression",
];

pub fn is_loop(kind: &str) -> bool {
    LOOPS.contains(&kind)
}

#[rustfmt::skip]
const ITERATIONS: &[&str] = &[
    "forEach", "map", "filter", "reduce", "fold", "flatMap", "flat_map", "for_each", "stream", "iter", "every",
    "some",
];

/// Library calls that go through a collection.
pub fn is_iteration(callee: &str) -> bool {
    ITERATIONS.contains(&callee)
}

#[rustfmt::skip]
const BRANCHES: &[&str] = &[
    "if_statement", "if_expression", "elif_clause", "conditional_expression", "ternary_expression", "switch_case",
    "case_statement", "case_clause", "expression_case", "switch_block_statement_group", "switch_rule", "match_arm",
    "case", "where", "having",
];

pub fn is_branch(kind: &str) -> bool {
    BRANCHES.contains(&kind)
}

#[rustfmt::skip]
const RETURNS: &[&str] = &[
    "return_statement", "return_expression", "yield", "yield_expression",
];

pub fn is_return(kind: &str) -> bool {
    RETURNS.contains(&kind)
}

#[rustfmt::skip]
const CALLS: &[&str] = &[
    "call", "call_expression", "method_invocation", "macro_invocation", "invocation", "object_creation_expression",
    "new_expression",
];

pub fn is_call(kind: &str) -> bool {
    CALLS.contains(&kind)
}

#[rustfmt::skip]
const ERROR_HANDLINGS: &[&str] = &[
    "try_statement", "try_expression", "except_clause", "catch_clause", "raise_statement", "throw_statement",
    "assert_statement",
];

/// Handles errors.
pub fn is_error_handling(kind: &str) -> bool {
    ERROR_HANDLINGS.contains(&kind)
}

/// Opens a level of nesting that a reader has to keep in mind.
pub fn nests(kind: &str) -> bool {
    is_loop(kind)
        || kind.starts_with("if_")
        || kind.starts_with("switch")
        || kind.starts_with("match_expr")
        || kind == "try_statement"
}

/// Parts of node kinds that tell nothing about what the code does.
#[rustfmt::skip]
pub const PLAIN: &[&str] = &[
    "identifier", "expression", "statement", "block", "body", "literal", "declaration", "definition", "item", "list",
    "type", "clause", "module", "program", "source", "file", "unit", "content", "fragment", "start", "end",
    "argument", "arguments", "parameter", "parameters", "field", "name", "pair", "binary", "unary", "parenthesized",
    "local", "lexical", "variable", "declarator", "formal", "primitive", "assignment", "call", "method",
    "translation", "integer", "string", "comment", "attribute", "access", "operator", "comparison", "property",
    "member", "update", "line", "error", "function",
];
