-- Answers that came too late are few, and the console asks who has any each time it is drawn.
CREATE INDEX answer_too_late ON answer (attempt) WHERE timing = 2;
