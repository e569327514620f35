//! The lines of a list: CSV, or cells as they are pasted.

use std::collections::HashMap;

use super::{MAX_ROWS, wish};
use crate::{
    error::AppError,
    model::{InvitationRow, RowOutcome},
    service::tokens::random_session_id,
    validate,
};

/// Lines that are read, those without a candidate included: spreadsheets save many of them.
const MAX_LINES: usize = 20_000;

/// Lines by which it is guessed what separates the columns.
const GUESSED_BY: usize = 5;

/// Spreadsheets run what begins with these.
const RUN: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A name must not be run.
pub(super) fn harmless(field: &str) -> std::borrow::Cow<'_, str> {
    if field.starts_with(RUN) { format!("'{field}").into() } else { field.into() }
}

/// What was made [`harmless`], as it was.
fn as_given(field: &str) -> &str {
    field.strip_prefix('\'').filter(|rest| rest.starts_with(RUN)).unwrap_or(field)
}

/// The lines of a list. What is wrong with one is said there; the others are not kept from their invitation.
pub(super) fn read(text: &str) -> Result<Vec<InvitationRow>, AppError> {
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = delimiter(text);
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut rows: Vec<InvitationRow> = Vec::new();
    let mut seen = HashMap::new();
    for (number, record) in csv.records().enumerate() {
        let record = record.map_err(|error| AppError::bad_request(format!("The list is no CSV file: {error}.")))?;
        if number == MAX_LINES {
            let text = format!("The list has more than {MAX_LINES} lines. Delete the empty ones at its end.");
            return Err(AppError::bad_request(text));
        }
        let line = record.position().map_or(number as u64 + 1, |position| lines.of(position));
        let field = |index: usize| as_given(record.get(index).unwrap_or_default()).to_owned();
        let (name, email, phone) = (field(0), field(1), field(2));
        if is_header(number, &name, &email) || record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            return Err(AppError::bad_request(format!("At most {MAX_ROWS} candidates can be invited at once.")));
        }
        let mut row =
            InvitationRow { line, name, email, phone, session: random_session_id(), outcome: RowOutcome::Waiting };
        let wrong = if record.len() > 3 {
            Some(AppError::bad_request("This line has more than three columns. They are: name, email, phone."))
        } else if let Err(error) = validate::candidate(&wish(&row)) {
            Some(error)
        } else {
            let first = *seen.entry(row.email.to_lowercase()).or_insert(line);
            let twice = || AppError::bad_request(format!("This e-mail address stands in line {first} already."));
            (first != line).then(twice)
        };
        if let Some(error) = wrong {
            row.outcome = refused(error);
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(AppError::bad_request("The list is empty. Each line needs a name and an e-mail address."));
    }
    Ok(rows)
}

/// What separates the columns: in the first lines, what stands beside an address, which holds none of them; where there is
/// no address, what makes the first line a header.
fn delimiter(text: &str) -> u8 {
    let lines = || text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).take(GUESSED_BY);
    let fields = |line: &str, delimiter: char| -> Vec<String> {
        line.split(delimiter).map(|field| field.trim().trim_matches('"').to_owned()).collect()
    };
    let likely = |delimiter: char| {
        let addresses =
            lines().filter(|line| fields(line, delimiter).iter().any(|field| validate::is_address(field))).count();
        let first = lines().next().map(|line| fields(line, delimiter)).unwrap_or_default();
        (addresses, matches!(first.as_slice(), [name, email, ..] if is_header(0, name, email)))
    };
    // Of those that are as likely, the last one.
    ['\t', ';', ','].into_iter().max_by_key(|delimiter| likely(*delimiter)).map_or(b',', |delimiter| delimiter as u8)
}

/// Counts the lines of a file of any system, once each.
struct Lines<'a> {
    text: &'a [u8],
    /// What was counted.
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a record begins; later ones are asked for later. A record's position is that of the blank lines before
    /// it, if there are any.
    fn of(&mut self, position: &csv::Position) -> u64 {
        let begin = position.byte() as usize;
        while let Some(byte) = self.text.get(self.at).filter(|byte| self.at < begin || b"\r\n".contains(byte)) {
            let second_half = *byte == b'\n' && self.at > 0 && self.text[self.at - 1] == b'\r';
            self.line += u64::from(matches!(byte, b'\r' | b'\n') && !second_half);
            self.at += 1;
        }
        self.line
    }
}

/// What becomes of a line because of `error`.
pub(super) fn refused(error: AppError) -> RowOutcome {
    RowOutcome::Refused { words: error.advice.map(|advice| advice.words), detail: error.detail }
}

fn is_header(number: usize, name: &str, email: &str) -> bool {
    number == 0 && name.eq_ignore_ascii_case("name") && email.to_lowercase().replace('-', "").starts_with("email")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(row: &InvitationRow) -> Option<&str> {
        match &row.outcome {
            RowOutcome::Refused { detail, .. } => Some(detail),
            _ => None,
        }
    }

    #[test]
    fn a_list_is_read_line_by_line() {
        let rows = read("Name,E-Mail,Phone\nAda,ada@example.com,\"+44, 1\"\n\nBob,bob@example.com\n").unwrap();
        let read: Vec<_> = rows.iter().map(|row| (row.line, row.name.as_str(), row.phone.as_str())).collect();
        assert_eq!(read, [(2, "Ada", "+44, 1"), (4, "Bob", "")]);
        assert!(rows.iter().all(|row| row.outcome == RowOutcome::Waiting));
    }

    #[test]
    fn what_is_wrong_is_said_of_its_line_only() {
        let rows = read("Ada,ada@example.com\nBob,nowhere\n,c@example.com\nAda,ADA@example.com\nE,e@example.com,1,2\n");
        let rows = rows.unwrap();
        assert_eq!(refused(&rows[0]), None);
        assert!(refused(&rows[1]).unwrap().contains("`email`"));
        assert!(refused(&rows[2]).unwrap().contains("`name`"));
        assert!(refused(&rows[3]).unwrap().contains("line 1"));
        assert!(refused(&rows[4]).unwrap().contains("three columns"));
    }

    #[test]
    fn a_name_with_a_comma_is_no_two_columns_of_a_list_with_semicolons() {
        for list in ["Doe, Jane;jane@x.y;1\n", "name;email\nDoe, Jane;jane@x.y\n\"Roe, Richard\";\"r@x.y\"\n"] {
            let rows = read(list).unwrap();
            assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Doe, Jane", "jane@x.y"));
        }
        let rows = read("Doe; Jane,jane@x.y\n").unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Doe; Jane", "jane@x.y"));
    }

    #[test]
    fn who_stands_there_again_is_told_the_line_that_counts() {
        let rows = read("A,a@b.c\nB,a@b.c\nC,A@b.c\n").unwrap();
        assert!(refused(&rows[1]).unwrap().contains("line 1"));
        assert!(refused(&rows[2]).unwrap().contains("line 1"));
    }

    #[test]
    fn lines_are_counted_however_they_end() {
        for list in
            ["A,a@b.c\rB,b@b.c\r\rC,c@b.c", "A,a@b.c\r\nB,b@b.c\r\n\r\nC,c@b.c", "A,a@b.c\nB,b@b.c\n\nC,c@b.c\n"]
        {
            let lines: Vec<_> = read(list).unwrap().iter().map(|row| row.line).collect();
            assert_eq!(lines, [1, 2, 4], "{list:?}");
        }
    }

    #[test]
    fn lists_of_other_spreadsheets_are_read_too() {
        let rows = read("\u{feff}name;email\r\nÁda;ada@example.com\r\n").unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Áda", "ada@example.com"));
        // As cells are pasted.
        for list in
            ["Doe, Jane\tjane@x.y\t1\n", "Name\tE-mail\tPhone\r\n\"Doe, Jane\"\tjane@x.y\t+1; 2\r\nBob\tbob@x.y\t\r\n"]
        {
            let rows = read(list).unwrap();
            assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Doe, Jane", "jane@x.y"));
            assert!(rows.iter().all(|row| row.outcome == RowOutcome::Waiting), "{rows:?}");
        }
    }

    #[test]
    fn a_header_tells_what_separates_columns_without_addresses() {
        for (header, list) in [(';', "name;email\nAda;nowhere\n"), ('\t', "name\temail\nAda\tnowhere\n")] {
            let rows = read(list).unwrap();
            assert_eq!(
                (rows.len(), rows[0].name.as_str(), rows[0].email.as_str()),
                (1, "Ada", "nowhere"),
                "{header:?}"
            );
        }
        let rows = read("Ada,\tada@x.y\n").unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Ada", "ada@x.y"), "commas first");
    }

    #[test]
    fn empty_lines_that_spreadsheets_save_do_no_harm() {
        let list = |empty| format!("{}\nAda,ada@example.com", ",,\r\n".repeat(empty));
        let rows = read(&list(MAX_LINES - 1)).unwrap();
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [MAX_LINES as u64 + 1]);
        assert!(read(&list(2_000_000)).unwrap_err().detail.contains("empty"), "nor are they all read");
    }

    #[test]
    fn an_empty_list_is_refused() {
        assert!(read("").is_err());
        assert!(read("name,email,phone\n").is_err());
    }

    #[test]
    fn spreadsheets_run_no_names() {
        assert_eq!(harmless("=cmd()"), "'=cmd()");
        assert_eq!(harmless("Ada"), "Ada");
        let rows = read("Ada,ada@example.com,'+49 1\n").unwrap();
        assert_eq!(rows[0].phone, "+49 1", "it comes back as it was");
    }
}
