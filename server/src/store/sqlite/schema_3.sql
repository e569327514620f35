-- Interviews that were completed before reports were made: whoever works on one makes its report and saves it. Quotation
-- marks within texts are escaped, so this cannot be something that somebody wrote.
UPDATE sessions SET needs_work = 1 WHERE status = 'completed' AND instr(snapshot, '"announced":') = 0;
