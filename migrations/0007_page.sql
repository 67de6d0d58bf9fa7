-- Which page of a long list a screen shows, from 0.
ALTER TABLE screen_seen ADD COLUMN page BIGINT NOT NULL DEFAULT 0;
