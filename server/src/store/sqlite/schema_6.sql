-- Urgency is by the gravest first; before it was how much there is alone.
UPDATE sessions
SET urgency = urgency + 16777216 * CASE json_extract(summary, '$.undecided.worst')
    WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 WHEN 'critical' THEN 4 ELSE 0 END
WHERE urgency > 0;
UPDATE sessions SET summary = json_set(summary, '$.undecided.urgency', urgency) WHERE urgency > 0;
